"""Who is known in person, and who may vouch for others. Asked anew each time, never stored as a mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.accounts.models import Account
from portal.core import clock
from portal.core.crypto import keyed_hash
from portal.core.db import session
from portal.rounds.models import TownIdentity, VouchedBy, Vouching

# A neighbour who was vouched for by neighbours cannot vouch on: no chain is longer than one.
NEIGHBOURS_NEEDED = 2
MOST_PER_YEAR = 3
A_YEAR = timedelta(days=365)
WISH_LASTS = timedelta(days=14)


def wish_hash(code: str) -> str:
    """What the code of a wish is looked up by."""
    return keyed_hash("rounds.wish", code)


def _counts(vouching: type[Vouching]) -> ColumnElement[bool]:
    return and_(vouching.counts_at.is_not(None), vouching.revoked_at.is_(None))


def _known_to_staff(
    account_id: ColumnElement[int | None] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    inner = aliased(Vouching)
    known = select(inner.id).where(
        inner.account_id == account_id, inner.by_kind == VouchedBy.STAFF, _counts(inner)
    )
    alive = select(Account.id).where(Account.id == account_id, Account.deleted_at.is_(None))
    return and_(known.exists(), alive.exists())


def _vouched_for(round_id: int | None) -> list[ColumnElement[bool]]:
    """Vouchings that count: by staff, or by two residents whom staff know; for all rounds or this one."""
    first, second = Vouching.first_voucher_id, Vouching.second_voucher_id
    by_neighbours = and_(_known_to_staff(first), _known_to_staff(second))
    return [
        _counts(Vouching),
        or_(Vouching.round_id.is_(None), Vouching.round_id == round_id),
        or_(Vouching.by_kind == VouchedBy.STAFF, by_neighbours),
    ]


def is_known(account_id: int, round_id: int | None = None) -> bool:
    """Whether staff know this person, or two residents whom staff know. For a round: also if only for it."""
    query = select(Vouching.id).where(Vouching.account_id == account_id, *_vouched_for(round_id))
    return session.scalar(query.limit(1)) is not None


def counts_as_known(account_id: InstrumentedAttribute[int], round_id: int) -> ColumnElement[bool]:
    """The same as a condition on a column of accounts."""
    return select(Vouching.id).where(Vouching.account_id == account_id, *_vouched_for(round_id)).exists()


def is_known_to_staff(account_id: int) -> bool:
    """Whether staff know this person in person: who may vouch for a neighbour."""
    query = select(Vouching.id).where(
        Vouching.account_id == account_id, Vouching.by_kind == VouchedBy.STAFF, _counts(Vouching)
    )
    return session.scalar(query.limit(1)) is not None


def vouched_this_year(account_id: int) -> int:
    """For how many neighbours this resident has vouched within the last year, taken back or not."""
    mine = or_(Vouching.first_voucher_id == account_id, Vouching.second_voucher_id == account_id)
    query = select(func.count()).where(
        mine, Vouching.by_kind == VouchedBy.RESIDENT, Vouching.at > clock.now() - A_YEAR
    )
    return session.scalar(query) or 0


def wish_of(account_id: int) -> Vouching | None:
    """The person's own wish that waits for neighbours."""
    query = select(Vouching).where(
        Vouching.account_id == account_id,
        Vouching.by_kind == VouchedBy.RESIDENT,
        Vouching.counts_at.is_(None),
        Vouching.revoked_at.is_(None),
        Vouching.at > clock.now() - WISH_LASTS,
    )
    return session.scalar(query.order_by(Vouching.id.desc()).limit(1))


def wish_by_code(code: str) -> Vouching | None:
    """The waiting wish a neighbour was shown the code of."""
    query = select(Vouching).where(
        Vouching.code_hash == wish_hash(code),
        Vouching.revoked_at.is_(None),
        Vouching.at > clock.now() - WISH_LASTS,
    )
    return session.scalar(query)


def vouching_by_public_id(public_id: str) -> Vouching | None:
    """One vouching by its public id."""
    return session.scalar(select(Vouching).where(Vouching.public_id == public_id))


@dataclass(frozen=True)
class Known:
    """What a person sees about being known: who vouched, and whether it counts now."""

    vouching: Vouching
    counts: bool


def vouchings_of(account_id: int) -> list[Known]:
    """Every vouching for this person that was not taken back, newest first."""
    query = select(Vouching).where(
        Vouching.account_id == account_id, Vouching.revoked_at.is_(None), Vouching.counts_at.is_not(None)
    )
    rows = list(session.scalars(query.order_by(Vouching.id.desc())))
    known = _known_among({one for row in rows for one in (row.first_voucher_id, row.second_voucher_id)})
    return [Known(row, _counts_now(row, known)) for row in rows]


def _counts_now(row: Vouching, known: set[int]) -> bool:
    return row.by_kind is VouchedBy.STAFF or {row.first_voucher_id, row.second_voucher_id} <= known


def _known_among(ids: set[int | None]) -> set[int]:
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return set()
    query = (
        select(Vouching.account_id)
        .join(Account, Account.id == Vouching.account_id)
        .where(Vouching.account_id.in_(wanted), Vouching.by_kind == VouchedBy.STAFF, _counts(Vouching))
        .where(Account.deleted_at.is_(None))
    )
    return set(session.scalars(query))


def vouched_by(account_id: int) -> list[Vouching]:
    """The neighbours this resident vouches for, newest first."""
    mine = or_(Vouching.first_voucher_id == account_id, Vouching.second_voucher_id == account_id)
    query = select(Vouching).where(
        mine, Vouching.by_kind == VouchedBy.RESIDENT, Vouching.revoked_at.is_(None)
    )
    return list(session.scalars(query.order_by(Vouching.id.desc())))


def town_identity(account_id: int) -> TownIdentity | None:
    """The town's sign-in this account was confirmed with."""
    return session.get(TownIdentity, account_id)
