"""Blocking a person: nothing of hers reaches me, she notices nothing, and nobody else is concerned."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.errors import TooManyBlocked
from portal.accounts.models import Account
from portal.accounts.operations import block_person, blocking, export_of
from portal.accounts.operations.own_data import erase
from portal.core import clock
from portal.core.actors import VISITOR, Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound, SignInRequired
from portal.core.public_id import new_id
from portal.discussions.models import Comment, Thread
from portal.discussions.operations import add_comment
from portal.notifications.models import MailMessage, Notice
from portal.notifications.operations import notify
from portal.notifications.queries import notice_page, unread_count
from portal.proposals.models import Proposal, ProposalAuthor, Stage
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.factories_proposals import make_follow, make_proposal
from tests.support.people import deliver

pytestmark = pytest.mark.logic

TOKENS = re.compile(
    r'(csrf[-_]token"[^>]*(?:value|content)=")[^"]*|form_key"[^>]*value="[^"]*|\d+ seconds? ago'
)


class Street:
    """Me, somebody I do not want to read, and a neighbour; a proposal of each with a conversation."""

    def __init__(self, app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app = app
        self.me, self.her = make_resident(display_name="Ich selbst"), make_resident(display_name="Hella Laut")
        self.other = make_resident(display_name="Nachbar Neri")
        with transaction():
            self.mine = make_proposal(author=self.me, title="Mein Brunnen", with_thread=True, indexed=True).id
            self.hers = make_proposal(
                author=self.her,
                title="Ihr Brunnen",
                what="Lauter Brunnen.",
                with_thread=True,
                indexed=True,
                lat=50.5,
                lon=8.5,
            ).id
            make_follow(session.get_one(Proposal, self.hers), self.me)

    def client(self, account: Account | None) -> FlaskClient:
        """Signed in as this person."""
        client = self.app.test_client()
        if account is not None:
            sign_in(client, account)
        return client

    def say(self, who: Account, where: int, words: str, reply_to: str | None = None) -> str:
        """A comment; its public id."""
        actor = actor_of(who)
        with transaction():
            thread = session.get_one(Thread, session.get_one(Proposal, where).thread_id)
            made = add_comment(
                thread, actor=actor, body=words, reply_to=reply_to, form_key=new_id(16), language="de"
            )
            session.flush()
            return made.public_id

    def block(self) -> None:
        """I block her."""
        actor = actor_of(self.me)
        with transaction():
            block_person(session.get_one(Account, self.her.id), actor=actor)

    def page_of(self, proposal_id: int) -> str:
        """The address of a proposal."""
        with transaction(write=False):
            return f"/en/proposals/{session.get_one(Proposal, proposal_id).public_id}"


@pytest.fixture
def street(both: Flask) -> Street:
    return Street(both)


@pytest.mark.on_both
def test_her_comments_are_gone_for_me_and_answers_of_others_stay(street: Street) -> None:
    hers = street.say(street.her, street.mine, "Was für ein Unfug.")
    street.say(street.other, street.mine, "Ich finde ihn schön.", reply_to=hers)
    answer = street.say(street.her, street.mine, "Niemand fragt dich.", reply_to=hers)
    street.block()
    mine, theirs = (street.client(one).get(street.page_of(street.mine)).text for one in (street.me, None))
    assert "Unfug" in theirs
    assert "Hella Laut" in theirs
    assert "Unfug" not in mine
    assert "Niemand fragt" not in mine
    assert "Hella Laut" not in mine
    assert "Ich finde ihn schön." in mine
    assert "You have blocked the person who wrote this." in mine
    for pid in (hers, answer):
        assert street.client(street.me).get(f"/en/comments/{pid}").status_code == 404
        assert street.client(None).get(f"/en/comments/{pid}").status_code == 200


@pytest.mark.on_both
def test_her_proposals_are_nowhere_for_me_and_everywhere_for_others(street: Street) -> None:
    street.block()
    places = ("/en/proposals", "/en/proposals?q=brunnen", "/en/search?q=brunnen", "/en/", "/en/proposals/map")
    similar = "/en/proposals/similar?title=Lauter+Brunnen"
    for place in (*places, similar):
        mine, theirs = (street.client(one).get(place).text for one in (street.me, street.other))
        assert "Ihr Brunnen" in theirs, place
        assert "Ihr Brunnen" not in mine, place
    page = street.client(street.me).get(street.page_of(street.hers))
    assert page.status_code == 404
    assert "Ihr Brunnen" not in page.text
    assert "You have blocked the person who wrote this." in page.text
    assert street.client(street.other).get(street.page_of(street.hers)).status_code == 200
    assert "1 proposal" in street.client(street.me).get("/en/proposals?sort=supported").text


@pytest.mark.on_both
def test_she_reaches_me_neither_in_the_portal_nor_by_mail(street: Street) -> None:
    street.say(street.her, street.mine, "Vorher.")
    with transaction(write=False):
        assert unread_count(street.me.id) == 1
    street.block()
    street.say(street.her, street.mine, "Nachher.")
    with transaction(write=False):
        assert unread_count(street.me.id) == 0
        assert notice_page(street.me.id, 1, 20)[0] == []
    deliver()
    with transaction(write=False):
        sent = select(MailMessage.id).where(
            MailMessage.account_id == street.me.id, MailMessage.status == "sent"
        )
        assert session.scalars(sent).all() == []
    street.say(street.other, street.mine, "Von mir.")
    with transaction(write=False):
        assert unread_count(street.me.id) == 1


def test_what_must_be_read_comes_nevertheless(street: Street) -> None:
    street.block()
    with transaction():
        notify([street.me.id], "accounts.role_proposed", actor_id=street.her.id)
    with transaction(write=False):
        assert session.scalars(select(Notice.account_id)).all() == [street.me.id]


def test_she_learns_nothing(street: Street) -> None:
    """Her pages are the same before and after, and she may write, answer and be told as before."""
    mine = street.say(street.me, street.mine, "Herzlich willkommen.")
    street.say(street.me, street.hers, "Ich schreibe ihr.")
    client, addresses = street.client(street.her), ("/en/notices", "/en/account", street.page_of(street.mine))

    def look() -> list[str]:
        return [TOKENS.sub("", client.get(one).text) for one in addresses]

    before = look()
    street.block()
    assert look() == before
    street.say(street.her, street.mine, "Ich antworte.", reply_to=mine)
    assert "Ich antworte." in client.get(street.page_of(street.mine)).text
    with transaction(write=False):
        assert unread_count(street.her.id) == 1
    assert "Ich selbst" not in _export(street.her)


def _export(account: Account) -> str:
    with transaction(write=False):
        return str(export_of(session.get_one(Account, account.id)))


def test_from_the_comment_to_the_list_and_back(street: Street) -> None:
    street.say(street.her, street.mine, "Was für ein Unfug.")
    client = street.client(street.me)
    page = client.get(street.page_of(street.mine)).text
    address = re.search(r'href="(/en/people/[^"]+/block)"', page)
    assert address is not None
    assert "Hella Laut" in client.get(address[1]).text
    assert client.post(address[1]).location == "/en/account/blocked"
    assert "Hella Laut" in client.get("/en/account/blocked").text
    assert client.post(address[1]).status_code == 303  # again: the same
    assert "Hella Laut" in _export(street.me)
    undo = re.search(r'action="(/en/account/blocked/[^"]+/remove)"', client.get("/en/account/blocked").text)
    assert undo is not None
    client.post(undo[1])
    assert "You have blocked nobody." in client.get("/en/account/blocked").text
    assert "Unfug" in client.get(street.page_of(street.mine)).text


def test_only_other_residents_can_be_blocked(both: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    me, staff = make_resident(), make_staff("moderator")
    actor = actor_of(me)
    for who, whom, error in (
        (actor, me, NotFound),
        (actor, staff, NotFound),
        (VISITOR, me, SignInRequired),
        (actor_of(staff), me, NotFound),
    ):
        with pytest.raises(error), transaction():
            block_person(session.get_one(Account, whom.id), actor=who)
    monkeypatch.setattr(blocking, "MOST_BLOCKED", 1)
    _block(actor, make_resident())
    with pytest.raises(TooManyBlocked):
        _block(actor, make_resident())


def _block(actor: Actor, whom: Account) -> None:
    with transaction():
        block_person(session.get_one(Account, whom.id), actor=actor)


def test_an_erased_account_blocks_nobody(street: Street) -> None:
    street.block()
    with transaction():
        erase(session.get_one(Account, street.me.id))
    with transaction(write=False):
        assert session.get_one(Account, street.me.id).blocked == []
        assert session.scalars(select(Comment.id)).all() == []


def test_what_she_writes_along_is_gone_unless_the_town_has_taken_it_up(street: Street) -> None:
    """A neighbour began both; she joined. What is being voted about stays: it is a public fact."""
    with transaction():
        for title, stage in (("Gemeinsame Laube", Stage.COLLECTING), ("Gemeinsame Bank", Stage.IN_ROUND)):
            made = make_proposal(author=street.other, title=title, stage=stage, indexed=True)
            made.coauthor_count = 1
            session.add(ProposalAuthor(proposal_id=made.id, account_id=street.her.id, joined_at=clock.now()))
    street.block()
    for place in ("/en/proposals", "/en/proposals?q=gemeinsame", "/en/search?q=gemeinsame"):
        mine, theirs = (street.client(one).get(place).text for one in (street.me, street.other))
        assert "Gemeinsame Laube" in theirs, place
        assert "Gemeinsame Laube" not in mine, place
        assert "Gemeinsame Bank" in mine, place
