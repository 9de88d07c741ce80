"""Reporting: anybody, about anything visible, without an account."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.errors import RateLimited
from portal.core.events import emit
from portal.core.mailsafe import valid_address
from portal.core.permissions import ensure
from portal.core.public_id import ALPHABET, new_id
from portal.core.site_settings import site
from portal.core.subjects import Subject
from portal.core.text import clean_line, clean_text
from portal.moderation.events import ReportMade
from portal.moderation.models import (
    MAX_WORDS,
    URGENCY,
    Case,
    Category,
    Decision,
    Measure,
    Reason,
    Report,
)
from portal.moderation.operations.casework import call_moderators, case_for
from portal.moderation.operations.deciding import hide_by_reports
from portal.moderation.operations.duty import call_professionals, called_first
from portal.moderation.queries.casework import hash_code

CODE_LENGTH = 12
MAX_NAME = 120
CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")


@dataclass(frozen=True)
class Receipt:
    """What a reporter gets: the code is shown once and stored only as a hash."""

    report: Report
    code: str


def report_subject(
    subject: Subject,
    *,
    actor: Actor,
    category: Category,
    words: str = "",
    email: str | None = None,
    name: str = "",
    language: str,
    code: str | None = None,
) -> Receipt:
    """Report a thing. `code` comes from the form, so that sending it twice is one report.

    An account that reports the same thing again adds to its report. Raises BadAddress, RateLimited; NotFound
    for things the actor does not see. Of things whose kind says so nobody keeps who reported them: whoever
    reports learns the answer by the code.
    """
    ensure(actor, "moderation.report", subject)
    code = code if code and CODE.fullmatch(code) else new_id(CODE_LENGTH)
    known = session.scalar(select(Report).where(Report.code_hash == hash_code(code)))
    if known is not None:
        return Receipt(known, code)
    _slow_down(actor)
    if not subject.kind.names_reporters(subject.thing):
        actor, name = replace(actor, account_id=None), ""
    address = valid_address(email).address if email else None
    case = case_for(subject, reason=Reason.REPORT, urgency=URGENCY[category])
    report = _written(case, subject, actor, clean_text(words).strip()[:MAX_WORDS])
    report.code_hash, report.category, report.language = hash_code(code), category, language
    report.email = address or report.email
    report.name = clean_line(name)[:MAX_NAME] or report.name
    session.flush()
    emit(ReportMade(case.id, report.id))
    _tell_staff(case, category, report)
    _hide_if_many(case, subject)
    return Receipt(report, code)


def _written(case: Case, subject: Subject, actor: Actor, words: str) -> Report:
    """The account's report of before with more words, or a new one."""
    report = _own_report(case, actor)
    if report is None:
        report = Report(
            case_id=case.id,
            words=words,
            excerpt=subject.kind.excerpt(subject.thing)[:MAX_WORDS],
            reporter_id=actor.account_id,
            counts=_counts(subject, actor),
        )
        session.add(report)
    elif words:
        report.words = f"{report.words}\n\n{words}"[-MAX_WORDS:]
    return report


def _slow_down(actor: Actor) -> None:
    if actor.account_id is None:
        return
    since = clock.now() - timedelta(hours=1)
    query = select(func.count()).where(Report.reporter_id == actor.account_id, Report.created_at > since)
    if (session.scalar(query) or 0) >= site("moderation.reports_per_hour"):
        raise RateLimited(1800)


def _own_report(case: Case, actor: Actor) -> Report | None:
    if actor.account_id is None:
        return None
    query = select(Report).where(Report.case_id == case.id, Report.reporter_id == actor.account_id)
    return session.scalar(query)


def _counts(subject: Subject, actor: Actor) -> bool:
    settled = actor.account_id is not None and not actor.is_new and not actor.suspended
    return settled and actor.account_id != subject.author_id


def _tell_staff(case: Case, category: Category, report: Report) -> None:
    # Without the reporter as actor: a notice must not tell who it was.
    if URGENCY[category] == 1:
        call_moderators(case, "moderation.urgent", dedupe_key=str(report.id), only=called_first(case))
        call_professionals(case, dedupe_key=str(report.id))
    else:
        call_moderators(case, "moderation.waiting", dedupe_key=str(report.id))


def _hide_if_many(case: Case, subject: Subject) -> None:
    query = select(func.count()).where(Report.case_id == case.id, Report.counts)
    many = (session.scalar(query) or 0) >= site("moderation.reports_to_hide")
    if many and case.auto_hidden_at is None and not _found_fine_before(case, subject):
        hide_by_reports(case)


def _found_fine_before(case: Case, subject: Subject) -> bool:
    """A person has looked at exactly this text and let it stand: a crowd cannot hide it again."""
    query = (
        select(Report)
        .join(Decision, Decision.case_id == Report.case_id)
        .where(Decision.subject_kind == case.subject_kind, Decision.subject_id == case.subject_id)
        .where(Decision.measure.in_((Measure.NONE, Measure.RESTORE)), Decision.decided_by.is_not(None))
    )
    present = subject.kind.excerpt(subject.thing)[:MAX_WORDS]
    return any(report.excerpt == present for report in session.scalars(query))
