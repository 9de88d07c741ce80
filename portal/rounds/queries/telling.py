"""Who is told about a round: everybody who could take part with an account, never those who did."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Account, AccountKind
from portal.core.db import session
from portal.rounds.models import Round


def could_take_part(vote: Round) -> list[int]:
    """The residents' accounts of its districts (of the whole town without any), by district alone.

    Neither the roll nor the box is asked: a notice is a row with an account, and a list of those who were
    told must not be a list of those who voted, or of those who looked at a ballot.
    """
    query = select(Account.id).where(Account.kind == AccountKind.RESIDENT, Account.deleted_at.is_(None))
    if vote.district_ids:
        query = query.where(Account.district_id.in_(vote.district_ids))
    return list(session.scalars(query.order_by(Account.id)))
