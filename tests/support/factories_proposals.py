"""Proposals for tests, written straight into the tables: fast, and in any state."""

from __future__ import annotations

from itertools import count
from typing import Any

from portal.core import clock, search
from portal.core.db import session
from portal.core.public_id import new_id
from portal.core.subjects import SubjectRef
from portal.core.text import excerpt, plain_text, render_markdown
from portal.discussions.operations import create_thread
from portal.proposals.models import (
    Follow,
    Proposal,
    ProposalAuthor,
    ProposalVersion,
    Stage,
    Support,
    shuffle_of,
)

_numbers = count(1)


def make_proposal(
    *,
    author: Any = None,
    coauthors: tuple[Any, ...] = (),
    published: bool = True,
    title: str = "",
    what: str = "Eine Bank unter der Linde, damit man sich ausruhen kann.",
    why: str = "",
    for_whom: str = "",
    stage: Stage = Stage.COLLECTING,
    indexed: bool = False,
    with_thread: bool = False,
    **columns: Any,
) -> Proposal:
    """A proposal in the current transaction. `author` is an account or its id; every column can be given.

    indexed: search finds it. with_thread: it can be discussed.
    """
    now = clock.now()
    number = next(_numbers)
    values: dict[str, Any] = {
        "public_id": new_id(),
        "author_id": _id_of(author),
        "title": title or f"Eine Bank am Platz {number}",
        "what_md": what,
        "what_html": render_markdown(what),
        "why_md": why,
        "why_html": render_markdown(why),
        "for_whom_md": for_whom,
        "for_whom_html": render_markdown(for_whom),
        "excerpt": excerpt(plain_text(what), 200),
        "stage": stage,
        "language": "de",
        "created_at": now,
        "edited_at": now,
        "published_at": now if published else None,
        "last_activity_at": now,
        "version_count": 1 if published else 0,
        "coauthor_count": len(coauthors),
    }
    proposal = Proposal(**{**values, **columns})
    session.add(proposal)
    session.flush()
    proposal.shuffle = shuffle_of(proposal.id)
    for coauthor in coauthors:
        session.add(ProposalAuthor(proposal_id=proposal.id, account_id=_id_of(coauthor), joined_at=now))
    if published:
        session.add(_first_version(proposal))
    if indexed:
        search.put("proposal", proposal.id, proposal.language, proposal.title, what)
    if with_thread:
        proposal.thread_id = create_thread(SubjectRef("proposal", proposal.id)).id
    session.flush()
    return proposal


def make_support(proposal: Proposal, account: Any) -> Support:
    """One support, counted."""
    support = Support(proposal_id=proposal.id, account_id=_id_of(account), created_at=clock.now())
    proposal.support_count += 1
    session.add(support)
    session.flush()
    return support


def make_follow(proposal: Proposal, account: Any) -> Follow:
    """One follower, counted."""
    follow = Follow(proposal_id=proposal.id, account_id=_id_of(account), created_at=clock.now())
    proposal.follow_count += 1
    session.add(follow)
    session.flush()
    return follow


def _first_version(proposal: Proposal) -> ProposalVersion:
    return ProposalVersion(
        proposal_id=proposal.id,
        number=1,
        at=proposal.published_at,
        editor_id=proposal.author_id,
        language=proposal.language,
        title=proposal.title,
        what_md=proposal.what_md,
        why_md=proposal.why_md,
        for_whom_md=proposal.for_whom_md,
        place_words=proposal.place_words,
    )


def _id_of(account: Any) -> int | None:
    return getattr(account, "id", account)
