"""Processes, their phases and districts, and the secret links of their preview."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, one_of
from portal.core.public_id import new_id
from portal.places.models import District, Organization
from portal.processes.models.types import TITLE_LENGTH, Influence, PhaseKind, ProcessKind, ProcessState


class Process(Base):
    """One occasion to take part. The Markdown staff typed stays; safe HTML is made when it is written."""

    __tablename__ = "process"
    __table_args__ = (
        CheckConstraint("title <> ''", name="titled"),
        CheckConstraint("level BETWEEN 0 AND 3", name="level"),
        CheckConstraint("budget_cents > 0", name="budget"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published"),
        CheckConstraint("(state = 'archived') = (archived_at IS NOT NULL)", name="archived"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="whole_span"),
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_process_listed", "state", "ends_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=new_id)
    kind: Mapped[ProcessKind] = mapped_column(one_of(ProcessKind, "kind"))
    influence: Mapped[Influence] = mapped_column(one_of(Influence, "influence"))
    state: Mapped[ProcessState] = mapped_column(one_of(ProcessState, "state"), default=ProcessState.DRAFT)
    # Who may vote: 0 e-mail address, 1 known in person, 2 letter of the town, 3 the town's sign-in.
    level: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(12), default="de")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    summary: Mapped[str] = mapped_column(Text, default="")
    body_md: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    budget_cents: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    contact_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    # First beginning and last end of its phases, written with them, so that lists can ask for what runs.
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]

    organization: Mapped[Organization | None] = relationship(viewonly=True, lazy="select")
    districts: Mapped[list[District]] = relationship(
        secondary="process_district", order_by=District.position, viewonly=True, lazy="select"
    )
    phases: Mapped[list[Phase]] = relationship(
        order_by="Phase.starts_at, Phase.ends_at, Phase.id", viewonly=True, lazy="select"
    )

    @property
    def is_draft(self) -> bool:
        """Not public yet."""
        return self.state is ProcessState.DRAFT

    @property
    def is_archived(self) -> bool:
        """Closed by the town; nothing in it is open any more, whatever the dates say."""
        return self.state is ProcessState.ARCHIVED


class ProcessDistrict(Base):
    """A process is for this district; without any row it is for the whole town."""

    __tablename__ = "process_district"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id", ondelete="CASCADE"), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), primary_key=True, index=True)


class Phase(Base):
    """A stretch of a process, from one instant up to another: at `ends_at` itself it is over."""

    __tablename__ = "process_phase"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_process_phase_dates", "process_id", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=new_id)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id", ondelete="CASCADE"))
    kind: Mapped[PhaseKind] = mapped_column(one_of(PhaseKind, "kind"))
    # Without a title it is called by its kind, in the reader's language.
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    text_md: Mapped[str] = mapped_column(Text, default="")
    text_html: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    def runs(self, instant: datetime) -> bool:
        """Whether the instant lies in it."""
        return self.starts_at <= instant < self.ends_at


class PreviewLink(Base):
    """A secret address that shows a draft to whoever holds it, until it is revoked. Only its hash is kept."""

    __tablename__ = "process_preview"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
