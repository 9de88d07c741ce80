"""The same text from new accounts as proposals, ideas and comments is hidden until a person has looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.discussions.models import Comment, Thread
from portal.discussions.operations import add_comment
from portal.groups.models import Idea
from portal.groups.operations.wishing import write_idea
from portal.moderation.models import Decision
from portal.proposals.models import Proposal
from portal.proposals.operations import Texts, edit_proposal, publish_proposal
from tests.support.factories import actor_of, make_resident
from tests.support.factories_proposals import make_proposal

SPAM = "Günstige Kredite ohne Auskunft, jetzt anrufen bei Herrn Gold!"


def published(author: Account, what: str) -> int:
    """A proposal that somebody has just made public; its id."""
    actor = actor_of(author)
    with transaction():
        draft = make_proposal(author=author, what=what, published=False)
        return publish_proposal(draft, actor=actor).id


def is_hidden(*ids: int) -> list[bool]:
    with transaction(write=False):
        return [session.get_one(Proposal, one).is_hidden for one in ids]


def test_copies_among_proposals_ideas_and_comments(both: Flask) -> None:
    """Counted together; drafts and what settled accounts wrote are nobody's copy."""
    new, other = make_resident(), make_resident()
    actor = actor_of(other)
    old = make_resident(created_at=clock.now() - timedelta(days=30))
    with transaction():
        make_proposal(author=other, what=SPAM, published=False)
    quiet = [published(old, SPAM), published(new, SPAM)]
    with transaction():
        place = make_proposal(with_thread=True)
        thread = session.get_one(Thread, place.thread_id)
        comment_id = add_comment(thread, actor=actor, body=SPAM.upper()).id
    assert is_hidden(*quiet) == [False, False]
    with transaction():
        idea = write_idea(actor, title="Geld für alle", text=f"{SPAM} ")
        assert idea.hidden_at is not None
    assert is_hidden(*quiet) == [False, True]
    with transaction(write=False):
        assert session.get_one(Comment, comment_id).hidden_at is not None
        made = set(session.scalars(select(Decision.subject_kind).where(Decision.is_automated)))
        assert made == {"comment", "proposal", "group_idea"}
        assert session.scalars(select(Idea.id)).one() > 0
    late = published(other, "Eine Bank unter der Linde am Markt, damit man sitzen kann.")
    with transaction():
        texts = Texts("Ganz anders", "", "", "", "", "de")
        edit_proposal(session.get_one(Proposal, late), replace(texts, what=SPAM), actor=actor)
    assert is_hidden(late) == [True]
