"""Objecting: free of charge, open for months, answered with reasons by somebody else (Art. 20 DSA)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.core import audit, clock
from portal.core.actors import SYSTEM, Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef, resolve
from portal.core.text import clean_text
from portal.moderation.errors import AlreadyObjected, CaseClosed, MeasureDoesNotFit, StatementIncomplete
from portal.moderation.models import (
    LIFTS,
    MAX_WORDS,
    Appeal,
    Decision,
    Ground,
    Measure,
    Outcome,
    Source,
)
from portal.moderation.operations.deciding import Ruling, role_name, write_decision
from portal.moderation.operations.mailbox import tell_mailbox
from portal.moderation.permissions import deciders_for
from portal.notifications.operations import notify


def object_to(decision: Decision, *, actor: Actor, words: str) -> Appeal:
    """The person concerned asks for a second look. AlreadyObjected the second time."""
    ensure(actor, "moderation.object", decision)
    if session.scalar(select(Appeal.id).where(Appeal.decision_id == decision.id)) is not None:
        raise AlreadyObjected
    text = clean_text(words).strip()[:MAX_WORDS]
    if not text:
        raise StatementIncomplete(field="words")
    now = clock.now()
    appeal = Appeal(
        decision_id=decision.id,
        first_decider_id=decision.decided_by,
        district_id=decision.case.district_id,
        author_id=actor.account_id,
        words=text,
        created_at=now,
        due_at=now + timedelta(days=site("moderation.objection_answer_days")),
    )
    session.add(appeal)
    session.flush()
    audit.record(
        "moderation.objected",
        # Who speaks for a group is written down nowhere that stays.
        actor=actor if decision.author_id is not None else SYSTEM,
        subject=(decision.subject_kind, decision.subject_id),
        decision=decision.public_id,
    )
    notify(
        sorted(deciders_for(appeal)),
        "moderation.waiting",
        subject=SubjectRef("appeal", appeal.id),
        actor_id=actor.account_id,
    )
    tell_mailbox(appeal.district_id, "moderation.waiting")
    return appeal


def answer_objection(appeal: Appeal, *, actor: Actor, outcome: Outcome, reply: str) -> Decision | None:
    """Answer with reasons. Overturned: a new decision lifts the measure at once and is returned."""
    ensure(actor, "moderation.answer_objection", appeal)
    session.refresh(appeal, ["decided_at", "outcome"], with_for_update=True)  # two who answer at once
    if not appeal.is_open:
        raise CaseClosed
    text = clean_text(reply).strip()[:MAX_WORDS]
    if not text:
        raise StatementIncomplete(field="reply")
    first = appeal.decision
    lifting = _lift(first, actor, text) if outcome is Outcome.OVERTURNED else None
    role = role_name(actor, appeal.district_id)
    # All at once: a question in between would flush half an answer, which the database refuses.
    appeal.outcome, appeal.reply, appeal.decided_by = outcome, text, actor.account_id
    appeal.decided_at, appeal.role_name = clock.now(), role
    appeal.new_decision_id = lifting.id if lifting else None
    audit.record(
        "moderation.objection_answered",
        actor=actor,
        subject=(first.subject_kind, first.subject_id),
        decision=first.public_id,
        outcome=str(outcome),
    )
    notify(
        [appeal.author_id],
        "moderation.objection_answered",
        subject=SubjectRef("decision", first.id),
        dedupe_key=str(appeal.id),
    )
    return lifting


def _lift(first: Decision, actor: Actor, reason: str) -> Decision:
    """Undo what the first decision did; a request or a warning is taken back without a measure."""
    ruling = Ruling(
        measure=LIFTS.get(Measure(first.measure), Measure.NONE),
        ground_kind=Ground.NO_BREACH,
        facts=reason,
    )
    subject = resolve(SubjectRef(first.subject_kind, first.subject_id))
    if subject is None:
        raise MeasureDoesNotFit
    if first.case.is_open and first.is_automated:
        first.case.closed_at = clock.now()
    return write_decision(
        first.case, subject, actor=actor, ruling=ruling, source=Source.OBJECTION, replaces=first
    )
