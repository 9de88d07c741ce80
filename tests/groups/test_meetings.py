"""Meetings: planned, repeated, and seen by whom; on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import VISITOR, Actor
from portal.core.db import session, transaction
from portal.core.errors import DomainError, NotFound
from portal.core.permissions import can
from portal.groups.errors import AskedLately, TooLong
from portal.groups.errors.meetings import (
    ClockMissing,
    ClockUnclear,
    EndBeforeBegin,
    LengthWrong,
    NotTheLast,
    TooManyMeetings,
    WrongDay,
)
from portal.groups.models import (
    DateWish,
    GroupMeeting,
    MeetingDate,
    MeetingSeen,
    Membership,
    MemberState,
    Preset,
    Privacy,
    Repeats,
)
from portal.groups.operations import joining, living
from portal.groups.operations.meetings import attending, planning
from portal.groups.queries.meetings import coming_dates, line_of, own_dates, shown_to, wishers
from tests.groups.conftest import Make, group, member, settled
from tests.groups.meetings import TUESDAY, plan, plan_in, rows_of
from tests.support.queries import counted_queries

pytestmark = pytest.mark.logic

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


def test_a_weekly_meeting_stands_in_the_calendar_for_a_year(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[1], repeats=Repeats.WEEKLY)
    with transaction(write=False):
        rows = rows_of(group_id)
        assert [row.on for row in rows[:3]] == [TUESDAY, date(2026, 10, 13), date(2026, 10, 20)]
        assert rows[-1].on == date(2027, 10, 5)
        assert len(rows) == 53
        assert {clock.local(line_of(row).starts_at).hour for row in rows} == {18}
        assert group(group_id).meeting_interval_days == 7


def test_the_same_form_twice_is_one_meeting(make: Make) -> None:
    group_id, people = make(3)
    first = plan_in(group_id, people[0], form_key="once")
    assert plan_in(group_id, people[0], form_key="once") == first
    with transaction(write=False):
        assert len(rows_of(group_id)) == 1


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"day": None}, WrongDay),
        ({"day": TUESDAY - timedelta(days=1)}, WrongDay),
        ({"day": TUESDAY + timedelta(days=800)}, WrongDay),
        ({"repeats": Repeats.MONTHLY_LAST}, NotTheLast),
        ({"starts": ""}, ClockMissing),
        ({"starts": "25:00"}, ClockMissing),
        ({"starts": "abends"}, ClockMissing),
        ({"starts": "18:61"}, ClockMissing),
        ({"day": date(2026, 10, 25), "starts": "02:30"}, ClockUnclear),
        ({"day": date(2027, 3, 28), "starts": "02:30"}, ClockUnclear),
        ({"minutes": 4}, LengthWrong),
        ({"minutes": 24 * 60 + 1}, LengthWrong),
        ({"repeats": Repeats.WEEKLY, "until_on": TUESDAY - timedelta(days=1)}, EndBeforeBegin),
        ({"title": "x" * 81}, TooLong),
        ({"place": "x" * 161}, TooLong),
        ({"note": "x" * 601}, TooLong),
    ],
)
def test_what_is_refused(make: Make, given: dict[str, object], error: type[DomainError]) -> None:
    group_id, people = make(3)
    with pytest.raises(error), transaction():
        planning.plan_meeting(group(group_id), plan(**given), actor=people[0])


@pytest.mark.parametrize("typed", ["18:30", "18.30", "18:30:00", "١٨:٣٠", " 18:30 "])
def test_times_as_people_type_them(make: Make, typed: str) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], starts=typed)
    with transaction(write=False):
        assert line_of(rows_of(group_id)[0]).starts == "18:30"


def test_not_more_series_than_a_phone_can_show(make: Make) -> None:
    group_id, people = make(3)
    until = TUESDAY + timedelta(days=14)
    for _ in range(planning.MOST_SERIES):
        plan_in(group_id, people[0], repeats=Repeats.WEEKLY, until_on=until)
    with pytest.raises(TooManyMeetings):
        plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    plan_in(group_id, people[0])


def test_the_job_adds_the_next_dates_once(make: Make, on_a_tuesday: time_machine.Traveller) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    on_a_tuesday.move_to("2027-01-05 10:00:00+00:00")
    for _ in range(2):
        with transaction():
            planning.extend_series()
    with transaction(write=False):
        rows = rows_of(group_id)
        assert rows[-1].on == date(2028, 1, 4)
        assert len({row.on for row in rows}) == len(rows) == 66


def test_only_members_with_the_right_plan(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.OPEN)
    outsider = settled()
    for actor in (outsider, VISITOR):
        with pytest.raises(DomainError), transaction():
            planning.plan_meeting(group(group_id), plan(), actor=actor)
    with transaction():
        group(group_id).member_rights = []
    with pytest.raises(NotFound), transaction():
        planning.plan_meeting(group(group_id), plan(), actor=people[1])


@pytest.mark.on_both
def test_the_database_keeps_the_rules(make: Make) -> None:
    group_id, people = make(3)
    meeting_id = plan_in(group_id, people[0])
    wrong = [
        update(GroupMeeting).values(minutes=0),
        update(GroupMeeting).values(stored_until_on=TUESDAY + timedelta(days=3)),
        update(GroupMeeting).values(stored_made_until=TUESDAY - timedelta(days=1)),
        update(MeetingDate).values(status="cancelled", held="held"),
        update(MeetingDate).values(people=3),
        insert(MeetingDate).values(
            meeting_id=meeting_id, group_id=group_id, stored_original_on=TUESDAY, stored_on=TUESDAY
        ),
    ]
    for statement in wrong:
        with pytest.raises(IntegrityError), transaction():
            session.execute(statement)


@pytest.mark.on_both
def test_who_sees_which_dates(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.OPEN)
    guest, outsider = settled(), settled()
    for seen in MeetingSeen:
        plan_in(group_id, people[0], seen=seen, title=seen.value)
    with transaction():
        attending.ask_for_dates(group(group_id), actor=guest)

    def titles(actor: Actor) -> set[str]:
        found = group(group_id)
        return {line.title for line in coming_dates(found, shown_to(actor, found))}

    with transaction(write=False):
        assert titles(people[2]) == {"members", "guests", "everybody"}
        assert titles(guest) == {"guests", "everybody"}
        assert titles(outsider) == titles(VISITOR) == {"everybody"}
        assert wishers(group(group_id)) == [member(group_id, guest).id]
        assert {one.line.title for one in own_dates(guest, TUESDAY, TUESDAY)} == {"guests", "everybody"}
        for row in rows_of(group_id):
            for actor in (people[2], guest, outsider, VISITOR):
                assert can(actor, "groups.see_date", row) == (row.meeting.title in titles(actor))


def test_a_group_that_becomes_closed_shows_nothing_to_strangers_any_more(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.OPEN)
    plan_in(group_id, people[0], seen=MeetingSeen.EVERYBODY)
    outsider = settled()
    with transaction():
        assert can(outsider, "groups.see_date", rows_of(group_id)[0])
        living.tighten(group(group_id), Privacy.CLOSED, actor=people[0])
    with transaction(write=False):
        assert not can(outsider, "groups.see_date", rows_of(group_id)[0])
        assert shown_to(outsider, group(group_id)) == ()


def test_a_closed_group_shows_dates_to_guests_at_most(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], seen=MeetingSeen.EVERYBODY)
    with transaction(write=False):
        assert rows_of(group_id)[0].meeting.seen is MeetingSeen.GUESTS


@pytest.mark.on_both
def test_nobody_outside_sees_dates_of_a_discreet_group(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    plan_in(group_id, people[0], seen=MeetingSeen.EVERYBODY, place="Hinterhof 7")
    outsider = settled()
    with pytest.raises(NotFound), transaction():
        attending.ask_for_dates(group(group_id), actor=outsider)
    with transaction(write=False):
        row = rows_of(group_id)[0]
        assert row.meeting.seen is MeetingSeen.MEMBERS
        assert not can(outsider, "groups.see_date", row)
        assert shown_to(outsider, group(group_id)) == ()
        assert own_dates(outsider, TUESDAY, TUESDAY) == []
        assert [one.line.place for one in own_dates(people[1], TUESDAY, TUESDAY)] == ["Hinterhof 7"]
        stored = session.connection().exec_driver_sql("SELECT place, starts, title FROM group_meeting").one()
        assert not {"Hinterhof 7", "18:00", "Offener Abend"} & set(stored)


def test_people_who_asked_for_dates_can_stop_and_leave_no_trace(make: Make) -> None:
    group_id, _people = make(3)
    guest = settled()
    for _ in range(2):
        with transaction():
            attending.ask_for_dates(group(group_id), actor=guest)
    with transaction():
        attending.stop_dates(group(group_id), actor=guest)
    with transaction(write=False):
        assert session.scalars(select(DateWish)).all() == []
        wanted = select(Membership).where(Membership.account_id == guest.account_id)
        assert session.scalars(wanted).all() == []


def test_after_a_no_the_dates_are_not_told_either(make: Make) -> None:
    group_id, people = make(3)
    guest = settled()
    with transaction():
        joining.ask_to_join(group(group_id), actor=guest, alias="Faden", answers=[])
        attending.ask_for_dates(group(group_id), actor=guest)
    with transaction():
        joining.decline(member(group_id, guest), group=group(group_id), actor=people[0])
        assert wishers(group(group_id)) == []
        with pytest.raises(AskedLately):
            attending.ask_for_dates(group(group_id), actor=guest)
        assert member(group_id, guest).state is MemberState.DECLINED


@pytest.mark.on_both
def test_questions_do_not_grow_with_groups(make: Make) -> None:
    actor, asked = settled(), []

    def count() -> int:
        with transaction(write=False), counted_queries() as seen:
            assert len(own_dates(actor, TUESDAY, TUESDAY + timedelta(days=13))) == 2 * len(asked)
        return len(seen)

    for privacy in (*Privacy, Privacy.DISCREET):
        group_id, people = make(3, preset=Preset.EVERYONE, privacy=privacy)
        plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
        with transaction():
            code = joining.make_code(group(group_id), actor=people[0])
            joining.join_by_code(code, actor=actor, alias="Faden")
        asked.append(0)
        asked[-1] = count()
    assert asked == [asked[0]] * 4
