"""What people may do with their own data: take it with them, and go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.accounts.errors import StillStaff
from portal.accounts.events import AccountErased, ErasureRequested
from portal.accounts.models import (
    Account,
    EmailChange,
    Passkey,
    RecoveryCode,
    SecondFactorReset,
    SignInCard,
    SignInCode,
    TotpSecret,
)
from portal.accounts.operations.sessions import end_all_sessions
from portal.accounts.queries import account_names, accounts_with_address, grants_of, sessions_of
from portal.core import clock
from portal.core.audit import entries_for
from portal.core.db import session
from portal.core.events import emit

ERASED_AFTER = timedelta(days=14)

ExportSection = Callable[[int], list[dict[str, Any]]]
_sections: dict[str, ExportSection] = {}


def register_export_section(name: str, section: ExportSection) -> None:
    """A package adds a part to people's own export: rows as flat dicts of plain values (account id in)."""
    if name in _sections:
        raise ValueError(f"export section {name} is registered twice")
    _sections[name] = section


def export_of(account: Account) -> dict[str, list[dict[str, Any]]]:
    """Everything the portal holds about the person, by section; other people's words are left out."""
    own: dict[str, list[dict[str, Any]]] = {
        "account": [
            {
                "display_name": account.display_name,
                "email": account.email,
                "language": account.language,
                "district_id": account.district_id,
                "created_at": account.created_at.isoformat(),
                "blocked": ", ".join(card.name for card in account_names(account.blocked).values()),
                "suspended_until": account.suspended_until.isoformat() if account.suspended_until else None,
            }
        ],
        "sessions": [
            {
                "since": row.created_at.isoformat(),
                "ends": row.expires_at.isoformat(),
                "shared_device": row.is_shared_device,
            }
            for row in sessions_of(account.id)
        ],
        "what_staff_did": [
            {"at": entry.at.isoformat(), "what": entry.name, **entry.data}
            for entry in entries_for("account", account.id, visibilities=("public", "parties"))
        ],
    }
    return own | {name: section(account.id) for name, section in sorted(_sections.items())}


def request_erasure(
    account: Account, *, keep_proposals: bool, keep_comments: bool, keep_support: bool
) -> None:
    """Begin to go: in 14 days the account is erased, and with it what the person chose. StillStaff."""
    if account.is_staff and grants_of(account.id):
        raise StillStaff
    account.erase_due_at = clock.now() + ERASED_AFTER
    account.erase_choices = {
        "keep_proposals": keep_proposals,
        "keep_comments": keep_comments,
        "keep_support": keep_support,
    }
    emit(ErasureRequested(account.id, account.erase_due_at))


def cancel_erasure(account: Account) -> None:
    """Stay after all."""
    account.erase_due_at = account.erase_choices = None


def accounts_due_for_erasure() -> list[int]:
    """Accounts whose 14 days are over."""
    query = select(Account.id).where(Account.erase_due_at <= clock.now(), Account.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Account.id).limit(100)))


def erase(account: Account) -> None:
    """Empty the account for good and let every package do what the person chose. Safe to repeat.

    An empty row stays, so that old records point at "Former member" and ids are never used again.
    """
    if account.deleted_at is not None:
        return
    choices = account.erase_choices or {}
    end_all_sessions(account.id)
    emit(
        AccountErased(
            account.id,
            keep_proposals=bool(choices.get("keep_proposals", False)),
            keep_comments=bool(choices.get("keep_comments", False)),
            keep_support=bool(choices.get("keep_support", False)),
        )
    )
    if account.email_hash and len(accounts_with_address(account.email_hash)) == 1:
        session.execute(delete(SignInCode).where(SignInCode.address_hash == account.email_hash))
    for table in (
        SignInCode,
        EmailChange,
        TotpSecret,
        Passkey,
        RecoveryCode,
        SecondFactorReset,
        SignInCard,
    ):
        session.execute(delete(table).where(table.account_id == account.id))
    account.display_name, account.name_skeleton, account.language = "", None, "de"
    account.email = account.email_hash = account.district_id = account.suspended_until = None
    account.erase_due_at = account.erase_choices = None
    account.blocked = []
    account.deleted_at = clock.now()
    session.flush()
