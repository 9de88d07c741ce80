"""A round, its options and districts, and the two people who void it. The database keeps them frozen."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.db import Base, EncryptedText, one_of
from portal.processes.models import Influence
from portal.rounds.models.types import (
    CODE_LENGTH,
    QUESTION_LENGTH,
    TITLE_LENGTH,
    BallotKind,
    MajorityKind,
    RoundState,
    Rule,
)


class Round(Base):
    """One question put to residents. While it is a draft its moderators change it; then nobody does."""

    __tablename__ = "voting_round"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint(
            "state = 'draft' OR (rules_sha256 IS NOT NULL AND rules_json IS NOT NULL"
            " AND opens_at IS NOT NULL AND closes_at IS NOT NULL AND opened_at IS NOT NULL)",
            name="frozen_when_open",
        ),
        CheckConstraint(
            "state NOT IN ('closed', 'published') OR file_sha256 IS NOT NULL", name="closed_with_file"
        ),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_once"),
        CheckConstraint("(state = 'void') = (voided_at IS NOT NULL)", name="void_has_a_time"),
        CheckConstraint("state <> 'void' OR void_reason <> ''", name="void_has_a_reason"),
        CheckConstraint("level BETWEEN 0 AND 3", name="level"),
        CheckConstraint(
            "max_choices > 0 AND points_total > 0 AND points_per_option_max > 0", name="ballot_limits"
        ),
        CheckConstraint("score_max BETWEEN 1 AND 100", name="score_max"),
        CheckConstraint("threshold >= 0 AND quorum >= 0 AND winners_count > 0", name="counting_limits"),
        CheckConstraint("budget_cents > 0", name="budget"),
        CheckConstraint("file_threshold >= 0", name="file_threshold"),
        CheckConstraint("publish_after_hours >= 0", name="publish_after"),
        Index("ix_voting_round_of_state", "state", "closes_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"), index=True)
    state: Mapped[RoundState] = mapped_column(one_of(RoundState, "state"), default=RoundState.DRAFT)
    draft_key: Mapped[str | None] = mapped_column(String(64), unique=True)

    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    question: Mapped[str] = mapped_column(String(QUESTION_LENGTH), default="")
    intro_md: Mapped[str] = mapped_column(Text, default="")
    intro_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="de")
    influence: Mapped[Influence] = mapped_column(
        one_of(Influence, "influence"), default=Influence.CONSULTATION
    )
    contact_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    ballot_kind: Mapped[BallotKind] = mapped_column(one_of(BallotKind, "ballot_kind"))
    max_choices: Mapped[int | None]
    points_total: Mapped[int | None]
    points_per_option_max: Mapped[int | None]
    score_max: Mapped[int | None]
    rule: Mapped[Rule] = mapped_column(one_of(Rule, "rule"))
    # Votes an option needs at least (greedy_threshold).
    threshold: Mapped[int | None]
    majority_kind: Mapped[MajorityKind | None] = mapped_column(one_of(MajorityKind, "majority_kind"))
    # Ballots that must be in the box at least.
    quorum: Mapped[int | None]
    winners_count: Mapped[int | None]
    tie_order: Mapped[str] = mapped_column(String(40), default="cost,votes,lottery")
    budget_cents: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    # The named public draw the lottery order comes from, and its day; the drawn words come after closing.
    lottery_source: Mapped[str] = mapped_column(Text, default="")
    lottery_on: Mapped[date | None]
    lottery_draw: Mapped[str | None] = mapped_column(Text)

    receipts: Mapped[bool] = mapped_column(default=True)
    # With fewer valid ballots only totals are published.
    file_threshold: Mapped[int] = mapped_column(default=50)
    level: Mapped[int] = mapped_column(default=2)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    publish_after_hours: Mapped[int | None]
    # Addresses that get the head of the log, one a line; besides those of the whole town.
    observers: Mapped[str | None] = mapped_column(EncryptedText("voting_round.observers"))

    # The frozen rules and options, byte for byte as they are hashed and downloaded.
    rules_json: Mapped[str | None] = mapped_column(Text)
    rules_sha256: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(Text, default="")
    voided_at: Mapped[datetime | None]
    imported: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    options: Mapped[list[RoundOption]] = relationship(
        order_by="RoundOption.position, RoundOption.id", viewonly=True, lazy="select"
    )
    districts: Mapped[list[RoundDistrict]] = relationship(
        order_by="RoundDistrict.district_id", viewonly=True, lazy="selectin"
    )

    @property
    def district_ids(self) -> tuple[int, ...]:
        """Where it counts; empty: the whole town."""
        return tuple(one.district_id for one in self.districts)

    @property
    def is_draft(self) -> bool:
        """Not opened yet: only its moderators know of it."""
        return self.state is RoundState.DRAFT

    @property
    def is_coming(self) -> bool:
        """Frozen and announced; voting has not begun. Asked at the moment itself."""
        return self.state is RoundState.OPEN and self.opens_at is not None and clock.now() < self.opens_at

    @property
    def is_running(self) -> bool:
        """Ballots are taken at this very moment. No job switches it."""
        if self.state is not RoundState.OPEN or self.opens_at is None or self.closes_at is None:
            return False
        return self.opens_at <= clock.now() < self.closes_at

    @property
    def is_over(self) -> bool:
        """Voting has ended, counted or not."""
        if self.state is RoundState.OPEN:
            return self.closes_at is not None and self.closes_at <= clock.now()
        return self.state in {RoundState.CLOSING, RoundState.CLOSED, RoundState.PUBLISHED}

    @property
    def is_void(self) -> bool:
        """Declared void, with a public reason."""
        return self.state is RoundState.VOID


class RoundDistrict(Base):
    """A district whose people may take part. A round without any is for the whole town."""

    __tablename__ = "round_district"

    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), primary_key=True, index=True)


class RoundOption(Base):
    """What can be chosen: a proposal as it stood, or typed. `code` is its name on ballots and in the file."""

    __tablename__ = "round_option"
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        UniqueConstraint("round_id", "proposal_id"),
        CheckConstraint("cost_cents >= 0", name="cost"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_with_reason"),
        CheckConstraint("withdrawn_reason <> ''", name="reason_has_words"),
        CheckConstraint("title <> '' AND code <> ''", name="named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(CODE_LENGTH))
    position: Mapped[int] = mapped_column(default=0)
    proposal_id: Mapped[int | None] = mapped_column(
        ForeignKey("proposal.id", ondelete="SET NULL"), index=True
    )
    proposal_version: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    summary: Mapped[str] = mapped_column(Text, default="")
    # As it was typed, for options that are no proposal.
    text_md: Mapped[str] = mapped_column(Text, default="")
    text_html: Mapped[str] = mapped_column(Text, default="")
    plain_text: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="de")
    cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    category: Mapped[str] = mapped_column(String(40), default="")
    place_words: Mapped[str] = mapped_column(String(120), default="")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id", ondelete="SET NULL"), index=True)
    is_status_quo: Mapped[bool] = mapped_column(default=False)
    # Of options with the same word here only one can win.
    exclusive_group: Mapped[str | None] = mapped_column(String(20))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def is_withdrawn(self) -> bool:
        """Became impossible while voting ran."""
        return self.withdrawn_at is not None


class RoundVoiding(Base):
    """A wish to void a round: asked by one person of staff, confirmed by another."""

    __tablename__ = "round_voiding"
    __table_args__ = (
        CheckConstraint("confirmed_by_id <> asked_by_id", name="two_people"),
        CheckConstraint("(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("confirmed_at IS NULL OR taken_back_at IS NULL", name="one_end"),
        CheckConstraint("reason <> ''", name="reason"),
        Index(
            "uq_round_voiding_waiting",
            "round_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
