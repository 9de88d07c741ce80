"""Pages of moderation, as each person finds them, with and without scripts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core import clock, limits
from portal.core.db import session, transaction
from portal.moderation import queries
from portal.moderation.models import Appeal, Case, Decision, Measure, Outcome, Report
from portal.places.models import District
from portal.places.queries import forget_districts
from tests.discussions.test_queries import counted
from tests.moderation.people import (
    Town,
    answer,
    case_of,
    decide,
    make_town,
    object_to,
    report,
    settled,
)
from tests.support.factories import make_resident, make_staff, sign_in, sign_out
from tests.support.leaflets import Wall
from tests.support.pages import TOKEN

HTMX = {"HX-Request": "true"}


@pytest.fixture
def town(app: Flask, wall_sqlite: Wall) -> Iterator[Town]:
    """A town whose first district is called Nord."""
    limits.start_over()
    with transaction():
        shape = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
        session.add(District(slug="nord", name="Nord", geometry=shape, label_lat=0, label_lon=0))
    forget_districts()
    yield make_town(wall_sqlite)
    forget_districts()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


def hidden_fields(page: str) -> dict[str, str]:
    """What the first form of the main part that has a token sends along by itself."""
    main = page.split("<main", 1)[1].split("</main>")[0]
    form = next(one for one in re.findall(r"<form.*?</form>", main, re.S) if "csrf_token" in one)
    found = {}
    for field in re.findall(r'<input[^>]*type="hidden"[^>]*>', form):
        name = re.search(r'name="([^"]*)"', field)
        value = re.search(r'value="([^"]*)"', field)
        assert name
        found[name[1]] = value[1] if value else ""
    return found


def fill(client: FlaskClient, url: str, **values: object) -> dict[str, object]:
    """The form of a page with these values."""
    page = client.get(url)
    assert page.status_code == 200, (url, page.status)
    return {**hidden_fields(page.text), **values}


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
    assert client.post(url, data=last).status_code == 422
    assert client.get(url).status_code == 200


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


def test_d5_the_figures_equal_a_recount(app: Flask, client: FlaskClient, town: Town) -> None:
    """Counted here in another way: row by row in plain SQL and Python."""
    start = clock.now() + timedelta(days=1)
    with time_machine.travel(start, tick=False) as travel:
        for number in range(12):
            leaflet = town.wall.pin(author_id=town.author.id, district_id=1)
            report(
                leaflet, settled() if number % 2 else None, ["spam", "insult", "threat", "danger"][number % 4]
            )  # type: ignore[arg-type]
            travel.shift(timedelta(minutes=7 * number + 1))
            made = decide(leaflet, town.moderator, [Measure.NONE, Measure.HIDE, Measure.WARN][number % 3])
            if number % 3 == 1:
                appeal = object_to(made, town.author)
                travel.shift(timedelta(days=15 if number == 4 else 2))
                if number != 10:
                    answer(appeal, town.colleague, Outcome.OVERTURNED if number == 1 else Outcome.UPHELD)
        for who in [settled() for _ in range(3)]:
            report(town.leaflet, who)
        report(town.wall.pin())
        travel.shift(timedelta(days=20))
        with transaction(write=False):
            found = queries.figures()
            rows = session.connection().exec_driver_sql
            by_category = dict(rows("SELECT category, count(*) FROM report GROUP BY category").all())
            by_measure = dict(
                rows("SELECT measure, count(*) FROM decision WHERE is_automated = 0 GROUP BY measure").all()
            )
            appeals = rows("SELECT outcome, decided_at, due_at FROM appeal").all()
            looks = [
                (urgency, (clock_of(looked) - clock_of(opened)).total_seconds() / 3600)
                for urgency, opened, looked in rows(
                    "SELECT urgency, opened_at, first_look_at FROM moderation_case"
                    " WHERE first_look_at IS NOT NULL"
                )
            ]
        page = client.get("/de/moderation/figures").text
    assert {str(one): count for one, count in found.reports if count} == by_category
    assert {str(one): count for one, count in found.measures if count} == by_measure
    # Two of those that wait were found harmless by one person, and are about a danger.
    assert (found.report_total, found.automated, found.waiting) == (16, 1, 4)
    answered = [one for one in appeals if one[1]]
    assert (found.objections, found.objections_answered) == (len(appeals), len(answered)) == (4, 3)
    assert found.overturned_share == pytest.approx(
        sum(one[0] == "overturned" for one in answered) / len(answered)
    )
    assert found.answered_in_time_share == pytest.approx(2 / 4)
    assert found.complete_share == 1.0
    for look in found.first_looks:
        waits = sorted(hours for urgency, hours in looks if urgency == look.urgency)
        assert look.count == len(waits)
        for percent, value in ((50, look.median_hours), (90, look.p90_hours)):
            enough = [
                one for one in waits if sum(other <= one for other in waits) >= percent / 100 * len(waits)
            ]
            assert value == (pytest.approx(enough[0]) if waits else None)
    numbers = [int(one) for one in re.findall(r'class="number"><span>(\d+)</span>', page)]
    assert numbers[: len(found.reports)] == [count for _, count in found.reports]
    assert numbers[len(found.reports) :][: len(found.measures)] == [count for _, count in found.measures]


def clock_of(text: str) -> datetime:
    """A moment as SQLite keeps it."""
    return datetime.fromisoformat(text)


def test_an_empty_page_of_figures(client: FlaskClient, town: Town) -> None:
    assert client.get("/de/moderation/figures").status_code == 200
    with transaction(write=False):
        found = queries.figures()
    shares = (found.overturned_share, found.answered_in_time_share, found.complete_share)
    assert (found.report_total, shares) == (0, (None, None, None))


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
        with counted() as sent:
            client.get("/de/moderation")
        # Settings and districts are kept in memory and read anew after some seconds, whatever the list holds.
        numbers.append(
            len([one for one in sent if "FROM site_setting" not in one and "FROM district" not in one])
        )
    assert numbers[0] == numbers[1] == numbers[2]
