"""Greedy by votes: the most wanted project first, as long as the money lasts. What most towns do.

Source: the rule names of Pabulib (pabulib.org/format): greedy, greedy-no-skip, greedy-threshold,
greedy-exclusive, and Poznań's greedy-custom.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.voting.election import Election
from portal.voting.outcome import Outcome, Purchase, Tie
from portal.voting.ties import TieOrder

# Poznań adds the first project that no longer fits when the rest of the money pays this part of it.
_ENOUGH_PERCENT = 80


def count_greedy(
    election: Election,
    ties: TieOrder,
    *,
    rule: str,
    threshold: int = 0,
    extra: int = 0,
) -> Outcome:
    """Goes down the list by points (votes, where there are none) and takes what still fits the budget.

    `rule` "greedy" and "greedy_threshold" pass over what does not fit; "greedy_no_skip" ends there;
    "greedy_eighty" ends there too, but takes that one as well when 80 % of it are left, and then `extra`
    more that are paid from other money. Below `threshold` points (times `point_scale`) nothing is taken. A
    withdrawn project, or one that excludes a winner, is passed over and never ends the count.

    Worked example: budget 10; A costs 6 (9 votes), B 5 (7 votes), C 4 (3 votes). Greedy takes A and C;
    without skipping it takes A alone; Poznań's rule takes A and B, since the 4 that are left are 80 % of 5.

        >>> from portal.voting import Project, run
        >>> wanted = {"A": (6, 9), "B": (5, 7), "C": (4, 3)}
        >>> projects = [Project(name, cost) for name, (cost, _) in wanted.items()]
        >>> ballots = [{"choices": [name]} for name, (_, votes) in wanted.items() for _ in range(votes)]
        >>> election = Election.of("approval", projects, ballots, budget_cents=10)
        >>> [run(rule, election).winners for rule in ("greedy", "greedy_no_skip", "greedy_eighty")]
        [('A', 'C'), ('A',), ('A', 'B')]
    """
    scores, projects = election.scores, election.projects
    order = sorted(range(len(projects)), key=lambda j: (-scores[j], ties.rank[j]))
    standing = [j for j in order if scores[j] >= threshold and not projects[j].withdrawn]
    won = _bought(election, standing, rule=rule, extra=extra)
    purchases = (Purchase(projects[j].id, projects[j].cost_cents, election.votes[j], scores[j]) for j in won)
    return Outcome.of(election, rule, purchases, ties=_ties(election, ties, order, set(won)))


def _bought(election: Election, standing: Sequence[int], *, rule: str, extra: int) -> list[int]:
    """The projects that are taken, in this order of standing."""
    left = election.budget_cents or 0
    won: list[int] = []
    excluded: set[str] = set()
    ended = False
    for j in standing:
        project = election.projects[j]
        if project.id in excluded:
            continue
        if ended and not extra:
            break
        if ended:
            extra -= 1
        elif project.cost_cents <= left:
            left -= project.cost_cents
        elif rule in ("greedy", "greedy_threshold"):
            continue
        else:
            ended = True
            fits = rule == "greedy_eighty" and left * 100 >= project.cost_cents * _ENOUGH_PERCENT
            if not fits and extra:
                extra -= 1
            elif not fits:
                continue
        won.append(j)
        excluded |= _conflicts(election, j)
    return won


def _conflicts(election: Election, j: int) -> set[str]:
    """Ids that cannot win beside this one, whichever of both names the other."""
    own = election.projects[j]
    return {p.id for p in election.projects if p.id in own.excluded_with or own.id in p.excluded_with}


def _ties(election: Election, ties: TieOrder, order: list[int], won: set[int]) -> tuple[Tie, ...]:
    """Equal points of which some won and some did not: there the tie order decided the outcome."""
    groups: dict[int, list[int]] = {}
    for j in order:
        if not election.projects[j].withdrawn:
            groups.setdefault(election.scores[j], []).append(j)
    found: list[Tie] = []
    for tied in groups.values():
        if 0 < len(won.intersection(tied)) < len(tied):
            found.append(ties.tie(len(found) + 1, tied))
    return tuple(found)
