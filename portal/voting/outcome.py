"""What a count says: winners in order, what they cost, and where a tie was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.voting.election import Election


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that were exactly equal at a step (from 1), the winner first, and the key that decided."""

    step: int
    projects: tuple[str, ...]
    decided_by: str

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"step": self.step, "projects": list(self.projects), "decided_by": self.decided_by}


@dataclass(frozen=True, slots=True)
class Purchase:
    """One winner and how it was paid. With Equal Shares: cents per point, who paid in full, who gave the
    rest.
    """

    project: str
    cost_cents: int
    votes: int
    score: int
    price: Fraction | None = None
    paid_in_full: int = 0
    gave_their_rest: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON; the price in cents with four decimals."""
        return {
            "project": self.project,
            "cost_cents": self.cost_cents,
            "votes": self.votes,
            "score": self.score,
            "price_cents": rounded(self.price),
            "paid_in_full": self.paid_in_full,
            "gave_their_rest": self.gave_their_rest,
        }


@dataclass(frozen=True)
class Outcome:
    """The result of one count. `first_share` and `final_share` are cents per voter (Equal Shares only)."""

    rule: str
    winners: tuple[str, ...]
    purchases: tuple[Purchase, ...] = ()
    ties: tuple[Tie, ...] = ()
    budget_cents: int | None = None
    voters: int = 0
    blank: int = 0
    first_share: Fraction | None = None
    final_share: Fraction | None = None
    runs: int = 1
    # What a rule has to tell beside: the duel table, sums, a quorum. Plain values only.
    details: dict[str, Any] | None = None

    @classmethod
    def of(cls, election: Election, rule: str, purchases: Iterable[Purchase], **more: Any) -> Outcome:
        """What these purchases come to in this election; `more`: any other field."""
        bought = tuple(purchases)
        return cls(
            rule=rule,
            winners=tuple(one.project for one in bought),
            purchases=bought,
            budget_cents=election.budget_cents,
            voters=election.voters,
            blank=election.blank,
            **more,
        )

    @property
    def spent_cents(self) -> int:
        """What all winners cost together."""
        return sum(purchase.cost_cents for purchase in self.purchases)

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON, the same bytes for the same outcome."""
        return {
            "rule": self.rule,
            "winners": list(self.winners),
            "purchases": [purchase.to_json() for purchase in self.purchases],
            "ties": [tie.to_json() for tie in self.ties],
            "budget_cents": self.budget_cents,
            "spent_cents": self.spent_cents,
            "voters": self.voters,
            "blank": self.blank,
            "first_share_cents": rounded(self.first_share),
            "final_share_cents": rounded(self.final_share),
            "runs": self.runs,
            "details": self.details,
        }


def rounded(number: Fraction | None, places: int = 4) -> float | None:
    """A fraction as a decimal that is the same on every machine; None stays None."""
    return None if number is None else round(number * 10**places) / 10**places
