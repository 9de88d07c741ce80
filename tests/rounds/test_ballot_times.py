"""Ballots too early, too late, without the right or a second time; and what a request leaves behind."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import db, session, transaction
from portal.rounds.models import Ballot, RoundState
from portal.rounds.operations import casting, keys
from portal.rounds.operations.eligibility import leave_the_roll
from portal.rounds.queries.eligibility import entry_for
from tests.rounds.ballots import begin, cast, choose, kept, last_page, stored, turnout_of, url
from tests.support.factories import actor_of, make_staff, sign_in
from tests.support.factories_ballots import enroll, make_box, set_state


def test_too_late_by_a_second_keeps_the_draft_and_says_so(client: FlaskClient) -> None:
    vote = make_box(lasts=timedelta(hours=1))
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    with time_machine.travel(vote.closes_at, tick=False):
        answer = client.post(url(vote, "/cast"), data=fields)
        assert answer.status_code == 409
        assert "came too late" in answer.text
        for page in ("", "/check", "/receipt", "/option?code=1"):
            assert client.get(url(vote, page)).location.endswith(f"/votes/{vote.public_id}")
    assert turnout_of(vote) == 0


def test_before_it_begins(client: FlaskClient) -> None:
    vote = make_box(opens_at=clock.now() + timedelta(days=1))
    for answer in (client.get(url(vote)), client.post(url(vote, "/begin")), choose(client, vote, v1=1)):
        assert answer.location.endswith(f"/votes/{vote.public_id}")
    assert kept() == 0


@pytest.mark.parametrize("role", ["moderator", "administrator", "planner", "professional"])
def test_people_at_work_never_vote(app: Flask, role: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    vote, browser = make_box(), app.test_client()
    sign_in(browser, make_staff(role))
    assert "Votes belong to residents" in browser.get(url(vote)).text
    assert browser.post(url(vote, "/begin")).status_code == 404
    assert choose(browser, vote, v1=1).status_code == 404
    assert browser.post(url(vote, "/cast")).status_code == 404
    assert browser.get(url(vote, "/receipt")).status_code == 404
    assert (kept(), turnout_of(vote)) == (0, 0)


def test_a_right_that_was_taken_back_while_choosing(client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    actor = actor_of(resident)
    with transaction():
        entry = entry_for(actor, vote).entry_id
        assert entry is not None
        leave_the_roll(entry)
    assert client.post(url(vote, "/cast"), data=fields).status_code == 409
    assert turnout_of(vote) == 0


def test_who_took_a_paper_ballot_is_told_online(client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    actor = actor_of(resident)
    with transaction():
        entry = entry_for(actor, vote).entry_id
        assert entry is not None
        casting.take_paper(vote, entry, 1, 2)
    answer = client.post(url(vote, "/cast"), data=fields)
    assert answer.status_code == 409
    assert "paper ballot" in answer.text
    assert "took a paper ballot" in client.get(url(vote, "/check")).text
    assert "You vote on paper" in client.get(url(vote, "/receipt")).text


def test_shown_and_changed_on_another_device(app: Flask, client: FlaskClient, resident: Account) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    cast(client, vote)
    phone = app.test_client()
    sign_in(phone, resident)
    assert phone.get(url(vote)).location.endswith("/receipt")
    assert "Idee 1" in phone.get(url(vote, "/receipt")).text
    phone.post(url(vote, "/change"))
    assert re.search(r'id="o-1"[^>]* checked', phone.get(url(vote)).text)
    choose(phone, vote, v1=None, v2=1)
    assert "it replaces the other one" in phone.get(url(vote, "/check")).text
    cast(phone, vote)
    assert stored(vote, resident) == {"kind": "approval", "choices": ["2"]}


def test_without_receipts_no_code_is_shown(client: FlaskClient) -> None:
    vote = make_box(receipts=False)
    begin(client, vote)
    choose(client, vote, v1=1)
    page = client.get(cast(client, vote).location).text
    with transaction(write=False):
        code = session.scalars(select(Ballot.tracking)).one()
    assert code[:4] not in page
    assert "no receipts" in page
    assert client.get(url(vote, "/receipt/print")).status_code == 303


def test_without_its_key_nothing_is_counted_and_the_draft_stays(client: FlaskClient) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    path = keys.key_path(vote)
    key = path.read_bytes()
    path.unlink()
    assert client.post(url(vote, "/cast"), data=fields).status_code == 409
    assert (kept(), turnout_of(vote)) == (1, 0)
    path.write_bytes(key)
    assert client.post(url(vote, "/cast"), data=fields).status_code == 303


def test_the_casting_request_writes_one_row_and_no_line(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    fields = last_page(client, vote)
    heard: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *rest: object) -> None:
        heard.append(" ".join(statement.split()[:4]))

    def committed(connection: object) -> None:
        heard.append("commit")

    event.listen(db.engine, "before_cursor_execute", hear)
    event.listen(db.engine, "commit", committed)
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    try:
        client.post(url(vote, "/cast"), data=fields)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
        event.remove(db.engine, "commit", committed)
    written = [one for one in heard if one.startswith(("INSERT", "UPDATE", "DELETE", "commit"))]
    # The ballot alone in its transaction; the draft (nobody's, and unreadable) goes after it in another.
    assert written[:2] == ["INSERT INTO ballot (round_id,", "commit"]
    assert set(written[2:]) == {"DELETE FROM ballot_draft WHERE", "commit"}
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("portal")]
    assert lines == []


def test_every_other_page_of_a_ballot_logs_its_route_and_nobody(
    client: FlaskClient, resident: Account, caplog: pytest.LogCaptureFixture
) -> None:
    vote = make_box()
    caplog.set_level(logging.INFO)
    begin(client, vote)
    choose(client, vote, v1=1)
    client.get(url(vote, "/check"))
    words = " ".join(record.getMessage() for record in caplog.records if record.name == "portal.access")
    assert "rounds.save" in words
    for secret in (vote.public_id, resident.public_id, resident.display_name, "v-1"):
        assert secret not in words


def test_nobody_sees_totals_before_the_end(app: Flask, client: FlaskClient) -> None:
    """No page says how often an option was chosen, whatever is asked; and nothing is exported."""
    vote = make_box()
    for entry in enroll(vote, 7):
        with transaction():
            casting.cast(vote, entry, {"kind": "approval", "choices": ["3"]})
    begin(client, vote)
    for page in ("", "?begun=1", "?mine=1", "?q=Idee+3", "/option?code=3"):
        text = client.get(url(vote, page)).text
        assert ">7<" not in text
        assert " 7 " not in re.sub(r"<[^>]+>", " ", text.split("<main", 1)[-1])


def test_closed_is_closed_for_the_pages_too(client: FlaskClient) -> None:
    vote = make_box()
    begin(client, vote)
    choose(client, vote, v1=1)
    cast(client, vote)
    set_state(vote, RoundState.CLOSING)
    assert client.get(url(vote, "/receipt")).status_code == 303
    assert client.post(url(vote, "/change")).status_code == 303
