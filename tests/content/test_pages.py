"""The site's own pages in every language, their versions, and reports of barriers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from portal.accounts.operations.own_data import ERASED_AFTER
from portal.accounts.operations.sessions import LONGEST_OWN_DEVICE
from portal.content.errors import (
    NothingReported,
    PageChanged,
    TextMissing,
    TextTooLong,
    UnknownLanguage,
    UnknownPage,
)
from portal.content.models import BarrierReport, SitePage
from portal.content.operations import (
    answer_barrier_report,
    forget_barrier_contacts,
    path_of_page,
    publish_page,
    report_barrier,
)
from portal.content.queries import (
    barrier_report,
    default_text,
    missing_facts,
    open_barrier_reports,
    overdue_barrier_count,
    page_text,
    page_versions,
    published_languages,
)
from portal.content.settings import FACTS, OWN_FACTS, PAGES
from portal.core import clock, site_settings
from portal.core.actors import SYSTEM, VISITOR, Actor, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotAllowed, NotFound, SignInRequired
from portal.core.i18n import LANGUAGES, use_language
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.moderation.models import MOST_DAYS_STOPPED
from portal.notifications.models import Notice
from portal.notifications.operations import KEEP_MAIL_ROWS, KEEP_READ_NOTICES
from tests.moderation.forms import fill
from tests.support.factories import actor_of, make_resident, make_staff


@pytest.fixture
def administrator(app: Flask) -> Actor:
    return actor_of(make_staff(StaffRole.ADMINISTRATOR))


def publish(actor: Actor, body: str = "New **text**", seen: int | None = None, **values: str) -> SitePage:
    given = {"page": "imprint", "language": "de", "title": "Impressum", **values}
    with transaction():
        page, language, title = given["page"], given["language"], given["title"]
        return publish_page(actor, page, language, title=title, body=body, seen_version_id=seen)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_there_in_every_language(app: Flask, page: str, language: str) -> None:
    title, body = default_text(page, language)
    assert title
    assert len(body) > 300
    known = set(re.findall(r"\{([a-z_]+)\}", body))
    assert known <= {*FACTS, *OWN_FACTS}
    german = set(re.findall(r"\{([a-z_]+)\}", default_text(page, "de")[1]))
    assert known == german
    answer = app.test_client().get(f"/{language}/{page}")
    assert answer.status_code == 200
    assert "<h2>" in answer.text
    assert "<h3>" not in answer.text.partition('id="page-text"')[2].partition("</div>")[0]
    assert not re.search(r"\{[a-z_]+\}", answer.text.partition("<main")[2])


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_the_rules_of_conduct_are_the_same_in_every_language(language: str) -> None:
    def rules(slug: str) -> int:
        return len(re.findall(r"^\d\. ", default_text("conduct", slug)[1], re.MULTILINE))

    assert rules(language) == rules("en") == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_and_buttons_on_the_pages_are_those_of_the_portal(app: Flask, language: str) -> None:
    """What the pages promise in figures is what the server does; Leichte Sprache names fewer of them."""
    privacy, conduct, guide = (default_text(page, language)[1] for page in ("privacy", "conduct", "help"))
    kept = [LONGEST_OWN_DEVICE, ERASED_AFTER]
    if language != "leicht":
        kept += [KEEP_READ_NOTICES, KEEP_MAIL_ROWS]
        with use_language(language):
            assert str(_("This is not my own device")) in guide
    assert [one.days for one in kept if not re.search(rf"\b{one.days}\b", privacy)] == []
    assert re.search(rf"\b{MOST_DAYS_STOPPED}\b", conduct)


def test_facts_are_filled_in_and_what_is_missing_is_said(app: Flask) -> None:
    assert "content.operator" in missing_facts()
    assert "not filled in yet" in page_text("imprint", "en").html
    with transaction():
        site_settings.change("content.operator", "Stadt <b>Lindental</b>", actor=SYSTEM)
    html = page_text("imprint", "en").html
    assert "Stadt &lt;b&gt;Lindental&lt;/b&gt;" in html
    assert "content.operator" not in missing_facts()


def test_a_new_version_replaces_the_text_in_one_language_only(app: Flask, administrator: Actor) -> None:
    first = publish(administrator, "First <script>alert(1)</script>")
    second = publish(administrator, "Second {site}", seen=first.id)
    shown = page_text("imprint", "de")
    assert shown.version_id == second.id
    assert "Second Nachbarnetz" in shown.html
    assert page_text("imprint", "en").version_id is None
    assert [one.id for one in page_versions("imprint", "de")] == [second.id, first.id]
    assert published_languages()["imprint"] == {"de"}
    client = app.test_client()
    assert "Second Nachbarnetz" in client.get("/de/imprint").text
    listed = client.get("/de/imprint/versions").text
    assert f"/de/imprint/versions/{first.id}" in listed
    old = client.get(f"/de/imprint/versions/{first.id}").text
    assert "First &lt;script&gt;" in old
    assert client.get(f"/en/imprint/versions/{first.id}").status_code == 404
    assert client.get(f"/de/privacy/versions/{first.id}").status_code == 404
    assert client.get("/de/imprint/versions/999").status_code == 404


def test_two_editors_do_not_overwrite_each_other(app: Flask, administrator: Actor) -> None:
    first = publish(administrator)
    with pytest.raises(PageChanged):
        publish(administrator, seen=None)
    publish(administrator, seen=first.id)
    assert len(page_versions("imprint", "de")) == 2


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"page": "nothing"}, UnknownPage),
        ({"language": "xx"}, UnknownLanguage),
        ({"title": " "}, TextMissing),
        ({"body": "\n"}, TextMissing),
        ({"title": "x" * 121}, TextTooLong),
        ({"body": "x" * 20_001}, TextTooLong),
    ],
)
def test_what_cannot_be_published(
    administrator: Actor, given: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        publish(administrator, **given)
    assert session.scalars(select(SitePage)).all() == []


def test_only_administrators_publish(app: Flask) -> None:
    for account in (make_resident(), make_staff("moderator"), make_staff("planner"), make_staff()):
        with pytest.raises(NotAllowed):
            publish(actor_of(account))
    with pytest.raises(SignInRequired):
        publish(VISITOR)


def test_pages_cost_visitors_no_cookie(app: Flask) -> None:
    answer = app.test_client().get("/de/help")
    assert "Set-Cookie" not in answer.headers
    assert app.test_client().get("/de/nothing").status_code == 404


def send(client: FlaskClient, **given: str) -> int:
    data = fill(client, "/en/report-barrier", **given)
    with time_machine.travel(clock.now() + timedelta(seconds=4), tick=False):
        return client.post("/en/report-barrier", data=data).status_code


def test_a_barrier_is_reported_without_account_or_script(app: Flask) -> None:
    boss, other = make_staff(StaffRole.ADMINISTRATOR), make_staff("moderator")
    client = app.test_client()
    assert 'value="/de/proposals"' in client.get("/en/report-barrier?page=/de/proposals%3Fq=secret").text
    assert send(client, text="The map\ncannot be read", page="/de/x", contact="me@example.org") == 303
    report = session.scalars(open_barrier_reports()).one()
    assert (report.page, report.text, report.language) == ("/de/x", "The map\ncannot be read", "en")
    assert report.due_on == clock.today() + timedelta(days=28)
    assert "me@example.org" not in str(session.execute(text("SELECT contact FROM barrier_report")).scalar())
    assert client.get("/en/report-barrier/thanks").status_code == 200
    told = session.scalars(select(Notice.account_id).where(Notice.kind == "content.barrier_reported")).all()
    assert told == [boss.id]
    assert other.id not in told


def test_a_report_needs_words_and_keeps_what_was_typed(app: Flask) -> None:
    client = app.test_client()
    assert send(client, text=" ", contact="me@example.org") == 422
    assert session.scalars(select(BarrierReport)).all() == []
    with pytest.raises(NothingReported), transaction():
        report_barrier(page="", text=" \n ")
    with pytest.raises(TextTooLong), transaction():
        report_barrier(page="", text="x" * 4001)


def test_reports_are_limited_per_network(app: Flask) -> None:
    client = app.test_client()
    assert [send(client, text=f"Nr {number}") for number in range(12)] == [303] * 10 + [429] * 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/de/proposals", "/de/proposals"),
        ("/de/proposals?q=my+name#x", "/de/proposals"),
        ("https://evil.example/x", ""),
        ("//evil.example", ""),
        ("/\\evil.example", ""),
        ("/\t/evil.example", "/ /evil.example"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_only_paths_of_ours_are_kept(given: str, kept: str) -> None:
    assert path_of_page(given) == kept


def test_reports_are_answered_and_contacts_forgotten(app: Flask, administrator: Actor) -> None:
    resident = actor_of(make_resident())
    with transaction():
        late = report_barrier(page="/de/x", text="one", contact="me@example.org")
        report_barrier(page="/de/y", text="two")
        public_id = late.public_id
    found = barrier_report(public_id)
    assert found is not None
    with pytest.raises(NotFound), transaction():
        answer_barrier_report(resident, found, "done")
    with pytest.raises(TextMissing), transaction():
        answer_barrier_report(administrator, found, " ")
    with time_machine.travel(clock.now() + timedelta(days=29)):
        assert overdue_barrier_count() == 2
        session.rollback()
        with transaction():
            again = barrier_report(public_id)
            assert again is not None
            answer_barrier_report(administrator, again, "The map has a list now.")
        assert overdue_barrier_count() == 1
    assert [one.text for one in session.scalars(open_barrier_reports())] == ["two"]
    for days, expected in ((100, "me@example.org"), (130, None)):
        session.rollback()
        with time_machine.travel(clock.now() + timedelta(days=days)), transaction():
            forget_barrier_contacts()
        assert (
            session.scalars(select(BarrierReport.contact).where(BarrierReport.text == "one")).one()
            == expected
        )


def test_help_says_what_our_mails_look_like(app: Flask) -> None:
    """The same sender and address that mails have; a test of mails says that they do."""
    for language in LANGUAGES:
        page = app.test_client().get(f"/{language}/help").text
        assert current_settings().mail_from in page
        assert current_settings().base_url in page
