"""Cases: opening, taking, handing over, putting aside."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.queries import staff_with_role
from portal.core import audit, clock
from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.core.permissions import ensure
from portal.core.subjects import Subject, SubjectRef, resolve
from portal.core.text import clean_text
from portal.moderation.errors import CaseClosed, ClaimedByOther, SecondLookNeeded
from portal.moderation.models import MAX_WORDS, Case, CaseNote, Decision, Look, Measure, Reason
from portal.moderation.operations.mailbox import tell_mailbox
from portal.moderation.permissions import own_among, parties
from portal.moderation.queries.casework import is_claimed_by_other
from portal.notifications.operations import notify

_WHO_HAS_IT = ("closed_at", "claimed_by", "claimed_at", "first_decider_id")


def case_for(subject: Subject, *, reason: Reason, urgency: int) -> Case:
    """The open case of a thing, or a new one; an open one becomes as urgent as the newest reason."""
    query = select(Case).where(
        Case.subject_kind == subject.kind.kind, Case.subject_id == subject.id, Case.closed_at.is_(None)
    )
    # Locked: reports made at the same moment wait for each other, or none of them counts to the full number.
    case = session.scalar(query.with_for_update())
    if case is None:
        case = Case(
            subject_kind=subject.kind.kind,
            subject_id=subject.id,
            district_id=subject.kind.district_id(subject.thing),
            author_id=subject.author_id,
            reason=reason,
            urgency=urgency,
        )
    case.urgency = min(case.urgency, urgency)
    # A comment's title asks for what it belongs to: a case that waits in the session would be written half.
    case.title = subject.title[:300]
    case.excerpt = subject.kind.excerpt(subject.thing)[:MAX_WORDS]
    case.language = subject.kind.language(subject.thing)
    session.add(case)
    session.flush()
    return case


def open_own_case(subject: Subject, *, actor: Actor) -> Case:
    """A moderator takes up something nobody has reported; it is theirs at once."""
    ensure(actor, "moderation.open_case", subject)
    case = case_for(subject, reason=Reason.OWN, urgency=4)
    claim_case(case, actor=actor)
    return case


def text_changed(ref: SubjectRef) -> Case | None:
    """The author changed a hidden text: it comes back to the queue, to be shown again soon."""
    subject = resolve(ref)
    if subject is None or not subject.kind.is_hidden(subject.thing):
        return None
    return case_for(subject, reason=Reason.CHANGED, urgency=3)


def claim_case(case: Case, *, actor: Actor) -> None:
    """Take a case to look at it. ClaimedByOther while a colleague has it (for at most eight hours)."""
    ensure(actor, "moderation.decide", case)
    check_free(case, actor)
    if case.claimed_by == actor.account_id:
        return
    now = clock.now()
    case.claimed_by, case.claimed_at = actor.account_id, now
    case.first_look_at = case.first_look_at or now
    session.add(Look(case_id=case.id, account_id=actor.account_id, is_severe=case.is_severe))
    audit.record("moderation.claimed", actor=actor, subject=("case", case.id))


def check_free(case: Case, actor: Actor) -> None:
    """CaseClosed, SecondLookNeeded or ClaimedByOther unless this moderator may go on with it.

    The case is locked from here on: of two who decide at once, or one who presses twice, the second waits and
    finds it closed.
    """
    session.refresh(case, _WHO_HAS_IT, with_for_update=True)
    if not case.is_open:
        raise CaseClosed
    if case.first_decider_id is not None and case.first_decider_id == actor.account_id:
        raise SecondLookNeeded
    if is_claimed_by_other(case, actor):
        raise ClaimedByOther


def hand_over_case(case: Case, *, actor: Actor) -> None:
    """Give a case back and ask the colleagues; no reason needed."""
    ensure(actor, "moderation.decide", case)
    check_free(case, actor)
    _let_go(case, actor)
    audit.record("moderation.handed_over", actor=actor, subject=("case", case.id))
    call_moderators(case, "moderation.waiting", actor_id=actor.account_id)


def put_aside(case: Case, *, actor: Actor) -> None:
    """Leave a case to others: it moves to the end of this moderator's list; no reason needed."""
    ensure(actor, "moderation.decide", case)
    check_free(case, actor)
    _let_go(case, actor)
    audit.record("moderation.put_aside", actor=actor, subject=("case", case.id))


def _let_go(case: Case, actor: Actor) -> None:
    case.claimed_by = case.claimed_at = None
    session.add(Look(case_id=case.id, account_id=actor.account_id, is_severe=False, is_skip=True))


def add_note(case: Case, *, actor: Actor, words: str) -> None:
    """Write something for the colleagues, or to get it off one's chest; erased after 14 days."""
    ensure(actor, "moderation.decide", case)
    text = clean_text(words).strip()
    if text:
        session.add(CaseNote(case_id=case.id, author_id=actor.account_id, words=text[:2000]))


def ask_second_person(case: Case, *, actor: Actor) -> bool:
    """Leave a case that one person has decided first to another; False when there is nobody else."""
    if not moderators_of(case) - {actor.account_id}:
        return False
    case.first_decider_id, case.claimed_by, case.claimed_at = actor.account_id, None, None
    session.flush()
    audit.record("moderation.second_look", actor=actor, subject=("case", case.id))
    key = f"second:{case.id}"
    call_moderators(case, "moderation.urgent", actor_id=actor.account_id, dedupe_key=key)
    return True


def moderators_of(case: Case) -> set[int]:
    """The moderators of the case's district who are no party to it."""
    people = staff_with_role(StaffRole.MODERATOR, case.district_id)
    own = own_among(SubjectRef(case.subject_kind, case.subject_id), people)
    return set(people) - parties(case.id, case.author_id) - own


def call_moderators(
    case: Case,
    kind: str,
    *,
    actor_id: int | None = None,
    dedupe_key: str | None = None,
    only: set[int] | None = None,
) -> None:
    """Tell the moderators of the case's district who are no party to it, or some of them, and the mailbox."""
    people = moderators_of(case) if only is None else only
    notify(people, kind, subject=SubjectRef("case", case.id), actor_id=actor_id, dedupe_key=dedupe_key)
    tell_mailbox(case.district_id, kind, dedupe_key=dedupe_key)


def last_hide(case: Case) -> Decision | None:
    """The decision that hid the case's thing, if it still stands."""
    query = select(Decision).where(
        Decision.subject_kind == case.subject_kind,
        Decision.subject_id == case.subject_id,
        Decision.measure.in_((Measure.HIDE, Measure.RESTORE)),
    )
    found = session.scalar(query.order_by(Decision.id.desc()).limit(1))
    return found if found is not None and found.measure == Measure.HIDE else None
