"""What follows from what happens: comments counted, people told, search made anew, time running out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import clock, search
from portal.core.audit import entries_for
from portal.core.db import session, transaction
from portal.core.errors import RateLimited
from portal.core.subjects import SubjectRef, get_kind, resolve
from portal.discussions.models import Thread
from portal.discussions.operations import add_comment, hide_comment, restore_comment
from portal.moderation.models import Case, Reason
from portal.notifications.models import Notice
from portal.proposals import operations
from portal.proposals.errors import NotSupportable
from portal.proposals.jobs import expire
from portal.proposals.models import Proposal, Stage
from portal.proposals.queries import ListFilter, find_proposals
from tests.support.factories import actor_of, make_resident
from tests.support.factories_proposals import make_follow, make_proposal


def test_comments_are_counted_and_told_once(app: Flask) -> None:
    author, follower, writer = make_resident(), make_resident(), actor_of(make_resident())
    with transaction():
        proposal = make_proposal(author=author, with_thread=True)
        make_proposal(with_thread=True)
        make_follow(proposal, follower)
        thread = session.get_one(Thread, proposal.thread_id)
        first = add_comment(thread, actor=writer, body="Gute Idee")
        add_comment(thread, actor=writer, body="Noch etwas")
        assert proposal.comment_count == 2
        hide_comment(first)
        assert proposal.comment_count == 1
        restore_comment(first)
        assert proposal.comment_count == 2
        notices = session.execute(
            select(Notice.account_id, Notice.count).where(Notice.kind == "proposals.commented")
        ).all()
        assert sorted(tuple(row) for row in notices) == sorted([(author.id, 2), (follower.id, 2)])
    counts = session.scalars(select(Proposal.comment_count).order_by(Proposal.id)).all()
    assert counts == [2, 0]


def test_the_index_is_made_anew_from_what_is_public(app: Flask) -> None:
    with transaction():
        make_proposal(title="Brunnen")
        make_proposal(title="Brunnen, Entwurf", published=False)
        make_proposal(title="Brunnen, verborgen", hidden_at=clock.now())
    search.rebuild()
    hits = search.find("brunnen", ("proposal",), 10, 0)
    found = [resolve(SubjectRef("proposal", hit.id)) for hit in hits]
    assert [one.title for one in found if one] == ["Brunnen"]


def test_many_are_loaded_at_once(app: Flask) -> None:
    with transaction():
        ids = [make_proposal().id for _ in range(3)]
        kind = get_kind("proposal")
        assert kind is not None
        assert kind.load_many is not None
        assert sorted(kind.load_many(ids)) == ids


def test_time_runs_out_by_itself(app: Flask) -> None:
    actor = actor_of(make_resident())
    today = clock.today()
    with transaction():
        over = make_proposal(title="Vorbei", collecting_until_on=today, indexed=True)
        make_proposal(title="Geprüft", collecting_until_on=today, stage=Stage.EXAMINED)
        make_proposal(title="Ohne Ende")
        assert operations.support_proposal(over, actor=actor)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        with transaction():
            proposal = session.get_one(Proposal, over.id)
            operations.revoke_support(proposal, actor=actor)
            # No job has run yet: the day itself decides.
            with pytest.raises(NotSupportable):
                operations.support_proposal(proposal, actor=actor)
        for _ in range(2):
            with transaction():
                expire()
        session.rollback()
        assert sorted(row.title for row in find_proposals(ListFilter()).rows) == ["Geprüft", "Ohne Ende"]
        names = [entry.name for entry in entries_for("proposal", over.id)]
        assert names == ["proposals.expired"]


def test_new_accounts_publish_five_in_an_hour(app: Flask) -> None:
    actor = actor_of(make_resident())
    assert actor.is_new
    with transaction():
        drafts = [make_proposal(published=False, author=actor.account_id) for _ in range(6)]
        for draft in drafts[:5]:
            operations.publish_proposal(draft, actor=actor)
        with pytest.raises(RateLimited):
            operations.publish_proposal(drafts[5], actor=actor)
        assert drafts[5].is_draft


def test_a_hidden_text_that_was_mended_comes_back_to_moderation_and_not_to_search(app: Flask) -> None:
    author = actor_of(make_resident())
    with transaction():
        proposal = operations.start_draft(author, title="Brunnen")
        operations.save_text(proposal, actor=author, field="what", source="Unfreundlich")
        operations.publish_proposal(proposal, actor=author)
        operations.hide_proposal(proposal)
        texts = operations.Texts("Brunnen am Platz", "Freundlicher", "", "", "", "de")
        operations.edit_proposal(proposal, texts, actor=author)
        case = session.scalars(select(Case).where(Case.subject_kind == "proposal")).one()
        assert (case.subject_id, case.reason) == (proposal.id, Reason.CHANGED)
    assert list(search.find("brunnen", ("proposal",), 10, 0)) == []
