"""When things go wrong between people: mediation, and as the last resort a review of a membership.

People stand here by reference only, in every group: whoever reads the table learns nothing about anybody.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id

TALK_LENGTH = 1000
TOPIC_LENGTH = 200
MEDIATOR_ABOUT_LENGTH = 400
TALK_PLACE_LENGTH = 120
# A measure ends by itself after so many days, an exclusion after so many.
LONGEST_MEASURE = 92
LONGEST_EXCLUSION = 366
MOST_REVIEW_ROUNDS = 2


class TalkSubject(StrEnum):
    """What a mediation is about; the rest is for those who take part."""

    BETWEEN_PEOPLE = "between_people"
    RULES = "rules"
    HOW_WE_WORK = "how_we_work"
    WITH_PROFESSIONAL = "with_professional"


class WantedMediator(StrEnum):
    """Who should help."""

    OTHER_GROUP = "other_group"
    VOLUNTEER = "volunteer"
    PROFESSIONAL = "professional"
    EXTERNAL = "external"


class MediationState(StrEnum):
    """Where a mediation stands. Whoever takes part may end it at any time, without a reason."""

    ASKED = "asked"
    PARTIES_ASKED = "parties_asked"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    DECLINED = "declined"
    AGREED = "agreed"
    NO_AGREEMENT = "no_agreement"
    WITHDRAWN = "withdrawn"


TALK_ENDED = (
    MediationState.DECLINED,
    MediationState.AGREED,
    MediationState.NO_AGREEMENT,
    MediationState.WITHDRAWN,
)
_ENDED_WORDS = "('declined', 'agreed', 'no_agreement', 'withdrawn')"


class TalkPart(StrEnum):
    """As what somebody takes part."""

    ASKER = "asker"
    OTHER = "other"
    MEDIATOR = "mediator"


class Mediation(Base):
    """Two or more people talk with somebody who takes no side. Only they know of it.

    Ninety days after the end the row is deleted with all its words; what stays is a `MediationFact`.
    """

    __tablename__ = "group_mediation"
    __table_args__ = (
        CheckConstraint(f"(state IN {_ENDED_WORDS}) = (ended_on IS NOT NULL)", name="ended"),
        CheckConstraint("(ended_on IS NULL) = (delete_on IS NULL)", name="deleted_some_day"),
        CheckConstraint("delete_on > ended_on", name="deleted_later"),
        CheckConstraint("state <> 'scheduled' OR meets_at IS NOT NULL", name="scheduled_with_a_date"),
        CheckConstraint("published_on IS NULL OR state = 'agreed'", name="published_agreement"),
        CheckConstraint("state <> 'agreed' OR agreement_version > 0", name="agreed_on_a_text"),
        Index("ix_group_mediation_in_group", "group_id", "state"),
        Index("ix_group_mediation_delete", "delete_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    # Without a group: two people who know each other hand a link over.
    group_id: Mapped[int | None] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    subject_kind: Mapped[TalkSubject] = mapped_column(one_of(TalkSubject, "subject_kind"))
    wanted: Mapped[WantedMediator] = mapped_column(one_of(WantedMediator, "wanted"))
    state: Mapped[MediationState] = mapped_column(
        one_of(MediationState, "state"), default=MediationState.ASKED
    )
    opening: Mapped[str] = mapped_column(EncryptedText("group_mediation.opening"))
    # Somebody without an account: who it is and how to reach them, in words.
    external: Mapped[str] = mapped_column(EncryptedText("group_mediation.external"), default="")
    meets_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(EncryptedText("group_mediation.place"), default="")
    agreement: Mapped[str] = mapped_column(EncryptedText("group_mediation.agreement"), default="")
    agreement_version: Mapped[int] = mapped_column(default=0)
    asked_on: Mapped[date] = mapped_column(default=clock.today)
    ended_on: Mapped[date | None]
    delete_on: Mapped[date | None]
    published_on: Mapped[date | None]

    people: Mapped[list[MediationPerson]] = relationship(
        order_by="MediationPerson.id", viewonly=True, lazy="select"
    )

    @property
    def is_over(self) -> bool:
        """It has ended, one way or another."""
        return self.state in TALK_ENDED


class MediationPerson(Base):
    """Somebody who takes part, by reference. `reach`: the account, encrypted, so that they can be told."""

    __tablename__ = "group_mediation_person"
    __table_args__ = (
        UniqueConstraint("mediation_id", "ref"),
        Index(
            "uq_group_mediation_one_mediator",
            "mediation_id",
            unique=True,
            sqlite_where=text("part = 'mediator'"),
            postgresql_where=text("part = 'mediator'"),
        ),
        CheckConstraint("part <> 'mediator' OR accepts_mediator IS NULL", name="not_judge_of_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mediation_id: Mapped[int] = mapped_column(ForeignKey("group_mediation.id", ondelete="CASCADE"))
    part: Mapped[TalkPart] = mapped_column(one_of(TalkPart, "part"))
    ref: Mapped[str] = mapped_column(String(64), index=True)
    reach: Mapped[str | None] = mapped_column(EncryptedText("group_mediation_person.reach"))
    # How the others know them: the alias in the group, or the name of the account.
    alias: Mapped[str] = mapped_column(EncryptedText("group_mediation_person.alias"))
    says_yes: Mapped[bool | None]
    accepts_mediator: Mapped[bool | None]
    agrees_to: Mapped[int] = mapped_column(default=0)
    publishes: Mapped[bool] = mapped_column(default=False)


class MediationNote(Base):
    """Words one of them wrote to the others."""

    __tablename__ = "group_mediation_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    mediation_id: Mapped[int] = mapped_column(
        ForeignKey("group_mediation.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_mediation_person.id", ondelete="SET NULL"), index=True
    )
    on: Mapped[date] = mapped_column(default=clock.today)
    words: Mapped[str] = mapped_column(EncryptedText("group_mediation_note.words"))


class MediationFact(Base):
    """What stays of a mediation for figures: kind, outcome, quarter. The k rule applies first."""

    __tablename__ = "group_mediation_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[TalkSubject] = mapped_column(one_of(TalkSubject, "subject_kind"))
    outcome: Mapped[MediationState] = mapped_column(one_of(MediationState, "outcome"))
    quarter: Mapped[str] = mapped_column(String(7))


class MediatorOffer(Base):
    """Somebody offers to help others talk. Seen only by people who look for a mediator."""

    __tablename__ = "group_mediator"
    __table_args__ = (CheckConstraint("about <> ''", name="says_something"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    is_professional: Mapped[bool] = mapped_column(default=False)
    about: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(default=list)
    since_on: Mapped[date] = mapped_column(default=clock.today)


# ---- review of a membership


class ReviewState(StrEnum):
    """Proposed by one, heard once a second joins, voted on, decided, in force, over."""

    PROPOSED = "proposed"
    HEARING = "hearing"
    VOTING = "voting"
    DECIDED = "decided"
    IN_FORCE = "in_force"
    OVER = "over"


REVIEW_RUNS = (ReviewState.HEARING, ReviewState.VOTING, ReviewState.DECIDED)


class ReviewResult(StrEnum):
    """What came out."""

    NO_CHANGE = "no_change"
    MEASURE = "measure"
    EXCLUSION = "exclusion"
    NO_QUORUM = "no_quorum"
    LEFT = "left"
    WITHDRAWN = "withdrawn"


class AppealState(StrEnum):
    """An outside mediator looks at it once: asked, looking, and then it stands or begins anew."""

    NONE = "none"
    ASKED = "asked"
    LOOKING = "looking"
    STANDS = "stands"
    ANEW = "anew"


REVIEW_CHOICES = (ReviewResult.NO_CHANGE, ReviewResult.MEASURE, ReviewResult.EXCLUSION)
_REVIEW_RUNS = "state IN ('hearing', 'voting', 'decided')"
_PROPOSED = "state = 'proposed'"


class MembershipReview(Base):
    """The group talks about whether somebody can stay. They are heard first."""

    __tablename__ = "group_review"
    __table_args__ = (
        CheckConstraint("starter_id <> affected_id AND second_id <> affected_id", name="not_about_oneself"),
        CheckConstraint("starter_id <> second_id", name="two_people"),
        CheckConstraint(
            "state = 'proposed' OR (hearing_until IS NOT NULL AND closes_at IS NOT NULL)", name="dated"
        ),
        CheckConstraint("hearing_until < closes_at", name="heard_first"),
        CheckConstraint(
            "(result IS NOT NULL) = (state IN ('decided', 'in_force', 'over'))", name="decided_with_result"
        ),
        CheckConstraint(f"round BETWEEN 1 AND {MOST_REVIEW_ROUNDS}", name="round"),
        CheckConstraint(f"measure_days BETWEEN 0 AND {LONGEST_MEASURE}", name="measure_ends"),
        CheckConstraint(f"exclusion_days BETWEEN 1 AND {LONGEST_EXCLUSION}", name="exclusion_ends"),
        CheckConstraint("(appeal = 'none') = (appeal_ref IS NULL)", name="appeal_to_somebody"),
        # One at a time: nobody is to be talked about while another is.
        Index(
            "uq_group_review_runs",
            "group_id",
            unique=True,
            sqlite_where=text(_REVIEW_RUNS),
            postgresql_where=text(_REVIEW_RUNS),
        ),
        # Several may be proposed: a no would tell the person it is about that there is one.
        Index(
            "uq_group_review_proposed",
            "group_id",
            "starter_id",
            unique=True,
            sqlite_where=text(_PROPOSED),
            postgresql_where=text(_PROPOSED),
        ),
        Index("ix_group_review_due", "state", "closes_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"), index=True)
    affected_id: Mapped[int] = mapped_column(
        ForeignKey("group_membership.id", ondelete="CASCADE"), index=True
    )
    starter_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="SET NULL"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="SET NULL"))
    state: Mapped[ReviewState] = mapped_column(one_of(ReviewState, "state"), default=ReviewState.PROPOSED)
    # The name in the group at the beginning: whoever was excluded has none any more.
    alias: Mapped[str] = mapped_column(EncryptedText("group_review.alias"))
    topic: Mapped[str] = mapped_column(EncryptedText("group_review.topic"))
    measure: Mapped[str] = mapped_column(EncryptedText("group_review.measure"), default="")
    # 0: the measure is no pause but words, such as "not at the cooking evenings"; it ends as late.
    measure_days: Mapped[int] = mapped_column(default=0)
    exclusion_days: Mapped[int] = mapped_column(default=LONGEST_EXCLUSION)
    statement: Mapped[str] = mapped_column(EncryptedText("group_review.statement"), default="")
    helper: Mapped[str] = mapped_column(EncryptedText("group_review.helper"), default="")
    begun_on: Mapped[date | None]
    hearing_until: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=1)
    exclusion_possible: Mapped[bool] = mapped_column(default=True)
    result: Mapped[ReviewResult | None] = mapped_column(one_of(ReviewResult, "result"))
    decided_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    until_on: Mapped[date | None]
    appeal: Mapped[AppealState] = mapped_column(one_of(AppealState, "appeal"), default=AppealState.NONE)
    appeal_until: Mapped[date | None]
    appeal_words: Mapped[str] = mapped_column(EncryptedText("group_review.appeal_words"), default="")
    appeal_ref: Mapped[str | None] = mapped_column(String(64), index=True)
    appeal_reach: Mapped[str | None] = mapped_column(EncryptedText("group_review.appeal_reach"))
    appeal_name: Mapped[str] = mapped_column(EncryptedText("group_review.appeal_name"), default="")
    appeal_answer: Mapped[str] = mapped_column(EncryptedText("group_review.appeal_answer"), default="")
    delete_on: Mapped[date | None]


class ReviewElector(Base):
    """Who may vote on it, frozen at the beginning. `voted` says that, never what."""

    __tablename__ = "group_review_elector"
    __table_args__ = (UniqueConstraint("review_id", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("group_review.id", ondelete="CASCADE"))
    ref: Mapped[str] = mapped_column(String(64))
    voted: Mapped[bool] = mapped_column(default=False)


class ReviewTally(Base):
    """How often what was answered. Made before the vote begins, so that no row tells an order."""

    __tablename__ = "group_review_tally"
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)

    review_id: Mapped[int] = mapped_column(
        ForeignKey("group_review.id", ondelete="CASCADE"), primary_key=True
    )
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    choice: Mapped[ReviewResult] = mapped_column(one_of(ReviewResult, "choice"), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
