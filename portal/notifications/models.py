"""Notices, people's switches, and the outbox of mails."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, EncryptedText
from portal.core.public_id import new_id


class Notice(Base):
    """One account is told about one thing. What belongs to one unread group is counted, not repeated."""

    __tablename__ = "notice"
    __table_args__ = (
        # Told exactly once, whatever runs twice. (NULL keys are free on both databases.)
        UniqueConstraint("account_id", "dedupe_key"),
        Index("ix_notice_list", "account_id", "updated_at"),
        Index("ix_notice_unread", "account_id", "read_at"),
        Index("ix_notice_subject", "subject_kind", "subject_id"),
        CheckConstraint("count >= 1", name="count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str]
    subject_kind: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[int] = mapped_column(default=0)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    context: Mapped[dict[str, Any]]
    group_key: Mapped[str] = mapped_column(default="")
    dedupe_key: Mapped[str | None]
    count: Mapped[int] = mapped_column(default=1)
    is_shown: Mapped[bool] = mapped_column(default=True)
    # The thing is hidden at the moment: neither listed nor counted.
    is_silenced: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Preference(Base):
    """What a person switched for one kind; without a row the kind's default holds."""

    __tablename__ = "notice_preference"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    by_mail: Mapped[bool]
    in_portal: Mapped[bool]


class MailStatus(StrEnum):
    """queued: to be sent. sending: handed to the server, answer unknown. sent, failed, dropped: done."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class MailMessage(Base):
    """One mail to one address. Address and content are encrypted, and erased when it is done."""

    __tablename__ = "mail_message"
    __table_args__ = (Index("ix_mail_message_prune", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: new_id(16))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    template: Mapped[str]
    language: Mapped[str]
    recipient: Mapped[str | None] = mapped_column(EncryptedText("mail_message.recipient"))
    content: Mapped[str | None] = mapped_column(EncryptedText("mail_message.content"))
    at_most_once: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(default=MailStatus.QUEUED)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
