"""What staff may type wrongly or in bad faith, and two people at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.db import session, transaction
from portal.rounds.errors import NotYourDistrict
from portal.rounds.models import BallotKind, RoundState
from portal.rounds.operations import drafting, opening, voiding
from portal.rounds.operations.logbook import append
from portal.rounds.queries import logbook
from portal.rounds.queries.opening import rules_text
from portal.rounds.queries.options import options_of
from tests.proposals.helpers import post
from tests.support.factories import actor_of, make_staff
from tests.support.factories_places import make_district
from tests.support.factories_rounds import get_round, make_round

LONG = "x" * 20_000


def when(opens_on: str, opens_at: str, closes_on: str) -> dict[str, str]:
    return {"opens_on": opens_on, "opens_at": opens_at, "closes_on": closes_on, "closes_at": "08:00"}


WRONG: list[tuple[str, dict[str, str]]] = [
    ("words", {"title": "", "influence": "decision", "language": "de", "contact": "0", "part_of": "0"}),
    ("words", {"title": LONG, "influence": "decision", "language": "de", "contact": "0", "part_of": "0"}),
    ("words", {"title": "T", "influence": "empire", "language": "de", "contact": "0", "part_of": "0"}),
    ("words", {"title": "T", "influence": "decision", "language": "xx", "contact": "0", "part_of": "0"}),
    ("words", {"title": "T", "influence": "decision", "language": "de", "contact": "99999", "part_of": "0"}),
    ("words", {"title": "T", "influence": "decision", "language": "de", "contact": "0", "part_of": "77"}),
    ("ballot", {"kind": "approval", "max_choices": "-1"}),
    ("ballot", {"kind": "approval", "max_choices": "0"}),
    ("ballot", {"kind": "approval", "max_choices": "9" * 30}),
    ("ballot", {"kind": "approval", "max_choices": "1e3"}),
    ("ballot", {"kind": "points", "points_total": "NaN"}),
    ("ballot", {"kind": "../../etc"}),
    ("counting", {"rule": "schulze", "budget": "1000"}),
    ("counting", {"rule": "greedy", "budget": "-5"}),
    ("counting", {"rule": "greedy", "budget": "1e99"}),
    ("counting", {"rule": "greedy", "budget": "9" * 40}),
    ("counting", {"rule": "greedy", "budget": "5", "lottery_on": "2027-02-30"}),
    ("counting", {"rule": "greedy", "budget": "5", "lottery_source": LONG}),
    ("voters", {"level": "4", "file_threshold": "50"}),
    ("voters", {"level": "-1", "file_threshold": "50"}),
    ("voters", {"level": "0", "file_threshold": "-1"}),
    ("voters", {"level": "0", "file_threshold": "50", "districts": "99999"}),
    ("voters", {"level": "0", "file_threshold": "50", "observers": "a@b.example\r\nBcc: x@y.example"}),
    ("dates", when("0000-00-00", "08:00", "2030-01-01")),
    ("dates", when("2030-01-02", "08:00", "2030-01-01")),
    ("dates", when("2030-01-01", "08:00", "2030-01-01")),
    ("dates", when("2030-01-01", "25:00", "2030-01-02")),
    ("options/new", {"title": "", "district": "0"}),
    ("options/new", {"title": "x", "district": "0", "cost": "-3"}),
    ("options/new", {"title": "x", "district": "99999"}),
    ("options/1", {"title": "\u202e\u200b", "district": "0"}),
]


def test_wrong_values_are_named_and_change_nothing(app: Flask, office: FlaskClient) -> None:
    with transaction():
        make_district("Nordend")
    round_id = make_round(state=RoundState.DRAFT, is_running=False)
    with transaction(write=False):
        before, pid = rules_text(get_round(round_id)), get_round(round_id).public_id
    for step, fields in WRONG:
        answer = post(office, f"/en/office/votes/{pid}/{step}", **fields)
        assert answer.status_code == 422, (step, fields)
        assert "Please check the following" in answer.text, (step, fields)
    with transaction(write=False):
        assert rules_text(get_round(round_id)) == before


def test_words_of_people_stay_words(app: Flask, office: FlaskClient) -> None:
    round_id = make_round(state=RoundState.DRAFT)
    with transaction(write=False):
        pid = get_round(round_id).public_id
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    fields = {"influence": "decision", "language": "de", "contact": "0", "part_of": "0"}
    post(office, f"/en/office/votes/{pid}/words", title=evil, question=evil, intro=evil, **fields)
    post(office, f"/en/office/votes/{pid}/options/new", title=evil, text=evil, plain=evil, district="0")
    for path in (f"votes/{pid}", f"office/votes/{pid}/check", f"office/votes/{pid}/options", "office/votes"):
        page = office.get(f"/en/{path}").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_numbers_for_another_kind_are_left_aside(app: Flask, office: FlaskClient) -> None:
    round_id = make_round(state=RoundState.DRAFT)
    with transaction(write=False):
        pid = get_round(round_id).public_id
    post(
        office,
        f"/de/office/votes/{pid}/ballot",
        kind="points",
        points_total="7",
        max_choices="3",
        score_max="9",
    )
    with transaction(write=False):
        vote = get_round(round_id)
        limits = (vote.points_total, vote.max_choices, vote.score_max, vote.points_per_option_max)
        assert (vote.ballot_kind, limits) == (BallotKind.POINTS, (7, None, None, None))
        # Add1 is for approvals only; the rule went with the ballot.
        assert vote.rule.value == "equal_shares"


def test_a_moderator_cannot_give_a_draft_away(app: Flask) -> None:
    with transaction():
        north, south = make_district("Nordend").id, make_district("Südend").id
    actor = actor_of(make_staff("moderator", north))
    given: dict[str, Any] = {"actor": actor, "level": 0, "receipts": True, "file_threshold": 5}
    with transaction():
        round_id = drafting.create_round(actor=actor, title="Neu").id
    with transaction(write=False):
        assert get_round(round_id).district_ids == (north,)
    with transaction(), pytest.raises(NotYourDistrict):
        drafting.save_voters(get_round(round_id), district_ids=(south,), **given)
    with transaction():
        drafting.save_voters(get_round(round_id), district_ids=(north, south), **given)


def test_options_of_another_vote_are_not_reached(app: Flask, office: FlaskClient) -> None:
    make_round(state=RoundState.DRAFT, options=9)
    mine = make_round(state=RoundState.DRAFT, options=2)
    with transaction(write=False):
        pid = get_round(mine).public_id
    assert office.get(f"/de/office/votes/{pid}/options/9").status_code == 404
    assert post(office, f"/de/office/votes/{pid}/options/9/remove").status_code == 404
    assert post(office, f"/de/office/votes/{pid}/options/proposals", proposal="gibtsnicht").status_code == 303
    with transaction(write=False):
        assert len(options_of(get_round(mine))) == 2


def at_once(app: Flask, works: list[Callable[[], Any]]) -> list[Any]:
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    return work()
            finally:
                session.remove()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_six_who_open_at_once_open_one_round(both: Flask) -> None:
    actor = actor_of(make_staff("moderator"))
    round_id = make_round(state=RoundState.DRAFT, is_running=False)
    done = at_once(both, [lambda: opening.open_round(get_round(round_id), actor=actor)] * 6)
    assert sorted(done) == [False] * 5 + [True]
    with transaction(write=False):
        assert [entry.kind for entry in logbook.entries(get_round(round_id))] == ["opened"]


def test_many_who_write_into_the_log_at_once_make_one_chain(both: Flask) -> None:
    round_id = make_round()
    at_once(both, [lambda: append(get_round(round_id), "box_commit", {"number": 1}).seq] * 8)
    with transaction(write=False):
        vote = get_round(round_id)
        assert [entry.seq for entry in logbook.entries(vote)] == list(range(1, 10))
        assert logbook.is_unbroken(vote)


def test_two_who_confirm_at_once_void_once(both: Flask) -> None:
    first, *others = (actor_of(make_staff("moderator")) for _ in range(4))
    round_id = make_round()
    with transaction():
        voiding.ask_void(get_round(round_id), actor=first, reason="Ein Irrtum")

    def confirm(actor: Any) -> Callable[[], bool]:
        return lambda: voiding.confirm_void(get_round(round_id), actor=actor)

    assert sorted(at_once(both, [confirm(one) for one in others])) == [False, False, True]
    with transaction(write=False):
        kinds = [entry.kind for entry in logbook.entries(get_round(round_id))]
        assert kinds == ["opened", "void", "key_destroyed"]
