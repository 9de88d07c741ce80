"""What everybody reads: the list, a process, its proposals, a draft by its secret link; at what cost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import brotli
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core.actors import Actor, StaffRole
from portal.core.db import session, transaction
from portal.processes import operations
from portal.processes.models import PhaseKind, Process, ProcessState
from portal.processes.queries import Part, parts, process_by_public_id
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.factories_places import make_district, make_organization
from tests.support.factories_processes import make_process, spans
from tests.support.factories_proposals import make_proposal
from tests.support.queries import counted_queries

pytestmark = pytest.mark.usefixtures("at_noon")

NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)[-3000:]
    return answer.get_data(as_text=True)


def make(**columns: object) -> str:
    with transaction():
        return make_process(**columns).public_id  # type: ignore[arg-type]


def test_the_list_says_what_runs_comes_and_is_over(visitor: FlaskClient) -> None:
    with time_machine.travel(NOON, tick=False):
        make(title="Läuft gerade")
        make(title="Kommt noch", phases=spans(PhaseKind.VOTING, offset=5))
        make(title="Ist vorbei", phases=spans(PhaseKind.VOTING, offset=-50))
        make(title="Liegt im Archiv", state=ProcessState.ARCHIVED)
        make(title="Geheimer Entwurf", state=ProcessState.DRAFT)
        text = page(visitor, "/en/processes")
        order = [
            text.index(words) for words in ("Running now", "Läuft gerade", "Coming", "Kommt noch", "Over")
        ]
        assert order == sorted(order)
        assert text.index("Ist vorbei") > order[-1]
        assert text.index("Liegt im Archiv") > order[-1]
        assert "Geheimer" not in text
        assert "Proposals, until December 6, 2026, 12:00" in text


def test_an_empty_list_says_so(visitor: FlaskClient) -> None:
    assert "Nothing is running" in page(visitor, "/en/processes")


def test_what_is_over_has_pages(visitor: FlaskClient) -> None:
    with transaction():
        for number in range(23):
            make_process(title=f"Alt {number:02}", phases=spans(PhaseKind.VOTING, offset=-50 - number))
    first, second = page(visitor, "/de/processes"), page(visitor, "/de/processes?page=2")
    assert "Alt 00" in first
    assert "Alt 22" not in first
    assert "Alt 22" in second
    assert page(visitor, "/de/processes?page=abc")


def test_the_page_says_what_is_open_and_what_comes(visitor: FlaskClient) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        pid = make(phases=spans(PhaseKind.PROPOSALS, PhaseKind.EXAMINATION, PhaseKind.VOTING, offset=-5))
        text = page(visitor, f"/en/processes/{pid}")
        assert "Proposals, until December 6, 2026, 12:00" in text
        assert "Examination, from December 6, 2026, 12:00" in text
        assert "You can propose something" in text
        assert "Voting begins: December 16, 2026, 12:00." in text
        assert "Your influence: Decision" in text
        assert "Residents decide." in text
        clock.move_to(NOON + timedelta(days=6))
        text = page(visitor, f"/en/processes/{pid}?later")  # kept pages live by another clock
        assert "Proposing ended at 12:00 on December 6, 2026." in text
        assert "Propose something for this budget" not in text
        assert text.count('aria-current="step"') == 1


def test_the_page_changes_in_the_second_of_the_end(app: Flask) -> None:
    """The page for visitors is kept ready for ten seconds, but never over an end."""
    with time_machine.travel(NOON, tick=False):
        pid = make(phases=[(PhaseKind.PROPOSALS, NOON - timedelta(days=1), NOON + timedelta(days=1))])
        assert app.test_client().get(f"/ar/processes/{pid}").headers["Cache-Control"] != "no-store"
    for distance, is_open in ((10, True), (5, True), (1, True), (0, False)):
        with time_machine.travel(NOON + timedelta(days=1, seconds=-distance), tick=False):
            answer = app.test_client().get(f"/en/processes/{pid}")
            is_offered = "Propose something for this budget" in answer.get_data(as_text=True)
            assert is_offered is is_open, distance
            assert (answer.headers["Cache-Control"] == "no-store") is (distance > 0)


def test_facts_and_people(visitor: FlaskClient) -> None:
    staff = make_staff(StaffRole.PLANNER, display_name="Ruth Plan")
    with transaction():
        north = make_district("Nordend")
        body = make_organization("Amt für Grün")
        pid = make_process(
            districts=(north,),
            contact_account_id=staff.id,
            organization_id=body.id,
            budget_cents=25_000_00,
            level=2,
            phases=spans(PhaseKind.VOTING),
        ).public_id
    text = page(visitor, f"/en/processes/{pid}")
    for words in ("Ruth Plan", "Amt für Grün", "Nordend", "25,000", "letter with a code"):
        assert words in text, words
    assert "The whole town" in page(visitor, f"/en/processes/{make()}")


def test_words_in_the_readers_language(app: Flask, visitor: FlaskClient) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        process = make_process(title="Haushalt", phases=spans(PhaseKind.VOTING, PhaseKind.RESULT))
        process.phases[0].title = "Die Wahl"
        session.flush()
        words = {"title": "الميزانية", "summary": "ملخص", "body": "نص"}
        operations.save_texts(
            process, "ar", words, {process.phases[0].public_id: {"title": "التصويت"}}, actor=actor
        )
        pid = process.public_id
    text = page(visitor, f"/ar/processes/{pid}")
    assert 'lang="ar" dir="auto" class="measure">الميزانية' in text
    assert "التصويت" in text
    assert "Die Wahl" not in text
    assert "الميزانية" in page(visitor, "/ar/processes")
    assert "Haushalt" in page(visitor, f"/tr/processes/{pid}")


def test_a_draft_is_seen_by_its_moderators_only(app: Flask) -> None:
    with transaction():
        north, south = make_district("Nord"), make_district("Süd")
        pid = make_process(state=ProcessState.DRAFT, districts=(north,)).public_id
        ids = north.id, south.id
    people = {
        404: [
            make_resident(),
            make_staff(StaffRole.ADMINISTRATOR),
            make_staff(StaffRole.PLANNER),
            make_staff(StaffRole.MODERATOR, district_id=ids[1]),
        ],
        200: [make_staff(StaffRole.MODERATOR, district_id=ids[0]), make_staff(StaffRole.MODERATOR)],
    }
    for status, accounts in people.items():
        for account in accounts:
            browser = app.test_client()
            sign_in(browser, account)
            for path in (f"/de/processes/{pid}", f"/de/office/processes/{pid}"):
                assert browser.get(path).status_code == status, (account.id, path)
    browser = app.test_client()
    unknown = browser.get("/de/processes/nichtdaa").get_data()
    assert browser.get(f"/de/processes/{pid}").get_data() == unknown


def test_a_secret_link_shows_the_draft_to_whoever_holds_it(app: Flask, visitor: FlaskClient) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        process = make_process(state=ProcessState.DRAFT, title="Noch geheim")
        token, pid = operations.make_preview(process, actor=actor), process.public_id
    answer = visitor.get(f"/de/processes/preview/{token}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Noch geheim" in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in text
    assert "/office/" not in text
    assert visitor.get(f"/de/processes/{pid}").status_code == 404
    unknown = visitor.get("/de/processes/preview/unbekannt")
    with transaction():
        found = process_by_public_id(pid)
        assert found is not None
        operations.revoke_previews(found, actor=actor)
    revoked = visitor.get(f"/de/processes/preview/{token}")
    assert revoked.status_code == unknown.status_code == 404
    assert revoked.get_data() == unknown.get_data()


def test_a_link_of_a_published_process_leads_to_its_page(visitor: FlaskClient) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        process = make_process(state=ProcessState.DRAFT)
        token, pid = operations.make_preview(process, actor=actor), process.public_id
        operations.publish_process(process, actor=actor)
    assert visitor.get(f"/de/processes/preview/{token}").status_code == 404
    assert visitor.get(f"/de/processes/{pid}").status_code == 200


def test_proposals_of_a_process(visitor: FlaskClient) -> None:
    with transaction():
        process = make_process(title="Haushalt")
        make_proposal(title="Für den Haushalt", process_id=process.id, lat=50.1, lon=8.6)
        make_proposal(title="Nur so")
        make_proposal(title="Entwurf dafür", process_id=process.id, published=False)
        pid, one = process.public_id, make_proposal(process_id=process.id, with_thread=True).public_id
    text = page(visitor, f"/en/processes/{pid}")
    assert "Für den Haushalt" in text
    assert "Entwurf dafür" not in text
    assert "All 2 proposals" in text
    assert f'href="/en/proposals/new?process={pid}"' in text
    listed = page(visitor, f"/en/proposals?process={pid}")
    assert "Für den Haushalt" in listed
    assert "Nur so" not in listed
    assert "Nur so" in page(visitor, "/en/proposals?process=nichtda")
    assert "Für den Haushalt" in page(visitor, f"/en/proposals/map?process={pid}")
    feed = visitor.get(f"/en/proposals.atom?process={pid}").get_data(as_text=True)
    assert "Für den Haushalt" in feed
    assert "Nur so" not in feed
    assert f'href="/en/processes/{pid}"' in page(visitor, f"/en/proposals/{one}")


def test_packages_above_show_their_parts(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = make()

    def maker(process_id: int, actor: Actor) -> Part | None:
        assert isinstance(session.get(Process, process_id), Process)
        return Part("Ein Teil von oben", "proposals/_for_process.html", {}) if actor.is_visitor else None

    monkeypatch.setitem(parts._makers, "test", (1, maker))
    assert "Ein Teil von oben" in page(visitor, f"/de/processes/{pid}")
    with pytest.raises(ValueError, match="two parts"):
        parts.register_part("test", maker)


def test_the_history_of_dates_is_public(app: Flask, visitor: FlaskClient, moderator: Account) -> None:
    with time_machine.travel(NOON, tick=False):
        desk = app.test_client()
        sign_in(desk, moderator)
        pid = make(phases=spans(PhaseKind.VOTING, offset=2))
        with transaction():
            phase = process_by_public_id(pid).phases[0].public_id  # type: ignore[union-attr]
        answer = desk.post(
            f"/de/office/processes/{pid}/phases/{phase}",
            data={
                "kind": "voting",
                "starts_on": "2026-12-05",
                "starts_time": "",
                "ends_on": "2026-12-05",
                "ends_time": "",
            },
        )
        assert answer.location.endswith(f"/de/office/processes/{pid}")
        text = page(visitor, f"/en/processes/{pid}")
        assert "Other dates for “Vote”: December 5, 2026" in text
        assert "Before: December 3, 2026, 12:00 until December 13, 2026, 12:00" in text


def test_the_price_of_pages_does_not_grow(app: Flask) -> None:
    costs = {}
    for count in (1, 3):
        with transaction():
            for _ in range(count):
                process = make_process(phases=spans(*PhaseKind, days=2, offset=-3), language="uk")
                for _more in range(count):
                    make_proposal(process_id=process.id, language="tr")
            pid = process.public_id
        for path in ("/de/processes", f"/de/processes/{pid}", "/de/proposals"):
            browser = app.test_client()
            page(browser, "/de/districts")
            with counted_queries() as statements:
                page(browser, f"{path}?fresh={count}")
            costs.setdefault(path.replace(pid, "x"), []).append(len(statements))
    assert all(len(set(numbers)) == 1 for numbers in costs.values()), costs
    assert costs["/de/processes"][0] <= 6
    assert costs["/de/processes/x"][0] <= 10


def test_pages_are_small(visitor: FlaskClient) -> None:
    with transaction():
        process = make_process(phases=spans(*PhaseKind), body="Ein Satz mit einigen Wörtern. " * 60)
        for _ in range(6):
            make_proposal(process_id=process.id)
        pid = process.public_id
    for path in ("/de/processes", f"/de/processes/{pid}", f"/ar/processes/{pid}"):
        packed = brotli.compress(page(visitor, path).encode(), quality=5)
        assert len(packed) < 12_000, path


def test_words_of_staff_cannot_break_the_page(visitor: FlaskClient, desk: FlaskClient) -> None:
    evil = '<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) "onload='
    begun = desk.post(
        "/de/office/processes/new",
        data={"source": "budget", "title": evil[:100], "starts_on": "2027-01-01", "language": "de"},
    )
    pid = re.search(r"/processes/(\w+)/", begun.location)
    assert pid is not None
    facts = {
        "kind": "budget",
        "title": evil[:100],
        "summary": evil,
        "body": evil,
        "language": "de",
        "influence": "decision",
        "level": "0",
        "contact": "0",
        "organization": "0",
    }
    assert desk.post(f"/de/office/processes/{pid[1]}/facts", data=facts).status_code == 303
    assert desk.post(f"/de/office/processes/{pid[1]}/publish").status_code == 303
    text = page(visitor, f"/de/processes/{pid[1]}")
    for live in ("<script>alert", "<img src=x", 'href="javascript'):
        assert live not in text
    assert "<script>alert" not in page(visitor, "/de/processes")


def test_home_search_and_sitemap_know_what_is_public(app: Flask, visitor: FlaskClient) -> None:
    actor = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        public = make_process(title="Bürgerhaushalt Nordstadt", state=ProcessState.DRAFT)
        make_process(title="Bürgerhaushalt Geheim", state=ProcessState.DRAFT)
        make_process(title="Bürgerhaushalt Morgen", phases=spans(PhaseKind.VOTING, offset=3))
        operations.publish_process(public, actor=actor)
        pid = public.public_id
    home = page(visitor, "/de/")
    assert "Bürgerhaushalt Nordstadt" in home
    assert "Bürgerhaushalt Morgen" not in home
    found = page(visitor, "/de/search?q=haushalt")
    assert f'href="/de/processes/{pid}"' in found
    sitemap = visitor.get("/sitemaps/pages.xml").get_data(as_text=True)
    assert f"/ar/processes/{pid}" in sitemap
    assert "Geheim" not in home + found + sitemap
    assert "/processes/preview" not in sitemap
