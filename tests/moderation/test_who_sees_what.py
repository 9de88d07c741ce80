"""Each page of moderation for each person: open, or the page of an unknown address."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.moderation.models import Appeal, Case, Decision, Measure, Report
from tests.moderation.forms import hidden_fields
from tests.moderation.people import Town, case_of, decide, object_to, report, settled
from tests.support.factories import make_resident, make_staff, sign_in, sign_out
from tests.support.pages import TOKEN

PERSONAS = (
    "visitor",
    "resident",
    "author",
    "reporter",
    "moderator",
    "colleague",
    "southern",
    "professional",
    "planner",
    "administrator",
    "suspended",
    "former",
)
# Who gets 200; everybody else gets the page of an unknown address (visitors: to sign in).
ALLOWED = {
    "/de/moderation": {"moderator", "colleague", "southern"},
    "/de/moderation/cases/{case}": {"moderator", "colleague"},
    "/de/decisions/{decision}": {"author", "moderator", "colleague"},
    "/de/decisions/{decision}/objection": {"author"},
    "/de/moderation/objections/{appeal}": {"colleague"},
    "/de/reports/{report}": {"reporter"},
    "/de/moderation/figures": set(PERSONAS),
    "/de/report/leaflet/{leaflet}": set(PERSONAS),
    "/de/hidden/leaflet/{leaflet}": set(PERSONAS),
    "/de/receipts": set(PERSONAS),
}


def blind(page: str, *ids: str) -> str:
    """A page without what must differ: the ids asked for, and the token with the second it was made."""
    page = re.sub(r'(name="csrf-token" content=")[^"]*', r"\1", TOKEN.sub(r"\1", page))
    return re.sub("zzzzzzzz|" + "|".join(ids), "", page)


def test_who_sees_what(client: FlaskClient, town: Town) -> None:
    reporter = settled()
    report(town.leaflet, reporter)
    made = decide(town.leaflet, town.moderator, Measure.HIDE)
    appeal = object_to(made, town.author)
    people: dict[str, Account | None] = {
        "visitor": None,
        "resident": make_resident(),
        "author": town.author,
        "reporter": reporter,
        "moderator": town.moderator,
        "colleague": town.colleague,
        "southern": town.southern,
        "suspended": settled(suspended_until=clock.now() + timedelta(days=1)),
        "former": make_staff(),
        **{role: make_staff(role) for role in ("professional", "planner", "administrator")},
    }
    with transaction(write=False):
        ids = {
            "case": case_of(town.leaflet).public_id,
            "decision": session.get_one(Decision, made).public_id,
            "appeal": session.get_one(Appeal, appeal).public_id,
            "report": session.query(Report).one().public_id,
            "leaflet": town.leaflet.public_id,
        }
    wrong = []
    for name in PERSONAS:
        sign_out(client)
        who = people[name]
        if who:
            sign_in(client, who)
        for path, allowed in ALLOWED.items():
            answered = client.get(path.format(**ids)).status_code
            expected = {200} if name in allowed else {401, 302, 303} if who is None else {404}
            if answered not in expected:
                wrong.append((name, path, answered))
            unknown = path.format(**dict.fromkeys(ids, "zzzzzzzz"))
            if name not in allowed and "{" in path:
                same = {blind(client.get(one).text, *ids.values()) for one in (path.format(**ids), unknown)}
                if len(same) > 1:
                    wrong.append((name, path, "tells that it exists"))
    assert wrong == []


def test_nobody_else_can_act(client: FlaskClient, town: Town) -> None:
    report(town.leaflet)
    own = town.wall.pin(author_id=town.moderator.id, district_id=1)
    report(own)
    with transaction(write=False):
        cases = [case_of(town.leaflet).public_id, case_of(own).public_id]
    outsiders = [
        town.author,
        settled(),
        town.southern,
        *(make_staff(one) for one in ("professional", "planner", "administrator")),
    ]
    for who, targets in [*((one, cases) for one in outsiders), (town.moderator, cases[1:])]:
        sign_in(client, who)
        token = hidden_fields(client.get(f"/de/report/leaflet/{own.public_id}").text)["csrf_token"]
        for case in targets:
            for verb in ("", "/claim", "/aside", "/hand-over", "/notes"):
                data = {
                    "csrf_token": token,
                    "words": "x",
                    "measure": "hide",
                    "ground": "rule:1",
                    "facts": "x",
                }
                assert client.post(f"/de/moderation/cases/{case}{verb}", data=data).status_code == 404
    with transaction(write=False):
        assert [(one.claimed_by, one.closed_at) for one in session.query(Case)] == [(None, None)] * 2


def test_d3_nobody_ever_sees_the_reporter(client: FlaskClient, town: Town) -> None:
    reporter = settled(display_name="Kanarienvogel", email="kanarienvogel@example.org")
    report(town.leaflet, reporter)
    report(town.leaflet, None, email="kanarienvogel@example.net")
    made = decide(town.leaflet, town.moderator, Measure.HIDE)
    appeal = object_to(made, town.author)
    with transaction(write=False):
        paths = [
            "/de/moderation",
            "/de/moderation/figures",
            f"/de/moderation/cases/{case_of(town.leaflet).public_id}",
            f"/de/moderation/objections/{session.get_one(Appeal, appeal).public_id}",
            f"/de/decisions/{session.get_one(Decision, made).public_id}",
            f"/de/hidden/leaflet/{town.leaflet.public_id}",
            "/de/notices",
        ]
    for who in (None, town.author, town.moderator, town.colleague, make_staff("administrator")):
        if who:
            sign_in(client, who)
        for path in paths:
            page = client.get(path).text
            assert "anarienvogel" not in page
            assert reporter.public_id not in page
