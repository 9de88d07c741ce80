"""Suggesting another wording: authors compare and decide; whoever wrote it becomes a co-author."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.operations.own_data import erase
from portal.content.queries import source_hash
from portal.core.actors import VISITOR, Actor
from portal.core.db import session, transaction
from portal.core.errors import NotAllowed, NotFound, SignInRequired
from portal.core.site_settings import change
from portal.notifications.models import Notice
from portal.proposals import operations
from portal.proposals.errors import (
    NothingSuggested,
    OfferOver,
    ProposalClosed,
    ProposalLocked,
    TextMoved,
    TooManyCoAuthors,
)
from portal.proposals.models import ConsentState, Proposal, ProposalVersion, Stage, TextOffer
from portal.proposals.operations import coauthors
from portal.proposals.queries import open_offers, texts_of, waiting_offers
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.factories_proposals import make_proposal, make_support

pytestmark = pytest.mark.logic

BETTER = {"title": "Zwei Bänke am Bach", "what": "Zwei Bänke unter der Linde, eine davon mit Lehne."}


class Case:
    """A proposal of Ada with four supporters; Ben has an idea."""

    def __init__(self) -> None:
        self.ada, self.ben = make_resident(), make_resident()
        supporters = [make_resident() for _ in range(4)]
        with transaction():
            made = make_proposal(author=self.ada, title="Eine Bank am Bach", with_thread=True, indexed=True)
            for one in supporters:
                make_support(made, one)
            self.id, self.pid = made.id, made.public_id
        self.supporters = sorted(one.id for one in supporters)
        self.author, self.helper = actor_of(self.ada), actor_of(self.ben)

    def suggest(self, actor: Actor | None = None, **fields: str) -> int:
        """Ben (or somebody else) sends words; the id of the offer."""
        with transaction():
            made = operations.suggest_change(
                self.proposal(), {**BETTER, **fields}, actor=actor or self.helper
            )
            return made.id

    def answer(
        self, offer_id: int, *, accept: bool = True, actor: Actor | None = None, seen: str = ""
    ) -> bool:
        """Ada (or somebody else) says yes or no to what she has seen."""
        with transaction():
            proposal = self.proposal()
            return operations.answer_change(
                session.get_one(TextOffer, offer_id),
                proposal,
                actor=actor or self.author,
                accept=accept,
                seen=seen or source_hash(texts_of(proposal)),
            )

    def proposal(self) -> Proposal:
        """The proposal in the present transaction."""
        return session.get_one(Proposal, self.id)


@pytest.fixture
def case(both: Flask) -> Case:
    return Case()


def told(kind: str) -> list[int]:
    """Who has a notice of this kind."""
    with transaction(write=False):
        return sorted(session.scalars(select(Notice.account_id).where(Notice.kind == kind)))


def test_an_accepted_text_makes_its_writer_a_coauthor(case: Case) -> None:
    offer_id = case.suggest()
    assert told("proposals.change_offered") == [case.ada.id]
    assert case.answer(offer_id)
    with transaction(write=False):
        proposal = case.proposal()
        assert (proposal.title, proposal.what_md) == (BETTER["title"], BETTER["what"])
        assert proposal.author_ids == (case.ada.id, case.ben.id)
        assert proposal.version_count == 2
        version = session.scalars(select(ProposalVersion).order_by(ProposalVersion.id.desc())).first()
        assert version is not None
        assert (version.editor_id, version.is_substance) == (case.ben.id, True)
    assert told("proposals.moved_on") == [case.ben.id]
    assert told("proposals.asked") == []  # four supporters are fewer than the setting asks for
    assert case.answer(offer_id) is False  # a second click


def test_supporters_are_asked_once_as_after_every_change_of_substance(case: Case) -> None:
    admin = actor_of(make_staff("administrator"))
    with transaction():
        change("proposals.ask_supporters_from", 3, actor=admin)
    case.answer(case.suggest())
    assert told("proposals.asked") == case.supporters


def test_a_no_changes_nothing_and_is_not_asked_again(case: Case) -> None:
    offer_id = case.suggest()
    assert case.answer(offer_id, accept=False)
    with pytest.raises(OfferOver):
        case.answer(offer_id)
    with transaction(write=False):
        assert case.proposal().title == "Eine Bank am Bach"
        assert case.proposal().author_ids == (case.ada.id,)
        assert waiting_offers(case.proposal(), is_change=True) == []


def test_sending_again_replaces_the_waiting_one(case: Case) -> None:
    first = case.suggest()
    assert case.suggest(title="Drei Bänke am Bach") == first
    with transaction(write=False):
        (waiting,) = waiting_offers(case.proposal(), is_change=True)
        assert waiting.fields["title"] == "Drei Bänke am Bach"


def test_nothing_is_replaced_unseen(case: Case) -> None:
    offer_id = case.suggest()
    with transaction(write=False):
        seen = source_hash(texts_of(case.proposal()))
    other = case.suggest(actor_of(make_resident()), title="Eine Bank am Wehr")
    case.answer(other)
    with pytest.raises(TextMoved):
        case.answer(offer_id, seen=seen)
    assert case.answer(offer_id)


def test_who_may_suggest_and_who_may_answer(case: Case) -> None:
    suspended = actor_of(make_resident())
    for actor, error in ((VISITOR, SignInRequired), (case.author, NotAllowed)):
        with pytest.raises(error):
            case.suggest(actor)
    offer_id = case.suggest()
    for actor in (case.helper, suspended, actor_of(make_staff("moderator"))):
        with pytest.raises(NotFound):
            case.answer(offer_id, actor=actor)


def test_when_nothing_can_be_suggested(case: Case) -> None:
    with pytest.raises(NothingSuggested), transaction(write=False):
        operations.suggest_change(case.proposal(), texts_of(case.proposal()), actor=case.helper)
    for column, value, error in (
        ("stage", Stage.IN_ROUND, ProposalLocked),
        ("stage", Stage.DONE, ProposalClosed),
    ):
        with transaction():
            setattr(case.proposal(), column, value)
        with pytest.raises(error):
            case.suggest()
    with transaction():
        orphan = make_proposal(author=None, imported_from="x", import_key="y").id
    with pytest.raises(NotAllowed), transaction(write=False):
        operations.suggest_change(session.get_one(Proposal, orphan), BETTER, actor=case.helper)


def test_ten_authors_are_enough(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coauthors, "MOST_AUTHORS", 1)
    offer_id = case.suggest()
    with pytest.raises(TooManyCoAuthors):
        case.answer(offer_id)
    with transaction(write=False):
        assert session.get_one(TextOffer, offer_id).state is ConsentState.ASKED
        assert case.proposal().title == "Eine Bank am Bach"


def test_the_office_and_translations_do_not_see_changes(case: Case) -> None:
    case.suggest()
    with transaction(write=False):
        assert open_offers(None) == []
        assert waiting_offers(case.proposal()) == []


def test_offers_of_somebody_who_left_are_gone(case: Case) -> None:
    case.suggest()
    with transaction():
        erase(session.get_one(Account, case.ben.id))
    with transaction(write=False):
        assert session.scalars(select(TextOffer.id)).all() == []


@pytest.mark.on_both
def test_in_the_browser_from_the_idea_to_the_new_text(both: Flask, case: Case) -> None:
    both.config["WTF_CSRF_ENABLED"] = False
    helper, author = both.test_client(), both.test_client()
    sign_in(helper, case.ben)
    sign_in(author, case.ada)
    page = f"/en/proposals/{case.pid}"
    assert f'href="{page}/suggest"' in helper.get(page).text
    assert f'href="{page}/suggest"' not in author.get(page).text
    same = helper.post(f"{page}/suggest", data={"title": "Eine Bank am Bach", "what": _what(case)})
    assert same.status_code == 422
    assert "You have not changed anything yet." in same.text
    assert helper.post(f"{page}/suggest", data=BETTER).location == page
    found = re.search(rf'href="({page}/changes/[^"]+)"', author.get(page).text)
    assert found is not None
    assert found[1] not in helper.get(page).text
    shown = author.get(found[1]).text
    assert "<ins>" in shown
    assert "<del>" in shown
    seen = re.search(r'name="seen" value="([^"]+)"', shown)
    assert seen is not None
    stale = author.post(found[1], data={"answer": "accept", "seen": "x"})
    assert "The text has changed meanwhile." in stale.text
    assert author.post(found[1], data={"answer": "accept", "seen": seen[1]}).location == page
    assert BETTER["title"] in both.test_client().get(page).text
    assert "This offer is already answered." in author.get(found[1]).text


def _what(case: Case) -> str:
    with transaction(write=False):
        return case.proposal().what_md
