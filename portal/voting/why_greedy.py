"""Greedy explained: what was left when a project's turn came."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from portal.voting.election import Election
from portal.voting.facts import Option, barred, make_option
from portal.voting.outcome import Outcome
from portal.voting.rules import Terms
from portal.voting.ties import TieOrder
from portal.voting.what_if import Recount, fewest_votes, highest_cost
from portal.voting.why_shares import support_elsewhere


def options(
    outcome: Outcome,
    election: Election,
    ties: TieOrder,
    terms: Terms,
    *,
    lottery: tuple[str, ...] | None,
    what_ifs: bool,
) -> list[Option]:
    """Every option with its reason. See `explanation.explain`.

    With what-ifs come the figures of Equal Shares as well: they take a count of their own.
    """
    support = _support(outcome, election, ties, terms) if what_ifs else {}
    rule = "greedy" if outcome.rule.startswith("equal_shares") else outcome.rule
    places = {one: place for place, one in enumerate(outcome.winners, 1)}
    scores, left = election.scores, election.budget_cents or 0
    ended_at: str | None = None
    found = []
    for j in sorted(range(len(election.projects)), key=lambda j: (-scores[j], ties.rank[j])):
        project = election.projects[j]
        if project.id in places:
            reason = _winning(project.cost_cents, left, ended_at)
            facts: dict[str, Any] = {"left_cents": max(0, left - project.cost_cents)}
            won: dict[str, Any] = {"place": places[project.id], "effective_support_percent": support.get(j)}
            found.append(make_option(election, j, reason, facts, **won))
            ended_at = project.id if reason == "last_with_eighty_percent" else ended_at
            left = max(0, left - project.cost_cents)
            continue
        reason, facts = _losing(outcome, election, j, left, ended_at, terms)
        if reason == "does_not_fit" and rule in ("greedy_no_skip", "greedy_eighty"):
            ended_at = project.id
        cheaper = more = None
        if what_ifs and reason not in ("withdrawn", "excluded_by"):
            cheaper, more = _what_ifs(outcome, election, lottery, terms, rule, j)
        lost = {"price_cents_that_wins": cheaper, "more_votes_that_win": more}
        found.append(
            make_option(election, j, reason, facts, effective_support_percent=support.get(j), **lost)
        )
    return found


def _support(outcome: Outcome, election: Election, ties: TieOrder, terms: Terms) -> dict[int, int | None]:
    """With the share of each voter that the comparison on the result page counts with."""
    share = outcome.final_share or Fraction(election.budget_cents or 0, election.voters or 1)
    return support_elsewhere(election, ties, terms, share)


def _winning(cost: int, left: int, ended_at: str | None) -> str:
    if ended_at is not None:
        return "from_reserve"
    return "greedy_fits" if cost <= left else "last_with_eighty_percent"


def _losing(
    outcome: Outcome, election: Election, j: int, left: int, ended_at: str | None, terms: Terms
) -> tuple[str, dict[str, Any]]:
    project = election.projects[j]
    known = barred(election, j, outcome.winners, terms.threshold)
    if known and (known[0] != "no_votes" or terms.threshold):
        return known
    if ended_at is not None:
        return "ended_before", {"ended_at": ended_at}
    facts = {"left_cents": left, "missing_cents": project.cost_cents - left}
    for tie in outcome.ties:
        ahead = [one for one in tie.projects if one in outcome.winners] if project.id in tie.projects else []
        costs = sum(election.projects[election.positions[one]].cost_cents for one in ahead)
        if ahead and project.cost_cents <= left + costs:
            code = "lottery" if tie.decided_by == "lottery" else "tie"
            return code, {"lost_to": ahead[0], "decided_by": tie.decided_by, **facts}
    return "does_not_fit", facts


def _what_ifs(
    outcome: Outcome,
    election: Election,
    lottery: tuple[str, ...] | None,
    terms: Terms,
    rule: str,
    j: int,
) -> tuple[int | None, int | None]:
    """(the cost, how many more voters) with which it would have won; by counting each step.

    Where greedy only stands because it was preferred to Equal Shares, both must hold after that comparison,
    too.
    """
    counted = Recount(election, rule, lottery, terms, j)
    costs = highest_cost(counted.at_cost, election.projects[j].cost_cents)
    far = max(*election.scores, terms.threshold) - election.scores[j]
    more = fewest_votes(counted.with_more, far // max(1, election.most_points) + 1)
    if rule == outcome.rule:
        return (costs[0] if costs else None), more
    whole = Recount(election, outcome.rule, lottery, terms, j)
    has_cost = costs is not None and whole.at_cost(costs[0]) and not whole.at_cost(costs[1])
    has_votes = more is not None and whole.with_more(more) and (more == 1 or not whole.with_more(more - 1))
    return (costs[0] if costs and has_cost else None), (more if has_votes else None)
