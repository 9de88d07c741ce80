"""Drafts: kept on the server from the first word, seen by their authors only."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.permissions import ensure
from portal.core.public_id import new_id
from portal.core.text import clean_line
from portal.processes.models import Process
from portal.proposals.errors import TitleMissing, TooManyDrafts, TooManyNeeds
from portal.proposals.models import (
    NEED_LENGTH,
    NeedKind,
    Proposal,
    ProposalNeed,
    SeenSimilar,
    SimilarOutcome,
    Topic,
)
from portal.proposals.operations.choosing import is_choosable
from portal.proposals.operations.forgetting import remove_draft
from portal.proposals.operations.supporting import follow_proposal, support_proposal
from portal.proposals.operations.writing import guess_text_language, set_place, set_text, set_title

MOST_DRAFTS = 20
MOST_NEEDS = 12
STEPS = ("title", "similar", "what", "why", "for_whom", "where", "needs", "pictures", "language", "preview")


def start_draft(
    actor: Actor, *, title: str, draft_key: str | None = None, process: Process | None = None
) -> Proposal:
    """Begin a draft, for a process or simply for the neighbourhood.

    Sending the same `draft_key` again (a double click) gives back the same draft.
    Raises TitleMissing for an empty title and TooManyDrafts from twenty on.
    """
    ensure(actor, "proposals.create")
    if not clean_line(title):
        raise TitleMissing
    mine = Proposal.author_id == actor.account_id
    if draft_key:
        known = session.scalar(select(Proposal).where(mine, Proposal.draft_key == draft_key))
        if known is not None:
            if known.is_draft:
                save_title(known, actor=actor, title=title)
            return known
    drafts = select(func.count()).select_from(Proposal).where(mine, Proposal.published_at.is_(None))
    if (session.scalar(drafts) or 0) >= MOST_DRAFTS:
        raise TooManyDrafts
    now = clock.now()
    draft = Proposal(
        public_id=new_id(),
        author_id=actor.account_id,
        draft_key=draft_key,
        district_id=actor.district_id,
        process_id=process.id if process is not None and is_choosable(process) else None,
        created_at=now,
        edited_at=now,
        last_activity_at=now,
    )
    set_title(draft, title)
    guess_text_language(draft, actor.language)
    session.add(draft)
    session.flush()
    return draft


def save_title(draft: Proposal, *, actor: Actor, title: str) -> None:
    """Change the title. Raises TitleMissing when nothing is left of it."""
    ensure(actor, "proposals.edit_draft", draft)
    if not clean_line(title):
        raise TitleMissing
    set_title(draft, title)
    guess_text_language(draft, actor.language)


def save_text(draft: Proposal, *, actor: Actor, field: str, source: str) -> None:
    """Keep what was typed as `what`, `why` or `for_whom`, finished or not, and guess the language anew."""
    ensure(actor, "proposals.edit_draft", draft)
    set_text(draft, field, source)
    guess_text_language(draft, actor.language)


def save_place(
    draft: Proposal,
    *,
    actor: Actor,
    district_id: int | None,
    place_words: str,
    lat: float | None = None,
    lon: float | None = None,
    topic: Topic | None = None,
) -> None:
    """Where it is and what it is about. Raises PlaceOutsideTown or UnknownDistrict."""
    ensure(actor, "proposals.edit_draft", draft)
    draft.topic = topic
    set_place(draft, district_id=district_id, lat=lat, lon=lon, place_words=place_words)


def save_language(draft: Proposal, *, actor: Actor, language: str) -> None:
    """The author says in which language the text is; from now on it is not guessed."""
    ensure(actor, "proposals.edit_draft", draft)
    draft.language, draft.is_language_chosen = language, True


def remember_step(draft: Proposal, step: str) -> None:
    """Where to go on next time."""
    if step in STEPS:
        draft.draft_step = step


def add_need(
    proposal: Proposal, *, actor: Actor, kind: NeedKind, words: str, quantity: int = 1
) -> ProposalNeed:
    """Say that something is missing; for money `quantity` is in cents. Raises TooManyNeeds after twelve."""
    ensure(actor, "proposals.edit_draft" if proposal.is_draft else "proposals.edit", proposal)
    if proposal.need_count >= MOST_NEEDS:
        raise TooManyNeeds
    last = select(func.max(ProposalNeed.position)).where(ProposalNeed.proposal_id == proposal.id)
    need = ProposalNeed(
        public_id=new_id(),
        proposal_id=proposal.id,
        position=(session.scalar(last) or 0) + 1,
        kind=kind,
        words=clean_line(words)[:NEED_LENGTH],
        quantity=max(1, quantity),
        created_at=clock.now(),
    )
    session.add(need)
    proposal.need_count += 1
    session.flush()
    return need


def remove_need(proposal: Proposal, *, actor: Actor, public_id: str) -> bool:
    """Take something off the list; pledges for it go with it. Unknown ids change nothing."""
    ensure(actor, "proposals.edit_draft" if proposal.is_draft else "proposals.edit", proposal)
    here = (ProposalNeed.proposal_id == proposal.id, ProposalNeed.public_id == public_id)
    gone = session.scalar(delete(ProposalNeed).where(*here).returning(ProposalNeed.id))
    if gone is not None:
        proposal.need_count -= 1
    return gone is not None


def ignore_similar(draft: Proposal, *, actor: Actor, similar_ids: Iterable[int]) -> None:
    """The author saw these and says: mine is different."""
    ensure(actor, "proposals.edit_draft", draft)
    for similar_id in similar_ids:
        _note_similar(draft, similar_id, SimilarOutcome.IGNORED)


def choose_similar(draft: Proposal, similar: Proposal, *, actor: Actor, support: bool) -> None:
    """The author found what was meant: support it (or follow it). The draft stays until it is deleted."""
    ensure(actor, "proposals.edit_draft", draft)
    if support:
        support_proposal(similar, actor=actor)
    else:
        follow_proposal(similar, actor=actor)
    _note_similar(draft, similar.id, SimilarOutcome.SUPPORTED if support else SimilarOutcome.FOLLOWED)


def _note_similar(draft: Proposal, similar_id: int, outcome: SimilarOutcome) -> None:
    row = {"outcome": outcome, "at": clock.now()}
    statement = upsert(SeenSimilar).values(proposal_id=draft.id, similar_id=similar_id, **row)
    session.execute(statement.on_conflict_do_update(index_elements=["proposal_id", "similar_id"], set_=row))


def delete_draft(draft: Proposal, *, actor: Actor) -> None:
    """Throw a draft away with everything that hangs on it."""
    ensure(actor, "proposals.delete_draft", draft)
    remove_draft(draft)
