"""Tables of people: accounts, sessions, codes, hats, second factors, and what is parked for a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, EncryptedText
from portal.core.public_id import new_id

NEW_FOR = timedelta(days=7)


class AccountKind(StrEnum):
    """A person with both hats has two accounts: what one does at work is never mixed with private life."""

    RESIDENT = "resident"
    STAFF = "staff"


class Account(Base):
    """One account. After erasure the row stays, empty, so that ids in old records point at nobody."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("kind IN ('resident', 'staff')", name="kind"),
        # An address is there with its hash or not at all; an erased account has none.
        CheckConstraint("(email IS NULL) = (email_hash IS NULL)", name="email"),
        CheckConstraint("deleted_at IS NULL OR email IS NULL", name="erased"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    kind: Mapped[str]
    display_name: Mapped[str]
    # What the name looks like: two names that can be taken for each other cannot both exist.
    name_skeleton: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(EncryptedText("account.email"))
    email_hash: Mapped[str | None] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(default="de")
    # A district's id; no foreign key, since places stand above accounts.
    district_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    suspended_until: Mapped[datetime | None]
    erase_due_at: Mapped[datetime | None] = mapped_column(index=True)
    erase_choices: Mapped[dict[str, Any] | None]
    # Accounts whose words and notices this person does not want. In the row itself, since every page asks.
    blocked: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    deleted_at: Mapped[datetime | None]

    @property
    def is_staff(self) -> bool:
        """Whether this is somebody's account for work."""
        return self.kind == AccountKind.STAFF

    @property
    def is_suspended(self) -> bool:
        """Whether the account may only read at the moment."""
        return self.suspended_until is not None and self.suspended_until > clock.now()

    @property
    def is_new(self) -> bool:
        """Whether the account is younger than a week."""
        return self.created_at > clock.now() - NEW_FOR


class SessionRow(Base):
    """One signed-in browser. Only the hash of its token is kept; ending a session deletes the row."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    is_shared_device: Mapped[bool] = mapped_column(default=False)
    # When the person last proved who they are; some steps ask for it within ten minutes.
    proved_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    second_factor_tries: Mapped[int] = mapped_column(default=0)
    # What a passkey has to sign next; used up by the first answer.
    challenge: Mapped[str | None]


class CodePurpose(StrEnum):
    """What a code is typed for."""

    SIGN_IN = "sign_in"
    NEW_ACCOUNT = "new_account"
    CHANGE_EMAIL = "change_email"
    PROVE = "prove"


class SignInCode(Base):
    """One request for a code, bound to the browser that asked. The code itself is never stored.

    The request writes only what was typed. Whether an account exists is looked up by a job, which makes the
    code and the mail: so the answer to the browser cannot tell known from unknown, not even by its time.
    """

    __tablename__ = "sign_in_code"
    __table_args__ = (
        Index("ix_sign_in_code_address", "address_hash", "created_at"),
        CheckConstraint("tries BETWEEN 0 AND 5", name="tries"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: new_id(12))
    browser_hash: Mapped[str] = mapped_column(index=True)
    purpose: Mapped[str]
    typed: Mapped[str] = mapped_column(EncryptedText("sign_in_code.typed"))
    language: Mapped[str]
    # Set by the job: the address the code went to, and the account if a code name was typed.
    address: Mapped[str | None] = mapped_column(EncryptedText("sign_in_code.address"))
    address_hash: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    code_hash: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime | None]
    # used: the right code was typed. finished: what it was typed for is done, nothing follows.
    used_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    is_shared_device: Mapped[bool] = mapped_column(default=False)


class EmailChange(Base):
    """A change of address that the old address may take back for seven days."""

    __tablename__ = "email_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    old_email: Mapped[str] = mapped_column(EncryptedText("email_change.old_email"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    changed_at: Mapped[datetime]
    undo_until: Mapped[datetime] = mapped_column(index=True)


class ParkedPost(Base):
    """What somebody had typed when the session was over. The key is only in that browser's cookie."""

    __tablename__ = "parked_post"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: new_id(12))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    byte_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)


class StaffGrant(Base):
    """One hat of a staff account: role, scope, from, until. It counts from its confirmation to its end."""

    __tablename__ = "staff_grant"
    __table_args__ = (
        CheckConstraint("role IN ('moderator', 'professional', 'planner', 'administrator')", name="role"),
        CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="span"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    district_id: Mapped[int | None]
    organization_id: Mapped[int | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    # Nobody (NULL) proposed it: it came from the server's command line.
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]


class TotpSecret(Base):
    """The secret an authenticator app shares with us; `last_step` keeps a code from being used twice."""

    __tablename__ = "totp_secret"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(EncryptedText("totp_secret.secret"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class Passkey(Base):
    """A passkey of a staff account (WebAuthn public key)."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    label: Mapped[str]
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """One of ten codes for the day the phone is lost; each works once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SecondFactorReset(Base):
    """Another administrator asked to take the second factor away; a day passes before it happens."""

    __tablename__ = "second_factor_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    requested_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class SignInCard(Base):
    """A paper card for somebody without e-mail: code name and secret. Only the secret's hash is kept."""

    __tablename__ = "sign_in_card"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    secret_hash: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    # Wrong secrets since the window began; a card rests for an hour after five.
    tries: Mapped[int] = mapped_column(default=0)
    tries_since: Mapped[datetime]
