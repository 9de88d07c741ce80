"""What is ticked and not yet cast: nothing is lost, nobody else sees it, and it goes away in time."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.events import emit
from portal.rounds.events import RoundClosed
from portal.rounds.models import BallotDraft, BallotKind
from portal.rounds.operations import drafts
from tests.rounds.ballots import begin, cast, choose, kept, stored, turnout_of, url
from tests.support.factories import make_resident, sign_in, sign_out
from tests.support.factories_ballots import make_box

pytestmark = pytest.mark.usefixtures("at_noon")


def test_pages_and_searching_lose_nothing(client: FlaskClient, resident: Account) -> None:
    vote = make_box(options=30)
    begin(client, vote)
    first = client.get(url(vote, "?begun=1")).text
    codes = re.findall(r'name="shown" value="(\d+)"', first)
    assert len(codes) == 12
    moved = choose(client, vote, "page:2", **{f"v{codes[0]}": 1})
    assert moved.location.endswith("?page=2")
    second = re.findall(r'name="shown" value="(\d+)"', client.get(moved.location).text)
    assert set(codes).isdisjoint(second)
    found = client.post(
        url(vote, "?page=2"),
        data={"go": "filter", "filter": "1", "q": "IDEE 17", "shown": second, f"v-{second[3]}": "1"},
    )
    assert found.location.endswith("q=IDEE+17")
    assert re.findall(r'name="shown" value="(\d+)"', client.get(found.location).text) == ["17"]
    choose(client, vote, "stay", "?q=IDEE+17", v17=1)
    for nonsense in ("page:²", "page:", "page:-1", "page:99999"):
        assert choose(client, vote, nonsense).status_code == 303
    only_mine = client.get(url(vote, "?mine=1")).text
    chosen = {codes[0], second[3], "17"}
    assert set(re.findall(r'name="shown" value="(\d+)"', only_mine)) == chosen
    cast(client, vote)
    assert set(stored(vote, resident)["choices"]) == chosen


def test_the_order_is_another_for_everybody_and_the_same_for_each(app: Flask, client: FlaskClient) -> None:
    vote = make_box(options=10)

    def order(browser: FlaskClient) -> list[str]:
        begin(browser, vote)
        return re.findall(r'name="shown" value="(\d+)"', browser.get(url(vote, "?begun=1")).text)

    mine, orders = order(client), set()
    assert order(client) == mine
    for _ in range(5):
        browser = app.test_client()
        sign_in(browser, make_resident())
        orders.add(tuple(order(browser)))
    assert len(orders) >= 4
    assert all(sorted(one) == sorted(mine) for one in orders)


def test_filled_in_first_signed_in_at_the_end(app: Flask, resident: Account) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    vote, browser = make_box(), app.test_client()
    start = browser.get(url(vote)).text
    assert "Please sign in first" in start
    begin(browser, vote)
    choose(browser, vote, v2=1)
    page = browser.get(url(vote, "/check")).text
    assert "One more step" in page
    assert f"/en/sign-in?next=/en/votes/{vote.public_id}/ballot/check" in page
    assert browser.post(url(vote, "/cast"), data={"ballot": "x"}).location.endswith("/ballot/check")
    assert turnout_of(vote) == 0
    sign_in(browser, resident)
    assert browser.post(url(vote, "/begin"), data={"next": "check"}).location.endswith("/check")
    cast(browser, vote)
    assert stored(vote, resident) == {"kind": "approval", "choices": ["2"]}
    assert kept() == 0


def test_an_ended_session_loses_nothing(client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, "stay", v1=1)
    sign_out(client)
    # The page is still open in the browser; what is ticked there is kept, for this browser.
    choose(client, vote, "stay", v3=1)
    sign_in(client, resident)
    page = client.get(url(vote)).text
    assert "before you said who you are" in page
    assert re.search(r'id="o-3"[^>]* checked', page)
    choose(client, vote, v5=1)
    cast(client, vote)
    assert "3" in stored(vote, resident)["choices"]
    assert "5" in stored(vote, resident)["choices"]


def test_two_people_at_one_phone_do_not_see_each_other(client: FlaskClient) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, "stay", v1=1, v2=1)
    sign_in(client, make_resident())
    begin(client, vote)
    assert " checked" not in client.get(url(vote, "?begun=1")).text
    choose(client, vote, "stay", v5=1)
    client.post(url(vote, "/forget"))
    assert kept() == 1


def test_the_database_alone_shows_nothing_of_a_draft(app: Flask, client: FlaskClient) -> None:
    lengths = set()
    for number in (1, 40):
        vote = make_box(BallotKind.POINTS, options=40, points_total=1000)
        begin(client, vote)
        choose(client, vote, "stay", **{f"v{code}": 7 for code in range(1, number + 1)})
        with transaction(write=False):
            row = session.scalars(select(BallotDraft).where(BallotDraft.round_id == vote.id)).one()
        assert set(BallotDraft.__table__.columns.keys()) == {
            "key_hash",
            "round_id",
            "ciphertext",
            "expires_on",
        }
        # Long enough that chance does not write them into what is encrypted.
        for words in (b'":7,"', b'": 7, "', b'"7","', b'"7", "'):
            assert words not in row.ciphertext
        lengths.add(len(row.ciphertext))
        cookie = client.get_cookie("ballot")
        assert cookie is not None
        assert cookie.value not in row.key_hash
        # Another browser, even of the same person, does not get at it.
        stranger = app.test_client()
        stranger.set_cookie("ballot", "A" * 43)
        seen = stranger.get(url(vote, "?begun=1")).text
        assert "7" not in re.findall(r'id="o-1"[^>]* value="(\d)"', seen)
    assert len(lengths) == 1, "the length tells how much was chosen"


def test_drafts_go_after_seven_days_and_at_the_end(client: FlaskClient) -> None:
    vote, other = make_box(lasts=timedelta(days=30)), make_box()
    for one in (vote, other):
        begin(client, one)
        choose(client, one, "stay", v1=1)
    assert kept() == 2
    with transaction():
        emit(RoundClosed(other.id))
    assert kept() == 1
    with time_machine.travel(clock.now() + timedelta(days=6)), transaction():
        drafts.prune()
    assert kept() == 1
    with time_machine.travel(clock.now() + timedelta(days=8)):
        with transaction():
            drafts.prune()
        assert kept() == 0


def test_nonsense_in_the_cookie_is_no_key(client: FlaskClient) -> None:
    vote = make_box()
    begin(client, vote)
    for nonsense in ("", "x", "%00" * 20, "A" * 3000, "é" * 43):
        client.set_cookie("ballot", nonsense)
        assert client.get(url(vote, "?begun=1")).status_code == 200
        assert choose(client, vote, "stay", v1=1).status_code == 303
