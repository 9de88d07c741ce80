"""Rounds and people for tests of the roll, written straight into the tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.public_id import new_id
from portal.rounds.models import (
    BallotKind,
    Round,
    RoundDistrict,
    RoundOption,
    RoundState,
    Rule,
    VouchedBy,
    Vouching,
)
from portal.rounds.queries.eligibility import Eligibility, entry_for


def open_round(level: int = 0, districts: tuple[int, ...] = (), **given: Any) -> int:
    """A round that is running for another week. Returns its id."""
    now = clock.now()
    row = {
        "public_id": new_id(),
        "title": "Budget 2027",
        "ballot_kind": BallotKind.APPROVAL,
        "rule": Rule.EQUAL_SHARES_ADD1,
        "budget_cents": 100_000_00,
        "level": level,
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=7),
        **given,
    }
    state = row.pop("state", RoundState.OPEN)
    options = row.pop("options", ("Bench", "Fountain", "Trees"))
    with transaction():
        vote = Round(**row, state=RoundState.DRAFT)
        session.add(vote)
        session.flush()
        session.add_all(RoundDistrict(round_id=vote.id, district_id=one) for one in districts)
        for number, title in enumerate(options, 1):
            session.add(
                RoundOption(
                    round_id=vote.id,
                    code=str(number),
                    position=number,
                    title=title,
                    cost_cents=number * 10_000_00,
                )
            )
        session.flush()
        vote.state, vote.rules_json, vote.rules_sha256, vote.opened_at = state, "{}", "0" * 64, now
        return vote.id


def answer_for(account: Account, round_id: int) -> Eligibility:
    """Whether this account may vote in this round."""
    with transaction(write=False):
        return entry_for(actor_for(session.get(Account, account.id)), session.get_one(Round, round_id))


def known_to_staff(account: Account, staff: Account) -> int:
    """Vouched for at a counter, long ago. Returns the vouching's id."""
    with transaction():
        row = Vouching(
            public_id=new_id(),
            account_id=account.id,
            by_kind=VouchedBy.STAFF,
            first_voucher_id=staff.id,
            at=clock.now(),
            counts_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row.id
