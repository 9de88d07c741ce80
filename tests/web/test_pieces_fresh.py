"""Whatever changes, a page out of pieces drawn before is the page drawn anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.accounts.operations import block_person
from portal.content.operations import save_text_version
from portal.core import clock
from portal.core.actors import SYSTEM
from portal.core.db import session, transaction
from portal.core.site_settings import change
from portal.core.subjects import SubjectRef
from portal.discussions.models import Comment, Thread
from portal.discussions.operations import add_comment
from portal.places.models import District
from portal.places.queries import forget_districts
from portal.processes.queries import forget_names
from portal.proposals.models import Proposal, Stage, WithdrawnReason
from portal.web import fragments
from portal.web.fragments import drawn, forget_drawn
from tests.support.factories import actor_of, make_resident, sign_in
from tests.support.factories_places import make_district
from tests.support.factories_processes import make_process
from tests.support.factories_proposals import make_proposal

TITLE = "Bank am Bach"
# Where a shuffled list begins is left to chance.
_SEED = re.compile(r"seed=\d+")
_MARK = re.compile(r"(\?|&amp;)n=1\b")


def page(client: FlaskClient, path: str) -> str:
    """As a reader gets it, without what is left to chance."""
    text = _SEED.sub("", client.get(path).text)
    return _MARK.sub("", text)


def anew(client: FlaskClient, path: str) -> str:
    """The same with nothing remembered. Another address, so that it is not the kept page."""
    forget_drawn()
    return page(client, path)


def set_to(**values: object) -> Callable[[Proposal], None]:
    def apply(proposal: Proposal) -> None:
        for name, value in values.items():
            setattr(proposal, name, value)

    return apply


def translate(proposal: Proposal) -> None:
    source = {"title": proposal.title, "what": proposal.what_md}
    save_text_version(
        SYSTEM,
        SubjectRef("proposal", proposal.id),
        "en",
        {"title": "A bench", "what": "To rest."},
        source=source,
        source_language="de",
    )
    proposal.text_count = 1


def rename_district(proposal: Proposal) -> None:
    session.get_one(District, proposal.district_id).name = "Neuer Name"
    forget_districts()


def ask_the_town(proposal: Proposal) -> None:
    make_process(title="Was fehlt hier?")
    forget_names()


CHANGES: dict[str, Callable[[Proposal], None]] = {
    "title": set_to(title="Zwei Bänke am Bach"),
    "text": set_to(excerpt="Etwas ganz anderes."),
    "support": set_to(support_count=17),
    "comments": set_to(comment_count=3),
    "stage": set_to(stage=Stage.ACCEPTED),
    "topic": set_to(topic="green"),
    "place": set_to(place_words="Hinter der Mühle"),
    "language": set_to(language="ar"),
    "last day": set_to(collecting_until_on=clock.today() + timedelta(days=3)),
    "hidden": set_to(hidden_at=clock.now()),
    "withdrawn": set_to(withdrawn_at=clock.now(), withdrawn_reason=WithdrawnReason.OTHER),
    "translated": translate,
    "district": rename_district,
    "threshold": lambda proposal: change("proposals.support_threshold", 77, actor=SYSTEM),
    "process": ask_the_town,
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_list_is_never_older_than_its_proposals(app: Flask, what: str) -> None:
    client = app.test_client()
    with transaction():
        district = make_district()
        proposal_id = make_proposal(title=TITLE, district_id=district.id).id
        make_proposal(title="Daneben")
    paths = ("/en/proposals", "/de/proposals", "/en/proposals?sort=supported")
    before = {path: page(client, path) for path in paths}
    assert all(TITLE in text for text in before.values())
    assert TITLE in page(client, "/de/")
    with transaction():
        CHANGES[what](session.get_one(Proposal, proposal_id))
    kept = {path: page(client, path) for path in paths}
    assert kept != before
    home = page(client, "/de/")
    # With a mark in the address: else it would be the page that is kept for all visitors.
    assert home == anew(client, "/de/?n=1")
    assert kept == {path: anew(client, f"{path}{'&' if '?' in path else '?'}n=1") for path in paths}


def test_whom_one_has_blocked_another_still_reads(app: Flask) -> None:
    """The same list for two people and a visitor: each gets their own, in whatever order they come."""
    annoying, one, other = (make_resident() for _ in range(3))
    actor = actor_of(one)
    with transaction():
        make_proposal(title=TITLE, author=annoying)
        make_proposal(title="Daneben")
        block_person(session.get_one(Account, annoying.id), actor=actor)
    browsers = {"one": app.test_client(), "other": app.test_client(), "visitor": app.test_client()}
    sign_in(browsers["one"], one)
    sign_in(browsers["other"], other)
    for order in (("one", "other", "visitor"), ("visitor", "other", "one")):
        forget_drawn()
        seen = {who for who in order if TITLE in page(browsers[who], "/de/proposals")}
        assert seen == {"other", "visitor"}


def edit(comment: Comment) -> None:
    comment.body_html, comment.edited_at = "<p>Doch nicht.</p>", clock.now()


def answer(comment: Comment) -> None:
    session.add(
        Comment(
            thread_id=comment.thread_id,
            author_id=comment.author_id,
            parent_id=comment.id,
            body_md="Ja.",
            body_html="<p>Ja.</p>",
            language="de",
            direction="ltr",
        )
    )


def delete(comment: Comment) -> None:
    comment.deleted_at, comment.body_md, comment.body_html = clock.now(), "", ""
    answer(comment)


def rename_author(comment: Comment) -> None:
    session.get_one(Account, comment.author_id).display_name = "Ganz Neu"


TALK: dict[str, Callable[[Comment], None]] = {
    "text": edit,
    "stance": lambda comment: setattr(comment, "stance", "against"),
    "hidden": lambda comment: setattr(comment, "hidden_at", clock.now()),
    "deleted": delete,
    "answered": answer,
    "author": rename_author,
    "closed": lambda comment: setattr(comment.thread, "is_open", False),
}


@time_machine.travel(clock.now(), tick=False)
@pytest.mark.parametrize("what", TALK)
def test_a_conversation_is_never_older_than_its_comments(app: Flask, what: str) -> None:
    """For a visitor, for its author and for somebody else: as drawn anew, and only the author may edit."""
    writer, other = make_resident(), make_resident()
    actor = actor_of(writer)
    with transaction():
        proposal = make_proposal(title=TITLE, with_thread=True)
        thread = session.get_one(Thread, proposal.thread_id)
        first = add_comment(thread, actor=actor, body="Ich helfe gern mit.")
        add_comment(thread, actor=actor, body="Und noch etwas.")
        comment_id, pid = first.id, proposal.public_id
    browsers = {"visitor": app.test_client(), "writer": app.test_client(), "other": app.test_client()}
    sign_in(browsers["writer"], writer)
    sign_in(browsers["other"], other)
    path = f"/de/proposals/{pid}"
    before = {who: talk_of(browser, path) for who, browser in browsers.items()}
    assert {who for who, text in before.items() if "/edit" in text} == {"writer"}
    assert {who for who, text in before.items() if "/block" in text} == {"other"}
    with transaction():
        TALK[what](session.get_one(Comment, comment_id))
    kept = {who: talk_of(browser, path) for who, browser in browsers.items()}
    assert all(kept[who] != before[who] for who in browsers)
    for who, browser in browsers.items():
        forget_drawn()
        assert kept[who] == talk_of(browser, f"{path}?n=1")


def test_a_blocked_writer_is_blocked_for_one_reader_only(app: Flask) -> None:
    writer, one, other = (make_resident() for _ in range(3))
    actor, reader = actor_of(writer), actor_of(one)
    with transaction():
        proposal = make_proposal(title=TITLE, with_thread=True)
        thread = session.get_one(Thread, proposal.thread_id)
        add_comment(thread, actor=actor, body="Unsinn.")
        path = f"/de/proposals/{proposal.public_id}"
        block_person(session.get_one(Account, writer.id), actor=reader)
    browsers = {"one": app.test_client(), "other": app.test_client(), "visitor": app.test_client()}
    sign_in(browsers["one"], one)
    sign_in(browsers["other"], other)
    for order in (("one", "other", "visitor"), ("visitor", "other", "one")):
        forget_drawn()
        assert {who for who in order if "Unsinn" in talk_of(browsers[who], path)} == {
            "other",
            "visitor",
        }


def test_words_of_time_go_on(app: Flask) -> None:
    """An hour later the same comments say "one hour ago"."""
    writer = make_resident(created_at=clock.now() - timedelta(days=9))
    actor = actor_of(writer)
    with transaction():
        proposal = make_proposal(title=TITLE, with_thread=True)
        add_comment(session.get_one(Thread, proposal.thread_id), actor=actor, body="Ich helfe.")
        path = f"/en/proposals/{proposal.public_id}"
    client = app.test_client()
    assert "1 hour ago" not in talk_of(client, path)
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        assert "1 hour ago" in talk_of(client, f"{path}?n=1")


def test_lists_and_conversations_on_both_databases(both: Flask) -> None:
    """The statements that give a page its number and its answers at once; a page behind the last one, too."""
    writer = make_resident()
    actor = actor_of(writer)
    with transaction():
        proposal = make_proposal(title=TITLE, with_thread=True)
        first = add_comment(session.get_one(Thread, proposal.thread_id), actor=actor, body="Ich helfe.")
        answer(first)
        path = f"/de/proposals/{proposal.public_id}"
        for number in range(21):
            make_proposal(title=f"Hecke {number}")
    client = both.test_client()
    for query in ("", "?sort=random&seed=7", "?sort=ending", "?page=2"):
        assert "22 Vorschläge" in page(client, f"/de/proposals{query}") or query == "?sort=ending"
    assert "22 Vorschläge" in page(client, "/de/proposals?page=9")
    assert "0 Vorschläge" in page(client, "/de/proposals?stage=done")
    shown = talk_of(client, path)
    assert "<p>Ich helfe.</p>" in shown
    assert "<p>Ja.</p>" in shown


def talk_of(client: FlaskClient, path: str) -> str:
    """The conversation on a page, without tokens and keys of forms."""
    text = page(client, path).partition('id="discussion"')[2].partition("</main>")[0]
    return re.sub(r'value="[^"]*"', "", text)


def test_pieces_have_a_bound(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    """By their size; one that would push out everything else is not kept at all."""
    pieces = fragments.Pieces(most=1_000)
    monkeypatch.setattr(fragments, "_pieces", pieces)
    drawings: list[int] = []

    def macro(number: int, size: int) -> str:
        drawings.append(number)
        return str(number) * size

    with app.test_request_context("/de/"):
        for number in (1, 2, 1, 3, 1, 2):
            drawn(macro, number, 90)
        for number in (4, 5, 6, 7, 8, 9):
            drawn(macro, number, 100)
        assert pieces.size == sum(len(one) for one in pieces.known.values()) <= 1_000
        drawn(macro, 1, 90)
        drawn(macro, 7, 101)
        drawn(macro, 7, 101)
    assert drawings == [1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 7]
