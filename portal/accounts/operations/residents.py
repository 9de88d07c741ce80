"""Residents' accounts: made with a name and, usually, an address; named, moved, translated by their owner."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.accounts.errors import NameTaken, TooManyAccounts
from portal.accounts.events import DisplayNameChanged
from portal.accounts.models import Account, AccountKind
from portal.accounts.queries import account_by_skeleton, address_hash
from portal.core.db import session
from portal.core.events import emit
from portal.core.i18n import DEFAULT_LANGUAGE, LANGUAGES
from portal.core.mailsafe import valid_address
from portal.core.text import check_display_name, skeleton

# A household shares an address; a crowd does not.
ACCOUNTS_PER_ADDRESS = 5


def create_resident(
    *,
    display_name: str,
    email: str | None = None,
    language: str = DEFAULT_LANGUAGE,
    district_id: int | None = None,
) -> Account:
    """A new resident's account. The name is a pseudonym that looks like nobody else's.

    Raises NameProblem, NameTaken, BadAddress, or TooManyAccounts (five per address).
    """
    return new_account(AccountKind.RESIDENT, display_name, email, language, district_id)


def new_account(
    kind: AccountKind, display_name: str, email: str | None, language: str, district_id: int | None = None
) -> Account:
    """An account of either kind, its name and address checked; see create_resident and create_staff."""
    name = free_name(display_name)
    account = Account(
        kind=kind,
        display_name=name,
        name_skeleton=skeleton(name),
        language=language if language in LANGUAGES else DEFAULT_LANGUAGE,
        district_id=district_id,
    )
    if email:
        set_address(account, email)
        check_room_at_address(str(account.email_hash))
    session.add(account)
    session.flush()
    return account


def free_name(display_name: str, own: Account | None = None) -> str:
    """The name as it is stored; NameProblem or NameTaken when it cannot be had."""
    name = check_display_name(display_name)
    other = account_by_skeleton(skeleton(name))
    if other is not None and (own is None or other.id != own.id):
        raise NameTaken
    return name


def set_address(account: Account, email: str) -> None:
    """Write the address and what it is found by."""
    checked = valid_address(email)
    account.email = checked.address
    account.email_hash = address_hash(checked.canonical)


def check_room_at_address(hashed: str) -> None:
    """TooManyAccounts when a household's worth of accounts has this address already."""
    count = session.scalar(
        select(func.count()).where(Account.email_hash == hashed, Account.deleted_at.is_(None))
    )
    if (count or 0) >= ACCOUNTS_PER_ADDRESS:
        raise TooManyAccounts


def change_profile(account: Account, *, display_name: str, language: str, district_id: int | None) -> None:
    """Another name, language or district; what was written before shows the new name."""
    name = free_name(display_name, own=account)
    if name != account.display_name:
        account.display_name, account.name_skeleton = name, skeleton(name)
        emit(DisplayNameChanged(account.id))
    account.language = language if language in LANGUAGES else account.language
    account.district_id = district_id
