"""Moderators at work in the browser: from the template to the published process, what is said and refused."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core.db import session, transaction
from portal.processes.models import PhaseKind, Process, ProcessState
from portal.processes.queries import process_by_public_id
from tests.support.factories import make_resident, sign_in
from tests.support.factories_places import make_district
from tests.support.factories_processes import make_process, spans

FACTS = {
    "kind": "budget",
    "title": "Bürgerhaushalt 2027",
    "summary": "Wofür soll die Stadt Geld ausgeben?",
    "body": "## So geht es\n\nAlle können **mitmachen**.",
    "language": "de",
    "influence": "cooperation",
    "level": "2",
    "budget": "50000",
    "organization": "0",
}
NEW = {"source": "budget", "title": "Bürgerhaushalt 2027", "starts_on": "2027-01-11", "language": "de"}


def loaded(pid: str) -> Process:
    session.rollback()
    found = process_by_public_id(pid)
    assert found is not None
    return found


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)[-3000:]
    return answer.get_data(as_text=True)


def begin(desk: FlaskClient, **changed: str) -> str:
    answer = desk.post("/de/office/processes/new", data=NEW | changed)
    assert answer.status_code == 303, answer.get_data(as_text=True)[-3000:]
    found = re.search(r"/office/processes/(\w+)/facts", answer.location)
    assert found is not None
    return found[1]


def phase_fields(**changed: str) -> dict[str, str]:
    fields = {"kind": "voting", "starts_on": "2027-01-01", "ends_on": "2027-01-05", "starts_time": ""}
    return fields | {"ends_time": "", "title": "", "text": ""} | changed


def test_from_the_template_to_the_public_page(
    desk: FlaskClient, moderator: Account, visitor: FlaskClient
) -> None:
    pid = begin(desk)
    at_work = f"/en/office/processes/{pid}"
    assert "Two sentences" in page(desk, at_work)
    refused = desk.post(f"{at_work}/publish", follow_redirects=True).get_data(as_text=True)
    assert "write in two sentences" in refused
    facts = FACTS | {"contact": str(moderator.id)}
    assert desk.post(f"{at_work}/facts", data=facts).location.endswith(at_work)
    process = loaded(pid)
    assert (process.budget_cents, process.level, process.contact_account_id) == (50_000_00, 2, moderator.id)
    assert desk.post(f"{at_work}/publish").location.endswith(f"/en/processes/{pid}")
    text = page(visitor, f"/en/processes/{pid}")
    for words in (
        "Bürgerhaushalt 2027",
        "<strong>mitmachen</strong>",
        "50,000",
        "Your influence: Co-operation",
    ):
        assert words in text, words
    assert "January 11, 2027" in text
    assert pid in page(desk, "/en/office/processes")
    assert desk.post(f"{at_work}/archive").status_code == 303
    assert "The town has closed this process" in page(visitor, f"/en/processes/{pid}")
    assert desk.post(f"{at_work}/facts", data=facts).status_code == 422
    assert desk.post(f"{at_work}/reopen").status_code == 303
    assert loaded(pid).state is ProcessState.PUBLISHED


def test_overlaps_and_gaps_are_said_and_not_refused(desk: FlaskClient) -> None:
    pid = begin(desk)
    first = loaded(pid).phases[0].public_id
    at_work = f"/en/office/processes/{pid}"
    longer = phase_fields(kind="information", starts_on="2027-01-11", ends_on="2027-01-31")
    said = desk.post(f"{at_work}/phases/{first}", data=longer, follow_redirects=True).get_data(as_text=True)
    assert said.count("“Information” and “Proposals” run at the same time") == 2  # once now, once to stay
    assert "January 25, 2027 to January 31, 2027" in said
    shorter = phase_fields(kind="information", starts_on="2027-01-11", ends_on="2027-01-11")
    said = desk.post(f"{at_work}/phases/{first}", data=shorter, follow_redirects=True).get_data(as_text=True)
    assert "Nothing runs between “Information” and “Proposals”: January 12, 2027 to January 24, 2027." in said
    one_day = phase_fields(starts_on="2027-03-28", ends_on="2027-03-28")
    assert desk.post(f"{at_work}/phases/new", data=one_day).status_code == 303
    assert desk.post(f"{at_work}/phases/{first}/remove").status_code == 303
    assert [one.kind for one in loaded(pid).phases][:2] == [PhaseKind.PROPOSALS, PhaseKind.DISCUSSION]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends_on": "2026-12-31"}, "The end must come after the beginning"),
        ({"ends_on": "2027-03-28", "ends_time": "02:30"}, "the clocks are changed"),
        ({"starts_on": "2026-10-25", "starts_time": "02:30"}, "the clocks are changed"),
        ({"starts_on": ""}, "Please write a day"),
        ({"ends_on": "2027-02-30"}, "valid"),
        ({"ends_on": "99999-01-01"}, "valid"),
        ({"ends_time": "25:00"}, "valid"),
        ({"kind": "party"}, "valid"),
        ({"title": "x" * 121}, "120"),
        ({"text": "x" * 2001}, "2000"),
    ],
)
def test_phases_that_do_not_hold(desk: FlaskClient, changed: dict[str, str], words: str) -> None:
    with transaction():
        pid = make_process(phases=spans(PhaseKind.RESULT)).public_id
    answer = desk.post(f"/en/office/processes/{pid}/phases/new", data=phase_fields(**changed))
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert len(loaded(pid).phases) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"title": " "},
        {"title": "x" * 121},
        {"influence": "power"},
        {"level": "4"},
        {"level": "eins"},
        {"budget": "0"},
        {"budget": "-5"},
        {"budget": "9" * 40},
        {"budget": "viel"},
        {"contact": "999"},
        {"contact": "x"},
        {"organization": "999"},
        {"districts": "999"},
        {"kind": "lottery"},
        {"summary": "x" * 401},
        {"body": "x" * 20_001},
    ],
)
def test_facts_that_do_not_hold(desk: FlaskClient, changed: dict[str, str]) -> None:
    with transaction():
        make_district("Nord")
        pid = make_process(title="Vorher").public_id
    answer = desk.post(f"/en/office/processes/{pid}/facts", data=FACTS | {"contact": "0"} | changed)
    assert answer.status_code == 422
    assert loaded(pid).title == "Vorher"


@pytest.mark.parametrize(
    "changed",
    [{"source": "nichtda"}, {"source": ""}, {"title": ""}, {"starts_on": "gestern"}, {"language": "xx"}],
)
def test_beginnings_that_do_not_hold(desk: FlaskClient, changed: dict[str, str]) -> None:
    assert desk.post("/de/office/processes/new", data=NEW | changed).status_code == 422


def test_a_copy_of_an_earlier_one(desk: FlaskClient) -> None:
    first = begin(desk)
    assert "Copy of: Bürgerhaushalt 2027" in page(desk, "/en/office/processes/new")
    copy = begin(desk, source=first, title="Bürgerhaushalt 2028", starts_on="2028-01-10")
    found = loaded(copy)
    assert found.starts_at is not None
    assert (found.title, found.starts_at.date()) == ("Bürgerhaushalt 2028", date(2028, 1, 9))
    assert len(found.phases) == 7


def test_a_secret_link_is_shown_once(desk: FlaskClient, visitor: FlaskClient) -> None:
    pid = begin(desk)
    made = desk.post(f"/de/office/processes/{pid}/preview").get_data(as_text=True)
    link = re.search(r'href="http://localhost(/de/processes/preview/[^"]+)"', made)
    assert link is not None
    assert link[1] not in page(desk, f"/de/office/processes/{pid}")
    assert visitor.get(link[1]).status_code == 200
    assert desk.post(f"/de/office/processes/{pid}/preview/revoke").status_code == 303
    assert visitor.get(link[1]).status_code == 404


def test_a_draft_is_deleted_after_a_question(desk: FlaskClient) -> None:
    pid = begin(desk)
    assert "Delete this draft?" in page(desk, f"/en/office/processes/{pid}/delete")
    assert desk.post(f"/en/office/processes/{pid}/delete").location.endswith("/en/office/processes")
    assert process_by_public_id(pid) is None
    with transaction():
        public = make_process().public_id
    assert desk.post(f"/en/office/processes/{public}/delete").status_code == 409
    assert process_by_public_id(public) is not None


def test_other_languages(desk: FlaskClient, visitor: FlaskClient) -> None:
    with transaction():
        process = make_process(title="Haushalt", body="")
        process.phases[0].title = "Ideen"
        pid, phase = process.public_id, process.phases[0].public_id
    at_work = f"/en/office/processes/{pid}/texts/ar"
    assert "Ideen" in page(desk, at_work)
    assert desk.post(at_work, data={"title": "الميزانية", "summary": ""}).status_code == 422
    words = {"title": "الميزانية", "summary": "ملخص", f"phase-{phase}-title": "أفكار"}
    assert desk.post(at_work, data=words).status_code == 303
    text = page(visitor, f"/ar/processes/{pid}")
    assert "أفكار" in text
    assert "الميزانية" in page(visitor, f"/ar/proposals?process={pid}")
    assert "الميزانية" in page(desk, at_work)
    for wrong in ("de", "xx", "..", "klingon"):
        assert desk.get(f"/en/office/processes/{pid}/texts/{wrong}").status_code == 404


def test_others_do_not_find_the_desk(app: Flask) -> None:
    with transaction():
        north = make_district("Nord")
        pid = make_process(districts=(north,)).public_id
    resident = app.test_client()
    sign_in(resident, make_resident())
    for path in ("", "/new", f"/{pid}", f"/{pid}/facts", f"/{pid}/phases/new", f"/{pid}/texts/ar"):
        assert resident.get(f"/de/office/processes{path}").status_code == 404, path
        assert app.test_client().get(f"/de/office/processes{path}").status_code == 303, path
