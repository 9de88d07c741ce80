"""Scenario 4: at 18:00 proposing is over, to the second, without worker or cron; what was typed is kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.jobs import Job
from portal.processes import operations as process_operations
from portal.processes.models import PhaseKind, Process, ProcessState
from portal.processes.queries import process_by_public_id
from portal.proposals import operations
from portal.proposals.errors import NotOpenForProposals, OtherDistrict
from portal.proposals.models import Proposal
from portal.proposals.queries import proposal_by_public_id
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.factories_places import make_district
from tests.support.factories_processes import make_process

SECOND = timedelta(seconds=1)
# 18:00 on the town's clocks: in winter, in summer, and on the evenings after clocks were changed.
ENDS = {
    "winter": datetime(2026, 12, 14, 17, tzinfo=UTC),
    "summer": datetime(2027, 7, 14, 16, tzinfo=UTC),
    "clocks went back": datetime(2026, 10, 25, 17, tzinfo=UTC),
    "clocks went forward": datetime(2027, 3, 28, 16, tzinfo=UTC),
}


@pytest.fixture
def author(app: Flask) -> Account:
    return make_resident()


def browser_of(app: Flask, account: Account) -> FlaskClient:
    """A session begun now: each test travels in time before it signs in."""
    browser = app.test_client()
    sign_in(browser, account)
    return browser


def budget(end: datetime, **columns: object) -> str:
    """A process whose phase for proposals ends then; its public id."""
    with transaction():
        phases = [(PhaseKind.PROPOSALS, end - timedelta(days=20), end)]
        return make_process(phases=phases, title="Haushalt", **columns).public_id  # type: ignore[arg-type]


def begin(browser: FlaskClient, process: str, title: str = "Ein Trinkbrunnen") -> str:
    """A draft for this process with a title and a text; its public id."""
    first = browser.post("/de/proposals/new", data={"title": title, "purpose": process})
    assert first.status_code == 303, first.get_data(as_text=True)[:3000]
    pid = re.search(r"/drafts/(\w+)/", first.location)
    assert pid is not None
    what = browser.post(f"/de/proposals/drafts/{pid[1]}/what", data={"text": "Auf dem Marktplatz."})
    assert what.status_code == 303
    return pid[1]


def loaded(pid: str) -> Proposal:
    session.rollback()
    found = proposal_by_public_id(pid)
    assert found is not None
    return found


@pytest.mark.parametrize("when", ENDS)
def test_one_second_before_it_is_published(app: Flask, author: Account, when: str) -> None:
    end = ENDS[when]
    process = budget(end)
    with time_machine.travel(end - timedelta(minutes=9), tick=False) as clock:
        browser = browser_of(app, author)
        pid = begin(browser, process)
        clock.move_to(end - SECOND)
        answer = browser.post(f"/de/proposals/drafts/{pid}/publish")
        assert answer.status_code == 303
        assert answer.location.endswith(f"/de/proposals/{pid}")
    assert loaded(pid).process_id == process_by_public_id(process).id  # type: ignore[union-attr]


@pytest.mark.parametrize("when", ENDS)
@pytest.mark.parametrize("late", [timedelta(0), SECOND])
def test_from_that_second_on_it_is_refused_and_kept(
    app: Flask, author: Account, when: str, late: timedelta
) -> None:
    end = ENDS[when]
    process = budget(end)
    with time_machine.travel(end - timedelta(minutes=9), tick=False) as clock:
        browser = browser_of(app, author)
        pid = begin(browser, process)
        clock.move_to(end + late)
        answer = browser.post(f"/en/proposals/drafts/{pid}/publish")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "ended at 18:00" in page
        assert "kept as a draft" in page
        assert "Auf dem Marktplatz." in page
        draft = loaded(pid)
        assert draft.is_draft
        assert (draft.title, draft.what_md) == ("Ein Trinkbrunnen", "Auf dem Marktplatz.")
        # Nobody was needed for that: no job switched anything, none is waiting to.
        assert session.scalar(select(func.count()).select_from(Job)) == 0
        # What is typed later is kept, too.
        later = browser.post(f"/de/proposals/drafts/{pid}/why", data={"text": "Im Sommer."})
        assert later.status_code == 303
        assert loaded(pid).why_md == "Im Sommer."


def test_a_title_sent_too_late_is_kept_and_told(app: Flask, author: Account) -> None:
    process = budget(ENDS["winter"])
    with time_machine.travel(ENDS["winter"] + SECOND, tick=False):
        browser = browser_of(app, author)
        pid = begin(browser, process)
        page = browser.get(f"/en/proposals/drafts/{pid}/what").get_data(as_text=True)
        assert "ended at 18:00" in page
        assert loaded(pid).process_id is not None
        preview = browser.get(f"/en/proposals/drafts/{pid}/preview").get_data(as_text=True)
        assert f"/drafts/{pid}/publish" not in preview
        browser.post(f"/en/proposals/drafts/{pid}/without-process")
        assert loaded(pid).process_id is None
        assert browser.post(f"/en/proposals/drafts/{pid}/publish").location.endswith(f"/en/proposals/{pid}")


def test_not_before_it_begins(app: Flask, author: Account) -> None:
    end = ENDS["winter"]
    process = budget(end)
    with time_machine.travel(end - timedelta(days=20) - SECOND, tick=False) as clock:
        browser = browser_of(app, author)
        pid = begin(browser, process)
        early = browser.post(f"/en/proposals/drafts/{pid}/publish")
        assert early.status_code == 422
        assert "Proposing begins" in early.get_data(as_text=True)
        clock.move_to(end - timedelta(days=20))
        assert browser.post(f"/en/proposals/drafts/{pid}/publish").status_code == 303


def test_a_moved_end_counts_at_once(app: Flask, author: Account) -> None:
    end = ENDS["winter"]
    process = budget(end)
    with time_machine.travel(end + SECOND, tick=False):
        browser = browser_of(app, author)
        pid = begin(browser, process)
        assert browser.post(f"/de/proposals/drafts/{pid}/publish").status_code == 422
        with transaction():
            found = process_by_public_id(process)
            assert found is not None
            found.phases[0].ends_at = end + timedelta(minutes=5)
        assert browser.post(f"/de/proposals/drafts/{pid}/publish").status_code == 303


def test_an_archived_process_takes_nothing(app: Flask, author: Account) -> None:
    end = ENDS["winter"]
    process = budget(end)
    with time_machine.travel(end - timedelta(days=1), tick=False):
        browser = browser_of(app, author)
        pid = begin(browser, process)
        moderator = actor_of(make_staff(StaffRole.MODERATOR))
        with transaction():
            found = process_by_public_id(process)
            assert isinstance(found, Process)
            process_operations.archive_process(found, actor=moderator)
        answer = browser.post(f"/en/proposals/drafts/{pid}/publish")
        assert answer.status_code == 422
        assert "No proposals are taken" in answer.get_data(as_text=True)


@pytest.mark.parametrize("wrong", ["nichtda", "../..", "' OR 1=1", "x" * 500, "\x00", "2"])
def test_an_unknown_process_is_no_process(app: Flask, author: Account, wrong: str) -> None:
    browser = browser_of(app, author)
    assert browser.get("/de/proposals/new", query_string={"process": wrong}).status_code == 200
    assert loaded(begin(browser, wrong)).process_id is None


def test_a_draft_process_cannot_be_chosen_nor_found_out(app: Flask, author: Account) -> None:
    secret = budget(ENDS["winter"], state=ProcessState.DRAFT)
    browser = browser_of(app, author)
    assert "Haushalt" not in browser.get(f"/de/proposals/new?process={secret}").get_data(as_text=True)
    assert loaded(begin(browser, secret)).process_id is None
    assert "Haushalt" not in browser.get(f"/de/proposals?process={secret}").get_data(as_text=True)


def test_only_its_districts(both: Flask) -> None:
    actor = actor_of(make_resident())
    with transaction():
        north, south = make_district("Nord"), make_district("Süd")
        process = make_process(districts=(north,))
        draft = operations.start_draft(actor, title="Eine Bank", process=process)
        operations.save_text(draft, actor=actor, field="what", source="Bitte.")
        draft.district_id = south.id
        with pytest.raises(OtherDistrict):
            operations.publish_proposal(draft, actor=actor)
        draft.district_id = north.id
        operations.publish_proposal(draft, actor=actor)
        assert draft.process_id == process.id


def test_what_is_public_stays_when_the_phase_ends(both: Flask) -> None:
    end = ENDS["winter"]
    actor = actor_of(make_resident())
    with time_machine.travel(end - SECOND, tick=False) as clock, transaction():
        process = make_process(phases=[(PhaseKind.PROPOSALS, end - timedelta(days=3), end)])
        first = operations.start_draft(actor, title="Eine Bank", process=process)
        second = operations.start_draft(actor, title="Ein Baum", process=process)
        for draft in (first, second):
            operations.save_text(draft, actor=actor, field="what", source="Bitte.")
        operations.publish_proposal(first, actor=actor)
        clock.move_to(end)
        operations.publish_proposal(first, actor=actor)  # a second click is no second proposal
        with pytest.raises(NotOpenForProposals):
            operations.publish_proposal(second, actor=actor)
