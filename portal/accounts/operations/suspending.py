"""Suspending an account: it may read, not write, until a date; with a reason the person is told."""

from __future__ import annotations

from datetime import datetime

from portal.accounts.events import AccountSuspended, AccountUnsuspended
from portal.accounts.models import Account
from portal.accounts.operations.sessions import end_all_sessions
from portal.core import audit
from portal.core.actors import Actor
from portal.core.events import emit
from portal.core.permissions import ensure


def suspend(actor: Actor, account: Account, *, reason: str, until: datetime) -> None:
    """Only reading until then. Sessions end; the person may sign in again, read, export and object.

    NotFound unless the actor moderates the account's district.
    """
    ensure(actor, "accounts.suspend", account)
    account.suspended_until = until
    end_all_sessions(account.id)
    audit.record("accounts.suspended", actor=actor, subject=("account", account.id), until=until.isoformat())
    emit(AccountSuspended(account.id, until, reason, actor.account_id))


def unsuspend(actor: Actor, account: Account, *, on_objection: bool = False) -> None:
    """Writing is possible again; nothing happens to an account that is not suspended.

    on_objection: the person objected and is right. Who may answer objections is moderation's rule; where a
    district has no second moderator, that is one of another district.
    """
    if not on_objection:
        ensure(actor, "accounts.suspend", account)
    if not account.is_suspended:
        return
    account.suspended_until = None
    audit.record("accounts.unsuspended", actor=actor, subject=("account", account.id))
    emit(AccountUnsuspended(account.id, actor.account_id))
