"""Changing the e-mail address: the new one is proven by a code, the old one may take it back for a week."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete

from portal.accounts.errors import LinkNotValid, SameAddress
from portal.accounts.events import EmailChanged
from portal.accounts.models import Account, EmailChange, SignInCode
from portal.accounts.operations.codes import finish_code
from portal.accounts.operations.residents import check_room_at_address, set_address
from portal.accounts.operations.sessions import end_all_sessions
from portal.accounts.queries import address_hash, hash_token, undoable_email_change
from portal.core import clock
from portal.core.db import session
from portal.core.events import emit
from portal.core.mailsafe import valid_address

UNDO_FOR = timedelta(days=7)


def check_new_address(account: Account, email: str) -> str:
    """The address as it is stored; BadAddress, or SameAddress when nothing would change."""
    checked = valid_address(email)
    if address_hash(checked.canonical) == account.email_hash:
        raise SameAddress
    return checked.address


def change_email(account: Account, row: SignInCode) -> None:
    """Take over the address a code was typed for. Every session ends; the old address is told.

    Raises TooManyAccounts, and AddressNotProven when the code was used up.
    """
    finish_code(row)
    check_room_at_address(str(row.address_hash))
    old, token, now = account.email, secrets.token_urlsafe(24), clock.now()
    set_address(account, str(row.address))
    end_all_sessions(account.id)
    if old is None:
        return
    change = EmailChange(
        account_id=account.id,
        old_email=old,
        token_hash=hash_token(token),
        changed_at=now,
        undo_until=now + UNDO_FOR,
    )
    session.add(change)
    session.flush()
    emit(EmailChanged(account.id, old, token, change.undo_until, account.language))


def undo_email_change(token: str) -> Account:
    """The old address takes the account back: it is the address again, and every session ends."""
    change = undoable_email_change(token)
    account = session.get(Account, change.account_id) if change else None
    if change is None or account is None or account.deleted_at is not None:
        raise LinkNotValid
    set_address(account, change.old_email)
    end_all_sessions(account.id)
    # Whatever was changed after this point was changed by whoever took the account.
    session.execute(
        delete(EmailChange).where(EmailChange.account_id == account.id, EmailChange.id >= change.id)
    )
    return account


def prune_email_changes() -> None:
    """Forget old addresses when they can no longer be taken back."""
    session.execute(delete(EmailChange).where(EmailChange.undo_until <= clock.now()))
