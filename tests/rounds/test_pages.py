"""Votes in the browser: staff make one in small steps, everybody reads it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session, transaction
from portal.proposals.models import Proposal, Stage
from portal.rounds.models import BallotKind, Round, RoundState
from tests.proposals.helpers import post
from tests.support.factories_proposals import make_proposal
from tests.support.factories_rounds import make_round


def only_round() -> Round:
    with transaction(write=False):
        return session.scalars(select(Round)).one()


def begin(office: FlaskClient, start: str = "budget", title: str = "Bürgerhaushalt") -> str:
    answer = post(office, "/de/office/votes/new", title=title, start=start, draft_key="abc")
    assert answer.status_code == 303, answer.text
    return str(answer.location).split("/votes/")[1].split("/")[0]


def fill(office: FlaskClient, pid: str, first: date) -> None:
    """Every step of a budget, as a browser sends them."""
    base = f"/de/office/votes/{pid}"
    steps = {
        "words": {
            "title": "Bürgerhaushalt",
            "question": "Was bauen wir?",
            "intro": "Es geht um **Geld**.",
            "influence": "decision",
            "language": "de",
            "contact": "0",
            "part_of": "0",
        },
        "ballot": {"kind": "approval", "max_choices": "3"},
        "counting": {
            "rule": "equal_shares_add1",
            "budget": "1.000",
            "lottery_source": "Lotto am Samstag",
            "lottery_on": (first + timedelta(days=40)).isoformat(),
        },
        "voters": {"level": "0", "receipts": "y", "file_threshold": "50"},
        "dates": {
            "opens_on": first.isoformat(),
            "opens_at": "08:00",
            "closes_on": (first + timedelta(days=14)).isoformat(),
            "closes_at": "18:00",
        },
    }
    for step, fields in steps.items():
        answer = post(office, f"{base}/{step}", **fields)
        assert answer.status_code == 303, (step, answer.text)


def test_a_budget_from_the_template_to_the_opening(app: Flask, office: FlaskClient) -> None:
    with transaction():
        ready = make_proposal(title="Bänke", stage=Stage.EXAMINED, cost_cents=40_000).public_id
        make_proposal(title="Noch nicht geprüft", stage=Stage.COLLECTING)
    pid = begin(office)
    base = f"/de/office/votes/{pid}"
    fill(office, pid, clock.today() + timedelta(days=3))
    choice = office.get(f"{base}/options/proposals").text
    assert choice.index("Bänke") < choice.index("Noch nicht geprüft")
    post(office, f"{base}/options/proposals", proposal=ready)
    post(office, f"{base}/options/new", title="Licht", text="Hell.", cost="300", district="0")
    page = office.get(f"{base}/check").text
    assert "Bänke" in page
    assert "Licht" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert post(office, f"{base}/check", seen=seen).status_code == 422
    assert only_round().state is RoundState.DRAFT
    assert post(office, f"{base}/check", seen=seen, is_read="y").status_code == 303
    vote = only_round()
    assert (vote.state, vote.rules_sha256) == (RoundState.OPEN, seen)
    assert post(office, f"{base}/check", seen=seen, is_read="y").status_code == 303
    with transaction(write=False):
        assert (
            session.scalars(select(Proposal.stage).where(Proposal.public_id == ready)).one() is Stage.IN_ROUND
        )
    rules = app.test_client().get(f"/de/votes/{pid}/rules.json")
    assert json.loads(rules.text)["counting"]["budget_cents"] == 100_000


def test_what_changed_after_the_check_page_is_not_opened_unseen(app: Flask, office: FlaskClient) -> None:
    with transaction():
        proposal_id = make_proposal(title="Bänke", stage=Stage.EXAMINED, cost_cents=40_000).id
        make_proposal(title="Bäume", stage=Stage.EXAMINED, cost_cents=40_000)
        ids = list(session.scalars(select(Proposal.public_id)))
    pid = begin(office)
    fill(office, pid, clock.today() + timedelta(days=3))
    for one in ids:
        post(office, f"/de/office/votes/{pid}/options/proposals", proposal=one)
    seen = office.get(f"/de/office/votes/{pid}/check").text.split('name="seen" value="')[1].split('"')[0]
    with transaction():
        session.get_one(Proposal, proposal_id).title = "Etwas ganz anderes"
    answer = post(office, f"/de/office/votes/{pid}/check", seen=seen, is_read="y")
    assert answer.status_code == 422
    assert "Etwas ganz anderes" in answer.text
    assert only_round().state is RoundState.DRAFT


def test_a_double_click_begins_one_draft(office: FlaskClient) -> None:
    assert begin(office) == begin(office)


def test_the_night_of_the_clock_change_is_refused(office: FlaskClient) -> None:
    pid = begin(office)
    fields = {"opens_on": "2027-03-01", "opens_at": "08:00", "closes_on": "2027-03-28"}
    for at, status in (("02:30", 422), ("02:00", 422), ("01:59", 303), ("03:00", 303)):
        assert post(office, f"/de/office/votes/{pid}/dates", **fields, closes_at=at).status_code == status, at
    fields["closes_on"] = "2027-03-29"
    assert post(office, f"/de/office/votes/{pid}/dates", **fields, closes_at="02:30").status_code == 303


def test_an_open_round_cannot_be_edited_by_anybody(app: Flask, office: FlaskClient) -> None:
    make_round(proposals=1)
    pid = only_round().public_id
    for step in ("words", "ballot", "options", "counting", "voters", "dates", "delete", "options/new"):
        assert office.get(f"/de/office/votes/{pid}/{step}").status_code == 409, step
        assert post(office, f"/de/office/votes/{pid}/{step}", title="x").status_code in {409, 405}, step
    assert post(office, f"/de/office/votes/{pid}/options/1/remove").status_code == 409
    assert post(office, f"/de/office/votes/{pid}/options/1", title="x", cost="1").status_code == 409


def test_a_draft_is_a_404_for_everybody_else(app: Flask, client: FlaskClient) -> None:
    make_round(state=RoundState.DRAFT)
    pid = only_round().public_id
    for path in (f"/de/votes/{pid}", f"/de/votes/{pid}/log", f"/de/votes/{pid}/rules.json"):
        assert client.get(path).status_code == 404
        assert app.test_client().get(path).status_code == 404
    assert pid not in client.get("/de/votes").text


def test_before_during_and_after(app: Flask) -> None:
    make_round(is_running=False, kind=BallotKind.POINTS)
    vote = only_round()
    visitor = app.test_client()
    assert vote.opens_at is not None
    assert vote.closes_at is not None
    page = visitor.get(f"/en/votes/{vote.public_id}").text
    assert "Begins on" in page
    assert vote.rules_sha256 is not None
    assert vote.rules_sha256 in page
    with time_machine.travel(vote.opens_at + timedelta(seconds=1), tick=False):
        assert "Running" in visitor.get(f"/en/votes/{vote.public_id}?1").text
        assert "Running now" in visitor.get("/en/votes?1").text
    with time_machine.travel(vote.closes_at, tick=False):
        page = visitor.get(f"/en/votes/{vote.public_id}?2").text
        assert "Is being counted" in page
        assert "nobody has seen the result yet" in page
