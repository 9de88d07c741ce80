"""Deciding: a measure with its statement of reasons, taking effect in the same transaction or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.operations import suspend, unsuspend
from portal.accounts.queries import get_account
from portal.core import audit, clock
from portal.core.actors import SYSTEM, Actor, StaffRole
from portal.core.db import session
from portal.core.events import emit
from portal.core.i18n import LazyString, format_date, ngettext, use_language
from portal.core.i18n import gettext as _
from portal.core.permissions import ensure
from portal.core.site_settings import site
from portal.core.subjects import Subject, SubjectRef, resolve
from portal.core.text import clean_line, clean_text
from portal.discussions.operations import lock_thread, slow_thread, unlock_thread
from portal.moderation.errors import MeasureDoesNotFit, PassageNotFound, StatementIncomplete, UntilNeeded
from portal.moderation.events import DecisionMade, SubjectHidden, SubjectRestored
from portal.moderation.models import (
    BURDENS,
    BY_TWO,
    MAX_WORDS,
    Case,
    Decision,
    Ground,
    Measure,
    Report,
    Source,
)
from portal.moderation.operations.casework import (
    ask_second_person,
    call_moderators,
    check_free,
    claim_case,
    last_hide,
)
from portal.moderation.operations.fitting import fitting_measures, subject_of, thread_at, whole_of
from portal.moderation.permissions import stands_still
from portal.moderation.settings import PATTERN_SENTENCE, PROCEDURE_SENTENCE, SCOPES, rule_sentence
from portal.notifications.operations import notify, send_mail
from portal.places.queries import district

SLOW_DAYS = 7
MOST_DAYS = 365


@dataclass(frozen=True)
class Ruling:
    """What a moderator decides, as the form gives it. days: how long a lock or suspension lasts."""

    measure: Measure
    ground_kind: Ground = Ground.NO_BREACH
    rule: int | None = None
    law: str = ""
    passage: str = ""
    facts: str = ""
    days: int | None = None
    # The same text from new accounts in several places; nobody has reported it.
    is_pattern: bool = False


def decide_case(case: Case, *, actor: Actor, ruling: Ruling, is_last: bool = True) -> Decision:
    """Write the decision, let it take effect, tell the author; `is_last` closes the case and answers reports.

    What is reported as a danger or a threat and found harmless stays open until a second moderator decides.

    Raises StatementIncomplete, PassageNotFound, UntilNeeded, MeasureDoesNotFit, CaseClosed, ClaimedByOther;
    NotFound for parties and moderators of other districts.
    """
    ensure(actor, "moderation.decide", case)
    check_free(case, actor)
    subject = subject_of(case)
    if ruling.measure not in fitting_measures(case, subject, actor) or ruling.measure in BY_TWO:
        raise MeasureDoesNotFit
    claim_case(case, actor=actor)
    source = Source.NOTICE if case.reports else Source.OWN
    decision = write_decision(case, subject, actor=actor, ruling=ruling, source=source)
    if is_last and not _waits_for_second_look(case, ruling, actor):
        case.closed_at = clock.now()
        answer_reports(case, decision)
    return decision


def _waits_for_second_look(case: Case, ruling: Ruling, actor: Actor) -> bool:
    """Nobody alone finds a danger or a threat harmless. Hiding it needs no second person: the author may
    object, and somebody else answers.
    """
    is_harmless = ruling.measure in {Measure.NONE, Measure.RESTORE}
    if not is_harmless or not case.is_grave or case.first_decider_id is not None:
        return False
    return ask_second_person(case, actor=actor)


def hide_by_pattern(case: Case) -> Decision | None:
    """Hide what new accounts wrote in several places word by word, until a person has looked."""
    return _hide_for_now(case, Ruling(Measure.HIDE, Ground.PROCEDURE, is_pattern=True), Source.OWN)


def hide_by_reports(case: Case) -> Decision | None:
    """Hide what several settled accounts reported until a person has looked; the author is told why."""
    return _hide_for_now(case, Ruling(Measure.HIDE, Ground.PROCEDURE), Source.NOTICE)


def _hide_for_now(case: Case, ruling: Ruling, source: Source) -> Decision | None:
    """The only automated decisions: each has its statement like any other, and a date for the review."""
    subject = resolve(SubjectRef(case.subject_kind, case.subject_id))
    if subject is None or subject.kind.hide is None or subject.kind.is_hidden(subject.thing):
        return None
    case.auto_hidden_at = clock.now()
    case.review_due_at = clock.now() + timedelta(hours=site("moderation.auto_review_hours"))
    case.urgency = min(case.urgency, 2)
    counted = sum(1 for report in case.reports if report.counts)
    decision = write_decision(case, subject, actor=SYSTEM, ruling=ruling, source=source)
    audit.record(
        "moderation.hidden_by_pattern" if ruling.is_pattern else "moderation.hidden_by_reports",
        actor=SYSTEM,
        subject=(case.subject_kind, case.subject_id),
        reports=counted,
    )
    call_moderators(case, "moderation.waiting", dedupe_key=f"hidden:{case.id}")
    return decision


def write_decision(
    case: Case,
    subject: Subject,
    *,
    actor: Actor,
    ruling: Ruling,
    source: Source,
    replaces: Decision | None = None,
) -> Decision:
    """The one place where decisions are made: row first, effect after, both or neither."""
    thing = _about(subject, ruling.measure)
    author_id = case.author_id if thing is subject else None
    author = get_account(author_id) if author_id else None
    spoken = author.language if author else thing.kind.language(thing.thing)
    with use_language(spoken) as language:
        decision = Decision(
            case_id=case.id,
            subject_kind=thing.kind.kind,
            subject_id=thing.id,
            author_id=author_id,
            measure=ruling.measure,
            scope=_scope(ruling, thing),
            until=_until(ruling),
            **_reasons(case, subject, ruling),
            source=source,
            is_automated=actor.account_id is None,
            redress=redress(),
            role_name=role_name(actor, case.district_id),
            decided_by=actor.account_id,
            language=language.slug,
            replaces_id=replaces.id if replaces else _replaced(case, ruling.measure),
        )
    session.add(decision)
    session.flush()
    _take_effect(decision, thing, actor, ruling)
    _record(decision, actor)
    return decision


def _reasons(case: Case, subject: Subject, ruling: Ruling) -> dict[str, Any]:
    ground, sentence = ground_of(ruling)
    return {
        "ground_kind": ruling.ground_kind,
        "ground": ground,
        "ground_text": str(sentence),
        "passage": passage_of(ruling, case, subject),
        "facts": facts_of(ruling, case),
    }


def _about(subject: Subject, measure: Measure) -> Subject:
    """A stop is about the whole, whatever gave the reason; all else about the thing of the case."""
    if measure not in {Measure.STOP, Measure.GO_ON}:
        return subject
    whole = whole_of(subject)
    if whole is None:
        raise MeasureDoesNotFit
    return whole


def _scope(ruling: Ruling, thing: Subject) -> str:
    """What the measure means for this kind of thing; a stop says until which day."""
    words = str(thing.kind.scopes.get(ruling.measure) or SCOPES[ruling.measure])
    if ruling.measure is Measure.SLOW:
        return f"{words} {_('This ends on %(day)s.', day=format_date(slow_until(ruling)))}"
    if ruling.measure is not Measure.STOP:
        return words
    return words % {"day": format_date(clock.now() + timedelta(days=ruling.days or 1))}


def ground_of(ruling: Ruling) -> tuple[str, LazyString | str]:
    """The number of the rule or the law, and its sentence. Raises StatementIncomplete."""
    if ruling.ground_kind is Ground.RULE:
        sentence = rule_sentence(ruling.rule or 0)
        if sentence is None:
            raise StatementIncomplete(field="rule")
        return str(ruling.rule), sentence
    if ruling.ground_kind is Ground.LAW:
        law = clean_line(ruling.law)[:200]
        if not law:
            raise StatementIncomplete(field="law")
        return law, law
    if ruling.ground_kind is Ground.PROCEDURE:
        return "procedure", PATTERN_SENTENCE if ruling.is_pattern else PROCEDURE_SENTENCE
    if ruling.measure in BURDENS:
        raise StatementIncomplete(field="rule")
    return "none", _("No rule was broken.")


def slow_until(ruling: Ruling) -> datetime:
    """When a slow conversation ends: it always does."""
    days = ruling.days or SLOW_DAYS
    if not 1 <= days <= MOST_DAYS:
        raise UntilNeeded
    return clock.now() + timedelta(days=days)


def _until(ruling: Ruling) -> datetime | None:
    if ruling.measure is Measure.SUSPEND and not ruling.days:
        raise UntilNeeded
    if ruling.measure not in {Measure.SUSPEND, Measure.LOCK} or not ruling.days:
        return None
    if not 1 <= ruling.days <= MOST_DAYS:
        raise UntilNeeded
    return clock.now() + timedelta(days=ruling.days)


def passage_of(ruling: Ruling, case: Case, subject: Subject) -> str:
    """The words it is about: quoted exactly, as the text is or was when reported; or its beginning."""
    whole = subject.kind.excerpt(subject.thing)
    passage = clean_text(ruling.passage).strip()
    if not passage:
        if ruling.measure in BURDENS and ruling.ground_kind is not Ground.PROCEDURE:
            raise StatementIncomplete(field="passage")
        return whole[:500]
    known = [subject.title, whole, *(report.excerpt for report in case.reports)]
    if clean_line(passage) not in clean_line(" ".join(known)):
        raise PassageNotFound
    return passage[:2000]


def facts_of(ruling: Ruling, case: Case) -> str:
    """Why the rule fits, in the moderator's words; for what reports did alone, the fixed sentence."""
    if ruling.is_pattern:
        return _(
            "The same text stands in several places, by new accounts. A person looks by %(date)s and"
            " decides.",
            date=format_date(case.review_due_at or clock.now()),
        )
    if ruling.ground_kind is Ground.PROCEDURE:
        return _(
            "Several people reported it independently. A person looks at it by %(date)s and decides.",
            date=format_date(case.review_due_at or clock.now()),
        )
    facts = clean_text(ruling.facts).strip()
    if not facts:
        raise StatementIncomplete(field="facts")
    return facts[:MAX_WORDS]


def redress() -> str:
    """How to object, in the language of the moment (Art. 17(3)(f) DSA)."""
    months = site("moderation.objection_months")
    days = site("moderation.objection_answer_days")
    sentences = (
        ngettext(
            "You can object here for %(num)s month; it costs nothing.",
            "You can object here for %(num)s months; it costs nothing.",
            months,
        ),
        ngettext(
            "Another person looks at it again and answers within %(num)s day.",
            "Another person looks at it again and answers within %(num)s days.",
            days,
        ),
        _("You can also go to a dispute settlement body or to court."),
        clean_line(site("moderation.court_note")),
    )
    return " ".join(filter(None, sentences))


def role_name(actor: Actor, district_id: int | None) -> str:
    """The role that answers for a decision, never a person: "Moderation Nord"."""
    if actor.account_id is None:
        return _("Automatic protection")
    grants = [grant for grant in actor.roles if grant.role is StaffRole.MODERATOR]
    own = next((one.district_id for one in grants if one.district_id == district_id), None)
    place = district(own or next((one.district_id for one in grants if one.district_id), None))
    return _("Moderation %(district)s", district=place.name) if place else _("Moderation")


def _replaced(case: Case, measure: Measure) -> int | None:
    hiding = last_hide(case) if measure in {Measure.HIDE, Measure.RESTORE} else None
    return hiding.id if hiding else None


def _take_effect(decision: Decision, subject: Subject, actor: Actor, ruling: Ruling) -> None:
    measure, ref = Measure(decision.measure), (decision.subject_kind, decision.subject_id)
    if measure is Measure.HIDE and subject.kind.hide and not subject.kind.is_hidden(subject.thing):
        subject.kind.hide(subject.thing)
        emit(SubjectHidden(*ref))
    elif measure is Measure.RESTORE and subject.kind.restore and subject.kind.is_hidden(subject.thing):
        subject.kind.restore(subject.thing)
        emit(SubjectRestored(*ref))
    elif measure in _OF_CONVERSATIONS:
        _calm(measure, decision, subject, actor, ruling)
    elif measure in {Measure.SUSPEND, Measure.UNSUSPEND}:
        _suspend(decision, actor)
    elif subject.kind.stopping is not None and measure is Measure.STOP:
        subject.kind.stopping.stop(subject.thing, actor, ruling.days or 1)
    elif measure is Measure.GO_ON and stands_still(subject) and subject.kind.stopping is not None:
        subject.kind.stopping.go_on(subject.thing)


_OF_CONVERSATIONS = frozenset({Measure.LOCK, Measure.UNLOCK, Measure.SLOW, Measure.UNSLOW})


def _calm(measure: Measure, decision: Decision, subject: Subject, actor: Actor, ruling: Ruling) -> None:
    thread = thread_at(subject)
    if thread is None:
        raise MeasureDoesNotFit
    if measure is Measure.LOCK:
        lock_thread(thread, actor=actor, until=decision.until)
    elif measure is Measure.UNLOCK:
        unlock_thread(thread, actor=actor)
    else:
        is_slow = measure is Measure.SLOW
        slow_thread(thread, actor=actor, is_slow=is_slow, until=slow_until(ruling) if is_slow else None)


def _suspend(decision: Decision, actor: Actor) -> None:
    author = get_account(decision.author_id) if decision.author_id else None
    if author is None:
        raise MeasureDoesNotFit
    if decision.measure == Measure.SUSPEND and decision.until is not None:
        suspend(actor, author, until=decision.until, reason=decision.ground_text)
    else:
        unsuspend(actor, author, on_objection=decision.source == Source.OBJECTION)


def _record(decision: Decision, actor: Actor) -> None:
    audit.record(
        "moderation.decided",
        actor=actor,
        subject=(decision.subject_kind, decision.subject_id),
        decision=decision.public_id,
        measure=decision.measure,
    )
    if decision.author_id is not None and decision.measure != Measure.NONE:
        notify(
            [decision.author_id],
            "moderation.statement",
            subject=SubjectRef("decision", decision.id),
            dedupe_key=str(decision.id),
        )
    emit(DecisionMade(decision.id))


def answer_reports(case: Case, decision: Decision) -> None:
    """Tell each reporter once what came of it: a notice to accounts, a mail to those who left an address."""
    waiting = select(Report).where(Report.case_id == case.id, Report.answered_at.is_(None))
    for report in session.scalars(waiting):
        report.answered_at, report.decision_id = clock.now(), decision.id
        if report.reporter_id is not None:
            notify(
                [report.reporter_id],
                "moderation.answer",
                subject=SubjectRef("report", report.id),
                dedupe_key=str(report.id),
            )
        elif report.email:
            send_mail(
                report.email,
                "moderation/mail/answer_by_mail",
                report.language,
                kind="moderation.answer",
                measure=decision.measure,
                ground=decision.ground if decision.ground_kind == Ground.RULE else "",
                role=decision.role_name,
            )
            # The address has done its work.
            report.email = None
