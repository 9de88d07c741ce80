"""A box to vote into, written straight into the tables: fast, in any state, with any rules.

Needs an app context and no open transaction. Rounds as staff make them come from factories_rounds.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from portal.core import clock
from portal.core.db import session, transaction
from portal.rounds.models import BallotKind, RollEntry, Round, RoundOption, RoundState, Rule
from portal.rounds.operations.keys import create_key

_numbers = count(1)
RULES = {
    BallotKind.APPROVAL: Rule.EQUAL_SHARES_ADD1,
    BallotKind.BASKET: Rule.EQUAL_SHARES_ADD1,
    BallotKind.POINTS: Rule.EQUAL_SHARES,
    BallotKind.SCORE: Rule.SCORE,
    BallotKind.RANKING: Rule.SCHULZE,
    BallotKind.YES_NO: Rule.MAJORITY,
}


def make_box(
    kind: BallotKind = BallotKind.APPROVAL,
    *,
    options: int = 5,
    costs: tuple[int, ...] = (),
    withdrawn: tuple[str, ...] = (),
    lasts: timedelta = timedelta(days=7),
    **columns: Any,
) -> Round:
    """An open round that began an hour ago, detached. Options are "1", "2", …; costs in cents."""
    number, now = next(_numbers), clock.now()
    if kind is BallotKind.BASKET:
        columns.setdefault("budget_cents", 100_000)
    columns = {"level": 0, "title": f"Wahl {number}", **columns}
    columns.setdefault("opens_at", now - timedelta(hours=1))
    columns.setdefault("closes_at", now + lasts)
    with transaction():
        vote = Round(public_id=f"box{number}", ballot_kind=kind, rule=RULES[kind], **columns)
        session.add(vote)
        session.flush()
        for position in range(1, options + 1):
            cost = costs[position - 1] if costs else position * 10_000
            session.add(_option(vote.id, position, cost, str(position) in withdrawn))
        session.flush()
        vote.rules_json, vote.rules_sha256, vote.opened_at = "{}", "0" * 64, now - timedelta(hours=2)
        vote.state = RoundState.OPEN
        session.flush()
        create_key(vote)
        return detached(vote)


def _option(round_id: int, position: int, cost: int, is_withdrawn: bool) -> RoundOption:
    option = RoundOption(round_id=round_id, code=str(position), position=position, title=f"Idee {position}")
    option.cost_cents = cost
    if is_withdrawn:
        option.withdrawn_at, option.withdrawn_reason = clock.now(), "Das Grundstück ist verkauft."
    return option


def detached(vote: Round) -> Round:
    """The round as an object that asks nothing of the database any more."""
    session.flush()
    session.refresh(vote, attribute_names=["districts"])
    session.refresh(vote)
    session.expunge(vote)
    return vote


def enroll(vote: Round, number: int = 1) -> list[int]:
    """Ids of so many new entries of the roll."""
    with transaction():
        entries = [
            RollEntry(round_id=vote.id, person_hash=f"{next(_numbers):064d}", level=vote.level)
            for _ in range(number)
        ]
        session.add_all(entries)
        session.flush()
        return [one.id for one in entries]


def set_state(vote: Round, state: RoundState) -> Round:
    """Move the round on, as closing does."""
    with transaction():
        again = session.get_one(Round, vote.id)
        again.state = state
        if state in {RoundState.CLOSED, RoundState.PUBLISHED}:
            again.closed_at, again.file_sha256 = clock.now(), "1" * 64
        return detached(again)
