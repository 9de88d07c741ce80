"""What a person and a proposal have at the most: drafts, needs, photos, groups."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import Group
from portal.proposals import operations
from portal.proposals.errors import TooManyDrafts, TooManyGroups, TooManyNeeds, TooManyPictures
from portal.proposals.models import NeedKind, Proposal
from portal.proposals.operations import drafting, grouping, picturing
from tests.proposals.office import get
from tests.support.factories_groups import make_group, settled
from tests.support.factories_proposals import make_proposal
from tests.trust.things import photo


@pytest.fixture
def writer(app: Flask) -> Actor:
    """Somebody with a proposal of their own, and noise beside it."""
    actor = settled()
    with transaction():
        make_proposal(published=False)
    return actor


def written(actor: Actor) -> int:
    with transaction():
        return int(make_proposal(author=actor.account_id).id)


def test_drafts(writer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Public ones and those of others do not count; sending the last one again gives it back."""
    monkeypatch.setattr(drafting, "MOST_DRAFTS", 2)
    written(writer)
    with transaction():
        for number in (1, 2):
            operations.start_draft(writer, title=f"Entwurf {number}", draft_key=f"key {number}")
    with pytest.raises(TooManyDrafts), transaction():
        operations.start_draft(writer, title="Entwurf 3", draft_key="key 3")
    with transaction():
        assert operations.start_draft(writer, title="Neu", draft_key="key 2").title == "Neu"


def test_needs_and_photos(writer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "MOST_NEEDS", 1)
    monkeypatch.setattr(picturing, "MOST_PICTURES", 1)
    proposal_id = written(writer)
    with transaction():
        operations.add_need(get(proposal_id), actor=writer, kind=NeedKind.HANDS, words="Graben")
        picturing.add_photo(get(proposal_id), actor=writer, data=photo(), alt="Der Platz")
    with pytest.raises(TooManyNeeds), transaction():
        operations.add_need(get(proposal_id), actor=writer, kind=NeedKind.TOOLS, words="Spaten")
    with pytest.raises(TooManyPictures), transaction():
        picturing.add_photo(get(proposal_id), actor=writer, data=photo(), alt="Noch einmal")


def test_groups_behind_a_proposal(writer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MOST_GROUPS", 1)
    proposal_id = written(writer)
    first, second = (make_group(name=name)[0] for name in ("Garten", "Chor"))

    def name(group_id: int) -> None:
        with transaction():
            grouping.name_group(
                session.get_one(Proposal, proposal_id), session.get_one(Group, group_id), actor=writer
            )

    name(first)
    name(first)
    with pytest.raises(TooManyGroups):
        name(second)
