"""What the office does: professionals' assessments, the official answer with its versions, and merging."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, one_of
from portal.proposals.models.types import ConsentState, Decision, Verdict


class Assessment(Base):
    """What a professional thinks of it, prepared or published. A newer one replaces it; it stays."""

    __tablename__ = "proposal_assessment"
    __table_args__ = (
        CheckConstraint("verdict <> 'not_feasible' OR reason_md <> ''", name="no_needs_a_reason"),
        CheckConstraint("cost_cents >= 0 AND running_cost_cents >= 0", name="costs"),
        # At most one published assessment counts at a time, and at most one is being prepared.
        Index(
            "uq_proposal_assessment_current",
            "proposal_id",
            unique=True,
            sqlite_where=text("published_at IS NOT NULL AND replaced_at IS NULL"),
            postgresql_where=text("published_at IS NOT NULL AND replaced_at IS NULL"),
        ),
        Index(
            "uq_proposal_assessment_draft",
            "proposal_id",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
        CheckConstraint("replaced_at IS NULL OR published_at IS NOT NULL", name="drafts_are_not_replaced"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    verdict: Mapped[Verdict] = mapped_column(one_of(Verdict, "verdict"))
    language: Mapped[str] = mapped_column(String(12), default="de")
    reason_md: Mapped[str] = mapped_column(Text, default="")
    reason_html: Mapped[str] = mapped_column(Text, default="")
    # As wide as the costs of proposals.
    cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    # Per year.
    running_cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    who_would_do_it: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]


class Answer(Base):
    """The town's answer: prepared in peace, published singly or with others."""

    __tablename__ = "proposal_answer"
    __table_args__ = (CheckConstraint("decision <> 'declined' OR text_md <> ''", name="no_needs_a_text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), unique=True)
    decision: Mapped[Decision] = mapped_column(one_of(Decision, "decision"))
    language: Mapped[str] = mapped_column(String(12), default="de")
    text_md: Mapped[str] = mapped_column(Text, default="")
    text_html: Mapped[str] = mapped_column(Text, default="")
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    prepared_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    version_count: Mapped[int] = mapped_column(default=0)

    @property
    def is_published(self) -> bool:
        """Whether everybody can read it."""
        return self.published_at is not None


class AnswerVersion(Base):
    """The answer as it stood after it was published or changed."""

    __tablename__ = "proposal_answer_version"
    __table_args__ = (UniqueConstraint("answer_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("proposal_answer.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime]
    editor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    # The hat worn then; people change their hats.
    editor_role: Mapped[str] = mapped_column(String(20), default="")
    decision: Mapped[Decision] = mapped_column(one_of(Decision, "decision"))
    text_md: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="de")


class Merge(Base):
    """A wish to put proposals together into `target_id`; done when every author agreed.

    With `splits_id` it is the wish to take that merge apart again.
    """

    __tablename__ = "proposal_merge"
    __table_args__ = (CheckConstraint("splits_id <> id", name="splits_another"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    splits_id: Mapped[int | None] = mapped_column(ForeignKey("proposal_merge.id", ondelete="CASCADE"))
    started_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    # An author said no, or whoever started it took it back.
    refused_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Whether it still waits for authors."""
        return self.done_at is None and self.refused_at is None


class MergeSource(Base):
    """One proposal that would go into the target; it stays readable."""

    __tablename__ = "proposal_merge_source"
    __table_args__ = (UniqueConstraint("merge_id", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("proposal_merge.id", ondelete="CASCADE"))
    source_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)


class MergeConsent(Base):
    """What one author of one of the proposals says."""

    __tablename__ = "proposal_merge_consent"
    __table_args__ = (UniqueConstraint("merge_id", "proposal_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("proposal_merge.id", ondelete="CASCADE"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[ConsentState] = mapped_column(one_of(ConsentState, "state"), default=ConsentState.ASKED)
    answered_at: Mapped[datetime | None]


class CarryOver(Base):
    """A supporter of a merged proposal, asked once whether the support goes with it."""

    __tablename__ = "proposal_carry_over"
    __table_args__ = (UniqueConstraint("merge_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("proposal_merge.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[ConsentState] = mapped_column(one_of(ConsentState, "state"), default=ConsentState.ASKED)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
