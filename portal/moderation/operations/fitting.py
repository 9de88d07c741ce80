"""Which measures fit a thing as it is now, and what they would be about."""

from __future__ import annotations

from portal.accounts.queries import get_account
from portal.core.actors import Actor
from portal.core.permissions import can
from portal.core.subjects import Subject, SubjectRef, resolve
from portal.discussions.models import Comment, Thread
from portal.discussions.queries import thread_of
from portal.moderation.errors import MeasureDoesNotFit
from portal.moderation.models import Case, Measure


def subject_of(case: Case) -> Subject:
    """The thing a case is about; MeasureDoesNotFit when it is gone."""
    subject = resolve(SubjectRef(case.subject_kind, case.subject_id))
    if subject is None:
        raise MeasureDoesNotFit
    return subject


def fitting_measures(case: Case, subject: Subject, actor: Actor) -> list[Measure]:
    """What can be decided about a thing from where it stands now, in the order of the form."""
    hidden = subject.kind.is_hidden(subject.thing)
    found = [Measure.RESTORE, Measure.HIDE] if hidden else [Measure.NONE, Measure.ASK_CHANGE, Measure.HIDE]
    is_somebodys = case.author_id is not None or subject.kind.speaks_for is not None
    if is_somebodys:
        found.append(Measure.WARN)
    thread = thread_at(subject)
    if thread is not None and thread.is_open:
        found.append(Measure.UNLOCK if thread.is_locked else Measure.LOCK)
        found.append(Measure.UNSLOW if thread.is_slow else Measure.SLOW)
    author = get_account(case.author_id) if case.author_id else None
    if author is not None and can(actor, "accounts.suspend", author):
        found.append(Measure.UNSUSPEND if author.is_suspended else Measure.SUSPEND)
    found += _of_the_whole(subject)
    return [one for one in found if one is not Measure.ASK_CHANGE or is_somebodys]


def _of_the_whole(subject: Subject) -> list[Measure]:
    whole = whole_of(subject)
    stopping = whole.kind.stopping if whole is not None else None
    if whole is None or stopping is None:
        return []
    if stopping.is_stopped(whole.thing):
        return [Measure.GO_ON]
    return [Measure.STOP] if stopping.can_stop(whole.thing) else []


def whole_of(subject: Subject) -> Subject | None:
    """What could be stopped: the thing itself, or what it stands in."""
    if subject.kind.stopping is not None:
        return subject
    ref = subject.kind.stands_in(subject.thing)
    whole = resolve(ref) if ref is not None else None
    return whole if whole is not None and whole.kind.stopping is not None else None


def thread_at(subject: Subject) -> Thread | None:
    """The conversation a thing stands in (a comment) or holds."""
    if isinstance(subject.thing, Comment):
        return subject.thing.thread
    return thread_of(SubjectRef(subject.kind.kind, subject.id))
