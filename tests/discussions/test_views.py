"""Pages and fragments of conversations, with and without scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.discussions import operations
from portal.discussions.models import Comment, Thread
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.leaflets import Leaflet, Wall
from tests.support.pages import TOKEN

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(app: object) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def author() -> Account:
    """A settled resident."""
    return make_resident(display_name="Frau Holle", created_at=clock.now() - timedelta(days=30))


@pytest.fixture
def leaflet(app: object, wall_sqlite: Wall) -> Leaflet:
    """Something with a conversation."""
    return wall_sqlite.pin()


def comment_by(author: Account, leaflet: Leaflet, body: str = "Gute Idee", **given: object) -> Comment:
    """A comment, committed."""
    with transaction():
        thread = session.get_one(Thread, leaflet.thread_id)
        comment = operations.add_comment(thread, actor=actor_of_now(author), body=body, **given)  # type: ignore[arg-type]
        session.refresh(comment)
        session.expunge_all()
        return comment


def actor_of_now(account: Account) -> object:
    """The actor inside a running transaction."""
    return actor_for(session.get(Account, account.id))


def token(client: FlaskClient, url: str) -> dict[str, str]:
    """What the form on a page sends along by itself."""
    page = client.get(url)
    assert page.status_code == 200, page.status
    fields = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text)
    return {
        re.search(r'name="([^"]*)"', one)[1]: (re.search(r'value="([^"]*)"', one) or [0, ""])[1]  # type: ignore[index]
        for one in fields
    }


def texts() -> list[str]:
    """Everything that was written, in order."""
    with transaction(write=False):
        return list(session.scalars(select(Comment.body_md).order_by(Comment.id)))


def test_visitors_read_and_get_no_cookie(client: FlaskClient, leaflet: Leaflet, author: Account) -> None:
    comment_by(author, leaflet, "Eine *schöne* Idee", stance="for")
    page = client.get(f"/de/leaflets/{leaflet.public_id}")
    assert "Eine <em>schöne</em> Idee" in page.text
    assert "Frau Holle" in page.text
    assert "<form" not in page.text.split('id="discussion"')[1].split("</main>")[0]
    assert "Set-Cookie" not in page.headers
    assert client.get(f"/de/threads/{leaflet.thread_public_id}/comments/new").status_code in {302, 303, 401}


def test_writing_without_scripts(client: FlaskClient, leaflet: Leaflet, author: Account) -> None:
    sign_in(client, author)
    hidden = token(client, f"/de/leaflets/{leaflet.public_id}")
    url = f"/de/threads/{leaflet.thread_public_id}/comments"
    sent = client.post(url, data={**hidden, "body": "Ja, bitte!", "stance": "for"})
    assert (sent.status_code, texts()) == (303, ["Ja, bitte!"])
    again = client.post(url, data={**hidden, "body": "Ja, bitte!", "stance": "for"})
    assert (again.status_code, texts()) == (303, ["Ja, bitte!"])
    assert again.location == sent.location
    page = client.get(sent.location)
    assert f'id="{sent.location.partition("#")[2]}"' in page.text


def test_writing_with_scripts_appends(client: FlaskClient, leaflet: Leaflet, author: Account) -> None:
    sign_in(client, author)
    hidden = token(client, f"/de/leaflets/{leaflet.public_id}")
    url = f"/de/threads/{leaflet.thread_public_id}/comments"
    sent = client.post(url, data={**hidden, "body": "Ja, bitte!"}, headers=HTMX)
    assert sent.status_code == 200
    assert '<ol data-hx-swap-oob="beforeend:#comments">' in sent.text
    assert sent.text.lstrip().startswith('<div id="write-new">')
    assert "<html" not in sent.text
    fresh = re.search(r'name="form_key"[^>]*value="([^"]*)"', sent.text)
    assert fresh
    assert fresh[1] != hidden["form_key"]


def test_answering_with_and_without_scripts(client: FlaskClient, leaflet: Leaflet, author: Account) -> None:
    comment = comment_by(author, leaflet)
    sign_in(client, author)
    form_url = f"/de/threads/{leaflet.thread_public_id}/comments/new?reply_to={comment.public_id}"
    slot = client.get(form_url, headers=HTMX)
    assert slot.text.lstrip().startswith(f'<div id="write-{comment.public_id}">')
    hidden = token(client, form_url)
    assert hidden["reply_to"] == comment.public_id
    url = f"/de/threads/{leaflet.thread_public_id}/comments"
    sent = client.post(url, data={**hidden, "body": "Eben."}, headers=HTMX)
    assert f'<ol data-hx-swap-oob="beforeend:#answers-{comment.public_id}">' in sent.text
    assert "<form" not in sent.text
    without = client.post(url, data={**token(client, form_url), "body": "Genau."})
    assert without.status_code == 303
    page = client.get(without.location)
    assert page.text.index("Eben.") < page.text.index("Genau.")
    assert client.get(form_url.replace(comment.public_id, "zzzzzzzz")).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_nothing_typed_is_lost(
    client: FlaskClient, leaflet: Leaflet, author: Account, headers: dict[str, str]
) -> None:
    sign_in(client, author)
    hidden = token(client, f"/de/leaflets/{leaflet.public_id}")
    url = f"/de/threads/{leaflet.thread_public_id}/comments"
    long = "Wort " * 1001
    refused = client.post(url, data={**hidden, "body": long, "stance": "against"}, headers=headers)
    assert refused.status_code == 422
    assert long.strip() in refused.text
    assert 'role="alert"' in refused.text
    assert re.search(r'<input[^>]*checked[^>]*value="against"', refused.text)
    empty = client.post(url, data={**hidden, "body": "  "}, headers=headers)
    assert empty.status_code == 422
    with transaction():
        operations.close_thread(session.get_one(Thread, leaflet.thread_id))
    closed = client.post(url, data={**hidden, "body": "Zu spät getippt"}, headers=headers)
    assert (closed.status_code, "Zu spät getippt" in closed.text) == (422, True)
    assert texts() == []


def test_a_limit_keeps_the_text(client: FlaskClient, leaflet: Leaflet) -> None:
    newcomer = make_resident()
    for _ in range(5):
        comment_by(newcomer, leaflet)
    sign_in(client, newcomer)
    hidden = token(client, f"/de/leaflets/{leaflet.public_id}")
    url = f"/de/threads/{leaflet.thread_public_id}/comments"
    refused = client.post(url, data={**hidden, "body": "Sechster Beitrag"})
    assert refused.status_code == 429
    assert "Sechster Beitrag" in refused.text
    assert int(refused.headers["Retry-After"]) > 3000


def test_editing_versions_and_deleting(client: FlaskClient, leaflet: Leaflet, author: Account) -> None:
    comment = comment_by(author, leaflet, "Gute Idee", language="de")
    sign_in(client, author)
    url = f"/de/comments/{comment.public_id}/edit"
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        sent = client.post(url, data={**token(client, url), "body": "Sehr gute Idee", "language": "en"})
        assert sent.status_code == 303
        visitor = client.application.test_client()
        page = visitor.get(f"/de/comments/{comment.public_id}/versions")
        assert "<ins>Sehr gute </ins>" in page.text
        assert "<del>Gute </del>" in page.text
        assert f"/de/comments/{comment.public_id}/versions" in visitor.get(sent.location).text
        assert client.post(url, data={**token(client, url), "body": " "}).status_code == 422
    sign_in(client, author)
    url = f"/de/comments/{comment.public_id}/delete"
    assert "Sehr gute Idee" in client.get(url).text
    assert client.post(url, data=token(client, url)).status_code == 303
    assert texts() == [""]
    for gone in ("", "/versions", "/edit", "/delete"):
        assert client.get(f"/de/comments/{comment.public_id}{gone}").status_code == 404


def test_others_cannot_touch_a_comment(client: FlaskClient, leaflet: Leaflet, author: Account) -> None:
    comment = comment_by(author, leaflet)
    for person in (make_resident(), make_staff(StaffRole.MODERATOR), make_staff(StaffRole.ADMINISTRATOR)):
        sign_in(client, person)
        for verb in ("edit", "delete"):
            answer = client.get(f"/de/comments/{comment.public_id}/{verb}")
            assert answer.status_code == 404
            unknown = client.get(f"/de/comments/zzzzzzzz/{verb}")
            pages = {
                re.sub(
                    r'zzzzzzzz|csrf-token" content="[^"]*|' + comment.public_id,
                    "",
                    TOKEN.sub(r"\1", one.text),
                )
                for one in (answer, unknown)
            }
            assert len(pages) == 1
    assert texts() == ["Gute Idee"]


def test_a_hidden_comment_leaves_a_tombstone_with_a_way_to_the_reasons(
    client: FlaskClient, leaflet: Leaflet, author: Account
) -> None:
    comment = comment_by(author, leaflet, "kanarienvogel")
    comment_by(author, leaflet, "Antwort darauf", reply_to=comment.public_id)
    with transaction():
        operations.hide_comment(session.get_one(Comment, comment.id))
    for person in (None, author, make_staff(StaffRole.ADMINISTRATOR)):
        if person:
            sign_in(client, person)
        page = client.get(f"/de/leaflets/{leaflet.public_id}")
        assert "kanarienvogel" not in page.text
        assert "Antwort darauf" in page.text
        assert f"/de/hidden/comment/{comment.public_id}" in page.text
        for path in ("", "/versions"):
            assert client.get(f"/de/comments/{comment.public_id}{path}").status_code == 404


def test_a_hidden_subject_takes_its_conversation_along(
    client: FlaskClient, leaflet: Leaflet, author: Account
) -> None:
    comment = comment_by(author, leaflet)
    leaflet.hidden = True
    sign_in(client, author)
    for path in (
        f"comments/{comment.public_id}",
        f"comments/{comment.public_id}/edit",
        f"threads/{leaflet.thread_public_id}/comments/new",
    ):
        assert client.get(f"/de/{path}").status_code == 404


def test_pages_work_in_arabic(client: FlaskClient, leaflet: Leaflet, author: Account) -> None:
    comment = comment_by(author, leaflet, "هذه فكرة جيدة جدا لأطفال الحي كلهم")
    sign_in(client, author)
    for path in (
        f"leaflets/{leaflet.public_id}",
        f"comments/{comment.public_id}",
        f"comments/{comment.public_id}/edit",
    ):
        page = client.get(f"/ar/{path}")
        assert page.status_code == 200
    assert (
        '<div class="stack" lang="ar" dir="rtl" data-hx-disable>'
        in client.get(f"/de/leaflets/{leaflet.public_id}").text
    )
