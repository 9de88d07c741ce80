"""Cases, reports, decisions, objections. Decisions and their grounds are append-only."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.db import Base, EncryptedText
from portal.core.public_id import new_id

KEEP = timedelta(days=365)
MAX_WORDS = 4_000


class Category(StrEnum):
    """What a reporter says it is about."""

    DANGER = "danger"
    HELP = "help"
    THREAT = "threat"
    PRIVATE_DATA = "private_data"
    INSULT = "insult"
    ILLEGAL = "illegal"
    SPAM = "spam"
    OTHER = "other"


# 1 is looked at first. Danger and calls for help; threats, hatred, private data; insults and law; the rest.
URGENCY = {
    Category.DANGER: 1,
    Category.HELP: 1,
    Category.THREAT: 2,
    Category.PRIVATE_DATA: 2,
    Category.INSULT: 3,
    Category.ILLEGAL: 3,
    Category.SPAM: 4,
    Category.OTHER: 4,
}
# Categories whose reporter is shown where help is to be had at once.
CRISIS = frozenset({Category.DANGER, Category.HELP, Category.THREAT})


# Categories that two people look at, one after the other.
GRAVE = frozenset({Category.DANGER, Category.THREAT})


class Reason(StrEnum):
    """Why a case is in the queue."""

    REPORT = "report"
    CHANGED = "changed"
    OWN = "own"
    PATTERN = "pattern"


class Measure(StrEnum):
    """What a decision does."""

    NONE = "none"
    HIDE = "hide"
    RESTORE = "restore"
    ASK_CHANGE = "ask_change"
    WARN = "warn"
    LOCK = "lock"
    UNLOCK = "unlock"
    SLOW = "slow"
    UNSLOW = "unslow"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    STOP = "stop"
    GO_ON = "go_on"


RESTRICTIONS = frozenset({Measure.HIDE, Measure.LOCK, Measure.SLOW, Measure.SUSPEND, Measure.STOP})
# Only two moderators together: one proposes, another agrees.
BY_TWO = frozenset({Measure.STOP})
MOST_DAYS_STOPPED = 14
LIFTS = {
    Measure.HIDE: Measure.RESTORE,
    Measure.LOCK: Measure.UNLOCK,
    Measure.SLOW: Measure.UNSLOW,
    Measure.SUSPEND: Measure.UNSUSPEND,
    Measure.STOP: Measure.GO_ON,
}
# Measures somebody may object to.
BURDENS = RESTRICTIONS | {Measure.ASK_CHANGE, Measure.WARN}


class Ground(StrEnum):
    """What a decision rests on."""

    RULE = "rule"
    LAW = "law"
    PROCEDURE = "procedure"
    NO_BREACH = "no_breach"


class Source(StrEnum):
    """How the matter came up (Art. 17(3)(b) DSA)."""

    NOTICE = "notice"
    OWN = "own"
    OBJECTION = "objection"


class Outcome(StrEnum):
    """How an objection ended."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"


class Case(Base):
    """Everything about one thing until it is decided. At most one open case per thing."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        Index(
            "uq_moderation_case_open",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_moderation_case_queue", "closed_at", "urgency", "opened_at"),
        CheckConstraint("urgency BETWEEN 1 AND 4", name="urgency"),
        CheckConstraint("author_id IS NULL OR claimed_by IS NULL OR author_id <> claimed_by", name="not_own"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    district_id: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(index=True)
    reason: Mapped[str]
    urgency: Mapped[int]
    # Copies for the queue: it lists without loading things of every kind, and hidden texts stay encrypted.
    title: Mapped[str] = mapped_column(EncryptedText("moderation_case.title"))
    excerpt: Mapped[str] = mapped_column(EncryptedText("moderation_case.excerpt"))
    language: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    first_look_at: Mapped[datetime | None]
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    claimed_at: Mapped[datetime | None]
    # Set when the reports of three accounts hid the thing; a person looks at it within a day.
    auto_hidden_at: Mapped[datetime | None]
    review_due_at: Mapped[datetime | None]
    # Threats and dangers: who decided first, while somebody else has not looked at it yet.
    first_decider_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None]

    reports: Mapped[list[Report]] = relationship(order_by="Report.id", back_populates="case")

    @property
    def is_grave(self) -> bool:
        """Somebody reports a danger or a threat: two people look at it."""
        return any(report.category in GRAVE for report in self.reports)

    @property
    def is_open(self) -> bool:
        """Still waits for a decision."""
        return self.closed_at is None

    @property
    def is_severe(self) -> bool:
        """What weighs on those who read it; counted for the pause hint."""
        return self.urgency <= 2


class Report(Base):
    """What one person said about one thing. Nobody but the reporter ever sees who it was."""

    __tablename__ = "report"
    __table_args__ = (
        # One account counts once per case; a form sent twice is one report.
        UniqueConstraint("case_id", "reporter_id"),
        CheckConstraint("reporter_id IS NOT NULL OR NOT counts", name="visitors_do_not_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    category: Mapped[str]
    words: Mapped[str] = mapped_column(EncryptedText("report.words"))
    # What the thing said when it was reported: it may be changed before anybody looks.
    excerpt: Mapped[str] = mapped_column(EncryptedText("report.excerpt"))
    email: Mapped[str | None] = mapped_column(EncryptedText("report.email"))
    # Only if the reporter wants to give one (Art. 16(2)(c) DSA); moderators read it, the author never does.
    name: Mapped[str | None] = mapped_column(EncryptedText("report.name"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    # Whether it counts towards hiding: an account older than seven days, not suspended.
    counts: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    answered_at: Mapped[datetime | None]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))

    case: Mapped[Case] = relationship(back_populates="reports")


class StopProposal(Base):
    """One moderator proposes to stop something people share; it stands still only when another agrees."""

    __tablename__ = "moderation_stop"
    __table_args__ = (
        Index(
            "uq_moderation_stop_open",
            "case_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        CheckConstraint(f"days BETWEEN 1 AND {MOST_DAYS_STOPPED}", name="days"),
        CheckConstraint("answered_by <> proposed_by", name="two_people"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered"),
        CheckConstraint("decision_id IS NULL OR answered_at IS NOT NULL", name="decided_by_two"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id", ondelete="CASCADE"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    ground_kind: Mapped[str]
    # Number of a rule of conduct, or the law in words.
    ground: Mapped[str]
    passage: Mapped[str] = mapped_column(EncryptedText("moderation_stop.passage"))
    facts: Mapped[str] = mapped_column(EncryptedText("moderation_stop.facts"))
    days: Mapped[int]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]
    # Set when the other person agreed.
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))


class Decision(Base):
    """One decision and its statement of reasons (Art. 17(3) DSA). Never changed; undone by a new row."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("id", "decided_by"),
        Index("ix_decision_subject", "subject_kind", "subject_id", "id"),
        CheckConstraint("decided_by IS NULL OR author_id IS NULL OR decided_by <> author_id", name="not_own"),
        CheckConstraint("decided_by IS NOT NULL OR is_automated", name="by_somebody"),
        CheckConstraint("until IS NULL OR measure IN ('lock', 'suspend')", name="until_fits"),
        CheckConstraint("measure <> 'suspend' OR until IS NOT NULL", name="suspension_ends"),
        CheckConstraint(
            "scope <> '' AND ground <> '' AND ground_text <> '' AND redress <> '' AND role_name <> ''",
            name="complete",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"), index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(index=True)
    measure: Mapped[str]
    scope: Mapped[str]
    until: Mapped[datetime | None]
    ground_kind: Mapped[str]
    ground: Mapped[str]
    ground_text: Mapped[str]
    passage: Mapped[str] = mapped_column(EncryptedText("decision.passage"))
    facts: Mapped[str] = mapped_column(EncryptedText("decision.facts"))
    source: Mapped[str]
    is_automated: Mapped[bool]
    redress: Mapped[str]
    role_name: Mapped[str]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
    language: Mapped[str]
    # The decision this one undoes or replaces.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))

    case: Mapped[Case] = relationship()


class Appeal(Base):
    """An objection to a decision (Art. 20 DSA). Another person than the first decider answers it."""

    __tablename__ = "appeal"
    __table_args__ = (
        # Ties first_decider_id to the decision, so that the next rule cannot be got round.
        ForeignKeyConstraint(
            ["decision_id", "first_decider_id"],
            ["decision.id", "decision.decided_by"],
            name="fk_appeal_first_decider_id_decision",
        ),
        CheckConstraint(
            "decided_by IS NULL OR first_decider_id IS NULL OR decided_by <> first_decider_id",
            name="another_person",
        ),
        CheckConstraint("decided_by IS NULL OR decided_by <> author_id", name="not_own"),
        CheckConstraint(
            "(decided_at IS NULL) = (reply IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)"
            " AND (decided_at IS NULL) = (outcome IS NULL)",
            name="answered_with_reasons",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    first_decider_id: Mapped[int | None]
    district_id: Mapped[int | None]
    author_id: Mapped[int] = mapped_column(index=True)
    words: Mapped[str] = mapped_column(EncryptedText("appeal.words"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    outcome: Mapped[str | None]
    reply: Mapped[str | None] = mapped_column(EncryptedText("appeal.reply"))
    role_name: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    new_decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))

    decision: Mapped[Decision] = relationship(foreign_keys=[decision_id])

    @property
    def is_open(self) -> bool:
        """Still waits for an answer."""
        return self.decided_at is None


class Look(Base):
    """That a moderator looked at a case, or put it aside; for the pause hint and the order of the queue."""

    __tablename__ = "moderation_look"
    __table_args__ = (Index("ix_moderation_look_day", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    is_severe: Mapped[bool]
    is_skip: Mapped[bool] = mapped_column(default=False)


class CaseNote(Base):
    """What moderators tell each other about a case, to get it off their chest too. Erased after 14 days."""

    __tablename__ = "moderation_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str] = mapped_column(EncryptedText("moderation_note.words"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


# What no check constraint can say: decisions stay as they are, and reporters do not decide.
SQLITE_GUARDS = (
    "CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision"
    " BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END",
    "CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision"
    " WHEN OLD.decided_at > datetime('now', '-365 days')"
    " BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END",
    "CREATE TRIGGER decision_not_by_reporter BEFORE INSERT ON decision WHEN EXISTS"
    " (SELECT 1 FROM report WHERE case_id = NEW.case_id AND reporter_id = NEW.decided_by)"
    " BEGIN SELECT RAISE(ABORT, 'nobody decides about their own report'); END",
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF TG_OP = 'INSERT' THEN"
    " IF EXISTS (SELECT 1 FROM report WHERE case_id = NEW.case_id AND reporter_id = NEW.decided_by)"
    " THEN RAISE EXCEPTION 'nobody decides about their own report'; END IF; RETURN NEW; END IF;"
    " IF TG_OP = 'DELETE' AND OLD.decided_at <= now() - interval '365 days' THEN RETURN OLD; END IF;"
    " RAISE EXCEPTION 'decisions are append-only'; END $$",
    "CREATE TRIGGER decision_guard BEFORE INSERT OR UPDATE OR DELETE ON decision"
    " FOR EACH ROW EXECUTE FUNCTION decision_guard()",
)
GUARDS = {"sqlite": SQLITE_GUARDS, "postgresql": POSTGRES_GUARDS}
for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        event.listen(
            Decision.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )
