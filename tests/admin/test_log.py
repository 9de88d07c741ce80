"""The staff log holds no content; everybody sees what staff did about them, and nothing about others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.accounts.models import Account
from portal.accounts.operations import suspend, unsuspend
from portal.core import audit, clock
from portal.core.actors import SYSTEM, Actor
from portal.core.db import session, transaction
from tests.admin.conftest import Desk, count_queries
from tests.support.factories import actor_of, make_resident, make_staff, unused_name
from tests.support.factories_proposals import make_proposal


@dataclass(frozen=True)
class People:
    """A moderator and two residents."""

    moderator: Account
    actor: Actor
    one: Account
    other: Account

    def act(self, times: int = 1) -> None:
        """The moderator pauses one resident's writing and allows it again."""
        for _ in range(times):
            with transaction():
                account = session.get_one(Account, self.one.id)
                suspend(self.actor, account, reason="Grund", until=clock.now() + timedelta(days=3))
                unsuspend(self.actor, account)


@pytest.fixture
def people(app: Flask) -> People:
    moderator = make_staff("moderator", display_name=unused_name("Frau"))
    return People(moderator, actor_of(moderator), make_resident(), make_resident())


def test_roles_and_numbers_but_no_names_and_no_residents(admin: Desk, people: People) -> None:
    people.act()
    with transaction():
        audit.record(
            "proposals.withdrawn", actor=actor_of(people.one), subject=("proposal", 7), reason="other"
        )
    page = admin.get("/en/staff/log").text
    assert page.count("accounts.suspended") >= 1
    assert f"Moderation #{people.moderator.id}" in page
    assert f"account #{people.one.id}" in page
    for name in (people.moderator.display_name, people.one.display_name, "Grund"):
        assert name not in page
    # What residents do is no matter of this log; only its name can be chosen in the filter.
    assert "proposal #7" not in page


def test_filter_by_name_and_by_day(admin: Desk, people: People) -> None:
    with time_machine.travel("2026-03-28 22:30:00+00:00", tick=False):
        people.act()
    rows = "account #"
    assert admin.get("/en/staff/log?name=accounts.suspended").text.count(rows) == 1
    # 23:30 in Berlin is still the 28th.
    assert admin.get("/en/staff/log?since=2026-03-28&until=2026-03-28").text.count(rows) == 2
    assert admin.get("/en/staff/log?since=2026-03-29&until=2026-03-29").text.count(rows) == 0
    for nonsense in ("?since=abc", "?name=zzz", "?page=-4", "?until=9999-99-99"):
        admin.get(f"/en/staff/log{nonsense}")


def test_pages_make_the_same_number_of_queries(admin: Desk, people: People) -> None:
    people.act()
    few = count_queries(lambda: admin.get("/de/staff/log"))
    people.act(times=30)
    assert count_queries(lambda: admin.get("/de/staff/log")) == few
    assert 'aria-current="page"' in admin.get("/de/staff/log?page=2").text


def test_the_table_for_a_spreadsheet_is_safe_and_is_a_row_itself(admin: Desk, people: People) -> None:
    people.act()
    answer = admin.post("/de/staff/log.csv?name=accounts.suspended", 200)
    lines = answer.get_data(as_text=True).splitlines()
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert lines[0].lstrip("\ufeff") == "at,name,role,account,subject,subject_id,details"
    assert len(lines) == 2
    assert people.moderator.display_name not in answer.text
    assert "admin.log_exported" in admin.get("/de/staff/log?name=admin.log_exported").text
    # Looking changes nothing, so taking the rows out is a POST.
    assert admin.client.get("/de/staff/log.csv").status_code == 405


def test_everybody_sees_the_rows_about_themselves_only(app: Flask, people: People) -> None:
    people.act()
    mine, theirs = Desk(app, people.one), Desk(app, people.other)
    page = mine.get("/en/account/log").text
    assert "Writing was paused" in page
    assert "Moderation" in page
    assert people.moderator.display_name not in page
    assert "Nothing so far" in theirs.get("/en/account/log").text
    assert app.test_client().get("/en/account/log").status_code in {302, 303, 401}


def test_rows_about_what_somebody_wrote_are_theirs_too(app: Flask, people: People) -> None:
    with transaction():
        proposal_id = make_proposal(author=people.one).id
        audit.record(
            "discussions.thread_locked",
            actor=people.actor,
            subject=("proposal", proposal_id),
            until="2026-01-01",
        )
        audit.record("moderation.claimed", actor=SYSTEM, subject=("proposal", proposal_id))
    assert "The conversation was closed" in Desk(app, people.one).get("/en/account/log").text
    # Rows only for staff stay with staff.
    assert "moderation.claimed" not in Desk(app, people.one).get("/en/account/log").text
    assert "Nothing so far" in Desk(app, people.other).get("/en/account/log").text
