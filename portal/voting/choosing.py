"""Approval, score, systemic consensing and dates: count, compare, and say what decided between equals."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from portal.voting.election import Election
from portal.voting.outcome import Outcome, Purchase, Tie
from portal.voting.ties import TieOrder

MOST_RESISTANCE = 10
STRONG_RESISTANCE = 8
SUITS, IF_NEED_BE = 2, 1

Keys = Sequence[tuple[int, ...]]


def count_approval(election: Election, ties: TieOrder, *, winners: int = 1, threshold: int = 0) -> Outcome:
    """The `winners` options that most people approve. Equal votes: the public lottery.

    Source: Brams and Fishburn, "Approval Voting", American Political Science Review 72, 1978.

        >>> from portal.voting import Project, Terms, run
        >>> ballots = [{"choices": ["a", "b"]}, {"choices": ["b"]}, {"choices": ["c"]}]
        >>> election = Election.of("approval", [Project("a"), Project("b"), Project("c")], ballots)
        >>> run("approval", election).winners, election.votes
        (('b',), (1, 2, 1))
        >>> run("approval", election, lottery="cba", terms=Terms(winners=2)).winners
        ('b', 'c')
    """
    keys = [(-votes,) for votes in election.votes]
    barred = {j for j, votes in enumerate(election.votes) if votes < max(1, threshold)}
    return ranked("approval", election, ties, keys, ("votes",), winners=winners, barred=barred)


def count_score(
    election: Election, ties: TieOrder, *, winners: int = 1, threshold: int = 0, top: int | None = None
) -> Outcome:
    """The highest sum of marks; equal sums: more top marks, then the lottery. The median is told, too.

    What a ballot does not mark counts 0. `top` is the highest mark allowed (otherwise the highest given).
    Source: Smith, "Range Voting", 2000.

        >>> from portal.voting import Project, run
        >>> marks = [{"a": 5, "b": 3}, {"a": 1, "b": 3}]
        >>> election = Election.of("score", [Project("a"), Project("b")], [{"points": one} for one in marks])
        >>> outcome = run("score", election)
        >>> outcome.winners, outcome.details["sums"], outcome.details["medians"], outcome.ties[0].decided_by
        (('a',), {'a': 6, 'b': 6}, {'a': 3.0, 'b': 3.0}, 'top_scores')
    """
    marks = _marks(election)
    if top is None:
        top = max((value for counts in marks for value in counts), default=0)
    tops = [counts.get(top, 0) for counts in marks]
    keys = [(-score, -many) for score, many in zip(election.scores, tops, strict=True)]
    details = {
        "sums": _by_id(election, election.scores),
        "medians": _by_id(election, [_median(counts) for counts in marks]),
        "top_scores": _by_id(election, tops),
        "top": top,
    }
    barred = {j for j, score in enumerate(election.scores) if threshold and score < threshold}
    names = ("sum", "top_scores")
    return ranked("score", election, ties, keys, names, winners=winners, barred=barred, details=details)


def count_consensing(election: Election, ties: TieOrder, *, status_quo: str | None = None) -> Outcome:
    """The option with the least resistance in total, 0 (none) to 10 (unbearable) from everybody.

    Equal totals: the lower highest resistance, then fewer tens, then the lottery. The status quo should be on
    the list; options that meet more resistance than it does are marked. What a ballot does not name meets 0.
    Acceptance is 1 - total / (10 × voters). Source: Visotschnig and Schrotta, "Das SK-Prinzip", 2005.

        >>> from portal.voting import Project, Terms, run
        >>> says = [{"stay": 8, "move": 2, "part": 9}, {"stay": 5, "move": 6, "part": 9}]
        >>> options = [Project("stay"), Project("move"), Project("part")]
        >>> election = Election.of("resistance", options, [{"points": one} for one in says])
        >>> outcome = run("consensing", election, terms=Terms(status_quo="stay"))
        >>> outcome.winners, outcome.details["acceptance_percent"], outcome.details["worse_than_status_quo"]
        (('move',), {'stay': 35, 'move': 60, 'part': 10}, ['part'])
    """
    marks, totals = _marks(election), election.scores
    highest = [max((value for value, many in counts.items() if many), default=0) for counts in marks]
    tens = [counts.get(MOST_RESISTANCE, 0) for counts in marks]
    strong = [sum(many for value, many in c.items() if value >= STRONG_RESISTANCE) for c in marks]
    most = MOST_RESISTANCE * election.voters or 1
    limit = totals[election.positions[status_quo]] if status_quo else None
    details = {
        "totals": _by_id(election, totals),
        "acceptance_percent": _by_id(election, [100 - 100 * total // most for total in totals]),
        "highest": _by_id(election, highest),
        "strong": _by_id(election, strong),
        "status_quo": status_quo,
        "worse_than_status_quo": [
            project.id
            for project, total in zip(election.projects, totals, strict=True)
            if limit is not None and total > limit
        ],
    }
    keys: Keys = list(zip(totals, highest, tens, strict=True))
    names = ("total", "highest_resistance", "tens")
    return ranked("consensing", election, ties, keys, names, winners=1, details=details)


def count_dates(election: Election, ties: TieOrder, *, winners: int = 1) -> Outcome:
    """The date on which most people can come; equal: on which it suits more of them; equal: the lottery.

    2 suits, 1 if need be, 0 or not named does not. The three answers are those of the usual date polls.

        >>> from portal.voting import Project, run
        >>> says = [{"mon": 2, "tue": 1}, {"mon": 0, "tue": 1}, {"mon": 2, "tue": 0}]
        >>> ballots = [{"points": one} for one in says]
        >>> outcome = run("dates", Election.of("dates", [Project("mon"), Project("tue")], ballots))
        >>> outcome.winners, outcome.details["can_come"], outcome.details["suits"]
        (('mon',), {'mon': 2, 'tue': 2}, {'mon': 2, 'tue': 0})
    """
    marks = _marks(election)
    suits = [counts.get(SUITS, 0) for counts in marks]
    can = [counts.get(IF_NEED_BE, 0) + well for counts, well in zip(marks, suits, strict=True)]
    details = {"can_come": _by_id(election, can), "suits": _by_id(election, suits)}
    keys = [(-many, -well) for many, well in zip(can, suits, strict=True)]
    barred = {j for j, many in enumerate(can) if not many}
    names = ("can_come", "suits")
    return ranked("dates", election, ties, keys, names, winners=winners, barred=barred, details=details)


def ranked(
    rule: str,
    election: Election,
    ties: TieOrder,
    keys: Keys,
    names: Sequence[str],
    *,
    winners: int,
    barred: Set[int] = frozenset(),
    details: dict[str, Any] | None = None,
) -> Outcome:
    """The options with the lowest keys; `names` says what each part of a key is, for the report of ties."""
    projects = election.projects
    barred = barred | {j for j, project in enumerate(projects) if project.withdrawn}
    order = sorted(
        (j for j in range(len(projects)) if j not in barred), key=lambda j: (keys[j], ties.rank[j])
    )
    won = order[:winners]
    found: list[Tie] = []
    if won and len(order) > len(won):
        last, first_out = won[-1], order[len(won)]
        tied = [j for j in order if keys[j][0] == keys[last][0]]
        if first_out in tied:
            differs = (n for n, a, b in zip(names, keys[last], keys[first_out], strict=True) if a != b)
            found.append(Tie(1, tuple(projects[j].id for j in tied), next(differs, "lottery")))
    purchases = (
        Purchase(projects[j].id, projects[j].cost_cents, election.votes[j], election.scores[j]) for j in won
    )
    told = {**(details or {}), "order": [projects[j].id for j in order]}
    return Outcome.of(election, rule, purchases, ties=tuple(found), details=told)


def _marks(election: Election) -> list[dict[int, int]]:
    """For each option: how many ballots give it which value; 0 for those that do not name it."""
    found: list[dict[int, int]] = [{} for _ in election.projects]
    named = [0] * len(found)
    for options, values, count in election.ballots:
        for option, value in zip(options, values or (1,) * len(options), strict=True):
            found[option][value] = found[option].get(value, 0) + count
            named[option] += count
    for counts, many in zip(found, named, strict=True):
        if many < election.voters:
            counts[0] = counts.get(0, 0) + election.voters - many
    return found


def _median(counts: dict[int, int]) -> float:
    """The middle value; between two middle ones their mean."""
    total, passed, middle = sum(counts.values()), 0, []
    for value in sorted(counts):
        before, passed = passed, passed + counts[value]
        middle += [value for place in {(total - 1) // 2, total // 2} if before <= place < passed]
    return sum(middle) / len(middle) if middle else 0.0


def _by_id(election: Election, numbers: Sequence[float]) -> dict[str, float]:
    return {project.id: number for project, number in zip(election.projects, numbers, strict=True)}
