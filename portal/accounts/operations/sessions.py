"""Sessions: begin, end, prove again. The browser holds a random token, the table its hash."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, delete, select

from portal.accounts.models import Account, SessionRow
from portal.accounts.queries import hash_token
from portal.core import clock
from portal.core.db import session

LONGEST_OWN_DEVICE = timedelta(days=90)
LONGEST_SHORT = timedelta(hours=12)


def begin_session(account: Account, *, is_shared_device: bool, second_factor: bool = False) -> str:
    """Open a session and return its token: 256 random bits, kept only by the browser.

    It ends for good after 90 days, on a shared device and for staff after 12 hours.
    """
    now = clock.now()
    token = secrets.token_urlsafe(32)
    short = is_shared_device or account.is_staff
    session.add(
        SessionRow(
            token_hash=hash_token(token),
            account_id=account.id,
            created_at=now,
            expires_at=now + (LONGEST_SHORT if short else LONGEST_OWN_DEVICE),
            is_shared_device=is_shared_device,
            proved_at=now,
            second_factor_at=now if second_factor else None,
        )
    )
    session.flush()
    return token


def renew_session(row: SessionRow) -> str:
    """The session under a new token, after the person proved who they are. The old token is worth nothing."""
    token = secrets.token_urlsafe(32)
    row.token_hash = hash_token(token)
    row.proved_at = clock.now()
    return token


def end_session(account_id: int, public_id: str) -> bool:
    """End one of the account's sessions; False when there is none such."""
    statement = delete(SessionRow).where(
        SessionRow.account_id == account_id, SessionRow.public_id == public_id
    )
    return _count(statement) > 0


def end_session_by_token(token: str) -> None:
    """End the session of this browser."""
    session.execute(delete(SessionRow).where(SessionRow.token_hash == hash_token(token)))


def is_open(row: SessionRow) -> bool:
    """Whether the row is still there."""
    return session.scalar(select(SessionRow.id).where(SessionRow.id == row.id)) is not None


def end_all_sessions(account_id: int, *, except_id: int | None = None) -> int:
    """End the account's sessions on every device; returns how many there were."""
    statement = delete(SessionRow).where(SessionRow.account_id == account_id)
    if except_id is not None:
        statement = statement.where(SessionRow.id != except_id)
    return _count(statement)


def _count(statement: Delete) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount
