"""Equal Shares explained: where the money of a loser's supporters went, and how close it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from portal.voting.budgets import count_shares, is_complete
from portal.voting.election import Election
from portal.voting.facts import Option, barred, make_option
from portal.voting.outcome import Outcome, Purchase, rounded
from portal.voting.reuse import Base
from portal.voting.rules import Terms
from portal.voting.shares import Field, Run
from portal.voting.ties import TieOrder
from portal.voting.what_if import Recount, WhatIf, is_too_long

_SHOWN_WINNERS = 3


@dataclass
class Watched:
    """A project watched through a count without it. Money in cents, rounded; decisions are exact."""

    cost: int
    at_first: float = 0.0
    at_last: float = 0.0
    # The purchase after which its supporters could not pay it (0: they never could), and what was left.
    short_after: int | None = None
    left_then: float = 0.0
    spent: dict[int, float] = field(default_factory=dict)
    effective_percent: int = 0


def watch(field_: Field, share: Fraction, watched: Iterable[int]) -> dict[int, Watched]:
    """Counts with this share and looks, after each purchase, at the money behind each watched project.

    Effective support as pabutools 1.2.3 defines it: the largest part of the cost that its supporters would
    have paid at the price of what was bought, with what they had left; in the end, everything they have
    left.
    """
    run = Run(field_, share)
    projects, weights = field_.election.projects, field_.weights
    seen = {j: Watched(projects[j].cost_cents) for j in watched}
    for j, one in seen.items():
        _look(run, j, one, 0)
        one.at_first = one.at_last
    for step, bought in enumerate(run.purchases(), 1):
        due = int(bought.price * run.unit)
        weight = weights[bought.project] or 1
        for j, one in seen.items():
            before = one.at_last
            holders = _look(run, j, one, step)
            if one.short_after in (None, step) and before > one.at_last:
                one.spent[bought.project] = before - one.at_last
            cap = due * (weights[j] or 1)
            cover = sum(min(money * weight, cap * points) * many for money, points, many in holders)
            if one.cost:
                one.effective_percent = max(
                    one.effective_percent, 100 * cover // (weight * one.cost * run.unit)
                )
    for j, one in seen.items():
        if one.cost:
            behind = sum(money * many for money, _, many in run.holders(j))
            one.effective_percent = max(one.effective_percent, 100 * behind // (one.cost * run.unit))
    return seen


def support_elsewhere(
    election: Election, ties: TieOrder, terms: Terms, share: Fraction
) -> dict[int, int | None]:
    """Effective support by Equal Shares of every option of a vote that was counted otherwise, in one count.

    100 for whatever Equal Shares would have bought, at most 99 for what it would have left; what is excluded
    or below the threshold may have more. None for what was withdrawn.
    """
    field_ = Field.of(election, ties, by_cost=terms.worth_cost, threshold=terms.threshold)
    bought = {one.project for one in count_shares(field_, share)}
    seen = watch(field_, share, [j for j, one in enumerate(election.projects) if not one.withdrawn])
    found: dict[int, int | None] = dict.fromkeys(range(len(election.projects)))
    for j, one in seen.items():
        could_win = j in field_.eligible and not field_.conflicts[j] & bought
        most = 99 if could_win else one.effective_percent
        found[j] = 100 if j in bought else min(most, one.effective_percent)
    return found


def _look(run: Run, j: int, one: Watched, step: int) -> list[tuple[int, int, int]]:
    holders = run.holders(j)
    behind = sum(money * many for money, _, many in holders)
    one.at_last = behind / run.unit
    if one.short_after is None and behind < one.cost * run.unit:
        one.short_after, one.left_then = step, one.at_last
    return holders


def options(
    outcome: Outcome,
    election: Election,
    ties: TieOrder,
    terms: Terms,
    *,
    lottery: tuple[str, ...] | None,
    what_ifs: bool,
    progress: Callable[[], object] | None,
) -> list[Option]:
    """Every option with its reason. See `explanation.explain`."""
    field_ = Field.of(election, ties, by_cost=terms.worth_cost, threshold=terms.threshold)
    share = outcome.final_share or Fraction(0)
    places = {one.project: place for place, one in enumerate(outcome.purchases, 1)}
    losers = [j for j, project in enumerate(election.projects) if project.id not in places]
    seen = watch(field_, share, losers)
    asking = _Loser(field_, outcome, share, terms, lottery)
    if what_ifs and not is_too_long(outcome, election):
        asking.base = Base(field_, losers, election.most_points)
    found = []
    for j, project in enumerate(election.projects):
        if project.id in places:
            purchase = outcome.purchases[places[project.id] - 1]
            alone = watch(_without(field_, j), share, [j])[j]
            found.append(
                make_option(
                    election,
                    j,
                    "bought",
                    _winning_facts(purchase),
                    place=places[project.id],
                    effective_support_percent=max(100, alone.effective_percent),
                )
            )
        else:
            found.append(asking.option(j, seen[j], what_ifs=what_ifs))
        if progress is not None:
            progress()
    return found


def _winning_facts(purchase: Purchase) -> dict[str, Any]:
    """Price per supporter (per point), who paid it in full, who gave their rest, the votes that counted."""
    price = purchase.price or Fraction(0)
    effective = Fraction(purchase.cost_cents) / price if price else Fraction(purchase.votes)
    return {
        "price_cents": rounded(price),
        "paid_in_full": purchase.paid_in_full,
        "gave_their_rest": purchase.gave_their_rest,
        "effective_votes": rounded(effective, 2),
    }


def _support(reason: str, percent: int) -> int | None:
    """99 at most for whoever simply lost; what was excluded or below the threshold may have had enough."""
    if reason == "withdrawn":
        return None
    return percent if reason in ("excluded_by", "below_threshold") else min(99, percent)


def _without(field_: Field, j: int) -> Field:
    return replace(field_, eligible=tuple(one for one in field_.eligible if one != j))


class _Loser:
    """Finds the first reason that holds for a project that was not bought."""

    def __init__(
        self,
        field_: Field,
        outcome: Outcome,
        share: Fraction,
        terms: Terms,
        lottery: tuple[str, ...] | None,
    ) -> None:
        self._lottery = lottery
        self.base: Base | None = None
        self._field, self._outcome, self._share, self._terms = field_, outcome, share, terms
        self._next_share: Fraction | None = None
        self._next_cost = 0
        self._next: set[int] = set()
        self._groups: dict[int, dict[int, int]] = {}
        if "add1" in outcome.rule:
            self._look_ahead()

    def _look_ahead(self) -> None:
        """What one more unit of money for everybody would have bought."""
        unit = self._terms.unit_cents
        election = self._field.election
        won = {election.positions[one] for one in self._outcome.winners}
        if not election.voters or is_complete(self._field, won):
            return
        self._next_share = share = Fraction((self._share // unit + 1) * unit)
        bought = count_shares(self._field, share)
        self._next = {one.project for one in bought}
        self._next_cost = sum(election.projects[j].cost_cents for j in self._next)

    def option(self, j: int, seen: Watched, *, what_ifs: bool) -> Option:
        election, outcome = self._field.election, self._outcome
        reason, facts = self._reason(j, seen)
        can_win = reason not in ("withdrawn", "excluded_by", "below_threshold")
        cheaper = more = None
        if what_ifs and can_win:
            exact = Recount(election, outcome.rule, self._lottery, self._terms, j, self.base)
            asking = WhatIf(self._field, outcome, self._terms, j, exact, self.base)
            cheaper = asking.cost_that_wins()
            more = asking.votes_that_win()
        return make_option(
            election,
            j,
            reason,
            facts,
            effective_support_percent=_support(reason, seen.effective_percent),
            price_cents_that_wins=cheaper,
            more_votes_that_win=more,
        )

    def _reason(self, j: int, seen: Watched) -> tuple[str, dict[str, Any]]:
        election, outcome = self._field.election, self._outcome
        if known := barred(election, j, outcome.winners, self._terms.threshold):
            return known
        mine = election.projects[j].id
        for tie in outcome.ties:
            if mine in tie.projects and tie.projects[0] != mine:
                code = "lottery" if tie.decided_by == "lottery" else "tie"
                return code, {"lost_to": tie.projects[0], "decided_by": tie.decided_by, "round": tie.step}
        missing = round(seen.cost - seen.left_then, 4)
        if seen.short_after == 0:
            facts = {"share_cents": rounded(self._share), "behind_cents": round(seen.at_first, 4)}
            return "too_few_votes", {**facts, "missing_cents": missing}
        if j in self._next:
            return "final_step", {
                "next_share_cents": rounded(self._next_share),
                "would_cost_cents": self._next_cost,
                "budget_cents": outcome.budget_cents,
            }
        return "money_spent", {
            "round": seen.short_after,
            "money_left_cents": round(seen.left_then, 4),
            "missing_cents": missing,
            "shared_with": self._shared(j, seen),
        }

    def _shared(self, j: int, seen: Watched) -> list[dict[str, Any]]:
        """The winners that took most of its supporters' money: how much, and how many they have in common."""
        election = self._field.election
        top = sorted(seen.spent, key=lambda winner: (-seen.spent[winner], winner))[:_SHOWN_WINNERS]
        mine = self._supporters(j)
        found = []
        for winner in top:
            theirs = self._supporters(winner)
            common = sum(voters for group, voters in mine.items() if group in theirs)
            found.append(
                {
                    "id": election.projects[winner].id,
                    "shared_voters": common,
                    "shared_percent": 100 * common // (sum(mine.values()) or 1),
                    "spent_cents": round(seen.spent[winner], 4),
                }
            )
        return found

    def _supporters(self, j: int) -> dict[int, int]:
        if j not in self._groups:
            ballots = self._field.election.ballots
            self._groups[j] = {
                group: ballots[group].voters
                for bucket in self._field.buckets[j]
                for group in (*bucket.once, *bucket.several)
            }
        return self._groups[j]
