"""From the roll to the ballot: a code on two devices, paper after online, help on a tablet that forgets."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask

from portal.core import clock
from portal.core.db import session, transaction
from portal.rounds.models import AssistedSession, Round
from portal.rounds.queries.box import turnout
from portal.rounds.views import holding
from tests.rounds.test_ballot_pages import cast, choose
from tests.rounds.test_roll_pages import find, letters, open_counter
from tests.support.factories import make_resident
from tests.support.factories_rounds import get_round, make_round


def vote_of(round_id: int) -> Round:
    """The round, loaded once for its addresses."""
    with transaction(write=False):
        vote = get_round(round_id)
        session.expunge(vote)
        return vote


def box(round_id: int) -> tuple[int, int]:
    with transaction(write=False):
        found = turnout(get_round(round_id))
        return found.online, found.paper


def test_one_code_is_one_vote_on_every_device(app: Flask) -> None:
    round_id = make_round(level=2)
    _, codes = letters(app, round_id)
    vote = vote_of(round_id)
    for _ in range(2):
        device = app.test_client()
        assert device.get(f"/de/votes/{vote.public_id}/ballot/receipt").status_code == 303
        device.post(f"/de/votes/{vote.public_id}/code", data={"code": codes[0]})
        choose(device, vote, v1=1)
        assert cast(device, vote).location.endswith("/ballot/receipt")
        shown = device.get(f"/de/votes/{vote.public_id}/ballot/receipt")
        assert shown.status_code == 200
        device.post(f"/de/votes/{vote.public_id}/code/away")
        assert device.get(f"/de/votes/{vote.public_id}/ballot/receipt").status_code == 303
    assert box(round_id) == (1, 0)


def test_who_took_paper_is_refused_online(app: Flask) -> None:
    round_id = make_round(level=2)
    _, codes = letters(app, round_id)
    vote, device = vote_of(round_id), app.test_client()
    device.post(f"/de/votes/{vote.public_id}/code", data={"code": codes[0]})
    choose(device, vote, v1=1)
    cast(device, vote)
    one, _, address = open_counter(app, round_id)
    assert one.post(f"{address}/tick", data={"sealed": find(one, address, codes[0])}).status_code == 303
    assert box(round_id) == (0, 1)
    shown = device.get(f"/de/votes/{vote.public_id}/ballot/receipt").get_data(as_text=True)
    assert "receipt__code" not in shown
    choose(device, vote, v2=1)
    page = device.get(f"/de/votes/{vote.public_id}/ballot/check").get_data(as_text=True)
    assert 'name="ballot"' not in page or "/ballot/cast" not in page
    assert device.post(f"/de/votes/{vote.public_id}/ballot/cast", data={"ballot": "x"}).status_code in {
        409,
        422,
    }
    assert box(round_id) == (0, 1)


def test_help_on_the_tablet_from_the_yes_to_the_clear_tablet(app: Flask) -> None:
    round_id = make_round()
    vote, person = vote_of(round_id), make_resident()
    tablet, _, address = open_counter(app, round_id)
    receipt = f"/de/votes/{vote.public_id}/ballot/receipt"
    for turn in (1, 2):  # the second time an earlier ballot lies in the box: it is not shown
        sealed = find(tablet, address, person.display_name)
        begun = tablet.post(f"{address}/help", data={"sealed": sealed, "consent": "y"})
        assert begun.location.endswith("/ballot")
        assert tablet.get(begun.location).status_code == 200
        assert tablet.get(receipt).status_code == 303
        choose(tablet, vote, **{f"v{turn}": 1})
        assert cast(tablet, vote, seen="0" if turn == 1 else "1").location.endswith("/receipt")
        assert "/help/end" in tablet.get(receipt).get_data(as_text=True)
        done = tablet.post(f"/de/votes/{vote.public_id}/help/end", data={"cast": "1"})
        assert done.location == "/de/office/counter"
        assert tablet.get(receipt).status_code != 200
        assert tablet.get_cookie(holding.cookie_name()) is None
    assert box(round_id) == (1, 0)
    with transaction(write=False):
        assert [row.is_used for row in session.query(AssistedSession)] == [True, True]


def test_help_is_over_after_ten_minutes(app: Flask) -> None:
    round_id = make_round()
    vote = vote_of(round_id)
    tablet, _, address = open_counter(app, round_id)
    sealed = find(tablet, address, make_resident().display_name)
    tablet.post(f"{address}/help", data={"sealed": sealed, "consent": "y"})
    choose(tablet, vote, v1=1)
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=False):
        assert tablet.get(f"/de/votes/{vote.public_id}/ballot/check").status_code in {302, 303, 404}
        assert tablet.post(f"/de/votes/{vote.public_id}/ballot/cast", data={"ballot": "x"}).status_code == 404
    assert box(round_id) == (0, 0)
