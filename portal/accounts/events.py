"""What happened to accounts; upper packages listen (notifications write the mails)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SignInCodeMade:
    """A code has to reach an address. Emitted by a job, never inside a request; the code is nowhere else.

    purpose: sign_in, new_account, change_email or prove. is_known: an account with this address exists (for
    sign_in: otherwise the mail says that the code makes a new account). request_id goes into the mail's link:
    url_for("accounts.code_link", request_id=..., code=...). Template: accounts/mail/sign_in_code.
    """

    address: str
    code: str
    request_id: str
    purpose: str
    language: str
    is_known: bool
    minutes: int


@dataclass(frozen=True)
class EmailChanged:
    """Tell the OLD address, with a link to undo: url_for("accounts.undo_email", token=...).

    Template: accounts/mail/email_changed.
    """

    account_id: int
    old_address: str
    undo_token: str
    undo_until: datetime
    language: str


@dataclass(frozen=True)
class ErasureRequested:
    """The account will be erased at `due_at` unless the person changes their mind.

    Template: accounts/mail/erasure_requested.
    """

    account_id: int
    due_at: datetime


@dataclass(frozen=True)
class AccountErased:
    """The account is being erased now; whoever holds something of it does what was chosen.

    keep_*: True leaves it standing without a name, False takes it away.
    """

    account_id: int
    keep_proposals: bool
    keep_comments: bool
    keep_support: bool


@dataclass(frozen=True)
class AccountSuspended:
    """The account may only read until then. `reason` is the text for the person."""

    account_id: int
    until: datetime
    reason: str
    by_account_id: int | None


@dataclass(frozen=True)
class AccountUnsuspended:
    """The account may write again."""

    account_id: int
    by_account_id: int | None


@dataclass(frozen=True)
class DisplayNameChanged:
    """The account has another name now."""

    account_id: int


@dataclass(frozen=True)
class StaffRoleProposed:
    """A role waits for a second administrator; `administrator_ids` may confirm it."""

    grant_id: int
    account_id: int
    role: str
    administrator_ids: tuple[int, ...]


@dataclass(frozen=True)
class StaffRoleGranted:
    """A role counts from now on."""

    grant_id: int
    account_id: int
    role: str


@dataclass(frozen=True)
class StaffRoleEnded:
    """A role counts no longer; what was derived from it (assignments) ends too."""

    grant_id: int
    account_id: int
    role: str
    district_id: int | None
    organization_id: int | None


@dataclass(frozen=True)
class SecondFactorResetRequested:
    """The second step will be taken away at `due_at`; the person may stop it by signing in with it.

    Template: accounts/mail/second_factor_reset.
    """

    account_id: int
    due_at: datetime


@dataclass(frozen=True)
class PersonBlocked:
    """Somebody does not want to read or hear this person any more. Only for what is shown to `account_id`."""

    account_id: int
    blocked_id: int
