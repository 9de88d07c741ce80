"""Why each option won or lost, in facts: codes and numbers, which the pages put into words.

Source: equalshares.net (the page of Wieliczka's "Zielony Milion") and pabutools 1.2.3, analysis/mesanalytics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from portal.voting import why_greedy, why_group, why_shares
from portal.voting.election import Election
from portal.voting.facts import Comparison, Option
from portal.voting.outcome import Outcome, rounded
from portal.voting.rules import USUAL_TERMS, Rule, Terms, run
from portal.voting.ties import TieOrder


@dataclass(frozen=True)
class Explanation:
    """A result explained. `without_winner`: voters none of whose choices won. Options: most points first."""

    outcome: Outcome
    without_winner: int
    average_winners: Fraction
    comparison: Comparison | None
    options: tuple[Option, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON, the same bytes for the same result."""
        outcome = self.outcome
        budget = outcome.budget_cents
        return {
            "rule": outcome.rule,
            "budget_cents": budget,
            "spent_cents": outcome.spent_cents,
            "left_cents": None if budget is None else budget - outcome.spent_cents,
            "voters": outcome.voters,
            "blank": outcome.blank,
            "first_share_cents": rounded(outcome.first_share),
            "final_share_cents": rounded(outcome.final_share),
            "ties": [tie.to_json() for tie in outcome.ties],
            "without_winner": self.without_winner,
            "average_winners": rounded(self.average_winners),
            "comparison": self.comparison.to_json() if self.comparison else None,
            "details": outcome.details,
            "options": [option.to_json() for option in self.options],
        }


def explain(
    outcome: Outcome,
    election: Election,
    lottery: Iterable[str] | None = None,
    terms: Terms = USUAL_TERMS,
    *,
    what_ifs: bool = True,
    progress: Callable[[], object] | None = None,
) -> Explanation:
    """Explains an outcome of this very election, lottery and terms.

    `what_ifs` computes for each loser at what cost, and with how many more supporters, it would have won.
    With Equal Shares that takes some ten counts for each loser; `progress` is called after each option.
    """
    drawn = None if lottery is None else tuple(lottery)
    ties = TieOrder(election, terms.tie_order, drawn)
    rule = Rule(outcome.rule)
    if rule.startswith("equal_shares") and not _greedy_was_preferred(outcome):
        options = why_shares.options(
            outcome, election, ties, terms, lottery=drawn, what_ifs=what_ifs, progress=progress
        )
    elif rule.startswith(("greedy", "equal_shares")):
        options = why_greedy.options(outcome, election, ties, terms, lottery=drawn, what_ifs=what_ifs)
    else:
        options = why_group.options(outcome, election, terms)
    order = sorted(options, key=lambda one: (-one.score, ties.rank[election.positions[one.id]]))
    nobody, average = representation(election, outcome.winners)
    return Explanation(
        outcome=outcome,
        without_winner=nobody,
        average_winners=average,
        comparison=_comparison(rule, outcome, election, drawn, terms),
        options=tuple(order),
    )


def representation(election: Election, winners: Iterable[str]) -> tuple[int, Fraction]:
    """How many voters chose none of these, and how many of them a voter chose on average."""
    won = {election.positions[one] for one in winners}
    nobody = hits = 0
    for options, values, voters in election.ballots:
        if values:
            many = sum(o in won for o, value in zip(options, values, strict=True) if value > 0)
        else:
            many = len(won.intersection(options))
        hits += many * voters
        nobody += 0 if many else voters
    return nobody, Fraction(hits, election.voters or 1)


def _greedy_was_preferred(outcome: Outcome) -> bool:
    details = outcome.details or {}
    return bool(outcome.rule.endswith("comparison") and details["prefer_greedy"] > details["prefer_shares"])


def _comparison(
    rule: Rule, outcome: Outcome, election: Election, lottery: tuple[str, ...] | None, terms: Terms
) -> Comparison | None:
    """The same ballots by the other family of rules: greedy for Equal Shares, and the other way round."""
    if election.budget_cents is None or not rule.startswith(("greedy", "equal_shares")):
        return None
    other = Rule.EQUAL_SHARES if rule.startswith("greedy") else Rule.GREEDY
    its_terms = replace(terms, extra=0)
    its = run(other, election, lottery, its_terms)
    nobody, average = representation(election, its.winners)
    ours, theirs = set(outcome.winners), set(its.winners)
    return Comparison(
        rule=other,
        winners=its.winners,
        spent_cents=its.spent_cents,
        without_winner=nobody,
        average_winners=average,
        only_here=tuple(one for one in outcome.winners if one not in theirs),
        only_there=tuple(one for one in its.winners if one not in ours),
    )
