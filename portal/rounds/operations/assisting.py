"""Help with voting on a helper's tablet: two of staff, consent, ten minutes, one ballot, nothing left behind.

The session's row says who helped and when the person agreed. Whose ballot it is stands only in the tablet's
encrypted cookie, which is worthless after the ballot is cast or the ten minutes are over.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from portal.accounts.queries import hash_token
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.rounds.errors.roll import ConsentMissing
from portal.rounds.models import AssistedSession, Round
from portal.rounds.operations.counter import ensure_two_people
from portal.rounds.queries.counter import Counter

LASTS = timedelta(minutes=10)
KEPT_AFTER_THE_END = timedelta(days=90)


def begin_help(actor: Actor, counter: Counter, *, consent: bool) -> str:
    """Ten minutes begin. Returns the token for the tablet's cookie. ConsentMissing, SecondPersonNeeded."""
    ensure_two_people(actor, counter)
    if not consent:
        raise ConsentMissing
    token, now = secrets.token_urlsafe(24), clock.now()
    organization = next((one.organization_id for one in actor.roles if one.organization_id), None)
    session.add(
        AssistedSession(
            token_hash=hash_token(token),
            round_id=counter.vote.id,
            helper_id=counter.batch.opened_by_id,
            second_helper_id=counter.batch.witness_id,
            organization_id=organization,
            consent_at=now,
            expires_at=now + LASTS,
        )
    )
    return token


def is_helping(token: str, round_id: int) -> bool:
    """Whether this tablet is still within its ten minutes and its ballot is not cast."""
    query = select(AssistedSession.id).where(
        AssistedSession.token_hash == hash_token(token),
        AssistedSession.round_id == round_id,
        AssistedSession.is_closed.is_(False),
        AssistedSession.expires_at > clock.now(),
    )
    return session.scalar(query) is not None


def end_help(token: str, *, is_used: bool) -> None:
    """The tablet is done. Not in the transaction that casts the ballot: the next page calls it."""
    session.execute(
        update(AssistedSession)
        .where(AssistedSession.token_hash == hash_token(token), AssistedSession.is_closed.is_(False))
        .values(is_closed=True, is_used=is_used)
    )


def helped_count(vote: Round) -> int:
    """How many ballots were cast with help: said beside the turnout, never beside a ballot."""
    query = select(func.count()).where(AssistedSession.round_id == vote.id, AssistedSession.is_used.is_(True))
    return session.scalar(query) or 0


def forget_old_help() -> int:
    """Delete sessions of long ago; the result has their number by then."""
    old = delete(AssistedSession).where(AssistedSession.expires_at < clock.now() - KEPT_AFTER_THE_END)
    return len(session.execute(old.returning(AssistedSession.id)).all())
