"""Hidden, restored, and what remains when somebody leaves the portal."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.events import AccountErased
from portal.core import search
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.events import emit
from portal.core.subjects import SubjectRef, resolve
from portal.proposals.models import Follow, Proposal, ProposalVersion, Support
from portal.proposals.queries import ListFilter, export_of, find_proposals
from tests.support.factories import actor_of, make_resident
from tests.support.factories_proposals import make_follow, make_proposal, make_support


@pytest.fixture
def actor(app: Flask) -> Actor:
    return actor_of(make_resident())


def listed_titles() -> list[str]:
    session.expire_all()
    return sorted(row.title for row in find_proposals(ListFilter()).rows)


def found_titles(words: str) -> list[str]:
    return [row.title for row in find_proposals(ListFilter(words=words)).rows]


def test_hidden_leaves_lists_and_search_and_comes_back(app: Flask) -> None:
    with transaction():
        make_proposal(title="Brunnen A", indexed=True)
        hidden = make_proposal(title="Brunnen B", indexed=True)
        subject = resolve(SubjectRef("proposal", hidden.id))
        assert subject is not None
        assert subject.kind.hide is not None
        assert subject.kind.restore is not None
        subject.kind.hide(hidden)
        assert subject.kind.is_hidden(hidden)
        assert listed_titles() == ["Brunnen A"]
        assert found_titles("Brunnen") == ["Brunnen A"]
        assert search.similar("Brunnen B", "proposal", 5) == [
            hit for hit in search.similar("Brunnen B", "proposal", 5) if hit.id != hidden.id
        ]
        subject.kind.restore(hidden)
        assert listed_titles() == ["Brunnen A", "Brunnen B"]
        assert sorted(found_titles("Brunnen")) == ["Brunnen A", "Brunnen B"]


def erase(account_id: int, *, proposals: bool, support: bool) -> None:
    emit(AccountErased(account_id, keep_proposals=proposals, keep_comments=True, keep_support=support))


def test_erasing_an_account_does_what_was_chosen(actor: Actor) -> None:
    assert actor.account_id is not None
    heir = make_resident()
    with transaction():
        other = make_proposal(title="Fremd", author=heir)
        make_support(other, actor.account_id)
        make_follow(other, actor.account_id)
        make_proposal(title="Entwurf", published=False, author=actor.account_id)
        make_proposal(title="Bleibt", author=actor.account_id, indexed=True)
        make_proposal(title="Gemeinsam", author=actor.account_id, coauthors=(heir,))
        erase(actor.account_id, proposals=True, support=True)
        rows = session.execute(
            select(
                Proposal.title, Proposal.author_id, Proposal.support_count, Proposal.follow_count
            ).order_by(Proposal.id)
        ).all()
        assert [tuple(row) for row in rows] == [
            ("Fremd", heir.id, 1, 0),
            ("Bleibt", None, 0, 0),
            ("Gemeinsam", heir.id, 0, 0),
        ]
        assert session.scalars(select(Support.account_id)).all() == [None]
        assert session.scalar(select(func.count()).select_from(Follow)) == 0
        editors = session.scalars(select(ProposalVersion.editor_id)).all()
        assert actor.account_id not in editors
        assert export_of(actor.account_id) == []


def test_erasing_without_keeping_takes_away_what_nobody_built_on(actor: Actor) -> None:
    assert actor.account_id is not None
    with transaction():
        other = make_proposal(title="Fremd")
        make_support(other, actor.account_id)
        gone = make_proposal(title="Weg", author=actor.account_id, indexed=True)
        make_proposal(title="Mit Kommentaren", author=actor.account_id, comment_count=1)
        target = make_proposal(title="Ziel", author=actor.account_id)
        make_proposal(title="Quelle", merged_into_id=target.id)
        gone_id = gone.id
        erase(actor.account_id, proposals=False, support=False)
        left = session.execute(select(Proposal.title, Proposal.author_id).order_by(Proposal.id)).all()
        assert [tuple(row) for row in left] == [
            ("Fremd", None),
            ("Mit Kommentaren", None),
            ("Ziel", None),
            ("Quelle", None),
        ]
        assert session.scalar(select(Proposal.support_count).where(Proposal.title == "Fremd")) == 0
        assert search.find("Weg", ("proposal",), 10, 0) == []
        assert resolve(SubjectRef("proposal", gone_id)) is None


def test_the_export_holds_everything_of_the_person(actor: Actor) -> None:
    assert actor.account_id is not None
    with transaction():
        make_proposal(title="Fremd, nicht dabei")
        liked = make_proposal(title="Gefällt")
        make_support(liked, actor.account_id)
        make_follow(liked, actor.account_id)
        make_proposal(title="Entwurf", published=False, author=actor.account_id)
        make_proposal(title="Meins", author=actor.account_id)
        rows = [(row["kind"], row["title"]) for row in export_of(actor.account_id)]
    assert rows == [
        ("draft", "Entwurf"),
        ("proposal", "Meins"),
        ("support", "Gefällt"),
        ("follow", "Gefällt"),
    ]
