"""A group, its charter, and what happened in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id
from portal.groups.models.types import (
    NAME_LENGTH,
    GroupKind,
    GroupState,
    JoinWay,
    Preset,
    Privacy,
    Seen,
)


class Group(Base):
    """People who do something together. Name and aim stand encrypted: a stolen database lists nobody."""

    __tablename__ = "neighbour_group"
    __table_args__ = (
        # Memberships point at both, so that a discreet group can hold no membership that names an account.
        UniqueConstraint("id", "is_discreet"),
        CheckConstraint("is_discreet = (privacy = 'discreet')", name="discreet_by_privacy"),
        CheckConstraint("min_size >= 2", name="min_size"),
        CheckConstraint("capacity >= min_size", name="capacity"),
        CheckConstraint("meeting_interval_days > 0", name="meeting_interval"),
        CheckConstraint("(state = 'suspended') = (suspended_until IS NOT NULL)", name="suspended_until"),
        CheckConstraint("(state = 'suspended') = (state_before IS NOT NULL)", name="suspended_from"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        CheckConstraint("state <> 'archived' OR archived_at IS NOT NULL", name="archived"),
        CheckConstraint("state NOT IN ('active', 'dormant') OR founded_at IS NOT NULL", name="founded"),
        CheckConstraint("(origin_kind = '') = (origin_id IS NULL)", name="whole_origin"),
        Index("ix_neighbour_group_listed", "state", "privacy", "last_sign_on"),
        Index("ix_neighbour_group_origin", "origin_kind", "origin_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    kind: Mapped[GroupKind] = mapped_column(one_of(GroupKind, "kind"))
    state: Mapped[GroupState] = mapped_column(one_of(GroupState, "state"), default=GroupState.FOUNDING)
    privacy: Mapped[Privacy] = mapped_column(one_of(Privacy, "privacy"))
    is_discreet: Mapped[bool]
    join_way: Mapped[JoinWay] = mapped_column(one_of(JoinWay, "join_way"))
    preset: Mapped[Preset] = mapped_column(one_of(Preset, "preset"), default=Preset.EVERYONE)
    # What every member may do; the rest belongs to roles.
    member_rights: Mapped[list[str]] = mapped_column(default=list)

    name: Mapped[str] = mapped_column(EncryptedText("neighbour_group.name"))
    aim: Mapped[str] = mapped_column(EncryptedText("neighbour_group.aim"))
    contact_way: Mapped[str] = mapped_column(EncryptedText("neighbour_group.contact_way"), default="")
    # While it is being founded: where and when the circle wants to meet, and the first day, as JSON.
    plan: Mapped[str] = mapped_column(EncryptedText("neighbour_group.plan"), default="{}")
    # Keyed hash of who sent which form: the same form sent twice begins one group.
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(12), default="de")
    languages: Mapped[list[str]] = mapped_column(default=list)
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    topic: Mapped[str] = mapped_column(String(40), default="")
    # People who look for its topic may write to its contact people, and do not learn that there is a group.
    takes_letters: Mapped[bool] = mapped_column(default=False)
    questions: Mapped[list[str]] = mapped_column(default=list)
    capacity: Mapped[int | None]
    min_size: Mapped[int] = mapped_column(default=3)
    meeting_interval_days: Mapped[int | None]
    default_method: Mapped[str] = mapped_column(String(20), default="consent")

    # The proposal or idea it grew out of; proposals stand above, so the reference is soft.
    origin_kind: Mapped[str] = mapped_column(String(20), default="")
    origin_id: Mapped[int | None]

    created_on: Mapped[date] = mapped_column(default=clock.today)
    founded_at: Mapped[datetime | None]
    # Days, not instants: a discreet group's rhythm must not be readable from its row.
    last_sign_on: Mapped[date] = mapped_column(default=clock.today)
    checkin_sent_on: Mapped[date | None]
    checkins_unanswered: Mapped[int] = mapped_column(default=0)
    leaderless_since: Mapped[date | None]
    # The group became less private: what is older than this day stays with its members.
    loosened_on: Mapped[date | None]
    dormant_on: Mapped[date | None]
    pause_until: Mapped[date | None]
    archived_at: Mapped[datetime | None]
    purge_on: Mapped[date | None]
    state_before: Mapped[GroupState | None] = mapped_column(one_of(GroupState, "state_before"))
    suspended_until: Mapped[datetime | None]
    # Since when moderation hides the card: outside it is as if the group were not there.
    hidden_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("neighbour_group.id"))

    charters: Mapped[list[Charter]] = relationship(order_by="Charter.version", viewonly=True, lazy="select")

    @property
    def is_living(self) -> bool:
        """People may still do something in it: founding, active or resting."""
        return self.state in (GroupState.FOUNDING, GroupState.ACTIVE, GroupState.DORMANT)


class Charter(Base):
    """What a group agreed on, one row per version; members acknowledge a version."""

    __tablename__ = "group_charter"
    __table_args__ = (CheckConstraint("version >= 1", name="version"),)

    group_id: Mapped[int] = mapped_column(
        ForeignKey("neighbour_group.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The fields of `CHARTER_FIELDS` and, under "leicht", the same in plain language.
    texts: Mapped[str] = mapped_column(EncryptedText("group_charter.texts"))
    adopted_at: Mapped[datetime | None]
    review_on: Mapped[date | None]


class GroupText(Base):
    """A group in the words of one more language: name, aim, welcome, contact way. Written by the group."""

    __tablename__ = "group_text"

    group_id: Mapped[int] = mapped_column(
        ForeignKey("neighbour_group.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    texts: Mapped[str] = mapped_column(EncryptedText("group_text.texts"))
    changed_on: Mapped[date] = mapped_column(default=clock.today)


CHARTER_FIELDS = (
    "goal",
    "for_whom",
    "what_we_do",
    "what_we_do_not",
    "confidentiality",
    "rules",
    "how_we_decide",
    "roles_rotation",
    "money",
    "with_professionals",
)


class GroupHistory(Base):
    """What happened in a group, in words of roles. Never a person, and of time only the day."""

    __tablename__ = "group_history"
    __table_args__ = (Index("ix_group_history_read", "group_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    on: Mapped[date] = mapped_column(default=clock.today)
    name: Mapped[str] = mapped_column(String(60))
    seen: Mapped[Seen] = mapped_column(one_of(Seen, "seen"))
    # "member", "two members", the key of a role, "system", "moderation": never more.
    who: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class GroupPurge(Base):
    """What remains of a group after its rows are gone: the k rule applies before anything is shown."""

    __tablename__ = "group_purge"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[GroupKind] = mapped_column(one_of(GroupKind, "kind"))
    topic: Mapped[str] = mapped_column(String(40), default="")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    active_months: Mapped[int]
    meetings_count: Mapped[int]
    quarter: Mapped[str] = mapped_column(String(7))


class MeToo(Base):
    """Somebody would take part in making this real. Public as a count, never as a list."""

    __tablename__ = "group_me_too"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    on: Mapped[date] = mapped_column(default=clock.today)


class Idea(Base):
    """A wish to do something together that is no proposal to the town."""

    __tablename__ = "group_idea"
    __table_args__ = (CheckConstraint("title <> ''", name="titled"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=new_id)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(NAME_LENGTH))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="de")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    hidden_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]
