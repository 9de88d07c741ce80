"""The size of the roll: how many could take part, and how many numbers it holds. Never who."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from portal.accounts.models import Account, AccountKind
from portal.core import clock
from portal.core.db import session
from portal.rounds.models import RollEntry, Round, TownIdentity
from portal.rounds.queries.eligibility import KNOWN, LETTER, TOWN
from portal.rounds.queries.known import counts_as_known


def entries_in_roll(vote: Round) -> int:
    """How many numbers the roll holds, each for one ballot at most. What was taken back stays in it."""
    query = select(func.count()).select_from(RollEntry).where(RollEntry.round_id == vote.id)
    return session.scalar(query) or 0


def could_take_part(vote: Round) -> int:
    """How many accounts could take part now; with letters it is the number of codes that work."""
    if vote.level == LETTER:
        working = (RollEntry.round_id == vote.id, RollEntry.revoked_at.is_(None))
        return session.scalar(select(func.count()).select_from(RollEntry).where(*working)) or 0
    query = select(func.count()).select_from(Account).outerjoin(TownIdentity).where(*_may_vote(vote))
    return session.scalar(query) or 0


def _may_vote(vote: Round) -> list[ColumnElement[bool]]:
    """The rules of `eligibility.entry_for` for everybody at once."""
    free = or_(Account.suspended_until.is_(None), Account.suspended_until <= clock.now())
    where = [Account.kind == AccountKind.RESIDENT, Account.deleted_at.is_(None), free]
    confirmed = TownIdentity.account_id.is_not(None)
    if vote.level == TOWN:
        where.append(confirmed)
    if vote.level == KNOWN:
        where.append(or_(confirmed, counts_as_known(Account.id, vote.id)))
    if vote.district_ids:
        # The town's word about a district goes before the person's own, where the level asks for it.
        asks_town = vote.level in {KNOWN, TOWN}
        said = func.coalesce(TownIdentity.district_id, Account.district_id)
        where.append((said if asks_town else Account.district_id).in_(vote.district_ids))
    return where


def roll_at_opening(vote: Round) -> dict[str, Any]:
    """What the first entry of the log says about the roll."""
    by = "letters" if vote.level == LETTER else "accounts"
    return {"by": by, "entries": entries_in_roll(vote), "could_take_part": could_take_part(vote)}
