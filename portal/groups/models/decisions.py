"""Decisions of a group: what is asked, who may answer (frozen), what was answered, what came out."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id

TITLE_LENGTH = 120
QUESTION_LENGTH = 600
OPTION_LENGTH = 200
REASON_LENGTH = 600
MOST_OPTIONS = 30
FEWEST_SECRET_ELECTORS = 5
MOST_ROUNDS = 3


class Method(StrEnum):
    """How a group decides; each is explained where it is chosen."""

    CONSENT = "consent"
    CONSENSUS = "consensus"
    MAJORITY = "majority"
    CHOICE = "choice"
    DOTS = "dots"
    SCORE = "score"
    RANKING = "ranking"
    RESISTANCE = "resistance"
    DATE = "date"
    LOTS = "lots"


# Ways to decide about one text; each of them can be a group's usual one.
ONE_TEXT = (Method.CONSENT, Method.CONSENSUS, Method.MAJORITY)


class DecisionState(StrEnum):
    """Where a decision stands. Whether answers are taken now is a question of time: `is_running`."""

    DRAFT = "draft"
    # Members add suggestions until `opens_at`; then everybody is asked.
    COLLECTING = "collecting"
    OPEN = "open"
    INTEGRATING = "integrating"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Electorate(StrEnum):
    """Who counts: members at the opening; for dates also whoever is one at the end; or only some of them."""

    AT_OPENING = "at_opening"
    AT_CLOSING = "at_closing"
    NAMED_LIST = "named_list"


class Reasons(StrEnum):
    """Whether an answer comes with a sentence: never, as people like, or only from who stops the others."""

    OFF = "off"
    OPTIONAL = "optional"
    FOR_OBJECTION = "for_objection"


class QuorumKind(StrEnum):
    """How many have to take part: no matter, so many percent of those who may, so many people."""

    NONE = "none"
    PERCENT = "percent"
    PEOPLE = "people"


class ResultsShown(StrEnum):
    """When answers can be seen. Secret ones always only at the end."""

    AT_CLOSING = "at_closing"
    AFTER_OWN = "after_own"
    LIVE = "live"


class Target(StrEnum):
    """What happens when it is adopted, besides the words of the outcome."""

    FREE = "free"
    CHARTER = "charter"
    ROLE = "role"
    DATE = "date"
    MERGE = "merge"
    PAUSE = "pause"
    REVIEW = "review"
    PRIVACY = "privacy"
    # From then on only a role begins decisions.
    STARTERS = "starters"
    # The group itself is over.
    END = "end"


# What changes the group itself is asked of everybody in it.
OF_SOME = (Target.FREE, Target.DATE)


class Status(StrEnum):
    """What came out."""

    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    NO_QUORUM = "no_quorum"
    TIE = "tie"
    RUN_OFF = "run_off"
    WITHDRAWN = "withdrawn"
    CHANGED = "changed"


class GroupDecision(Base):
    """One question a group puts to itself."""

    __tablename__ = "group_decision"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="span"),
        CheckConstraint("state = 'draft' OR (opens_at IS NOT NULL AND closes_at IS NOT NULL)", name="dated"),
        CheckConstraint("round BETWEEN 1 AND 20", name="round"),
        CheckConstraint("(quorum_kind = 'none') = (quorum = 0)", name="whole_quorum"),
        CheckConstraint("quorum >= 0 AND (quorum_kind <> 'percent' OR quorum <= 100)", name="quorum"),
        CheckConstraint("NOT secret OR method NOT IN ('consent', 'date', 'lots')", name="secret_methods"),
        CheckConstraint("NOT secret OR results_shown = 'at_closing'", name="secret_until_the_end"),
        CheckConstraint("electorate <> 'at_closing' OR method = 'date'", name="open_electorate_for_dates"),
        CheckConstraint("electorate <> 'named_list' OR target IN ('free', 'date')", name="asked_are_some"),
        # Whoever stops the others says why; where nobody can stop anything there is nothing to say it about.
        CheckConstraint(
            "reasons = 'optional' OR (reasons = 'for_objection') = (method IN ('consent', 'consensus'))",
            name="reasons_of_methods",
        ),
        CheckConstraint("state <> 'cancelled' OR cancel_reason <> ''", name="cancelled_with_reason"),
        CheckConstraint("points_total > 0 AND points_each > 0", name="points"),
        CheckConstraint("max_choices > 0", name="choices"),
        # A missing status is no yes either.
        CheckConstraint(
            "carried_out_on IS NULL OR (status IS NOT NULL AND status = 'adopted')",
            name="carried_out_when_adopted",
        ),
        CheckConstraint("undoes_id <> id", name="undoes_another"),
        Index("ix_group_decision_listed", "group_id", "state", "closes_at"),
        UniqueConstraint("group_id", "form_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    form_key: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[DecisionState] = mapped_column(one_of(DecisionState, "state"), default=DecisionState.DRAFT)
    method: Mapped[Method] = mapped_column(one_of(Method, "method"))
    title: Mapped[str] = mapped_column(EncryptedText("group_decision.title"))
    question: Mapped[str] = mapped_column(EncryptedText("group_decision.question"), default="")
    target: Mapped[Target] = mapped_column(one_of(Target, "target"), default=Target.FREE)
    target_data: Mapped[str] = mapped_column(EncryptedText("group_decision.target_data"), default="{}")

    secret: Mapped[bool] = mapped_column(default=False)
    results_shown: Mapped[ResultsShown] = mapped_column(
        one_of(ResultsShown, "results_shown"), default=ResultsShown.AT_CLOSING
    )
    electorate: Mapped[Electorate] = mapped_column(
        one_of(Electorate, "electorate"), default=Electorate.AT_OPENING
    )
    quorum_kind: Mapped[QuorumKind] = mapped_column(
        one_of(QuorumKind, "quorum_kind"), default=QuorumKind.NONE
    )
    quorum: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[Reasons] = mapped_column(one_of(Reasons, "reasons"), default=Reasons.OPTIONAL)
    # simple, absolute, two_thirds or all: the majority that is enough.
    majority: Mapped[str] = mapped_column(String(20), default="simple")
    # A choice with fewer than half of the votes goes into a run-off of the first two.
    run_off_below_half: Mapped[bool] = mapped_column(default=False)
    lots_on_tie: Mapped[bool] = mapped_column(default=False)
    max_choices: Mapped[int | None]
    points_total: Mapped[int | None]
    points_each: Mapped[int | None]
    fallback_method: Mapped[Method | None] = mapped_column(one_of(Method, "fallback_method"))
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="SET NULL"))

    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    extended: Mapped[bool] = mapped_column(default=False)
    reminded_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=1)
    # For lots: its hash is shown from the opening on, itself only at the end.
    lot_secret: Mapped[str | None] = mapped_column(EncryptedText("group_decision.lot_secret"))
    result: Mapped[str | None] = mapped_column(EncryptedText("group_decision.result"))
    status: Mapped[Status | None] = mapped_column(one_of(Status, "status"))
    closed_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(EncryptedText("group_decision.cancel_reason"), default="")
    # What the facilitator adds once people are asked and the text is locked: a slip of the pen, an answer.
    note: Mapped[str] = mapped_column(EncryptedText("group_decision.note"), default="")
    # When it came into force, what taking it back needs, and which decision this one takes back.
    carried_out_on: Mapped[date | None]
    undo_data: Mapped[str | None] = mapped_column(EncryptedText("group_decision.undo_data"))
    undoes_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_decision.id", ondelete="SET NULL"), index=True
    )

    options: Mapped[list[DecisionOption]] = relationship(
        order_by="DecisionOption.number", viewonly=True, lazy="select"
    )

    def is_running(self, instant: datetime) -> bool:
        """Ballots are taken at this instant: the dates decide, whether or not a job ran."""
        return (
            self.state is DecisionState.OPEN
            and self.opens_at is not None
            and self.closes_at is not None
            and self.opens_at <= instant < self.closes_at
        )


class DecisionOption(Base):
    """One thing that can be chosen. `status_quo`: everything stays as it is; the portal adds it."""

    __tablename__ = "group_decision_option"
    __table_args__ = (
        UniqueConstraint("decision_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("group_decision.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(EncryptedText("group_decision_option.text"))
    is_status_quo: Mapped[bool] = mapped_column(default=False)
    added_in_round: Mapped[int] = mapped_column(default=1)
    dropped: Mapped[bool] = mapped_column(default=False)
    # For dates: the local day and time people agreed on, as ISO words; the zone is the town's.
    local_start: Mapped[str | None] = mapped_column("starts", EncryptedText("group_decision_option.starts"))


class LotPerson(Base):
    """Whom a lot stands for, or who suggested it: they may take it out until the draw."""

    __tablename__ = "group_lot_person"

    option_id: Mapped[int] = mapped_column(
        ForeignKey("group_decision_option.id", ondelete="CASCADE"), primary_key=True
    )
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("group_membership.id", ondelete="CASCADE"), index=True
    )


class Asked(Base):
    """Whom somebody wants to ask, where not everybody is: a wish until the opening makes electors of it."""

    __tablename__ = "group_asked"

    decision_id: Mapped[int] = mapped_column(
        ForeignKey("group_decision.id", ondelete="CASCADE"), primary_key=True
    )
    ref: Mapped[str] = mapped_column(String(64), primary_key=True)


class Elector(Base):
    """Who may answer, frozen at the opening. `voted` says that, never what."""

    __tablename__ = "group_elector"
    __table_args__ = (UniqueConstraint("decision_id", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("group_decision.id", ondelete="CASCADE"))
    ref: Mapped[str] = mapped_column(String(64))
    voted: Mapped[bool] = mapped_column(default=False)
    # Two who ask are enough to extend it, once.
    asks_longer: Mapped[bool] = mapped_column(default=False)


class NamedBallot(Base):
    """What somebody answered where names are visible. A draft until it is handed in; the last one counts."""

    __tablename__ = "group_ballot"
    __table_args__ = (UniqueConstraint("elector_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    elector_id: Mapped[int] = mapped_column(ForeignKey("group_elector.id", ondelete="CASCADE"))
    content: Mapped[str] = mapped_column(EncryptedText("group_ballot.content"))
    reason: Mapped[str] = mapped_column(EncryptedText("group_ballot.reason"), default="")
    is_draft: Mapped[bool] = mapped_column(default=False)
    round: Mapped[int] = mapped_column(default=1)


class SecretTally(Base):
    """How often what was answered in secret. All rows are made at the opening: none tells an order."""

    __tablename__ = "group_secret_tally"
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)

    decision_id: Mapped[int] = mapped_column(
        ForeignKey("group_decision.id", ondelete="CASCADE"), primary_key=True
    )
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # "3=yes", "2=7", or for rankings "1>2".
    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class SecretReason(Base):
    """A reason without a name. Random key, and shown shuffled, so that no order tells whose it is."""

    __tablename__ = "group_secret_reason"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=lambda: new_id(24))
    decision_id: Mapped[int] = mapped_column(ForeignKey("group_decision.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(EncryptedText("group_secret_reason.text"))


class ObjectionState(StrEnum):
    """Open stops the decision; integrated into a new text, withdrawn, or upheld to the end."""

    OPEN = "open"
    INTEGRATED = "integrated"
    WITHDRAWN = "withdrawn"
    UPHELD = "upheld"


class Objection(Base):
    """A serious objection to one version of a text, with its reason."""

    __tablename__ = "group_objection"
    __table_args__ = (UniqueConstraint("decision_id", "round", "elector_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("group_decision.id", ondelete="CASCADE"))
    round: Mapped[int]
    elector_id: Mapped[int] = mapped_column(ForeignKey("group_elector.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(EncryptedText("group_objection.text"))
    state: Mapped[ObjectionState] = mapped_column(
        one_of(ObjectionState, "state"), default=ObjectionState.OPEN
    )


class LotWord(Base):
    """A word somebody adds to a lottery, so that nobody alone decides how it falls."""

    __tablename__ = "group_lot_word"

    elector_id: Mapped[int] = mapped_column(
        ForeignKey("group_elector.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(EncryptedText("group_lot_word.word"))


class DecisionOutcome(Base):
    """What the group will do now: who, what, by when, and when it looks at it again."""

    __tablename__ = "group_outcome"
    __table_args__ = (
        UniqueConstraint("decision_id", "version"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> written_by_id", name="two_people"),
        # Limits are those of a role that got the task.
        CheckConstraint(
            "role_key IS NOT NULL OR (limit_cents IS NULL AND limit_on IS NULL)", name="limits_of_a_role"
        ),
        CheckConstraint("limit_cents > 0", name="limit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("group_decision.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    statement: Mapped[str] = mapped_column(EncryptedText("group_outcome.statement"))
    who: Mapped[str] = mapped_column(EncryptedText("group_outcome.who"))
    due_on: Mapped[date | None]
    # The task in the hands of a role: how much money at most, and until which day. Never a vote.
    role_key: Mapped[str | None] = mapped_column(String(16))
    limit_cents: Mapped[int | None]
    limit_on: Mapped[date | None]
    review_on: Mapped[date | None]
    # "confirmed", "changed" or "ended", once the group looked at it again.
    review: Mapped[str] = mapped_column(String(12), default="")
    review_asked_on: Mapped[date | None]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="SET NULL"))
    # Overdue outcomes may be written by any elector; another one confirms.
    confirmed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_membership.id", ondelete="SET NULL")
    )
    needs_confirmation: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
