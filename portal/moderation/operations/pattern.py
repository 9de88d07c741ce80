"""The same text from new accounts in several places: hidden until a person has looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import NEW_FOR, Account
from portal.core import clock, jobs
from portal.core.db import session
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef, kinds, resolve
from portal.core.text import fold, plain_text
from portal.moderation.models import Decision, Measure, Reason
from portal.moderation.operations.casework import case_for
from portal.moderation.operations.deciding import hide_by_pattern

WITHIN = timedelta(days=1)
# Texts of the same moment do not see each other before they are committed: then somebody looks once more.
LOOK_AGAIN = timedelta(minutes=1)
# "Thank you!" may stand everywhere.
SHORTEST = 30
_MOST_COMPARED = 500


@dataclass(frozen=True)
class Copy:
    """One text as copies are compared: the thing, where it stands, and its words."""

    ref: SubjectRef
    place: tuple[str, int]
    words: str


def look_for_pattern(ref: SubjectRef, *, is_first: bool = True) -> int:
    """After a public text: how many were hidden because new accounts wrote the same in several places.

    A minute later a job asks again (is_first: no), for copies written at the same moment.
    """
    subject = resolve(ref)
    copies = subject.kind.copies if subject is not None else None
    author = session.get(Account, subject.author_id) if subject is not None and subject.author_id else None
    if subject is None or copies is None or author is None or not author.is_new:
        return 0
    words = bare(copies.words(subject.thing))
    if len(words) < SHORTEST:
        return 0
    if is_first:
        # No unique key: it would hold for days, and a text that is changed is looked at again, too.
        payload = {"kind": ref.kind, "id": ref.id}
        jobs.enqueue("moderation.look_again", payload, run_at=clock.now() + LOOK_AGAIN)
    same = [one for one in _by_new_accounts() if one.words == words]
    if len({one.place for one in same}) < site("moderation.places_to_hide"):
        return 0
    return sum(_hide(one.ref) for one in same)


def bare(words: str) -> str:
    """Without accents, capitals, signs and spaces, in which copies differ."""
    return "".join(letter for letter in fold(plain_text(words)) if letter.isalnum())


def _by_new_accounts() -> list[Copy]:
    """The latest public texts of every kind that can be compared; a proposal may repeat a comment."""
    now = clock.now()
    return [
        Copy(SubjectRef(kind.kind, thing.id), (kind.kind, copies.place(thing)), bare(copies.words(thing)))
        for kind in kinds()
        if (copies := kind.copies) is not None
        for thing in copies.recent(now - NEW_FOR, now - WITHIN, _MOST_COMPARED)
    ]


def _hide(ref: SubjectRef) -> bool:
    """False for what is hidden already, and for what a person has let stand."""
    subject = resolve(ref)
    if subject is None or subject.kind.is_hidden(subject.thing) or _was_found_fine(ref):
        return False
    return hide_by_pattern(case_for(subject, reason=Reason.PATTERN, urgency=2)) is not None


def _was_found_fine(ref: SubjectRef) -> bool:
    query = select(Decision.id).where(
        Decision.subject_kind == ref.kind,
        Decision.subject_id == ref.id,
        Decision.measure.in_((Measure.NONE, Measure.RESTORE)),
        Decision.decided_by.is_not(None),
    )
    return session.scalar(query.limit(1)) is not None
