"""The rules by name, and the one function that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.voting import budgets, choosing
from portal.voting.election import Election
from portal.voting.greedy import count_greedy
from portal.voting.majority import count_majority
from portal.voting.outcome import Outcome
from portal.voting.ranking import count_ranking
from portal.voting.shares import Field
from portal.voting.ties import USUAL, TieOrder


class Rule(StrEnum):
    """How ballots become winners."""

    GREEDY = "greedy"
    GREEDY_NO_SKIP = "greedy_no_skip"
    GREEDY_THRESHOLD = "greedy_threshold"
    GREEDY_EIGHTY = "greedy_eighty"
    EQUAL_SHARES = "equal_shares"
    EQUAL_SHARES_ADD1 = "equal_shares_add1"
    EQUAL_SHARES_COMPARISON = "equal_shares_comparison"
    EQUAL_SHARES_ADD1_COMPARISON = "equal_shares_add1_comparison"
    MAJORITY = "majority"
    APPROVAL = "approval"
    SCORE = "score"
    SCHULZE = "schulze"
    CONSENSING = "consensing"
    DATES = "dates"


@dataclass(frozen=True)
class Terms:
    """What a rule needs to know beside the ballots. `threshold`: with fewer votes (points) nothing wins."""

    threshold: int = 0
    tie_order: Sequence[str] = USUAL
    # How many may win, where no budget says it.
    winners: int = 1
    majority: str = "simple"
    # So many must answer, and so many may vote at all.
    quorum: int = 0
    eligible: int | None = None
    status_quo: str | None = None
    top_score: int | None = None
    # Poznań: so many more projects were paid from other money.
    extra: int = 0
    # None: approvals are worth the cost of what was approved, points are worth themselves.
    worth_cost: bool | None = None
    unit_cents: int = budgets.UNIT_CENTS


USUAL_TERMS = Terms()


def run(
    rule: Rule | str,
    election: Election,
    lottery: Iterable[str] | None = None,
    terms: Terms = USUAL_TERMS,
    *,
    progress: Callable[[int], object] | None = None,
) -> Outcome:
    """Counts. `lottery` is the drawn order of all project ids; without it the order of the list decides last.

    `progress` is called with the number of runs so far, by rules that count many times. Raises ValueError for
    an unknown rule.
    """
    chosen = Rule(rule)
    is_budget = chosen.startswith(("greedy", "equal_shares"))
    # Decisions without money have their own second looks, and then the lottery.
    ties = TieOrder(election, terms.tie_order if is_budget else terms.tie_order[-1:], lottery)
    if chosen.startswith("greedy"):
        return count_greedy(election, ties, rule=chosen, threshold=terms.threshold, extra=terms.extra)
    if chosen.startswith("equal_shares"):
        return _shares(chosen, election, ties, terms, progress)
    return _decision(chosen, election, ties, terms)


def _shares(
    rule: Rule,
    election: Election,
    ties: TieOrder,
    terms: Terms,
    progress: Callable[[int], object] | None,
) -> Outcome:
    field = Field.of(election, ties, by_cost=terms.worth_cost, threshold=terms.threshold)
    if "add1" in rule:
        outcome = budgets.add_one(field, unit_cents=terms.unit_cents, progress=progress)
    else:
        outcome = budgets.fixed_shares(field)
    return budgets.compare_with_greedy(field, outcome) if rule.endswith("comparison") else outcome


def _decision(rule: Rule, election: Election, ties: TieOrder, terms: Terms) -> Outcome:
    """The rules for groups, where no money is shared out."""
    winners, threshold = terms.winners, terms.threshold
    match rule:
        case Rule.MAJORITY:
            return count_majority(
                election, majority=terms.majority, quorum=terms.quorum, eligible=terms.eligible
            )
        case Rule.APPROVAL:
            return choosing.count_approval(election, ties, winners=winners, threshold=threshold)
        case Rule.SCORE:
            return choosing.count_score(
                election, ties, winners=winners, threshold=threshold, top=terms.top_score
            )
        case Rule.SCHULZE:
            return count_ranking(election, ties, winners=winners)
        case Rule.CONSENSING:
            return choosing.count_consensing(election, ties, status_quo=terms.status_quo)
        case _:
            return choosing.count_dates(election, ties, winners=winners)
