"""What comes of a decision: who does what by when, and the day the group looks at it again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import can, ensure
from portal.core.text import clean_text
from portal.groups.errors import (
    DecisionLocked,
    NeedsTwo,
    NotAMember,
    NotAnElector,
    NothingToDecide,
    OutcomeIncomplete,
    TooLong,
)
from portal.groups.errors.deciding import LimitWithoutRole, RoleMissing
from portal.groups.events import OutcomeWritten, ReviewDue
from portal.groups.models import (
    DecisionOutcome,
    DecisionState,
    Elector,
    Group,
    GroupDecision,
    GroupRole,
    Membership,
)
from portal.groups.operations.telling import sign_of_life, tell
from portal.groups.permissions import membership_of

# The facilitator has so long; afterwards any member may write it, and another one confirms.
WRITTEN_WITHIN = timedelta(days=7)
STATEMENT_LENGTH, WHO_LENGTH = 1000, 200
REVIEWS = ("confirmed", "changed", "ended")


@dataclass(frozen=True)
class Agreed:
    """What the group does now. A role can get the task, with limits of money and time; never a vote."""

    statement: str
    who: str
    due_on: date
    review_on: date | None = None
    role_key: str | None = None
    limit_cents: int | None = None
    limit_on: date | None = None


def write_outcome(decision: GroupDecision, agreed: Agreed, *, group: Group, actor: Actor) -> DecisionOutcome:
    """Say what the group does now, who does it and by when. A later text is a new version, the same is not.

    In the first week after closing that is the facilitator's; afterwards whoever was asked writes it and
    another member confirms. Raises DecisionLocked, OutcomeIncomplete, TooLong, RoleMissing, LimitWithoutRole,
    NotAnElector.
    """
    ensure(actor, "groups.take_part", group)
    if decision.state is not DecisionState.CLOSED or decision.closed_at is None:
        raise DecisionLocked
    overdue = clock.now() >= decision.closed_at + WRITTEN_WITHIN
    if not overdue:
        ensure(actor, "groups.facilitate", decision)
    said = _checked(agreed, group)
    writer = membership_of(actor, group)
    if writer is None:
        raise NotAMember
    if not (may_write_late(decision, writer) or can(actor, "groups.facilitate", decision)):
        raise NotAnElector
    known = _last_of(decision)
    if known is not None and known.written_by_id == writer.id and _says(known) == said:
        return known
    needs_another = overdue and decision.facilitator_id != writer.id
    outcome = DecisionOutcome(
        decision_id=decision.id,
        version=known.version + 1 if known else 1,
        written_by_id=writer.id,
        needs_confirmation=needs_another,
        published_at=None if needs_another else clock.now(),
        **asdict(said),
    )
    session.add(outcome)
    session.flush()
    if not needs_another:
        _made_known(decision, group, who="member")
    return outcome


def may_write_late(decision: GroupDecision, writer: Membership) -> bool:
    """Was asked; after two years nobody knows any more who was, and every member may."""
    refs = set(session.scalars(select(Elector.ref).where(Elector.decision_id == decision.id)))
    return not refs or writer.ref in refs


def _checked(agreed: Agreed, group: Group) -> Agreed:
    words, names = clean_text(agreed.statement).strip(), clean_text(agreed.who).strip()
    role = _role(group, agreed.role_key)
    if role is None and (agreed.limit_cents or agreed.limit_on):
        raise LimitWithoutRole
    if not words or not names:
        raise OutcomeIncomplete
    if len(words) > STATEMENT_LENGTH or len(names) > WHO_LENGTH:
        raise TooLong(field="statement")
    return replace(agreed, statement=words, who=names, role_key=role.key if role else None)


def _role(group: Group, key: str | None) -> GroupRole | None:
    if not key:
        return None
    role = session.scalar(select(GroupRole).where(GroupRole.group_id == group.id, GroupRole.key == key))
    if role is None:
        raise RoleMissing
    return role


def _made_known(decision: GroupDecision, group: Group, *, who: str) -> None:
    tell(group, "outcome_written", who=who, decision=decision.public_id)
    sign_of_life(group)
    emit(OutcomeWritten(group.id, decision.id))


def _says(one: DecisionOutcome) -> Agreed:
    return Agreed(**{each.name: getattr(one, each.name) for each in fields(Agreed)})


def _last_of(decision: GroupDecision) -> DecisionOutcome | None:
    query = select(DecisionOutcome).where(DecisionOutcome.decision_id == decision.id)
    return session.scalar(query.order_by(DecisionOutcome.version.desc()).limit(1))


def confirm_outcome(outcome: DecisionOutcome, *, group: Group, actor: Actor) -> None:
    """Another member says that this is what was decided. Raises NeedsTwo for the writer, NothingToDecide."""
    ensure(actor, "groups.take_part", group)
    member = membership_of(actor, group)
    if member is None:
        raise NotAMember
    if not outcome.needs_confirmation or outcome.published_at is not None:
        raise NothingToDecide
    if member.id == outcome.written_by_id:
        raise NeedsTwo
    outcome.confirmed_by_id, outcome.published_at = member.id, clock.now()
    decision = session.get(GroupDecision, outcome.decision_id)
    if decision is not None:
        _made_known(decision, group, who="two members")


def review(
    outcome: DecisionOutcome, answer: str, *, group: Group, actor: Actor, again_on: date | None = None
) -> None:
    """ "Does it still hold?": yes (and when to ask again), changed, or ended. Said twice it is once."""
    ensure(actor, "groups.take_part", group)
    if answer not in REVIEWS or outcome.published_at is None:
        raise NothingToDecide
    next_on = again_on if answer == "confirmed" else None
    if (outcome.review, outcome.review_on, outcome.review_asked_on) == (answer, next_on, None):
        return
    outcome.review, outcome.review_on, outcome.review_asked_on = answer, next_on, None
    sign_of_life(group)
    decision = session.get(GroupDecision, outcome.decision_id)
    tell(group, "outcome_reviewed", answer=answer, decision=decision.public_id if decision else "")


def reviews_due(today: date) -> list[DecisionOutcome]:
    """Outcomes to look at again, not asked yet; of several versions only the one that holds."""
    other = aliased(DecisionOutcome)
    newest = select(func.max(other.version)).where(
        other.decision_id == DecisionOutcome.decision_id, other.published_at.is_not(None)
    )
    query = (
        select(DecisionOutcome)
        .where(DecisionOutcome.review_on <= today, DecisionOutcome.review_asked_on.is_(None))
        .where(DecisionOutcome.published_at.is_not(None))
        .where(DecisionOutcome.version == newest.scalar_subquery())
        .order_by(DecisionOutcome.review_on, DecisionOutcome.id)
    )
    return list(session.scalars(query))


def ask_reviews(today: date) -> int:
    """Put "does it still hold?" before the group on its day, once; returns how many."""
    due = reviews_due(today)
    for outcome in due:
        outcome.review_asked_on = today
        decision = session.get(GroupDecision, outcome.decision_id)
        group = session.get(Group, decision.group_id) if decision else None
        if decision is not None and group is not None:
            tell(group, "review_asked", who="system", decision=decision.public_id)
            emit(ReviewDue(group.id, decision.id))
    return len(due)
