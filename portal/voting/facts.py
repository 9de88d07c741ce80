"""The pieces of an explanation: an option's reason with its numbers, and the comparison of two rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from portal.voting.election import Election
from portal.voting.outcome import rounded


@dataclass(frozen=True)
class Option:
    """One option. `reason` is a code and `facts` are its numbers; `place` is as which it was elected, from 1.

    `effective_support_percent`: 100 is just enough with Equal Shares; where greedy counted it says what would
    have been there. The last two are what-ifs of losers: the highest cost at which it would have won, and
    with how many more who vote for nothing else.
    """

    id: str
    won: bool
    place: int | None
    votes: int
    score: int
    cost_cents: int
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    effective_support_percent: int | None = None
    price_cents_that_wins: int | None = None
    more_votes_that_win: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "id": self.id,
            "won": self.won,
            "place": self.place,
            "votes": self.votes,
            "score": self.score,
            "cost_cents": self.cost_cents,
            "reason": self.reason,
            "facts": self.facts,
            "effective_support_percent": self.effective_support_percent,
            "price_cents_that_wins": self.price_cents_that_wins,
            "more_votes_that_win": self.more_votes_that_win,
        }


@dataclass(frozen=True)
class Comparison:
    """What another rule makes of the same ballots."""

    rule: str
    winners: tuple[str, ...]
    spent_cents: int
    without_winner: int
    average_winners: Fraction
    only_here: tuple[str, ...]
    only_there: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "rule": self.rule,
            "winners": list(self.winners),
            "spent_cents": self.spent_cents,
            "without_winner": self.without_winner,
            "average_winners": rounded(self.average_winners),
            "only_here": list(self.only_here),
            "only_there": list(self.only_there),
        }


def make_option(election: Election, j: int, reason: str, facts: dict[str, Any], **more: Any) -> Option:
    """An option with the numbers that every reason has; `place` says that it won."""
    project = election.projects[j]
    return Option(
        id=project.id,
        won=more.get("place") is not None,
        place=more.pop("place", None),
        votes=election.votes[j],
        score=election.scores[j],
        cost_cents=project.cost_cents,
        reason=reason,
        facts=facts,
        **more,
    )


def barred(
    election: Election, j: int, winners: tuple[str, ...], threshold: int
) -> tuple[str, dict[str, Any]] | None:
    """The reasons that every rule knows: withdrawn, excluded by a winner, no votes, below the threshold."""
    project, score = election.projects[j], election.scores[j]
    if project.withdrawn:
        return "withdrawn", {}
    for winner in winners:
        other = election.projects[election.positions[winner]]
        if winner in project.excluded_with or project.id in other.excluded_with:
            return "excluded_by", {"by": winner}
    if score < threshold and (election.votes[j] or score):
        return "below_threshold", {"threshold": threshold, "missing": threshold - score}
    if not election.votes[j]:
        return "no_votes", {}
    return None
