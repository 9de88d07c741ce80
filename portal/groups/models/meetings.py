"""Meetings of a group: what was planned, each of its dates, who comes, and the addresses calendars fetch."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock, crypto
from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id

MEETING_TITLE_LENGTH = 80
PLACE_LENGTH = 160
MEETING_NOTE_LENGTH = 600
NEEDS_LENGTH = 200
REASON_WHY_LENGTH = 200
MOST_MINUTES = 24 * 60


# Stands where a discreet group's day would: the day itself is in an encrypted column.
NO_DAY = date(1970, 1, 1)


def veiled_day(group_id: int, day: date) -> date:
    """A day that means nothing, the same for the same day of a group: so that a date exists once."""
    shifted = crypto.permuted(f"group_day.{group_id}", day.toordinal() - 1, date.max.toordinal())
    return date.fromordinal(shifted + 1)


def packed(*days: date | None) -> str:
    """Days as one text, to be encrypted."""
    return "|".join(day.isoformat() if day else "" for day in days)


def unpacked(text: str) -> list[date | None]:
    """The way back."""
    return [date.fromisoformat(one) if one else None for one in text.split("|")]


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
    """A meeting as it was planned, once or coming back. Of time only the days stand readable.

    Of discreet groups not even those (`seal`): a stolen file does not tell on which weekday they meet.
    """

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
    stored_first_on: Mapped[date] = mapped_column("first_on")
    stored_until_on: Mapped[date | None] = mapped_column("until_on")
    stored_made_until: Mapped[date] = mapped_column("made_until")
    sealed: Mapped[str | None] = mapped_column(EncryptedText("group_meeting.sealed"))
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

    def seal(self) -> None:
        """The days stand encrypted from now on. Twice is once."""
        if self.sealed is None:
            self._put(self.stored_first_on, self.stored_until_on, self.stored_made_until)

    def _put(self, *days: date | None) -> None:
        self.sealed = packed(*days)
        self.stored_first_on = self.stored_made_until = NO_DAY
        self.stored_until_on = None

    def _day(self, place: int, stored: date | None) -> Any:
        return stored if self.sealed is None else unpacked(self.sealed)[place]

    def _set(self, place: int, name: str, day: date | None) -> None:
        if self.sealed is None:
            setattr(self, name, day)
        else:
            days = unpacked(self.sealed)
            days[place] = day
            self._put(*days)

    @hybrid_property
    def first_on(self) -> date:
        """The first day."""
        return self._day(0, self.stored_first_on)  # type: ignore[no-any-return]

    @first_on.inplace.setter
    def _first_on(self, day: date) -> None:
        self._set(0, "stored_first_on", day)

    @first_on.inplace.expression
    @classmethod
    def _first_on_column(cls) -> Any:
        return cls.stored_first_on

    @hybrid_property
    def until_on(self) -> date | None:
        """The last day, if it ends."""
        return self._day(1, self.stored_until_on)  # type: ignore[no-any-return]

    @until_on.inplace.setter
    def _until_on(self, day: date | None) -> None:
        self._set(1, "stored_until_on", day)

    @until_on.inplace.expression
    @classmethod
    def _until_on_column(cls) -> Any:
        return cls.stored_until_on

    @hybrid_property
    def made_until(self) -> date:
        """Up to this day its dates have rows."""
        return self._day(2, self.stored_made_until)  # type: ignore[no-any-return]

    @made_until.inplace.setter
    def _made_until(self, day: date) -> None:
        self._set(2, "stored_made_until", day)

    @made_until.inplace.expression
    @classmethod
    def _made_until_column(cls) -> Any:
        return cls.stored_made_until


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
    # The day by the rule; `on` is the day it takes place. Sealed, a day that means nothing and NO_DAY.
    stored_original_on: Mapped[date] = mapped_column("original_on")
    stored_on: Mapped[date] = mapped_column("on")
    sealed: Mapped[str | None] = mapped_column(EncryptedText("group_meeting_date.sealed"))
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

    def seal(self) -> None:
        """The days stand encrypted from now on. Twice is once."""
        if self.sealed is None:
            self._put(self.stored_original_on, self.stored_on)
            self.asked_on = NO_DAY if self.asked_on else None
            self.reminded_on = NO_DAY if self.reminded_on else None

    def note_asked(self, today: date) -> None:
        """It was asked whether it took place; sealed, the day of the question would tell when it was."""
        self.asked_on = today if self.sealed is None else NO_DAY

    def _put(self, original_on: date, on: date) -> None:
        self.sealed = packed(original_on, on)
        self.stored_original_on, self.stored_on = veiled_day(self.group_id, original_on), NO_DAY

    def _days(self) -> tuple[date, date]:
        if self.sealed is None:
            return self.stored_original_on, self.stored_on
        original_on, on = unpacked(self.sealed)
        assert original_on is not None
        assert on is not None
        return original_on, on

    @hybrid_property
    def original_on(self) -> date:
        """The day by the rule."""
        return self._days()[0]

    @original_on.inplace.setter
    def _original_on(self, day: date) -> None:
        if self.sealed is None:
            self.stored_original_on = day
        else:
            self._put(day, self.on)

    @original_on.inplace.expression
    @classmethod
    def _original_on_column(cls) -> Any:
        return cls.stored_original_on

    @hybrid_property
    def on(self) -> date:
        """The day it takes place."""
        return self._days()[1]

    @on.inplace.setter
    def _on(self, day: date) -> None:
        if self.sealed is None:
            self.stored_on = day
        else:
            self._put(self.original_on, day)

    @on.inplace.expression
    @classmethod
    def _on_column(cls) -> Any:
        return cls.stored_on

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
