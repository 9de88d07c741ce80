"""From draft to public text, and what may change afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from portal.core import audit, clock, limits
from portal.core.actors import SYSTEM, Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef
from portal.core.text import clean_line, clean_text
from portal.discussions.operations import close_thread, create_thread
from portal.proposals.errors import (
    ProposalClosed,
    ProposalLocked,
    TitleMissing,
    WhatMissing,
    WithdrawnNoteMissing,
)
from portal.proposals.events import (
    ProposalEdited,
    ProposalExpired,
    ProposalLeftLists,
    ProposalPublished,
    ProposalWithdrawn,
    SupportersAsked,
)
from portal.proposals.models import (
    SHORT_TEXT_LENGTH,
    Proposal,
    Stage,
    Topic,
    WithdrawnReason,
    shuffle_of,
)
from portal.proposals.operations.choosing import ensure_open_for
from portal.proposals.operations.writing import set_place, set_text, set_title, snapshot, store_version
from portal.proposals.permissions import is_locked
from portal.proposals.queries import is_substance, supporter_ids, version_of


@dataclass(frozen=True)
class Texts:
    """Everything an author can change on a public proposal."""

    title: str
    what: str
    why: str
    for_whom: str
    place_words: str
    language: str
    district_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    topic: Topic | None = None


def publish_proposal(draft: Proposal, *, actor: Actor) -> Proposal:
    """Make a draft public; a second call (double click) changes nothing.

    Raises TitleMissing or WhatMissing when the two things are missing that nobody can do without,
    NotOpenForProposals or OtherDistrict when the process it is for does not take it at this moment, and
    RateLimited after twenty a day (new accounts: five an hour).
    """
    ensure(actor, "proposals.publish", draft)
    if not draft.is_draft:
        return draft
    if not draft.title:
        raise TitleMissing
    if not draft.what_md:
        raise WhatMissing
    ensure_open_for(draft)
    _hit_limits(actor)
    now = clock.now()
    draft.published_at = draft.last_activity_at = now
    draft.stage = Stage.SUBMITTED if site("proposals.check_first") else Stage.COLLECTING
    days = site("proposals.collecting_days")
    draft.collecting_until_on = clock.today() + timedelta(days=days) if days else None
    draft.shuffle = shuffle_of(draft.id)
    draft.thread_id = create_thread(SubjectRef("proposal", draft.id)).id
    draft.version_count = 1
    store_version(snapshot(draft, number=1, editor_id=actor.account_id))
    audit.record("proposals.published", actor=actor, subject=("proposal", draft.id), stage=draft.stage.value)
    emit(ProposalPublished(draft.id))
    return draft


def _hit_limits(actor: Actor) -> None:
    if actor.account_id is None:
        return
    if actor.is_new:
        limits.hit("proposals.publish_new", str(actor.account_id))
    limits.hit("proposals.publish", str(actor.account_id))


def ensure_editable(proposal: Proposal, *, actor: Actor) -> None:
    """Raise NotFound for others, ProposalLocked during a round, ProposalClosed once it is over."""
    ensure(actor, "proposals.edit", proposal)
    if is_locked(proposal):
        raise ProposalLocked
    if not proposal.is_editable:
        raise ProposalClosed


def edit_proposal(proposal: Proposal, texts: Texts, *, actor: Actor, is_new_idea: bool = False) -> int:
    """Change a public text; returns the number of the version that stands now.

    Without support the text changes freely (version 1 is rewritten). With support each edit is a version
    with a public diff. From so many supporters on (site setting) a change of substance, found in the words or
    said by the author (`is_new_idea`), asks every supporter once whether they are still with it.
    """
    ensure_editable(proposal, actor=actor)
    if not clean_line(texts.title):
        raise TitleMissing
    if not clean_text(texts.what):
        raise WhatMissing
    before = version_of(proposal, proposal.version_count)
    assert before is not None
    _write(proposal, texts)
    after = snapshot(proposal, number=before.number + 1, editor_id=actor.account_id)
    same_words = all(getattr(before, name) == getattr(after, name) for name in _COMPARED)
    if same_words:
        return before.number
    if not proposal.support_count:
        for name in (*_COMPARED, "at", "editor_id"):
            setattr(before, name, getattr(after, name))
        emit(ProposalEdited(proposal.id, before.number, False, actor.account_id))
        return before.number
    after.is_substance = is_new_idea or is_substance(before, after)
    store_version(after)
    proposal.version_count = after.number
    proposal.last_activity_at = clock.now()
    audit.record(
        "proposals.edited",
        actor=actor,
        subject=("proposal", proposal.id),
        version=after.number,
        is_substance=after.is_substance,
    )
    emit(ProposalEdited(proposal.id, after.number, after.is_substance, actor.account_id))
    if after.is_substance and proposal.support_count >= site("proposals.ask_supporters_from"):
        proposal.asked_about_version = after.number
        emit(SupportersAsked(proposal.id, after.number, tuple(supporter_ids(proposal))))
    return after.number


_COMPARED = ("language", "title", "what_md", "why_md", "for_whom_md", "place_words")


def _write(proposal: Proposal, texts: Texts) -> None:
    set_title(proposal, texts.title)
    for field in ("what", "why", "for_whom"):
        set_text(proposal, field, getattr(texts, field))
    set_place(
        proposal,
        district_id=texts.district_id,
        lat=texts.lat,
        lon=texts.lon,
        place_words=texts.place_words,
    )
    proposal.topic = texts.topic
    proposal.language, proposal.is_language_chosen = texts.language, True


def expire_proposal(proposal: Proposal) -> bool:
    """The time to collect support has passed: it leaves the lists. False before that day."""
    if not proposal.is_over or not proposal.is_open:
        return False
    proposal.expired_at = clock.now()
    session.flush()
    audit.record("proposals.expired", actor=SYSTEM, subject=("proposal", proposal.id))
    emit(ProposalExpired(proposal.id))
    emit(ProposalLeftLists(proposal.id))
    return True


def withdraw_proposal(proposal: Proposal, *, actor: Actor, reason: WithdrawnReason, note: str = "") -> None:
    """Take a public proposal back. It stays readable with its reason, but leaves lists and search.

    Raises ProposalLocked during a round, ProposalClosed after a decision, WithdrawnNoteMissing for "other"
    without words.
    """
    ensure(actor, "proposals.withdraw", proposal)
    if proposal.is_withdrawn:
        return
    if is_locked(proposal):
        raise ProposalLocked
    if not proposal.is_editable:
        raise ProposalClosed
    note = clean_text(note)[:SHORT_TEXT_LENGTH]
    if reason is WithdrawnReason.OTHER and not note:
        raise WithdrawnNoteMissing
    proposal.withdrawn_at, proposal.withdrawn_reason = clock.now(), reason
    proposal.withdrawn_note = note
    if proposal.thread is not None:
        close_thread(proposal.thread)
    session.flush()
    audit.record("proposals.withdrawn", actor=actor, subject=("proposal", proposal.id), reason=reason.value)
    emit(ProposalWithdrawn(proposal.id, reason.value))
    emit(ProposalLeftLists(proposal.id))
