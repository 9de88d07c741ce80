"""Minutes lead to the meeting they are of, and the meeting shows its minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import GroupMinutes, MeetingDate, MeetingSeen, Privacy
from portal.groups.operations.meetings import due, planning
from portal.groups.operations.meetings.planning import Plan
from portal.groups.queries.papers import date_of_minutes, minutes_of_date
from tests.groups.conftest import Browse, Make, group
from tests.groups.papers import sheet_of, write
from tests.support.factories_groups import get_group, group_pid, make_group


@pytest.fixture
def in_october() -> Iterator[time_machine.Traveller]:
    """It is Tuesday 6 October 2026."""
    with time_machine.travel("2026-10-06 10:00:00+00:00", tick=False) as traveller:
        yield traveller


def plan(group_id: int, person: object) -> tuple[int, str]:
    """A meeting of today; (id, public id) of its date."""
    with transaction():
        day = Plan(clock.today(), "18:00", title="Nähabend", seen=MeetingSeen.EVERYBODY)
        row = planning.first_date(planning.plan_meeting(get_group(group_id), day, actor=person))  # type: ignore[arg-type]
        return row.id, row.public_id


def test_the_day_is_the_meetings_and_another_groups_meeting_is_none(
    make: Make, in_october: time_machine.Traveller
) -> None:
    group_id, people = make(3)
    other_id, others = make(3)
    date_id, did = plan(group_id, people[0])
    in_october.move_to("2026-10-08 10:00:00+00:00")
    sheet_id = write(group_id, people[0], date_id=did)
    foreign = write(other_id, others[0], date_id=did)
    with transaction(write=False):
        sheet = sheet_of(sheet_id)
        assert sheet.met_on == clock.today() - timedelta(days=2)
        assert [one.id for one in minutes_of_date(date_id)] == [sheet_id]
        row = date_of_minutes(sheet)
        assert row is not None
        assert row.id == date_id
        assert date_of_minutes(sheet_of(foreign)) is None
    in_october.move_to("2027-12-08 10:00:00+00:00")
    with transaction():
        due.forget(clock.today())
    with transaction(write=False):
        assert session.get(MeetingDate, date_id) is None
        assert date_of_minutes(sheet_of(sheet_id)) is None
        assert group(group_id).id == group_id


@pytest.mark.parametrize("privacy", [Privacy.OPEN, Privacy.DISCREET])
def test_both_pages_lead_to_each_other(
    app: Flask, browse: Browse, privacy: Privacy, in_october: time_machine.Traveller
) -> None:
    group_id, people = make_group(3, privacy=privacy)
    _date_id, did = plan(group_id, people[0])
    pid = group_pid(group_id)
    day = f"/en/groups/{pid}/meetings/{did}"
    in_october.move_to("2026-10-08 10:00:00+00:00")
    member = browse(people[0])
    form = member.get(f"/en/groups/{pid}/minutes/new?date={did}").text
    assert f'<option selected value="{did}">' in form
    assert f"minutes/new?date={did}" in member.get(day).text
    fields = {"of_date": did, "met_on": "2026-10-08", "text": "Stoff ist da", "form_key": "k"}
    assert member.post(f"/en/groups/{pid}/minutes/new", data={**fields, "of_date": "x"}).status_code == 422
    sent = member.post(f"/en/groups/{pid}/minutes/new", data=fields)
    assert sent.status_code == 303
    page = member.get(sent.location).text
    assert f'href="{day}"' in page
    assert "October 6, 2026" in page
    assert f'href="{sent.location}"' in member.get(day).text
    assert f'<option selected value="{did}">' in member.get(f"{sent.location}/edit").text
    with transaction(write=False):
        sheet = session.query(GroupMinutes).one()
        version = str(sheet.version)
    gone = {**fields, "of_date": "", "version": version}
    assert member.post(f"{sent.location}/edit", data=gone).status_code == 303
    assert f'href="{sent.location}"' not in member.get(day).text
    if privacy is Privacy.OPEN:
        visitor = app.test_client().get(day)
        assert visitor.status_code == 200
        assert "Stoff" not in visitor.text
        assert "/minutes" not in visitor.text
