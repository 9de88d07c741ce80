"""The list and the page of a proposal: what they show to whom, with and without scripts, at what cost."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import SYSTEM
from portal.core.db import session, transaction
from portal.core.site_settings import change
from portal.discussions.models import Comment
from portal.proposals.models import Proposal, Stage, Topic
from portal.proposals.queries import proposal_by_public_id
from tests.proposals.helpers import post, same_page, start_draft
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.factories_places import make_district
from tests.support.factories_proposals import make_follow, make_proposal, make_support
from tests.support.queries import counted_queries


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser without an account."""
    return app.test_client()


def make(**columns: object) -> str:
    """A proposal with a conversation; its public id."""
    with transaction():
        return make_proposal(with_thread=True, **columns).public_id  # type: ignore[arg-type]


def page(browser: FlaskClient, path: str, **headers: str) -> str:
    answer = browser.get(path, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)[-3000:]
    return answer.get_data(as_text=True)


def test_the_list_narrows_down(visitor: FlaskClient) -> None:
    with transaction():
        north = make_district("Nordend", slug="nordend")
        make_proposal(title="Bank im Norden", district_id=north.id, topic=Topic.MEETING, indexed=True)
        make_proposal(title="Baum im Süden", what="Grün.", topic=Topic.GREEN, language="uk", indexed=True)
        make_proposal(title="Geheimer Entwurf", published=False)
    everything = page(visitor, "/de/proposals")
    assert "Bank im Norden" in everything
    assert "Baum im Süden" in everything
    assert "Geheimer" not in everything
    for query in (
        "district=nordend",
        "topic=meeting",
        "q=bank",
        "q=nord&sort=newest",
        "stage=collecting&language=de",
    ):
        narrowed = page(visitor, f"/de/proposals?{query}")
        assert "Bank im Norden" in narrowed, query
        assert "Baum im Süden" not in narrowed, query


def test_scripts_get_the_results_alone(visitor: FlaskClient) -> None:
    make(title="Eine Bank")
    part = page(visitor, "/de/proposals?q=", **{"HX-Request": "true"})
    assert part.lstrip().startswith('<section id="results"')
    assert "Eine Bank" in part


def test_chips_take_one_filter_away(visitor: FlaskClient) -> None:
    make(title="Bank", topic=Topic.MEETING)
    shown = page(visitor, "/de/proposals?topic=meeting&topic=green&stage=collecting&sort=supported")
    chips = re.findall(r'class="chip" href="([^"]+)"', shown)
    assert "/de/proposals?sort=supported&amp;topic=green&amp;stage=collecting" in chips
    assert "/de/proposals?sort=supported&amp;topic=meeting&amp;topic=green" in chips


@pytest.mark.parametrize(
    "query",
    [
        "author_email_start=a",
        "author__email__startswith=a&q[author_email_start]=a",
        "sort=author_id&topic=%27%20OR%201=1--&district=x%27;DROP+TABLE+proposal;--",
        "stage=hidden&stage=draft&language=%27&page=-5&seed=99999999999999999999",
        "q=%25%25%25%25_%25_%5C" + "%25" * 1000,
        "q=%22%20OR%20%22&sort=random&seed=x&page=99999999999999999",
        "language=" + "x" * 500 + "&page=%D9%A3",
    ],
)
def test_hostile_parameters_are_harmless(visitor: FlaskClient, query: str) -> None:
    make(title="Eine Bank")
    with transaction():
        make_proposal(title="Geheimer Entwurf", published=False)
    answer = visitor.get(f"/de/proposals?{query}")
    assert answer.status_code == 200
    assert "Geheimer" not in answer.get_data(as_text=True)


def test_unknown_parameters_change_nothing(visitor: FlaskClient) -> None:
    make(title="Eine Bank")
    assert visitor.get("/de/proposals?author_email_start=a").status_code == 200
    row = re.compile(r'<ul class="cards".*?</ul>', re.S)
    plain = row.search(page(visitor, "/de/proposals"))
    filtered = row.search(page(visitor, "/de/proposals?author_email_start=a&hidden=1&author_id=1"))
    assert plain is not None
    assert filtered is not None
    assert plain[0] == filtered[0]


def test_the_map_and_its_list(visitor: FlaskClient) -> None:
    with transaction():
        district = make_district("Nordend")
        make_proposal(
            title="Mit Ort", lat=district.label_lat, lon=district.label_lon, district_id=district.id
        )
        make_proposal(title="Ohne Ort")
    shown = page(visitor, "/de/proposals/map")
    assert shown.count("Mit Ort") >= 2
    assert "Ohne Ort" not in shown


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_costs_the_same_for_any_number(app: Flask, visitor: FlaskClient, rows: int) -> None:
    reader = app.test_client()
    sign_in(reader, make_resident())
    with transaction():
        for number in range(rows):
            make_proposal(title=f"Bank {number}", indexed=True)
    for browser, most in ((visitor, 4), (reader, 7)):
        for path in ("/de/proposals", "/de/proposals?q=bank", "/de/proposals?q=bank&stage=collecting"):
            page(browser, path)
            # An unknown parameter changes nothing but the address under which pages are kept.
            with counted_queries() as sent:
                page(browser, f"{path}{'&' if '?' in path else '?'}fresh=1")
            assert 0 < len(sent) <= most, sent


def comment_row(thread_id: int | None, author_id: int, words: str) -> Comment:
    """A comment, written straight into the table."""
    texts = {"body_md": words, "body_html": f"<p>{words}</p>", "language": "de", "direction": "ltr"}
    return Comment(thread_id=thread_id, author_id=author_id, **texts)


@pytest.mark.parametrize("comments", [1, 50])
def test_the_page_costs_the_same_for_any_conversation(
    app: Flask, visitor: FlaskClient, comments: int
) -> None:
    author, writers = make_resident(), [make_resident().id for _ in range(3)]
    pid = make(author=author, title="Viel Gerede")
    with transaction():
        proposal = proposal_by_public_id(pid)
        assert proposal is not None
        for number in range(comments):
            session.add(comment_row(proposal.thread_id, writers[number % 3], f"Kommentar {number}"))
    page(visitor, f"/de/proposals/{pid}")
    with counted_queries() as sent:
        assert "Kommentar 0" in page(visitor, f"/de/proposals/{pid}?fresh=1")
    assert 3 < len(sent) <= 6, "\n".join(sent)


def test_a_reader_without_account_gets_no_cookie(visitor: FlaskClient) -> None:
    pid = make()
    for path in ("/de/proposals", f"/de/proposals/{pid}"):
        assert visitor.get(path).headers.getlist("Set-Cookie") == []


def test_the_page_says_where_it_stands(visitor: FlaskClient, author: Account) -> None:
    with transaction():
        change("proposals.support_threshold", 40, actor=SYSTEM)
    pid = make(
        author=author,
        title="Більше дерев",
        what="Посадити **дерева**",
        why="Тінь",
        language="uk",
        stage=Stage.EXAMINED,
        answer_due_on=clock.today() + timedelta(days=3),
    )
    shown = page(visitor, f"/en/proposals/{pid}")
    assert '<h1 lang="uk" dir="auto"' in shown
    assert "<strong>дерева</strong>" in shown
    assert "Being examined" in shown
    assert "The town answers in public." in shown
    assert author.display_name in shown
    with time_machine.travel(clock.now() + timedelta(days=5)):
        # Another address: the page before is still kept, and the cache has a clock of its own.
        assert "overdue" in page(visitor, f"/en/proposals/{pid}?page=1")


def test_support_with_and_without_scripts(app: Flask, visitor: FlaskClient) -> None:
    pid = make()
    reader = app.test_client()
    sign_in(reader, make_resident())
    plain = post(reader, f"/en/proposals/{pid}/support")
    assert plain.status_code == 303
    assert plain.location.endswith(f"/en/proposals/{pid}#support")
    part = post(reader, f"/en/proposals/{pid}/support", htmx=True)
    text = part.get_data(as_text=True)
    assert part.status_code == 200
    assert text.lstrip().startswith('<section class="panel" id="support"')
    assert 'aria-pressed="true"' in text
    assert "1 of 50" in text
    assert json.loads(part.headers["HX-Trigger"])["say"] == (
        "You support this proposal. You do not follow it. 1 supporter."
    )
    text = post(reader, f"/en/proposals/{pid}/support/revoke", htmx=True).get_data(as_text=True)
    assert 'id="support-button" class="btn btn--sun" type="submit" aria-pressed="false"' in text
    assert "0 of 50" in text
    assert post(visitor, f"/en/proposals/{pid}/support").status_code in {302, 303}


def test_support_never_happens_by_get(app: Flask) -> None:
    pid = make()
    reader = app.test_client()
    sign_in(reader, make_resident())
    assert "Support" in page(reader, f"/en/proposals/{pid}/support")
    for verb in ("support/revoke", "follow", "unfollow"):
        assert reader.get(f"/en/proposals/{pid}/{verb}").status_code == 405
    session.rollback()
    found = proposal_by_public_id(pid)
    assert found is not None
    assert found.support_count == 0


def test_supporting_costs_few_queries(app: Flask) -> None:
    pid = make()
    reader = app.test_client()
    sign_in(reader, make_resident())
    page(reader, f"/en/proposals/{pid}")
    with counted_queries() as sent:
        assert post(reader, f"/en/proposals/{pid}/support").status_code == 303
    assert len(sent) <= 9, "\n".join(sent)


def test_closed_answers_409(app: Flask, client: FlaskClient, author: Account) -> None:
    done = make(stage=Stage.DONE)
    assert post(client, f"/de/proposals/{done}/support").status_code == 409
    own = make(author=author)
    assert post(client, f"/de/proposals/{own}/support").status_code == 409
    locked = make(author=author, stage=Stage.IN_ROUND)
    assert client.get(f"/de/proposals/{locked}/edit").status_code == 409
    answer = post(client, f"/de/proposals/{locked}/edit", title="Neu", what="Mein langer Text")
    assert answer.status_code == 409
    assert "Mein langer Text" in answer.get_data(as_text=True)


def test_editing_makes_a_public_version(client: FlaskClient, visitor: FlaskClient, author: Account) -> None:
    pid = make(author=author, title="Eine Bank", what="Eine rote Bank unter der Linde.", language="de")
    supporter = make_resident()
    with transaction():
        found = proposal_by_public_id(pid)
        assert found is not None
        make_support(found, supporter)
    fields = {
        "title": "Eine Bank",
        "what": "Eine blaue Bank unter der Linde.",
        "language": "de",
        "district": "0",
    }
    assert post(client, f"/en/proposals/{pid}/edit", **fields).status_code == 303
    shown = page(visitor, f"/en/proposals/{pid}/versions")
    assert "<del>rote</del><ins>blaue</ins>" in shown
    assert "Version 2" in shown
    broken = post(client, f"/en/proposals/{pid}/edit", **{**fields, "title": ""})
    assert broken.status_code == 422
    assert "Eine blaue Bank" in broken.get_data(as_text=True)


def test_still_with_it(app: Flask, author: Account) -> None:
    pid = make(author=author, version_count=2, asked_about_version=2)
    supporter = make_resident()
    with transaction():
        found = proposal_by_public_id(pid)
        assert found is not None
        make_support(found, supporter)
    browser = app.test_client()
    sign_in(browser, supporter)
    assert "Are you still with it?" in page(browser, f"/en/proposals/{pid}")
    post(browser, f"/en/proposals/{pid}/still-with-it", answer="keep")
    assert "Are you still with it?" not in page(browser, f"/en/proposals/{pid}")
    post(browser, f"/en/proposals/{pid}/still-with-it", answer="revoke")
    session.rollback()
    assert session.query(Proposal.support_count).filter_by(public_id=pid).scalar() == 0


def test_withdrawing(client: FlaskClient, visitor: FlaskClient, author: Account) -> None:
    pid = make(author=author, title="Doch nicht")
    assert post(client, f"/en/proposals/{pid}/withdraw", reason="other").status_code == 422
    assert post(client, f"/en/proposals/{pid}/withdraw").status_code == 422
    done = post(client, f"/en/proposals/{pid}/withdraw", reason="other", note="Wir ziehen um")
    assert done.status_code == 303
    shown = page(visitor, f"/en/proposals/{pid}")
    assert "Wir ziehen um" in shown
    assert "Doch nicht" not in page(visitor, "/en/proposals")


def test_a_hidden_one_leaves_a_tombstone(
    app: Flask, client: FlaskClient, visitor: FlaskClient, author: Account
) -> None:
    with transaction():
        here, there = make_district("Hier"), make_district("Dort")
        here_id, there_id = here.id, there.id
    pid = make(author=author, title="Schlimmes Wort", district_id=here_id, hidden_at=clock.now())
    moderator, stranger = make_staff("moderator", here_id), make_staff("moderator", there_id)
    own_desk, other_desk = app.test_client(), app.test_client()
    sign_in(own_desk, moderator)
    sign_in(other_desk, stranger)
    for browser in (client, own_desk):
        assert "Schlimmes Wort" in page(browser, f"/en/proposals/{pid}")
    for browser in (visitor, other_desk):
        answer = browser.get(f"/en/proposals/{pid}")
        assert answer.status_code == 404
        text = answer.get_data(as_text=True)
        assert "Schlimmes Wort" not in text
        assert "This proposal is not visible" in text
        for part in ("versions", "share", "notice"):
            assert browser.get(f"/en/proposals/{pid}/{part}").status_code == 404


def test_a_draft_is_like_nothing(visitor: FlaskClient) -> None:
    with transaction():
        pid = make_proposal(published=False).public_id
    real, fake = visitor.get(f"/de/proposals/{pid}"), visitor.get("/de/proposals/zzzzzzzz")
    assert real.status_code == fake.status_code == 404
    assert same_page(real, pid) == same_page(fake, "zzzzzzzz")


def test_sharing_uses_the_address_of_the_settings(visitor: FlaskClient) -> None:
    pid = make(title="Teil mich")
    for path in ("share", "notice"):
        answer = visitor.get(f"/de/proposals/{pid}/{path}")
        text = answer.get_data(as_text=True)
        assert f"http://localhost/de/proposals/{pid}" in text.replace("<wbr>", "")
        assert "<svg" in text


def test_writing_together_through_the_pages(app: Flask, client: FlaskClient) -> None:
    pid = start_draft(client, "Zu zweit")
    link = re.search(
        r"/de/proposals/invitations/[\w-]+",
        post(client, f"/de/proposals/{pid}/authors").get_data(as_text=True),
    )
    assert link is not None
    friend = app.test_client()
    assert friend.get(link[0]).status_code in {302, 303}
    sign_in(friend, make_resident())
    assert "Zu zweit" in page(friend, link[0])
    assert post(friend, link[0], answer="accept").status_code == 303
    assert "Zu zweit" in page(friend, "/de/account/proposals")
    assert friend.get(link[0]).status_code == 200
    assert post(friend, link[0], answer="accept").status_code == 409
    assert friend.get("/de/proposals/invitations/guessed").status_code == 404


def test_what_people_write_stays_text(client: FlaskClient, visitor: FlaskClient) -> None:
    hostile = (
        "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](JaVaScRiPt&colon;alert(1))"
        " ![t](https://tracker.example/p.gif) <div data-hx-post=/x data-hx-trigger=load></div>"
        ' <form action="https://evil.example"><input name=code></form> {{7*7}} ${7*7}'
    )
    pid = start_draft(client, hostile[:100])
    for field in ("what", "why", "for-whom"):
        post(client, f"/de/proposals/drafts/{pid}/{field}", text=hostile)
    post(client, f"/de/proposals/drafts/{pid}/publish")
    for path in (
        f"/de/proposals/{pid}",
        "/de/proposals",
        f"/de/proposals/{pid}/versions",
        f"/de/proposals/{pid}/notice",
    ):
        shown = page(visitor, path)
        assert not re.search(
            r"<script(?! defer)|<img src=x|onerror=a[^&]*>|href=.javascript|<div data-hx-post=./x", shown
        )
        assert not re.search(r"<(?:img|source)[^>]*tracker|<form[^>]*evil", shown)
        assert "{{7*7}}" in shown or path != f"/de/proposals/{pid}"


def test_mine_shows_only_mine(app: Flask, client: FlaskClient, author: Account) -> None:
    other = make_resident()
    with transaction():
        make_proposal(title="Fremd", author=other)
        make_proposal(title="Fremder Entwurf", author=other, published=False)
        make_proposal(title="Mein Entwurf", author=author, published=False)
        make_proposal(title="Mein Vorschlag", author=author)
        make_support(make_proposal(title="Unterstützt", author=other), author)
        make_follow(make_proposal(title="Verfolgt", author=other), author)
        make_support(make_proposal(title="Verborgen", author=other, hidden_at=clock.now()), author)
    shown = page(client, "/de/account/proposals")
    for title in ("Mein Entwurf", "Mein Vorschlag", "Unterstützt", "Verfolgt"):
        assert title in shown
    for title in ("Fremd<", "Fremder Entwurf", "Verborgen"):
        assert title not in shown
    assert app.test_client().get("/de/account/proposals").status_code in {302, 303}
