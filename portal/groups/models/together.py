"""Groups and other groups: growing together, parting, and standing beside each other."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id
from portal.groups.models.types import Privacy

THING_LENGTH = 120
MOST_THINGS = 20


class MoveKind(StrEnum):
    """Two groups become one, or one becomes two."""

    MERGE = "merge"
    SPLIT = "split"


class MoveState(StrEnum):
    """Written; asked in the groups; the new group is open for those who want to come; done, or off."""

    DRAFTED = "drafted"
    ASKED = "asked"
    OPEN = "open"
    DONE = "done"
    OFF = "off"


class SideState(StrEnum):
    """What a group has said."""

    ASKED = "asked"
    ADOPTED = "adopted"
    DECLINED = "declined"


class MoveChoice(StrEnum):
    """What a member wants. Whoever says nothing stays where they are."""

    STAYS = "stays"
    GOES = "goes"
    BOTH = "both"


class ThingGoes(StrEnum):
    """Where something the group has goes when it parts."""

    STAYS = "stays"
    GOES = "goes"
    SHARED = "shared"


class GroupMove(Base):
    """A new group that one or two others make; their members come over one by one, or stay."""

    __tablename__ = "group_move"
    __table_args__ = (
        CheckConstraint("state NOT IN ('open', 'done') OR until_on IS NOT NULL", name="dated"),
        CheckConstraint("(state IN ('done', 'off')) = (delete_on IS NOT NULL)", name="deleted_some_day"),
        CheckConstraint("state NOT IN ('open', 'done') OR target_id IS NOT NULL", name="leads_somewhere"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    kind: Mapped[MoveKind] = mapped_column(one_of(MoveKind, "kind"))
    state: Mapped[MoveState] = mapped_column(one_of(MoveState, "state"), default=MoveState.DRAFTED)
    name: Mapped[str] = mapped_column(EncryptedText("group_move.name"))
    aim: Mapped[str] = mapped_column(EncryptedText("group_move.aim"))
    privacy: Mapped[Privacy] = mapped_column(one_of(Privacy, "privacy"))
    # The fields of `CHARTER_FIELDS`.
    charter: Mapped[str] = mapped_column(EncryptedText("group_move.charter"))
    # Two groups find each other by three words that one hands to the other: nobody looks a group up here.
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    target_id: Mapped[int | None] = mapped_column(
        ForeignKey("neighbour_group.id", ondelete="SET NULL"), index=True
    )
    created_on: Mapped[date] = mapped_column(default=clock.today)
    until_on: Mapped[date | None]
    delete_on: Mapped[date | None]

    sides: Mapped[list[MoveSide]] = relationship(order_by="MoveSide.id", viewonly=True, lazy="select")
    things: Mapped[list[MoveThing]] = relationship(order_by="MoveThing.number", viewonly=True, lazy="select")


class MoveSide(Base):
    """A group that takes part, and what it decided."""

    __tablename__ = "group_move_side"
    __table_args__ = (UniqueConstraint("move_id", "group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    move_id: Mapped[int] = mapped_column(ForeignKey("group_move.id", ondelete="CASCADE"))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"), index=True)
    state: Mapped[SideState] = mapped_column(one_of(SideState, "state"), default=SideState.ASKED)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("group_decision.id", ondelete="SET NULL"))


class MoveAnswer(Base):
    """What one member of one of the groups wants, by reference. Changed as long as the move is open."""

    __tablename__ = "group_move_answer"
    __table_args__ = (UniqueConstraint("side_id", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    side_id: Mapped[int] = mapped_column(ForeignKey("group_move_side.id", ondelete="CASCADE"))
    ref: Mapped[str] = mapped_column(String(64))
    choice: Mapped[MoveChoice] = mapped_column(one_of(MoveChoice, "choice"))


class MoveThing(Base):
    """Something the group has (pots, a key, a name on the internet) and where it goes."""

    __tablename__ = "group_move_thing"
    __table_args__ = (UniqueConstraint("move_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    move_id: Mapped[int] = mapped_column(ForeignKey("group_move.id", ondelete="CASCADE"))
    number: Mapped[int]
    words: Mapped[str] = mapped_column(EncryptedText("group_move_thing.words"))
    goes: Mapped[ThingGoes] = mapped_column(one_of(ThingGoes, "goes"))


# ---- relations


class RelationKind(StrEnum):
    """How two groups stand to each other."""

    PART_OF = "part_of"
    PARTNER = "partner"
    SHARES_ROOM = "shares_room"
    SAME_TOPIC = "same_topic"


class RelationState(StrEnum):
    """Asked by one, accepted by the other, ended by either."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    ENDED = "ended"


_LASTING = "state <> 'ended'"


class GroupRelation(Base):
    """Two groups say that they belong together. A discreet one may only share a room, unseen."""

    __tablename__ = "group_relation"
    __table_args__ = (
        CheckConstraint("low_id < high_id", name="two_groups"),
        CheckConstraint("asked_by_id IN (low_id, high_id)", name="asked_by_one_of_them"),
        CheckConstraint("part_id IS NULL OR part_id IN (low_id, high_id)", name="part_is_one_of_them"),
        CheckConstraint("(kind = 'part_of') = (part_id IS NOT NULL)", name="part_of_whom"),
        CheckConstraint(
            "kind = 'shares_room' OR state = 'ended' OR NOT (low_discreet OR high_discreet)",
            name="discreet_groups_stand_alone",
        ),
        ForeignKeyConstraint(
            ["low_id", "low_discreet"],
            ["neighbour_group.id", "neighbour_group.is_discreet"],
            name="fk_group_relation_low",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["high_id", "high_discreet"],
            ["neighbour_group.id", "neighbour_group.is_discreet"],
            name="fk_group_relation_high",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        Index(
            "uq_group_relation_lasting",
            "low_id",
            "high_id",
            "kind",
            unique=True,
            sqlite_where=text(_LASTING),
            postgresql_where=text(_LASTING),
        ),
        Index("ix_group_relation_high", "high_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    low_id: Mapped[int]
    low_discreet: Mapped[bool]
    high_id: Mapped[int]
    high_discreet: Mapped[bool]
    kind: Mapped[RelationKind] = mapped_column(one_of(RelationKind, "kind"))
    state: Mapped[RelationState] = mapped_column(one_of(RelationState, "state"), default=RelationState.ASKED)
    asked_by_id: Mapped[int]
    # Which of the two is a part of the other.
    part_id: Mapped[int | None]
    asked_on: Mapped[date] = mapped_column(default=clock.today)
    changed_on: Mapped[date] = mapped_column(default=clock.today)

    @property
    def is_hidden(self) -> bool:
        """One of them is discreet: nobody outside the two learns of it."""
        return self.low_discreet or self.high_discreet

    def other_than(self, group_id: int) -> int:
        """The other group."""
        return self.high_id if group_id == self.low_id else self.low_id
