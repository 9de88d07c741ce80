"""Reporting a barrier, and answering within four weeks."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from portal.content.errors import NothingReported, TextMissing, TextTooLong
from portal.content.events import BarrierReported
from portal.content.models import BarrierReport
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.i18n import current_language
from portal.core.permissions import ensure
from portal.core.text import clean_line, clean_text

# Directive (EU) 2016/2102 Art. 7 asks for an answer "within a reasonable time"; § 12b BGG: within a month.
ANSWER_WITHIN = timedelta(weeks=4)
# The contact is needed for the answer only.
KEEP_CONTACT = timedelta(days=90)
LONGEST = 4000
LONGEST_LINE = 300

audit.schema("content.barrier_answered", visibility="staff")


def report_barrier(*, page: str, text: str, contact: str = "") -> BarrierReport:
    """Somebody, signed in or not, could not use a page; contact is optional and kept encrypted.

    Raises NothingReported or TextTooLong. The answer is due in four weeks.
    """
    text, contact = clean_text(text), clean_line(contact)
    if not text.strip():
        raise NothingReported
    if len(text) > LONGEST:
        raise TextTooLong(field="text")
    if len(contact) > LONGEST_LINE:
        raise TextTooLong(field="contact")
    report = BarrierReport(
        page=path_of_page(page),
        text=text,
        contact=contact or None,
        language=current_language().slug,
        created_at=clock.now(),
        due_on=clock.today() + ANSWER_WITHIN,
    )
    session.add(report)
    session.flush()
    emit(BarrierReported(report.id))
    return report


def path_of_page(page: str) -> str:
    """The page's path when it is one of ours, else nothing: never a place elsewhere, never a query."""
    path = clean_line(page).partition("?")[0].partition("#")[0][:LONGEST_LINE]
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else ""


def answer_barrier_report(actor: Actor, report: BarrierReport, answer: str) -> None:
    """Say what was done, for the record; whoever left a contact is answered by the person in charge."""
    ensure(actor, "content.handle_barriers")
    answer = clean_text(answer)
    if not answer:
        raise TextMissing(field="answer")
    if len(answer) > LONGEST:
        raise TextTooLong(field="answer")
    report.answer, report.answered_at, report.answered_by = answer, clock.now(), actor.account_id
    session.flush()
    audit.record("content.barrier_answered", actor=actor, subject=("barrier_report", report.id))


def forget_barrier_contacts() -> None:
    """Erase contacts 90 days after the answer."""
    before = clock.now() - KEEP_CONTACT
    session.execute(
        update(BarrierReport)
        .where(BarrierReport.answered_at < before, BarrierReport.contact.is_not(None))
        .values(contact=None)
    )
