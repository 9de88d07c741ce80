"""A proposal, and its text as it was after each public change."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.db import Base, one_of
from portal.discussions.models import Thread
from portal.processes.models import Process
from portal.proposals.models.people import ProposalAuthor
from portal.proposals.models.types import (
    EDITABLE,
    IMPORT_NAME_LENGTH,
    PLACE_LENGTH,
    SUPPORTABLE,
    TITLE_LENGTH,
    Stage,
    Topic,
    WithdrawnReason,
)

# The one definition of what stands in public lists, kept by the database itself.
LISTED = (
    "published_at IS NOT NULL AND hidden_at IS NULL AND withdrawn_at IS NULL"
    " AND merged_into_id IS NULL AND expired_at IS NULL"
)
SHUFFLE_FACTOR, SHUFFLE_SIZE = 1_327_217_885, 2**31


def shuffle_of(proposal_id: int) -> int:
    """The place on the circle of the seeded random order, 0 to 2^31 - 1.

    Multiples of the golden ratio spread evenly whatever their number (three-gap theorem, Sos 1958), so an
    order that begins anywhere on this circle gives every proposal about the same chance to come first.
    """
    return proposal_id * SHUFFLE_FACTOR % SHUFFLE_SIZE


class Proposal(Base):
    """What somebody wants for the neighbourhood.

    Separate axes: draft (`published_at` is null), `stage`, `withdrawn_at`, `hidden_at`, `merged_into_id`,
    `expired_at`. The Markdown people typed stays; safe HTML is made when it is written. Counters change in
    the same transaction as what they count.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("imported_from", "import_key"),
        UniqueConstraint("author_id", "draft_key"),
        CheckConstraint("published_at IS NULL OR title <> ''", name="published_has_title"),
        CheckConstraint("published_at IS NOT NULL OR hidden_at IS NULL", name="drafts_are_not_hidden"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_with_reason"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="whole_point"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="point_on_earth"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("substitute_account_id <> contact_account_id", name="two_people"),
        CheckConstraint("cost_cents >= 0", name="cost"),
        CheckConstraint(
            "support_count >= 0 AND follow_count >= 0 AND comment_count >= 0 AND coauthor_count >= 0"
            " AND picture_count >= 0 AND need_count >= 0 AND version_count >= 0 AND answer_count >= 0"
            " AND assessment_count >= 0 AND source_count >= 0 AND text_count >= 0",
            name="counters",
        ),
        # One index per order of the list, each beginning with what all lists ask.
        Index("ix_proposal_newest", "listed", "published_at", "id"),
        Index("ix_proposal_supported", "listed", "support_count", "id"),
        Index("ix_proposal_active", "listed", "last_activity_at", "id"),
        Index("ix_proposal_shuffled", "listed", "shuffle", "id"),
        Index("ix_proposal_ending", "listed", "stage", "collecting_until_on", "id"),
        Index("ix_proposal_of_district", "listed", "district_id", "published_at", "id"),
        Index("ix_proposal_of_topic", "listed", "topic", "published_at", "id"),
        Index("ix_proposal_of_process", "process_id", "listed", "published_at", "id"),
        Index("ix_proposal_in_stage", "listed", "stage", "published_at", "id"),
        Index("ix_proposal_in_language", "listed", "language", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    draft_key: Mapped[str | None] = mapped_column(String(40))
    draft_step: Mapped[str] = mapped_column(String(20), default="title")
    contact_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    substitute_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), unique=True)
    # The process it was proposed for; while it is a draft, the one it was begun for.
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"))

    stage: Mapped[Stage] = mapped_column(one_of(Stage, "stage"), default=Stage.SUBMITTED)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    # When the author of a forgotten draft was told that it ends.
    draft_reminded_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[WithdrawnReason | None] = mapped_column(
        one_of(WithdrawnReason, "withdrawn_reason")
    )
    withdrawn_note: Mapped[str] = mapped_column(Text, default="")
    hidden_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    collecting_until_on: Mapped[date | None]
    answer_due_on: Mapped[date | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    last_activity_at: Mapped[datetime]

    language: Mapped[str] = mapped_column(String(12), default="de")
    # The author looked at the guess; it is not guessed again.
    is_language_chosen: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    what_md: Mapped[str] = mapped_column(Text, default="")
    what_html: Mapped[str] = mapped_column(Text, default="")
    why_md: Mapped[str] = mapped_column(Text, default="")
    why_html: Mapped[str] = mapped_column(Text, default="")
    for_whom_md: Mapped[str] = mapped_column(Text, default="")
    for_whom_html: Mapped[str] = mapped_column(Text, default="")
    excerpt: Mapped[str] = mapped_column(String(240), default="")

    topic: Mapped[Topic | None] = mapped_column(one_of(Topic, "topic"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    place_words: Mapped[str] = mapped_column(String(PLACE_LENGTH), default="")
    # Cities elsewhere count in forints: more than 32 bits hold.
    cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    cost_currency: Mapped[str] = mapped_column(String(3), default="EUR")

    support_count: Mapped[int] = mapped_column(default=0)
    follow_count: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    coauthor_count: Mapped[int] = mapped_column(default=0)
    picture_count: Mapped[int] = mapped_column(default=0)
    # 0 or 1: the video in sign language, also while its words are missing.
    video_count: Mapped[int] = mapped_column(default=0, server_default="0")
    need_count: Mapped[int] = mapped_column(default=0)
    # What the page must look up at all: published answer (0 or 1), assessments, proposals that went into
    # this one, texts in other languages.
    answer_count: Mapped[int] = mapped_column(default=0)
    assessment_count: Mapped[int] = mapped_column(default=0)
    source_count: Mapped[int] = mapped_column(default=0)
    text_count: Mapped[int] = mapped_column(default=0)
    version_count: Mapped[int] = mapped_column(default=0)
    # Groups that stand behind it, agreed on by both sides.
    group_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # Supporters are asked once: the version they were asked about.
    asked_about_version: Mapped[int | None]

    imported_from: Mapped[str | None] = mapped_column(String(IMPORT_NAME_LENGTH))
    import_key: Mapped[str | None] = mapped_column(String(IMPORT_NAME_LENGTH))

    listed: Mapped[bool] = mapped_column(Computed(LISTED, persisted=True))
    shuffle: Mapped[int] = mapped_column(default=0)

    thread: Mapped[Thread | None] = relationship(viewonly=True, lazy="select")
    process: Mapped[Process | None] = relationship(viewonly=True, lazy="select")
    coauthors: Mapped[list[ProposalAuthor]] = relationship(
        order_by="ProposalAuthor.id", viewonly=True, lazy="select"
    )

    @property
    def author_ids(self) -> tuple[int, ...]:
        """The accounts of all authors, the first author first. One query only when there are co-authors."""
        first = (self.author_id,) if self.author_id is not None else ()
        if not self.coauthor_count:
            return first
        return first + tuple(one.account_id for one in self.coauthors)

    @property
    def is_draft(self) -> bool:
        """Not yet published: only its authors know of it."""
        return self.published_at is None

    @property
    def is_hidden(self) -> bool:
        """Hidden by moderation, at least until somebody has looked."""
        return self.hidden_at is not None

    @property
    def is_withdrawn(self) -> bool:
        """Taken back by its author; stays readable."""
        return self.withdrawn_at is not None

    @property
    def is_open(self) -> bool:
        """Published and still going its way: neither hidden, withdrawn, merged nor expired."""
        closed = self.withdrawn_at or self.hidden_at or self.merged_into_id or self.expired_at
        return self.published_at is not None and closed is None

    @property
    def is_over(self) -> bool:
        """The last day for support has passed; asked at the moment itself, no job switches it."""
        until = self.collecting_until_on
        return until is not None and self.stage is Stage.COLLECTING and until < clock.today()

    @property
    def is_supportable(self) -> bool:
        """Whether neighbours can still say that they are with it."""
        return self.is_open and self.stage in SUPPORTABLE and not self.is_over

    @property
    def is_answer_due(self) -> bool:
        """The answer clock runs."""
        return self.is_open and self.answer_due_on is not None and self.answered_at is None

    @property
    def is_answer_overdue(self) -> bool:
        """The day has passed; asked at the moment of reading, no job is needed."""
        return self.is_answer_due and self.answer_due_on is not None and self.answer_due_on < clock.today()

    @property
    def is_editable(self) -> bool:
        """Whether its authors may still change it, locks aside. A hidden text may be mended."""
        gone = self.withdrawn_at or self.merged_into_id or self.expired_at
        return self.published_at is not None and gone is None and self.stage in EDITABLE

    @property
    def has_place(self) -> bool:
        """Whether it stands on the map."""
        return self.lat is not None


class ProposalVersion(Base):
    """The public text after a change; number 1 is the text as it was published."""

    __tablename__ = "proposal_version"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    support_count: Mapped[int] = mapped_column(default=0)
    is_substance: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    what_md: Mapped[str] = mapped_column(Text)
    why_md: Mapped[str] = mapped_column(Text)
    for_whom_md: Mapped[str] = mapped_column(Text)
    place_words: Mapped[str] = mapped_column(String(PLACE_LENGTH), default="")
