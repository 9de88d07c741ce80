"""What time does: reminders, restrictions that end, records that are erased on their date."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.actors import SYSTEM
from portal.core.db import session
from portal.core.subjects import SubjectRef, resolve
from portal.discussions.models import Thread
from portal.discussions.operations import erase_hidden_comments, slow_thread, unlock_thread
from portal.moderation.models import KEEP, Appeal, Case, CaseNote, Decision, Look, Report, StopProposal
from portal.moderation.operations.casework import call_moderators
from portal.moderation.queries.casework import is_overdue
from portal.moderation.settings import objectable_for

NOTE_LASTS = timedelta(days=14)
LOOK_LASTS = timedelta(days=14)


def lift_expired() -> int:
    """Tidy up what moderation set on a conversation and whose time is over.

    Reading code has treated it as over since that minute.
    """
    now = clock.now()
    locked = list(
        session.scalars(select(Thread).where(Thread.locked_at.is_not(None), Thread.locked_until <= now))
    )
    for thread in locked:
        unlock_thread(thread, actor=SYSTEM)
    slow = list(session.scalars(select(Thread).where(Thread.slow_at.is_not(None), Thread.slow_until <= now)))
    for thread in slow:
        slow_thread(thread, actor=SYSTEM, is_slow=False)
    return len(locked) + len(slow)


def remind_overdue() -> int:
    """Call the moderators, once per case, when nobody has looked in time."""
    waiting = select(Case).where(Case.closed_at.is_(None), Case.first_look_at.is_(None))
    late = [case for case in session.scalars(waiting) if is_overdue(case)]
    for case in late:
        call_moderators(case, "moderation.overdue", dedupe_key=str(case.id))
    return len(late)


def erase_old() -> int:
    """Erase what is past its date; returns how many cases went.

    Notes and looks: after 14 days. Hidden comments: when nobody can object any more, and two months on top.
    Closed cases with reports, decisions and objections: a year after their end, unless something they hid is
    still there, or a younger decision refers to them.
    """
    now = clock.now()
    session.execute(delete(CaseNote).where(CaseNote.created_at < now - NOTE_LASTS))
    session.execute(delete(Look).where(Look.at < now - LOOK_LASTS))
    erase_hidden_comments(before=now - objectable_for() - timedelta(days=60))
    ids = [case.id for case in _finished_before(now - KEEP) if not _is_in_force(case)]
    decisions = list(session.scalars(select(Decision.id).where(Decision.case_id.in_(ids))))
    for statement in (
        delete(Appeal).where(Appeal.decision_id.in_(decisions)),
        delete(Report).where(Report.case_id.in_(ids)),
        delete(Look).where(Look.case_id.in_(ids)),
        delete(CaseNote).where(CaseNote.case_id.in_(ids)),
        delete(StopProposal).where(StopProposal.case_id.in_(ids)),
        delete(Decision).where(Decision.id.in_(decisions)),
        delete(Case).where(Case.id.in_(ids)),
    ):
        session.execute(statement)
    return len(ids)


def _finished_before(moment: datetime) -> list[Case]:
    """Cases that ended before, without a later decision, and that no other case's decision refers to."""
    later = aliased(Decision)
    younger = exists().where(Decision.case_id == Case.id, Decision.decided_at >= moment)
    referred = exists().where(
        Decision.case_id == Case.id, later.replaces_id == Decision.id, later.case_id != Case.id
    )
    query = select(Case).where(Case.closed_at < moment, ~younger, ~referred)
    return list(session.scalars(query.order_by(Case.id).limit(500)))


def _is_in_force(case: Case) -> bool:
    """What the case hid is still hidden, and its author may still ask why."""
    subject = resolve(SubjectRef(case.subject_kind, case.subject_id))
    return subject is not None and subject.kind.is_hidden(subject.thing)


def forget_reporter(account_id: int) -> None:
    """An account is erased: what it reported stays to be looked at, without it."""
    own = update(Report).where(Report.reporter_id == account_id)
    session.execute(own.values(reporter_id=None, counts=False, email=None, name=None))
