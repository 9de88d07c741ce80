"""Accompaniment: what a group and somebody who stands by it agree on for a time; who has looked inside."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id

GOAL_LENGTH = 600
WORD_LENGTH = 2000
# Six months; who wants more agrees anew.
LONGEST_DAYS = 184
MOST_PLANNED = 60


class CompanionKind(StrEnum):
    """A professional of the town, or somebody with experience of a group of their own."""

    PROFESSIONAL = "professional"
    PEER = "peer"


class AccompanimentState(StrEnum):
    """Proposed by one side, agreed by both, about to end, over; or never begun."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    ENDING = "ending"
    ENDED = "ended"
    TERMINATED = "terminated"
    DECLINED = "declined"


class Side(StrEnum):
    """The two who agree."""

    GROUP = "group"
    COMPANION = "companion"


class Scope(StrEnum):
    """What it is about."""

    ROOM = "room"
    FIRST_MEETINGS = "first_meetings"
    PUBLICITY = "publicity"
    CONFLICT = "conflict"
    MONEY = "money"
    LEGAL = "legal"


class Grant(StrEnum):
    """What the one who accompanies may see. Without any, they see nothing of the inside."""

    BOARD = "board"
    EVENTS = "events"
    MEMBER_COUNT = "member_count"
    ROOM_BOOKINGS = "room_bookings"
    ATTEND = "attend"


# In a discreet group nothing that has to do with people; not even when they meet.
GRANTS_DISCREET = frozenset({Grant.ROOM_BOOKINGS})


class Accompaniment(Base):
    """One agreement. Who accompanies stands here as a keyed hash, so that the table alone names nobody."""

    __tablename__ = "group_accompaniment"
    __table_args__ = (
        CheckConstraint("days BETWEEN 1 AND 184", name="at_most_six_months"),
        CheckConstraint("meetings BETWEEN 0 AND 60", name="meetings"),
        CheckConstraint(
            "state NOT IN ('agreed', 'ending', 'ended', 'terminated') OR (from_on IS NOT NULL "
            "AND ref IS NOT NULL "
            "AND signed_by_group_on IS NOT NULL AND signed_by_companion_on IS NOT NULL)",
            name="both_signed",
        ),
        CheckConstraint(
            "(state IN ('ended', 'terminated', 'declined')) = (ended_on IS NOT NULL)", name="ended"
        ),
        CheckConstraint(
            "ref IS NOT NULL OR code_hash IS NOT NULL OR ended_on IS NOT NULL", name="to_somebody"
        ),
        Index("ix_group_accompaniment_of", "group_id", "state"),
        Index("ix_group_accompaniment_ref", "ref"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    kind: Mapped[CompanionKind] = mapped_column(one_of(CompanionKind, "kind"))
    state: Mapped[AccompanimentState] = mapped_column(
        one_of(AccompanimentState, "state"), default=AccompanimentState.PROPOSED
    )
    asked_by: Mapped[Side] = mapped_column(one_of(Side, "asked_by"))
    renewal_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_accompaniment.id", ondelete="SET NULL")
    )
    ref: Mapped[str | None] = mapped_column(String(64))
    reach: Mapped[str | None] = mapped_column(EncryptedText("group_accompaniment.reach"))
    name: Mapped[str] = mapped_column(EncryptedText("group_accompaniment.name"), default="")
    # Three words on paper, for somebody whose account the group does not know.
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    # What a discreet group is called towards the one who accompanies.
    group_word: Mapped[str] = mapped_column(EncryptedText("group_accompaniment.group_word"), default="")
    goal: Mapped[str] = mapped_column(EncryptedText("group_accompaniment.goal"))
    scope: Mapped[list[str]] = mapped_column(default=list)
    grants: Mapped[list[str]] = mapped_column(default=list)
    meetings: Mapped[int] = mapped_column(default=0)
    days: Mapped[int]
    from_on: Mapped[date | None]
    proposed_on: Mapped[date] = mapped_column(default=clock.today)
    signed_by_group_on: Mapped[date | None]
    signed_by_companion_on: Mapped[date | None]
    # Without anybody whose task it is, two members sign: this is the first.
    first_signer_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_membership.id", ondelete="SET NULL")
    )
    asked_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_by: Mapped[Side | None] = mapped_column(one_of(Side, "ended_by"))

    @property
    def until_on(self) -> date | None:
        """The last day."""
        return self.from_on + timedelta(days=self.days) if self.from_on else None

    def is_in_force(self, today: date) -> bool:
        """Both have signed, and it is not over: the days decide, whether or not a job ran."""
        return (
            self.state in (AccompanimentState.AGREED, AccompanimentState.ENDING)
            and self.until_on is not None
            and today <= self.until_on
        )


class Substitute(Base):
    """Somebody stands in for a while, when the group has accepted it."""

    __tablename__ = "group_accompaniment_substitute"
    __table_args__ = (
        UniqueConstraint("accompaniment_id", "ref"),
        CheckConstraint("from_on <= until_on", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    accompaniment_id: Mapped[int] = mapped_column(ForeignKey("group_accompaniment.id", ondelete="CASCADE"))
    ref: Mapped[str] = mapped_column(String(64), index=True)
    reach: Mapped[str] = mapped_column(EncryptedText("group_accompaniment_substitute.reach"))
    name: Mapped[str] = mapped_column(EncryptedText("group_accompaniment_substitute.name"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    accepted_on: Mapped[date | None]


class CompanionWord(Base):
    """What group and companion write to each other, apart from the board of the group."""

    __tablename__ = "group_companion_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    accompaniment_id: Mapped[int] = mapped_column(
        ForeignKey("group_accompaniment.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date] = mapped_column(default=clock.today)
    side: Mapped[Side] = mapped_column(one_of(Side, "side"))
    text: Mapped[str] = mapped_column(EncryptedText("group_companion_word.text"))


class CompanionMeeting(Base):
    """They have met, once per day. The day stands as a keyed hash: a stolen table tells no rhythm."""

    __tablename__ = "group_accompaniment_met"

    accompaniment_id: Mapped[int] = mapped_column(
        ForeignKey("group_accompaniment.id", ondelete="CASCADE"), primary_key=True
    )
    day_key: Mapped[str] = mapped_column(String(64), primary_key=True)


class ClosingReport(Base):
    """What one side says at the end: what was reached, what stays open. The other side reads it."""

    __tablename__ = "group_accompaniment_report"

    accompaniment_id: Mapped[int] = mapped_column(
        ForeignKey("group_accompaniment.id", ondelete="CASCADE"), primary_key=True
    )
    side: Mapped[Side] = mapped_column(one_of(Side, "side"), primary_key=True)
    text: Mapped[str] = mapped_column(EncryptedText("group_accompaniment_report.text"))
    on: Mapped[date] = mapped_column(default=clock.today)


class FoundingNote(Base):
    """What a professional who accompanies a founding circle says to everybody. It stops nothing."""

    __tablename__ = "group_founding_note"

    accompaniment_id: Mapped[int] = mapped_column(
        ForeignKey("group_accompaniment.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(EncryptedText("group_founding_note.text"))
    on: Mapped[date] = mapped_column(default=clock.today)


class GroupLook(Base):
    """Somebody opened a part of the inside on this day: it opens for that day, and the group can read it."""

    __tablename__ = "group_look"
    __table_args__ = (
        UniqueConstraint("accompaniment_id", "ref", "on", "what"),
        Index("ix_group_look_read", "group_id", "on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    accompaniment_id: Mapped[int] = mapped_column(ForeignKey("group_accompaniment.id", ondelete="CASCADE"))
    ref: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(EncryptedText("group_look.name"))
    on: Mapped[date] = mapped_column(default=clock.today)
    what: Mapped[Grant] = mapped_column(one_of(Grant, "what"))
