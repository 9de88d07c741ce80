"""The pages on which everybody reports, and follows what became of it."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import session, transaction
from portal.moderation.models import Measure, Report
from tests.moderation.forms import fill, hidden_fields
from tests.moderation.people import Town, case_of, decide, report
from tests.support.factories import sign_in


def test_d6_a_visitor_reports_without_account_script_or_puzzle(client: FlaskClient, town: Town) -> None:
    url = f"/de/report/leaflet/{town.leaflet.public_id}"
    started = time.monotonic()
    form = client.get(url)
    assert "112" in form.text  # at once, before anything is chosen or sent
    assert "captcha" not in form.text.lower()
    data = {**hidden_fields(form.text), "category": "insult", "words": "Bitte schaut euch das an."}
    with time_machine.travel(clock.now() + timedelta(seconds=5)):
        sent = client.post(url, data=data)
        assert sent.status_code == 303
        receipt = client.get(sent.location)
        assert time.monotonic() - started < 60
        code = re.search(r'<strong dir="ltr">([a-z0-9-]+)</strong>', receipt.text)
        assert code
        lookup = client.post("/de/receipts", data=fill(client, "/de/receipts", code=code[1].upper()))
        assert lookup.location == sent.location
        assert client.post(url, data=data).location == sent.location
    with transaction(write=False):
        assert session.query(Report).count() == 1
    decide(town.leaflet, town.moderator, Measure.HIDE)
    later = client.get(sent.location)
    assert "Moderation Nord" in later.text
    assert "Die Worte setzen Menschen herab" not in later.text
    assert "Bitte schaut" not in later.text


@pytest.mark.parametrize("category", ["danger", "help", "threat"])
def test_help_is_shown_at_once(client: FlaskClient, town: Town, category: str) -> None:
    code = report(town.leaflet, None, category)  # type: ignore[arg-type]
    page = client.get(f"/de/receipts/{code}").text
    for number in ("112", "110", "116123", "116016", "116111"):
        assert f'href="tel:{number}"' in page


def test_traps_stop_machines_and_let_people_through(client: FlaskClient, town: Town) -> None:
    url = f"/de/report/leaflet/{town.leaflet.public_id}"
    data = fill(client, url, category="spam", words="Kanarienvogel")
    fast = client.post(url, data=data)
    assert (fast.status_code, "Kanarienvogel" in fast.text) == (422, True)
    with time_machine.travel(clock.now() + timedelta(seconds=4)):
        for wrong in ({"website": "https://spam.example"}, {"begun": "1.x"}, {"begun": ""}, {"begun": "٣.x"}):
            refused = client.post(url, data={**data, **wrong})
            assert (refused.status_code, "Kanarienvogel" in refused.text) == (422, True)
            assert 'name="website"' in refused.text
            assert "spam.example" not in refused.text
        again = client.post(url, data={**data, **hidden_fields(fast.text)})
        assert again.status_code == 303


def test_a_report_needs_one_choice_and_a_good_address(client: FlaskClient, town: Town) -> None:
    url = f"/de/report/leaflet/{town.leaflet.public_id}"
    data = fill(client, url)
    with time_machine.travel(clock.now() + timedelta(seconds=4)):
        for wrong in (
            {"words": "Nur Worte"},
            {"category": "nonsense", "words": "Nur Worte"},
            {"category": "spam", "words": "Nur Worte", "email": "a@b.example, c@d.example"},
            {"category": "spam", "words": "Nur Worte" + "x" * 4000},
        ):
            refused = client.post(url, data={**data, **wrong})
            assert refused.status_code == 422
            assert "Nur Worte" in refused.text
            assert 'role="alert"' in refused.text
    with transaction(write=False):
        assert session.query(Report).count() == 0


def test_visitors_of_one_network_are_limited_and_keep_their_words(client: FlaskClient, town: Town) -> None:
    url = f"/de/report/leaflet/{town.leaflet.public_id}"
    for number in range(21):
        data = fill(client, url, category="spam", words="Kanarienvogel")
        with time_machine.travel(clock.now() + timedelta(seconds=4), tick=False):
            sent = client.post(url, data=data)
        assert sent.status_code == (303 if number < 20 else 429)
    assert "Kanarienvogel" in sent.text


def test_unknown_receipts(client: FlaskClient, town: Town) -> None:
    assert client.get("/de/receipts/abcdefghjkmn").status_code == 404
    refused = client.post("/de/receipts", data=fill(client, "/de/receipts", code="' OR 1=1 --"))
    assert (refused.status_code, "OR 1=1" in refused.text) == (422, True)


def test_only_moderated_kinds_have_a_report_page(client: FlaskClient, town: Town) -> None:
    report(town.leaflet)
    with transaction(write=False):
        case = case_of(town.leaflet).public_id
    sign_in(client, town.moderator)
    for path in (
        f"report/case/{case}",
        f"report/decision/{case}",
        "report/nothing/x",
        "report/leaflet/x",
        "hidden/x/y",
    ):
        assert client.get(f"/de/{path}").status_code == 404
