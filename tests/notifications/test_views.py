"""The pages of notices: own things only, nothing changes by reading."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.accounts.models import Account
from portal.core.db import db, session, transaction
from portal.core.subjects import SubjectRef
from portal.notifications.models import Notice
from portal.notifications.operations import notify
from portal.notifications.queries import switches_of, unread_count, unsubscribe_token
from tests.notifications.conftest import Forest
from tests.support.factories import make_resident, make_staff, sign_in

GROWN = {"cm": 3}


def tell(account: Account, tree_id: int, kind: str = "test.grown") -> str:
    with transaction():
        notify([account.id], kind, subject=SubjectRef("tree", tree_id), context=GROWN)
        return session.scalars(select(Notice.public_id).order_by(Notice.id.desc()).limit(1)).one()


def is_on(account: Account, kind: str = "test.grown") -> tuple[bool, bool]:
    session.rollback()
    one = next(one for one in switches_of(account.id) if one.kind.name == kind)
    return one.in_portal, one.by_mail


@pytest.fixture
def queries(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_notices_are_shown_to_their_owner_only(app: Flask, forest: Forest) -> None:
    ada, eve = make_resident(), make_resident()
    tell(ada, forest.plant("Fichtenhain").id)
    client = app.test_client()
    assert client.get("/en/notices").status_code in {302, 303, 401}
    sign_in(client, eve)
    assert "Fichtenhain" not in client.get("/en/notices").text
    sign_in(client, ada)
    page = client.get("/en/notices").text
    assert "Fichtenhain has grown by 3 cm" in page
    assert unread_count(ada.id) == 1


def test_opening_marks_read_and_leads_there(app: Flask, forest: Forest) -> None:
    ada, eve = make_resident(), make_resident()
    notice = tell(ada, forest.plant().id)
    client = app.test_client()
    sign_in(client, eve)
    other = client.post(f"/en/notices/{notice}/open", data=token(client))
    assert other.status_code == 404
    unknown = client.post("/en/notices/nothing/open", data=token(client))
    assert unknown.status_code == 404
    sign_in(client, ada)
    assert client.get(f"/en/notices/{notice}/open").status_code == 405
    assert unread_count(ada.id) == 1
    session.rollback()
    opened = client.post(f"/en/notices/{notice}/open", data=token(client))
    assert (opened.status_code, opened.location) == (303, "/en/notices?page=1")
    assert unread_count(ada.id) == 0


def token(client: object) -> dict[str, str]:
    """A CSRF token out of the settings page."""
    page = client.get("/en/account/notifications").text  # type: ignore[attr-defined]
    return {"csrf_token": page.partition('name="csrf_token" value="')[2].partition('"')[0]}


def test_all_at_once(app: Flask, forest: Forest) -> None:
    ada, eve = make_resident(), make_resident()
    for one in (ada, ada, eve):
        tell(one, forest.plant().id)
    client = app.test_client()
    sign_in(client, ada)
    assert client.post("/en/notices/read", data=token(client)).status_code == 303
    assert (unread_count(ada.id), unread_count(eve.id)) == (0, 1)


def test_hidden_private_and_vanished_things_are_not_shown(app: Flask, forest: Forest) -> None:
    ada = make_resident()
    trees = [forest.plant(name) for name in ("Hiddenword", "Privateword", "Goneword", "Fineword")]
    for tree in trees:
        tell(ada, tree.id)
    decision = forest.plant("Decisionword", hidden=True)
    tell(ada, decision.id, "test.felled")
    trees[0].hidden, trees[1].readers = True, set()
    del forest.trees[trees[2].id]
    client = app.test_client()
    sign_in(client, ada)
    page = client.get("/en/notices").text
    assert [word for word in ("Hiddenword", "Privateword", "Goneword", "Fineword") if word in page] == [
        "Fineword"
    ]
    assert "Decisionword" in page


def test_the_list_needs_the_same_queries_for_one_and_for_many(
    app: Flask, forest: Forest, queries: list[str]
) -> None:
    ada = make_resident()
    client = app.test_client()
    sign_in(client, ada)
    counts = []
    for number in (1, 2, 18):
        for _ in range(number):
            tell(ada, forest.plant().id)
        client.get("/en/notices")
        queries.clear()
        forest.questions = 0
        client.get("/en/notices")
        counts.append((len(queries), forest.questions))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0][1] == 1


def test_pages_of_a_long_list(app: Flask, forest: Forest) -> None:
    ada = make_resident()
    for number in range(23):
        tell(ada, forest.plant(f"Tree{number:02}").id)
    client = app.test_client()
    sign_in(client, ada)
    second = client.get("/en/notices?page=2").text
    assert [f"Tree{number:02}" in second for number in (0, 2, 3)] == [True, True, False]


def test_visitors_cost_no_query_for_the_bell(app: Flask, queries: list[str]) -> None:
    app.test_client().get("/en/unsubscribe/x")
    assert not any("FROM notice" in statement for statement in queries)


def test_switches_are_saved(app: Flask) -> None:
    ada, eve = make_resident(), make_resident()
    client = app.test_client()
    sign_in(client, ada)
    page = client.get("/en/account/notifications").text
    assert "Trees grow" in page
    assert "accounts.role_proposed" not in page
    data = {**token(client), "portal-test-grown": "y", "mail-test-leaf": "y"}
    assert client.post("/en/account/notifications", data=data).status_code == 303
    assert is_on(ada) == (True, False)
    assert is_on(ada, "test.leaf") == (False, True)
    assert is_on(ada, "test.felled") == (True, True)
    assert is_on(eve) == (True, True)


def test_unsubscribing_takes_a_post(app: Flask) -> None:
    ada = make_resident()
    client = app.test_client()
    address = f"/en/unsubscribe/{unsubscribe_token(ada.public_id, 'test.grown')}"
    for method in ("GET", "HEAD", "OPTIONS"):
        assert client.open(address, method=method).status_code == 200
        assert is_on(ada) == (True, True)
    assert "Trees grow" in client.get(address).text
    done = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert is_on(ada) == (True, False)
    assert is_on(ada, "test.leaf") == (True, True)
    assert client.post(address).status_code == 200


@pytest.mark.parametrize("spoil", ["kind", "account", "seal", "nonsense", "required"])
def test_forged_unsubscribe_links_are_unknown(app: Flask, spoil: str) -> None:
    ada, eve = make_resident(), make_resident()
    genuine = unsubscribe_token(ada.public_id, "test.grown")
    seal = genuine.rpartition(".")[2]
    forged = {
        "kind": f"{ada.public_id}.test.leaf.{seal}",
        "account": f"{eve.public_id}.test.grown.{seal}",
        "seal": f"{ada.public_id}.test.grown.ü",
        "nonsense": "x",
        "required": f"{ada.public_id}.nothing.{seal}",
    }[spoil]
    client = app.test_client()
    assert client.get(f"/en/unsubscribe/{forged}").status_code == 404
    assert client.post(f"/en/unsubscribe/{forged}").status_code == 404
    assert is_on(ada, "test.leaf") == is_on(eve) == (True, True)


def test_staff_without_second_step_read_nothing(app: Flask, forest: Forest) -> None:
    account = make_staff("moderator")
    tell(account, forest.plant("Fichtenhain").id)
    client = app.test_client()
    sign_in(client, account, second_factor=False)
    answer = client.get("/en/notices")
    assert answer.status_code == 303
    assert "Fichtenhain" not in answer.text
