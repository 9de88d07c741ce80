"""What a group keeps: minutes with their decisions, tasks with doers and dates, files."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id
from portal.groups.models.meetings import NO_DAY, packed

MINUTES_TITLE_LENGTH = 120
MINUTES_LENGTH = 20_000
PRESENT_LENGTH = 400
LINE_LENGTH = 400
MOST_LINES = 30
TASK_LENGTH = 200
MOST_DOERS = 10
FILE_NAME_LENGTH = 120
ALT_LENGTH = 300
MOST_FILE_BYTES = 5 * 1024 * 1024
MOST_GROUP_BYTES = 100 * 1024 * 1024


class GroupMinutes(Base):
    """One sheet about one meeting: what was said, what was decided, who does what."""

    __tablename__ = "group_minutes"
    __table_args__ = (
        UniqueConstraint("group_id", "form_key"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("delete_on > written_on", name="ends"),
        Index("ix_group_minutes_listed", "group_id", "met_on"),
        Index("ix_group_minutes_ends", "delete_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    # Sealed in a discreet group: the day people met is the day of their meeting.
    stored_met_on: Mapped[date] = mapped_column("met_on")
    sealed: Mapped[str | None] = mapped_column(EncryptedText("group_minutes.sealed"))
    title: Mapped[str] = mapped_column(EncryptedText("group_minutes.title"), default="")
    # In the group's own words: names, or only "six people".
    present: Mapped[str] = mapped_column(EncryptedText("group_minutes.present"), default="")
    text: Mapped[str] = mapped_column(EncryptedText("group_minutes.text"), default="")
    html: Mapped[str] = mapped_column(EncryptedText("group_minutes.html"), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="SET NULL"))
    written_on: Mapped[date] = mapped_column(default=clock.today)
    changed_on: Mapped[date | None]
    # Two people who write at once do not overwrite each other: whoever is second is told.
    version: Mapped[int] = mapped_column(default=1)
    form_key: Mapped[str | None] = mapped_column(String(64))
    delete_on: Mapped[date]

    def seal(self) -> None:
        """The day stands encrypted from now on. Twice is once."""
        if self.sealed is None:
            self.sealed, self.stored_met_on = packed(self.stored_met_on), NO_DAY

    @hybrid_property
    def met_on(self) -> date:
        """The day people met."""
        return self.stored_met_on if self.sealed is None else date.fromisoformat(self.sealed)

    @met_on.inplace.setter
    def _met_on(self, day: date) -> None:
        if self.sealed is None:
            self.stored_met_on = day
        else:
            self.sealed = packed(day)

    @met_on.inplace.expression
    @classmethod
    def _met_on_column(cls) -> Any:
        return cls.stored_met_on


class MinutesDate(Base):
    """The date in the group's calendar that minutes are of. They stay when the date is forgotten."""

    __tablename__ = "group_minutes_date"

    minutes_id: Mapped[int] = mapped_column(
        ForeignKey("group_minutes.id", ondelete="CASCADE"), primary_key=True
    )
    date_id: Mapped[int] = mapped_column(ForeignKey("group_meeting_date.id", ondelete="CASCADE"), index=True)


class MinutesDecision(Base):
    """A decision as the minutes note it; `decision_id` where the group decided it in the portal."""

    __tablename__ = "group_minutes_decision"
    __table_args__ = (
        UniqueConstraint("minutes_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 60", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("group_minutes.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(EncryptedText("group_minutes_decision.text"))
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_decision.id", ondelete="SET NULL"), index=True
    )


class TaskState(StrEnum):
    """A task waits, is done, or the group lets it go."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class GroupTask(Base):
    """Something somebody will do for the group, perhaps until a day."""

    __tablename__ = "group_task"
    __table_args__ = (
        UniqueConstraint("id", "group_id"),
        UniqueConstraint("group_id", "form_key"),
        CheckConstraint("(state = 'open') = (ended_on IS NULL)", name="ended"),
        CheckConstraint("delete_on > written_on", name="ends"),
        Index("ix_group_task_listed", "group_id", "state", "due_on"),
        Index("ix_group_task_due", "state", "due_on"),
        Index("ix_group_task_ends", "delete_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    minutes_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_minutes.id", ondelete="SET NULL"), index=True
    )
    what: Mapped[str] = mapped_column(EncryptedText("group_task.what"))
    due_on: Mapped[date | None]
    state: Mapped[TaskState] = mapped_column(one_of(TaskState, "state"), default=TaskState.OPEN)
    written_on: Mapped[date] = mapped_column(default=clock.today)
    ended_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    form_key: Mapped[str | None] = mapped_column(String(64))
    delete_on: Mapped[date]


class TaskDoer(Base):
    """A member will do it. In a discreet group people only say this of themselves."""

    __tablename__ = "group_task_doer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["task_id", "group_id"], ["group_task.id", "group_task.group_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["membership_id", "group_id"],
            ["group_membership.id", "group_membership.group_id"],
            ondelete="CASCADE",
        ),
        Index("ix_group_task_doer_member", "membership_id"),
    )

    task_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    membership_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    group_id: Mapped[int]


class FileKind(StrEnum):
    """What a file is, by its content and never by its name."""

    PICTURE = "picture"
    PDF = "pdf"


class GroupFile(Base):
    """A picture or a PDF of the group. On the disk it stands encrypted under a key of its own.

    Without the row nobody can read what lies on the disk or in its backup: deleting the row is enough.
    Pictures are made anew from their pixels; one without a description is shown to its sender only.
    """

    __tablename__ = "group_file"
    __table_args__ = (
        UniqueConstraint("group_id", "form_key"),
        ForeignKeyConstraint(
            ["post_id", "group_id"], ["group_post.id", "group_post.group_id"], ondelete="CASCADE"
        ),
        CheckConstraint("bytes > 0", name="bytes"),
        CheckConstraint("post_id IS NULL OR kind = 'picture'", name="posts_hold_pictures"),
        CheckConstraint("delete_on > added_on", name="ends"),
        Index("ix_group_file_listed", "group_id", "post_id", "id"),
        Index("ix_group_file_post", "post_id"),
        Index("ix_group_file_ends", "delete_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=lambda: new_id(20))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    post_id: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_membership.id", ondelete="SET NULL"), index=True
    )
    alias: Mapped[str] = mapped_column(EncryptedText("group_file.alias"), default="")
    kind: Mapped[FileKind] = mapped_column(one_of(FileKind, "kind"))
    name: Mapped[str] = mapped_column(EncryptedText("group_file.name"), default="")
    alt: Mapped[str] = mapped_column(EncryptedText("group_file.alt"), default="")
    folder: Mapped[str] = mapped_column(String(24), unique=True, default=lambda: new_id(20))
    secret: Mapped[str] = mapped_column(EncryptedText("group_file.secret"))
    # Of a picture: [{"width": 360, "w": 360, "h": 240}, ...]
    widths: Mapped[list[Any]] = mapped_column(default=list)
    bytes: Mapped[int]
    added_on: Mapped[date] = mapped_column(default=clock.today)
    form_key: Mapped[str | None] = mapped_column(String(64))
    delete_on: Mapped[date]

    @property
    def is_pending(self) -> bool:
        """A picture nobody can hear yet: its description is missing."""
        return self.kind is FileKind.PICTURE and not self.alt.strip()

    @property
    def sizes(self) -> list[dict[str, int]]:
        """The widths that differ, smallest first: a small photo has the same file under several names."""
        return list({one["w"]: one for one in reversed(self.widths)}.values())[::-1]
