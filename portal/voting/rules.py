"""The rules by name, and the one function that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.voting import budgets
from portal.voting.election import Election
from portal.voting.greedy import count_greedy
from portal.voting.outcome import Outcome
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


@dataclass(frozen=True)
class Terms:
    """What a rule needs to know beside the ballots. `threshold`: fewer votes (points) than that never win."""

    threshold: int = 0
    # Poznań: so many more projects were paid from other money.
    extra: int = 0
    tie_order: Sequence[str] = USUAL
    # None: approvals are worth the cost of what was approved, points are worth themselves.
    worth_cost: bool | None = None
    unit_cents: int = budgets.UNIT_CENTS


def run(
    rule: Rule | str,
    election: Election,
    lottery: Iterable[str] | None = None,
    terms: Terms = Terms(),
    *,
    progress: Callable[[int], object] | None = None,
) -> Outcome:
    """Counts. `lottery` is the drawn order of all project ids; without it the order of the list decides last.

    `progress` is called with the number of runs so far, by rules that count many times. Raises ValueError
    for an unknown rule.
    """
    chosen = Rule(rule)
    ties = TieOrder(election, terms.tie_order, lottery)
    if chosen.startswith("greedy"):
        return count_greedy(election, ties, rule=chosen, threshold=terms.threshold, extra=terms.extra)
    field = Field.of(election, ties, by_cost=terms.worth_cost)
    if "add1" in chosen:
        outcome = budgets.add_one(field, unit_cents=terms.unit_cents, progress=progress)
    else:
        outcome = budgets.fixed_shares(field)
    return budgets.compare_with_greedy(field, outcome) if chosen.endswith("comparison") else outcome
