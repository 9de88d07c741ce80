"""Writing together by invitation."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import transaction
from portal.core.errors import NotAllowed, NotFound
from portal.core.permissions import can
from portal.proposals import operations
from portal.proposals.errors import AlreadyAuthor, InvitationOver
from portal.proposals.models import CoAuthorInvitation, Proposal
from portal.proposals.queries import invitation_by_token
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_proposals import make_proposal


@pytest.fixture
def actors(app: Flask) -> list[Actor]:
    return [actor_of(make_resident()) for _ in range(3)]


def invite(proposal: Proposal, actor: Actor) -> CoAuthorInvitation:
    found = invitation_by_token(operations.invite_coauthor(proposal, actor=actor))
    assert found is not None
    return found


def test_accepting_makes_an_author(actors: list[Actor]) -> None:
    author, friend, stranger = actors
    with transaction():
        draft = make_proposal(published=False, author=author.account_id)
        invitation = invite(draft, author)
        assert not can(friend, "proposals.edit_draft", draft)
        operations.accept_invitation(invitation, draft, actor=friend)
        assert draft.author_ids == (author.account_id, friend.account_id)
        assert can(friend, "proposals.edit_draft", draft)
        assert not can(friend, "proposals.delete_draft", draft)
        assert not can(stranger, "proposals.edit_draft", draft)
        with pytest.raises(InvitationOver):
            operations.accept_invitation(invitation, draft, actor=stranger)


def test_declining_uses_the_link_up(actors: list[Actor]) -> None:
    author, friend, stranger = actors
    with transaction():
        proposal = make_proposal(author=author.account_id)
        invitation = invite(proposal, author)
        operations.decline_invitation(invitation, actor=friend)
        for somebody in (friend, stranger):
            with pytest.raises(InvitationOver):
                operations.accept_invitation(invitation, proposal, actor=somebody)
        assert proposal.coauthor_count == 0


def test_an_old_link_stays_dead(actors: list[Actor]) -> None:
    author, friend, _ = actors
    with transaction():
        proposal = make_proposal(author=author.account_id)
        token = operations.invite_coauthor(proposal, actor=author)
        with time_machine.travel(clock.now() + timedelta(days=14, seconds=1), tick=False):
            found = invitation_by_token(token)
            assert found is not None
            with pytest.raises(InvitationOver):
                operations.accept_invitation(found, proposal, actor=friend)


def test_who_can_invite_and_who_can_accept(actors: list[Actor]) -> None:
    author, friend, stranger = actors
    planner = actor_of(make_staff("planner"))
    with transaction():
        proposal = make_proposal(author=author.account_id)
        with pytest.raises(NotFound):
            operations.invite_coauthor(proposal, actor=stranger)
        invitation = invite(proposal, author)
        with pytest.raises(AlreadyAuthor):
            operations.accept_invitation(invitation, proposal, actor=author)
        with pytest.raises(NotAllowed):
            operations.accept_invitation(invitation, proposal, actor=planner)
        operations.accept_invitation(invitation, proposal, actor=friend)
        assert operations.leave_proposal(proposal, actor=stranger) is False
        assert operations.leave_proposal(proposal, actor=author) is False
        assert operations.leave_proposal(proposal, actor=friend) is True
        assert proposal.author_ids == (author.account_id,)
        assert invitation_by_token("guessed") is None
