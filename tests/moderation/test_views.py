"""Pages of moderators and of those about whom they decide, with and without scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import session, transaction
from portal.core.i18n import LANGUAGES
from portal.moderation import operations, queries
from portal.moderation.models import Decision, Measure, Outcome, Report
from tests.moderation.forms import fill, hidden_fields
from tests.moderation.people import Town, answer, case_of, decide, object_to, report, settled
from tests.support.factories import make_staff, sign_in
from tests.support.queries import counted_queries

HTMX = {"HX-Request": "true"}


def test_reasons_for_everybody_say_the_rule_but_not_the_words(client: FlaskClient, town: Town) -> None:
    url = f"/de/hidden/leaflet/{town.leaflet.public_id}"
    assert client.get(url).status_code == 404
    report(town.leaflet)
    decide(town.leaflet, town.moderator, Measure.HIDE, rule=2)
    page = client.get(url)
    assert "Moderation Nord" in page.text
    for secret in ("Idioten", "Mehr Bänke", "Die Worte setzen", town.moderator.display_name, "/decisions/"):
        assert secret not in page.text
    sign_in(client, town.author)
    own = client.get(url).text
    statement = re.search(r'href="(/de/decisions/[^"]+)"', own)
    assert statement
    assert client.get(statement[1]).status_code == 200
    decide_again = settled()
    private = town.wall.pin(private=True, author_id=decide_again.id, hidden=True)
    assert client.get(f"/de/hidden/leaflet/{private.public_id}").status_code == 404


def test_the_author_reads_objects_and_gets_a_reply(client: FlaskClient, town: Town) -> None:
    report(town.leaflet, settled(display_name="Rumpelstilz"), words="kanarienvogel")
    made = decide(town.leaflet, town.moderator, Measure.HIDE)
    with transaction(write=False):
        url = f"/de/decisions/{session.get_one(Decision, made).public_id}"
    sign_in(client, town.author)
    page = client.get(url).text
    for part in ("Moderation Nord", "ihr Idioten", "Die Worte setzen Menschen herab.", f"{url}/objection"):
        assert part in page
    assert f"/de/leaflets/{town.leaflet.public_id}" in page  # change the text: one click
    for secret in ("Rumpelstilz", "kanarienvogel", town.moderator.display_name):
        assert secret not in page
    assert (
        client.post(f"{url}/objection", data=fill(client, f"{url}/objection", words=" ")).status_code == 422
    )
    sent = client.post(f"{url}/objection", data=fill(client, f"{url}/objection", words="Ein Zitat!"))
    assert sent.status_code == 303
    assert "Ein Zitat!" in client.get(url).text
    again = client.post(f"{url}/objection", data=fill(client, f"{url}/objection", words="Noch einmal"))
    assert (again.status_code, "Noch einmal" in again.text) == (422, True)
    sign_in(client, town.colleague)
    queue = client.get("/de/moderation").text
    place = re.search(r'href="(/de/moderation/objections/[^"]+)"', queue)
    assert place
    assert (
        client.post(place[1], data=fill(client, place[1], outcome="overturned", reply="")).status_code == 422
    )
    data = fill(client, place[1], outcome="overturned", reply="Sie haben recht.")
    assert client.post(place[1], data=data).status_code == 303
    assert not town.leaflet.hidden
    late = client.post(place[1], data={**data, "outcome": "upheld"})
    assert late.status_code == 422
    sign_in(client, town.author)
    final = client.get(url).text
    assert "Sie haben recht." in final
    assert town.colleague.display_name not in final


def test_a_moderator_decides_without_scripts(client: FlaskClient, town: Town) -> None:
    report(town.leaflet, None, words="kanarienvogel")
    with transaction(write=False):
        url = f"/de/moderation/cases/{case_of(town.leaflet).public_id}"
    sign_in(client, town.moderator)
    queue = client.get("/de/moderation")
    assert url in queue.text
    token = hidden_fields(queue.text)
    assert client.post(f"{url}/claim", data=token).location.endswith(url)
    page = client.get(url).text
    assert page.index("Das ist doch Quatsch") < page.index("kanarienvogel") < page.index('name="measure"')
    assert f'href="/de/leaflets/{town.leaflet.public_id}"' in page  # where it stands
    assert re.search(r'<a href="/de/moderation" aria-current="true"', page)
    empty = client.post(url, data=token).text
    summary = empty[empty.index('id="errors"') : empty.index("</ul>", empty.index('id="errors"'))]
    # Three fields say the same: each link names its own.
    assert re.findall(r'href="#([\w-]+)">([^–<]+) –', summary) == [
        ("measure-0", "Was soll geschehen?"),
        ("ground", "Worauf stützt es sich?"),
        ("facts", "Begründung für die Person"),
    ]
    bad = {"measure": "hide", "ground": "rule:1", "passage": "steht nicht da", "facts": "Weil es herabsetzt."}
    refused = client.post(url, data={**token, **bad})
    assert refused.status_code == 422
    assert all(words in refused.text for words in ("steht nicht da", "Weil es herabsetzt."))
    assert not town.leaflet.hidden
    more = {**token, **bad, "passage": "ihr Idioten", "more": "y"}
    assert client.post(url, data=more).location.endswith(url)
    assert town.leaflet.hidden
    assert client.post(url, data={**more, "measure": "lock", "days": "x"}).status_code == 422
    last = {
        **token,
        "measure": "warn",
        "ground": "law",
        "law": "§ 185 StGB",
        "passage": "Quatsch",
        "facts": "Bitte.",
    }
    assert client.post(url, data=last).location.endswith("/de/moderation")
    with transaction(write=False):
        assert [one.measure for one in queries.decisions_about(case_of(town.leaflet))] == ["warn", "hide"]
    # Pressed twice: once is enough, and no error says otherwise. A colleague's form comes too late.
    assert client.post(url, data=last).location.endswith("/de/moderation")
    assert "Das haben Sie schon entschieden." in client.get("/de/moderation").text
    assert client.get(url).status_code == 200
    sign_in(client, town.colleague)
    late = {**last, **hidden_fields(client.get(url).text)}
    assert client.post(url, data=late).status_code == 422
    with transaction(write=False):
        assert len(queries.decisions_about(case_of(town.leaflet))) == 2


def test_row_actions_answer_with_the_list_or_the_page(client: FlaskClient, town: Town) -> None:
    report(town.leaflet)
    with transaction(write=False):
        url = f"/de/moderation/cases/{case_of(town.leaflet).public_id}"
    sign_in(client, town.moderator)
    token = hidden_fields(client.get("/de/moderation").text)
    part = client.post(f"{url}/aside", data=token, headers=HTMX)
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div id="waiting"')
    assert client.post(f"{url}/aside", data=token).location.endswith("/de/moderation")
    assert client.post(f"{url}/claim", data=token).status_code == 303
    part = client.post(f"{url}/hand-over", data=token, headers=HTMX)
    assert part.text.lstrip().startswith('<div id="waiting"')
    assert client.post(f"{url}/notes", data={**token, "words": " "}).status_code == 422
    assert client.post(f"{url}/notes", data={**token, "words": "Puh, schwierig."}).status_code == 303
    assert "Puh, schwierig." in client.get(url).text
    sign_in(client, town.colleague)
    assert (
        client.post(f"{url}/claim", data=hidden_fields(client.get("/de/moderation").text)).status_code == 303
    )
    sign_in(client, town.moderator)
    assert client.post(f"{url}/claim", data=token).status_code in {400, 409}


def test_a_moderator_takes_something_up(client: FlaskClient, town: Town) -> None:
    page_url = f"/de/report/leaflet/{town.leaflet.public_id}"
    url = f"/de/moderation/open/leaflet/{town.leaflet.public_id}"
    for who in (settled(), town.southern, make_staff("administrator")):
        sign_in(client, who)
        page = client.get(page_url).text
        assert url not in page
        assert client.post(url, data={"csrf_token": hidden_fields(page)["csrf_token"]}).status_code == 404
    sign_in(client, town.moderator)
    page = client.get(page_url).text
    assert url in page
    assert client.post(url, data={"csrf_token": hidden_fields(page)["csrf_token"]}).status_code == 303
    decide(town.leaflet, town.moderator, Measure.HIDE)
    with transaction(write=False):
        assert session.query(Decision).one().source == "own"


@pytest.mark.parametrize("language", ["de", "ar", "leicht"])
def test_every_page_is_sound_in_every_direction(client: FlaskClient, town: Town, language: str) -> None:
    for _ in range(3):
        report(town.leaflet, settled())
    with transaction(write=False):
        case = case_of(town.leaflet)
        (first,) = queries.decisions_about(case)
        paths = [
            f"moderation/cases/{case.public_id}",
            "moderation",
            f"hidden/leaflet/{town.leaflet.public_id}",
            f"report/leaflet/{town.leaflet.public_id}",
            "moderation/figures",
            "receipts",
            f"decisions/{first.public_id}",
        ]
        automated = first.id
    appeal = object_to(automated, town.author)
    answer(appeal, town.colleague, Outcome.UPHELD)
    sign_in(client, town.moderator)
    for path in paths:
        assert client.get(f"/{language}/{path}").status_code == 200
    sign_in(client, town.author)
    assert client.get(f"/{language}/{paths[-1]}").status_code == 200


def test_the_queue_asks_the_same_number_of_questions(app: Flask, client: FlaskClient, town: Town) -> None:
    sign_in(client, town.moderator)
    numbers = []
    for more in (1, 2, 10):
        for _ in range(more):
            leaflet = town.wall.pin(district_id=1, author_id=town.author.id)
            report(leaflet)
            report(leaflet, settled())
            made = decide(town.wall.leaflets[leaflet.id], town.colleague, Measure.HIDE, is_last=False)
            object_to(made, town.author)
        client.get("/de/moderation")
        with counted_queries() as sent:
            client.get("/de/moderation")
        # Settings and districts are kept in memory and read anew after some seconds, whatever the list holds.
        numbers.append(
            len([one for one in sent if "FROM site_setting" not in one and "FROM district" not in one])
        )
    assert numbers[0] == numbers[1] == numbers[2]


def test_a_name_may_be_given_and_only_moderators_read_it(client: FlaskClient, town: Town) -> None:
    """Art. 16 DSA: good faith is said where the report is sent; a name is a choice, gone with the account."""
    url = f"/en/report/leaflet/{town.leaflet.public_id}"
    assert "to the best of my knowledge what I report is right and complete" in client.get(url).text
    who = settled()
    sign_in(client, who)
    with time_machine.travel(clock.now() + timedelta(seconds=5)):
        data = fill(client, url, category="danger", name="Rosa  Rauch\n")
    with time_machine.travel(clock.now() + timedelta(seconds=15)):
        assert client.post(url, data=data).status_code == 303
    with transaction(write=False):
        case = case_of(town.leaflet)
        case_url, report_id = f"/en/moderation/cases/{case.public_id}", case.reports[0].id
        assert case.reports[0].name == "Rosa Rauch"
    sign_in(client, town.moderator)
    page = client.get(case_url).text
    assert "<bdi>Rosa Rauch</bdi>" in page
    # Art. 18 DSA: before a danger is decided about, the police and the ambulance come first.
    assert "tell the police at once what we know (Art. 18 DSA)" in page
    assert 'href="tel:110"' in page
    made = decide(town.leaflet, town.moderator, Measure.HIDE)
    with transaction(write=False):
        statement = f"/en/decisions/{session.get_one(Decision, made).public_id}"
    sign_in(client, town.author)
    assert "Rosa Rauch" not in client.get(statement).text
    with transaction():
        operations.forget_reporter(who.id)
    with transaction(write=False):
        assert session.get_one(Report, report_id).name is None


def test_the_rules_are_there_for_machines_in_every_language(client: FlaskClient, app: Flask) -> None:
    """Art. 14 DSA: the same numbers and sentences as on the page, and what happens by itself."""
    page = client.get("/de/conduct").text
    assert "/de/conduct/rules.json" in page
    found = {one: client.get(f"/{one}/conduct/rules.json").get_json() for one in LANGUAGES}
    assert {tuple(rule["number"] for rule in one["rules"]) for one in found.values()} == {tuple(range(1, 9))}
    assert len({one["rules"][0]["sentence"] for one in found.values()}) >= 5
    assert found["de"]["language"] == "de"
    assert found["de"]["objection_months"] >= 6
    assert len(found["de"]["automated"]) == 2
    assert {one["measure"] for one in found["de"]["measures"]} >= {"hide", "lock", "slow", "suspend"}
    assert found["de"]["redress"]
