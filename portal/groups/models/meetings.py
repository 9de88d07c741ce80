"""Meetings of a group: what was planned, each of its dates, who comes, and the addresses calendars fetch."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id

MEETING_TITLE_LENGTH = 80
PLACE_LENGTH = 160
MEETING_NOTE_LENGTH = 600
NEEDS_LENGTH = 200
REASON_WHY_LENGTH = 200
MOST_MINUTES = 24 * 60


class Repeats(StrEnum):
    """How a meeting comes back. Days are days of the town: 18:00 stays 18:00 in winter."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY_WEEKDAY = "monthly_weekday"
    MONTHLY_LAST = "monthly_last"
    MONTHLY_DATE = "monthly_date"


class MeetingSeen(StrEnum):
    """Who may read where and when; never more than the privacy of the group allows."""

    MEMBERS = "members"
    GUESTS = "guests"
    EVERYBODY = "everybody"


class DateStatus(StrEnum):
    """Takes place, or not; a cancelled date keeps its row, so that calendars learn of it."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class Held(StrEnum):
    """Whether it took place; only a member's word counts."""

    UNKNOWN = "unknown"
    HELD = "held"
    NOT_HELD = "not_held"


class Answer(StrEnum):
    """Whether somebody comes."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class GroupMeeting(Base):
    """A meeting as it was planned, once or coming back. Of time only the days stand readable."""

    __tablename__ = "group_meeting"
    __table_args__ = (
        UniqueConstraint("group_id", "form_key"),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="length"),
        CheckConstraint("until_on >= first_on", name="span"),
        CheckConstraint("repeats <> 'once' OR until_on IS NULL", name="once_has_no_end"),
        CheckConstraint("made_until >= first_on", name="made"),
        CheckConstraint("sequence >= 0", name="sequence"),
        Index("ix_group_meeting_to_extend", "called_off", "made_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    form_key: Mapped[str | None] = mapped_column(String(64))
    # A series that was changed from one date on goes on as another one.
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("group_meeting.id", ondelete="SET NULL"))
    repeats: Mapped[Repeats] = mapped_column(one_of(Repeats, "repeats"), default=Repeats.ONCE)
    first_on: Mapped[date]
    until_on: Mapped[date | None]
    made_until: Mapped[date]
    # Local time of the town, "18:30".
    starts: Mapped[str] = mapped_column(EncryptedText("group_meeting.starts"))
    minutes: Mapped[int] = mapped_column(default=120)
    title: Mapped[str] = mapped_column(EncryptedText("group_meeting.title"), default="")
    place: Mapped[str] = mapped_column(EncryptedText("group_meeting.place"), default="")
    note: Mapped[str] = mapped_column(EncryptedText("group_meeting.note"), default="")
    seen: Mapped[MeetingSeen] = mapped_column(one_of(MeetingSeen, "seen"), default=MeetingSeen.MEMBERS)
    called_off: Mapped[bool] = mapped_column(default=False)
    # Calendars take a change only when this number grew.
    sequence: Mapped[int] = mapped_column(default=0)
    changed_on: Mapped[date] = mapped_column(default=clock.today)


class MeetingDate(Base):
    """One date of a meeting. What differs from the plan stands here; empty means "as planned"."""

    __tablename__ = "group_meeting_date"
    __table_args__ = (
        UniqueConstraint("meeting_id", "original_on"),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="length"),
        CheckConstraint("status <> 'cancelled' OR held = 'unknown'", name="cancelled_is_not_held"),
        CheckConstraint("people IS NULL OR (people >= 1 AND held = 'held')", name="people"),
        CheckConstraint("sequence >= 0", name="sequence"),
        Index("ix_group_meeting_date_listed", "group_id", "on"),
        Index("ix_group_meeting_date_due", "on", "status", "held"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("group_meeting.id", ondelete="CASCADE"))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    # The day by the rule; `on` is the day it takes place.
    original_on: Mapped[date]
    on: Mapped[date]
    starts: Mapped[str | None] = mapped_column(EncryptedText("group_meeting_date.starts"))
    minutes: Mapped[int | None]
    place: Mapped[str | None] = mapped_column(EncryptedText("group_meeting_date.place"))
    note: Mapped[str | None] = mapped_column(EncryptedText("group_meeting_date.note"))
    status: Mapped[DateStatus] = mapped_column(one_of(DateStatus, "status"), default=DateStatus.PLANNED)
    reason: Mapped[str] = mapped_column(EncryptedText("group_meeting_date.reason"), default="")
    held: Mapped[Held] = mapped_column(one_of(Held, "held"), default=Held.UNKNOWN)
    people: Mapped[int | None]
    asked_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    sequence: Mapped[int] = mapped_column(default=0)
    changed_on: Mapped[date] = mapped_column(default=clock.today)

    meeting: Mapped[GroupMeeting] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_moved(self) -> bool:
        """On another day or at another time than planned."""
        return self.on != self.original_on or self.starts is not None


class Attendance(Base):
    """A member says whether they come, and what they need for it. Never asked in discreet groups."""

    __tablename__ = "group_attendance"
    __table_args__ = (CheckConstraint("people BETWEEN 1 AND 5", name="people"),)

    date_id: Mapped[int] = mapped_column(
        ForeignKey("group_meeting_date.id", ondelete="CASCADE"), primary_key=True
    )
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("group_membership.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    answer: Mapped[Answer] = mapped_column(one_of(Answer, "answer"))
    people: Mapped[int] = mapped_column(default=1)
    needs: Mapped[str | None] = mapped_column(EncryptedText("group_attendance.needs"))


class DateWish(Base):
    """Somebody who is no member (yet) asked to be told the dates. Impossible for discreet groups."""

    __tablename__ = "group_date_wish"

    membership_id: Mapped[int] = mapped_column(
        ForeignKey("group_membership.id", ondelete="CASCADE"), primary_key=True
    )
    asked_on: Mapped[date] = mapped_column(default=clock.today)


class CalendarAddress(Base):
    """The secret address a phone's calendar fetches: all dates of an account, or one group's for one member.

    Only its hash is kept. The row of an account names no group.
    """

    __tablename__ = "group_calendar_address"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (membership_id IS NULL)", name="whose"),
        UniqueConstraint("account_id"),
        UniqueConstraint("membership_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_on: Mapped[date] = mapped_column(default=clock.today)
