"""Meetings: planned, moved, cancelled, attended, held; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from sqlalchemy import delete, insert, select, update
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.exc import IntegrityError

from portal.accounts.events import AccountErased
from portal.core import clock
from portal.core.actors import VISITOR, Actor
from portal.core.db import db, session, transaction
from portal.core.errors import DomainError, NotFound
from portal.core.events import emit
from portal.core.jobs import Job
from portal.core.permissions import can
from portal.groups.errors import AskedLately, TooLong
from portal.groups.errors.meetings import (
    ClockMissing,
    ClockUnclear,
    DateCancelled,
    DateNotYet,
    DateOver,
    EndBeforeBegin,
    LengthWrong,
    NobodyIsAsked,
    NotTheLast,
    TooManyMeetings,
    WrongDay,
)
from portal.groups.models import (
    Answer,
    Attendance,
    CalendarAddress,
    DateStatus,
    DateWish,
    Group,
    GroupHistory,
    GroupMeeting,
    GroupState,
    Held,
    MeetingDate,
    MeetingSeen,
    Membership,
    MemberState,
    Preset,
    Privacy,
    Repeats,
)
from portal.groups.operations import joining, leaving, living
from portal.groups.operations.meetings import addresses, attending, changing, due, planning
from portal.groups.operations.meetings.changing import Change, Reach
from portal.groups.operations.meetings.planning import Plan
from portal.groups.queries.meetings import (
    comers,
    coming_dates,
    line_of,
    own_dates,
    own_meetings,
    past_dates,
    people_coming,
    shown_to,
    wishers,
)
from portal.notifications.models import Notice
from tests.groups.conftest import Make, group, member, settled

TUESDAY = date(2026, 10, 6)
NOON = "2026-10-06 10:00:00+00:00"


@pytest.fixture(autouse=True)
def on_a_tuesday() -> Iterator[time_machine.Traveller]:
    """It is Tuesday 6 October 2026, noon."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def plan(**given: object) -> Plan:
    values: dict[str, object] = {
        "day": TUESDAY,
        "starts": "18:00",
        "place": "Treff",
        "title": "Offener Abend",
    }
    return Plan(**{**values, **given})  # type: ignore[arg-type]


def plan_in(group_id: int, actor: Actor, **given: object) -> int:
    """Plan in a transaction; returns the id of the meeting."""
    with transaction():
        return planning.plan_meeting(group(group_id), plan(**given), actor=actor).id


def rows_of(group_id: int) -> list[MeetingDate]:
    query = select(MeetingDate).where(MeetingDate.group_id == group_id).order_by(MeetingDate.on)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def change(**given: object) -> Change:
    values: dict[str, object] = {"day": TUESDAY, "starts": "18:00", "minutes": 120, "place": "Treff"}
    return Change(**{**values, **given})  # type: ignore[arg-type]


# ---- planning


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


def test_the_database_keeps_the_rules(make: Make) -> None:
    group_id, people = make(3)
    meeting_id = plan_in(group_id, people[0])
    wrong = [
        update(GroupMeeting).values(minutes=0),
        update(GroupMeeting).values(until_on=TUESDAY + timedelta(days=3)),
        update(GroupMeeting).values(made_until=TUESDAY - timedelta(days=1)),
        update(MeetingDate).values(status="cancelled", held="held"),
        update(MeetingDate).values(people=3),
        insert(MeetingDate).values(meeting_id=meeting_id, group_id=group_id, original_on=TUESDAY, on=TUESDAY),
    ]
    for statement in wrong:
        with pytest.raises(IntegrityError), transaction():
            session.execute(statement)


# ---- who sees what


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


# ---- changing


def test_one_date_is_moved_and_the_others_stay(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    with transaction():
        second = rows_of(group_id)[1]
        attending.answer_date(second, Answer.YES, actor=people[1])
        moved = change(day=date(2026, 10, 14), starts="19:00", place="Garten")
        changing.change_date(second, moved, actor=people[0])
    with transaction(write=False):
        rows = rows_of(group_id)
        assert [row.on for row in rows[:3]] == [TUESDAY, date(2026, 10, 14), date(2026, 10, 20)]
        line = line_of(rows[1])
        assert (line.starts, line.place, line.is_moved, line.sequence) == ("19:00", "Garten", True, 1)
        assert session.scalars(select(Attendance)).all() == []
        assert line_of(rows[2]).place == "Treff"


def test_another_place_asks_nobody_again(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0])
    with transaction():
        row = rows_of(group_id)[0]
        attending.answer_date(row, Answer.YES, actor=people[1])
        changing.change_date(row, change(place="Garten"), actor=people[0])
    with transaction(write=False):
        assert len(session.scalars(select(Attendance)).all()) == 1
        assert line_of(rows_of(group_id)[0]).place == "Garten"


def test_from_here_on_the_meeting_goes_on_as_another_one(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    with transaction():
        rows = rows_of(group_id)
        kept = [row.public_id for row in rows]
        changing.cancel_date(rows[4], actor=people[0], reason="Ferien")
        wanted = change(day=date(2026, 10, 21), starts="19:30")
        changing.change_date(rows[2], wanted, actor=people[0], reach=Reach.FROM_HERE)
    with transaction(write=False):
        rows = rows_of(group_id)
        assert [row.on for row in rows[:4]] == [
            TUESDAY, date(2026, 10, 13), date(2026, 10, 21), date(2026, 10, 28),
        ]  # fmt: skip
        assert [row.public_id for row in rows[: len(kept)]] == kept
        assert {line_of(row).starts for row in rows[2:]} == {"19:30"}
        assert rows[4].status is DateStatus.CANCELLED
        old, new = rows[0].meeting, rows[2].meeting
        assert (old.until_on, new.first_on, new.follows_id) == (
            date(2026, 10, 19), date(2026, 10, 21), old.id,
        )  # fmt: skip
        weekdays = {row.on.weekday() for row in rows[2:]}
        assert weekdays == {2}
    with transaction():
        planning.extend_series()
        assert {row.on.weekday() for row in rows_of(group_id)[2:]} == {2}


@pytest.mark.parametrize("days", [-3, 7, 1])
def test_all_dates_of_a_series_shift_in_place(make: Make, days: int) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], day=date(2026, 10, 13), repeats=Repeats.WEEKLY)
    with transaction():
        rows = rows_of(group_id)
        wanted = change(day=date(2026, 10, 13) + timedelta(days=days))
        changing.change_date(rows[0], wanted, actor=people[0], reach=Reach.ALL)
    with transaction(write=False):
        rows = rows_of(group_id)
        assert len({row.meeting_id for row in rows}) == 1
        assert rows[0].on == date(2026, 10, 13) + timedelta(days=days)
        assert {(after.on - before.on).days for before, after in pairwise(rows)} == {7}


def test_a_monthly_series_on_another_day_follows_its_own_rule(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], day=date(2026, 10, 13), repeats=Repeats.MONTHLY_WEEKDAY)
    with transaction():
        wanted = change(day=date(2026, 10, 14))
        changing.change_date(rows_of(group_id)[0], wanted, actor=people[0], reach=Reach.FROM_HERE)
    with transaction(write=False):
        days = [row.on for row in rows_of(group_id)][:3]
        assert days == [date(2026, 10, 14), date(2026, 11, 11), date(2026, 12, 9)]


def test_what_has_begun_cannot_be_moved_or_cancelled(
    make: Make, on_a_tuesday: time_machine.Traveller
) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0])
    on_a_tuesday.move_to("2026-10-06 16:00:00+00:00")
    for act in (
        lambda row: changing.change_date(row, change(day=TUESDAY + timedelta(days=1)), actor=people[0]),
        lambda row: changing.cancel_date(row, actor=people[0]),
        lambda row: changing.restore_date(row, actor=people[0]),
    ):
        with pytest.raises(DateOver), transaction():
            act(rows_of(group_id)[0])


def test_a_cancelled_date_keeps_its_row_and_can_come_back(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    for _ in range(2):
        with transaction():
            changing.cancel_date(rows_of(group_id)[1], actor=people[0], reason="Ferien")
    with transaction():
        line = line_of(rows_of(group_id)[1])
        assert (line.is_cancelled, line.reason, line.sequence) == (True, "Ferien", 1)
        with pytest.raises(DateCancelled):
            attending.answer_date(rows_of(group_id)[1], Answer.YES, actor=people[1])
        with pytest.raises(DateCancelled):
            changing.change_date(rows_of(group_id)[1], change(), actor=people[0])
        changing.restore_date(rows_of(group_id)[1], actor=people[0])
    with transaction(write=False):
        line = line_of(rows_of(group_id)[1])
        assert (line.is_cancelled, line.reason, line.sequence) == (False, "", 2)


def test_a_meeting_ends_from_a_date_on_and_makes_no_more(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    with transaction():
        gone = changing.cancel_date(rows_of(group_id)[2], actor=people[0], reach=Reach.FROM_HERE)
        assert len(gone) == 51
    with transaction():
        assert planning.extend_series() == 0
        rows = rows_of(group_id)
        assert [row.status for row in rows[:2]] == [DateStatus.PLANNED] * 2
        assert {row.status for row in rows[2:]} == {DateStatus.CANCELLED}
        changing.restore_date(rows[3], actor=people[0])
    with transaction(write=False):
        row = rows_of(group_id)[3]
        assert row.status is DateStatus.PLANNED
        assert row.meeting.repeats is Repeats.ONCE
        assert line_of(row).place == "Treff"


def test_a_whole_series_is_called_off(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    with transaction():
        changing.cancel_date(rows_of(group_id)[0], actor=people[0], reach=Reach.ALL)
    with transaction(write=False):
        assert rows_of(group_id)[0].meeting.called_off
        assert {row.status for row in rows_of(group_id)} == {DateStatus.CANCELLED}


def test_members_without_the_right_change_nothing(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0])
    with transaction():
        group(group_id).member_rights = []
    for actor in (people[1], settled()):
        with pytest.raises(NotFound), transaction():
            changing.cancel_date(rows_of(group_id)[0], actor=actor)


# ---- who comes


def test_the_last_answer_counts_and_people_are_added_up(make: Make) -> None:
    group_id, people = make(4)
    plan_in(group_id, people[0])
    with transaction():
        row = rows_of(group_id)[0]
        attending.answer_date(row, Answer.NO, actor=people[1], needs="egal")
        attending.answer_date(row, Answer.YES, actor=people[1], people=9, needs="Rampe")
        attending.answer_date(row, Answer.MAYBE, actor=people[2])
        attending.answer_date(row, Answer.YES, actor=people[3])
    with transaction(write=False):
        found = group(group_id)
        row = rows_of(group_id)[0]
        assert [(one.alias, one.answer, one.people, one.needs) for one in comers(row, found)] == [
            ("Nadel 1", Answer.YES, 5, "Rampe"),
            ("Nadel 3", Answer.YES, 1, None),
            ("Nadel 2", Answer.MAYBE, 1, None),
        ]
        assert people_coming([line_of(row)], found) == {row.id: 6}


def test_whoever_leaves_does_not_come_any_more(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0])
    with transaction():
        attending.answer_date(rows_of(group_id)[0], Answer.YES, actor=people[1])
    with transaction():
        leaving.leave(group(group_id), actor=people[1])
    with transaction(write=False):
        assert comers(rows_of(group_id)[0], group(group_id)) == []
        assert session.scalars(select(Attendance)).all() == []


def test_nobody_is_counted_in_a_discreet_group(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    plan_in(group_id, people[0])
    with pytest.raises(NobodyIsAsked), transaction():
        attending.answer_date(rows_of(group_id)[0], Answer.YES, actor=people[1])


def test_answers_of_a_group_that_becomes_discreet_are_shown_to_nobody_and_go(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0])
    with transaction():
        attending.answer_date(rows_of(group_id)[0], Answer.YES, actor=people[1])
        living.tighten(group(group_id), Privacy.DISCREET, actor=people[0])
    with transaction():
        row, found = rows_of(group_id)[0], group(group_id)
        assert session.scalars(select(Attendance)).all() == []
        # Even a row that were still there would be shown to nobody, and go.
        session.add(
            Attendance(date_id=row.id, membership_id=member(group_id, people[1]).id, answer=Answer.YES)
        )
        session.flush()
        assert comers(row, found) == []
        assert people_coming([line_of(row)], found) == {}
        due.forget(TUESDAY)
        assert session.scalars(select(Attendance)).all() == []


# ---- took place


def test_a_meeting_that_took_place_is_a_sign_of_life_once(
    make: Make, on_a_tuesday: time_machine.Traveller
) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], day=TUESDAY + timedelta(days=20))
    with pytest.raises(DateNotYet), transaction():
        attending.took_place(rows_of(group_id)[0], actor=people[1])
    on_a_tuesday.move_to("2026-10-27 08:00:00+00:00")
    with transaction():
        group(group_id).checkin_sent_on, group(group_id).checkins_unanswered = TUESDAY, 1
    said = []
    for actor in (people[1], people[2]):
        with transaction():
            said.append(attending.took_place(rows_of(group_id)[0], actor=actor, people=7))
    assert said == [True, False]
    with transaction(write=False):
        found = group(group_id)
        assert found.last_sign_on == date(2026, 10, 27)
        assert (found.checkin_sent_on, found.checkins_unanswered) == (None, 0)
        row = rows_of(group_id)[0]
        assert (row.held, row.people) == (Held.HELD, 7)
        held = select(GroupHistory).where(GroupHistory.name == "meeting_held")
        assert len(session.scalars(held).all()) == 1
        assert [line.held for line in past_dates(found, tuple(MeetingSeen))] == [Held.HELD]
        assert coming_dates(found, tuple(MeetingSeen)) == []


def test_nobody_came_can_be_corrected_but_not_the_other_way_round(
    make: Make, on_a_tuesday: time_machine.Traveller
) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    plan_in(group_id, people[0])
    on_a_tuesday.move_to("2026-10-06 19:00:00+00:00")
    with transaction():
        assert attending.did_not_take_place(rows_of(group_id)[0], actor=people[0])
    with transaction():
        assert attending.took_place(rows_of(group_id)[0], actor=people[1], people=7)
    with transaction():
        assert not attending.did_not_take_place(rows_of(group_id)[0], actor=people[0])
        row = rows_of(group_id)[0]
        assert (row.held, row.people) == (Held.HELD, None)


def test_what_did_not_take_place_is_no_sign_of_life(make: Make, on_a_tuesday: time_machine.Traveller) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], day=TUESDAY + timedelta(days=20))
    on_a_tuesday.move_to("2026-10-27 08:00:00+00:00")
    with transaction():
        attending.did_not_take_place(rows_of(group_id)[0], actor=people[0])
    with transaction(write=False):
        assert group(group_id).last_sign_on == TUESDAY


# ---- dates


def test_asked_once_after_it_is_over_and_never_what_was_cancelled(
    make: Make, on_a_tuesday: time_machine.Traveller
) -> None:
    group_id, people = make(3)
    for day in (0, 1):
        plan_in(group_id, people[0], day=TUESDAY + timedelta(days=day))
    with transaction():
        changing.cancel_date(rows_of(group_id)[1], actor=people[0])
        assert due.ask_held(TUESDAY) == 0
    on_a_tuesday.move_to("2026-10-08 08:00:00+00:00")
    with transaction():
        assert [due.ask_held(clock.today()) for _ in range(2)] == [1, 0]


def test_reminded_the_day_before_once(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], day=TUESDAY + timedelta(days=1))
    plan_in(group_id, people[0], day=TUESDAY + timedelta(days=2))
    with transaction():
        assert [due.remind(TUESDAY) for _ in range(2)] == [1, 0]


def test_needs_answers_and_dates_are_forgotten_in_time(
    make: Make, on_a_tuesday: time_machine.Traveller
) -> None:
    group_id, people = make(3)
    hidden, others = make(3, privacy=Privacy.DISCREET)
    plan_in(group_id, people[0])
    plan_in(hidden, others[0])
    with transaction():
        attending.answer_date(rows_of(group_id)[0], Answer.YES, actor=people[1], needs="Rampe")

    def left() -> tuple[int, int, int, int]:
        answers = session.scalars(select(Attendance)).all()
        needs = [one.needs for one in answers if one.needs]
        session.expire_all()
        return len(needs), len(answers), len(rows_of(group_id)), len(rows_of(hidden))

    for days, expected in (
        (7, (1, 1, 1, 1)),
        (8, (0, 1, 1, 1)),
        (31, (0, 0, 1, 1)),
        (61, (0, 0, 1, 0)),
        (401, (0, 0, 0, 0)),
    ):
        on_a_tuesday.move_to(f"{TUESDAY + timedelta(days=days)} 10:00:00+00:00")
        for _ in range(2):
            with transaction():
                due.forget(clock.today())
        with transaction(write=False):
            assert left() == expected, days
    with transaction(write=False):
        assert session.scalars(select(GroupMeeting)).all() == []


def test_a_group_that_has_ended_meets_no_more(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], day=TUESDAY + timedelta(days=1), repeats=Repeats.WEEKLY)
    with transaction():
        living.archive(group(group_id))
    with transaction():
        due.run(TUESDAY)
    with transaction(write=False):
        assert group(group_id).state is GroupState.ARCHIVED
        assert {row.status for row in rows_of(group_id)} == {DateStatus.CANCELLED}


def test_a_group_that_is_erased_takes_its_meetings_along(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0], repeats=Repeats.WEEKLY)
    with transaction():
        session.execute(delete(Group).where(Group.id == group_id))
    with transaction(write=False):
        assert session.scalars(select(GroupMeeting)).all() == []
        assert session.scalars(select(MeetingDate)).all() == []


def test_questions_do_not_grow_with_groups(make: Make) -> None:
    actor, asked = settled(), []

    def count() -> int:
        seen: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            seen.append(statement)

        with transaction(write=False):
            sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
            try:
                found = own_dates(actor, TUESDAY, TUESDAY + timedelta(days=13))
                assert len(found) == 2 * len(asked)
            finally:
                sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
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


# ---- telling


def told() -> list[tuple[int, str]]:
    rows = session.execute(select(Notice.account_id, Notice.context).order_by(Notice.id))
    return [(account_id, context["what"]) for account_id, context in rows]


def test_members_and_guests_are_told_and_never_who_did_it(make: Make) -> None:
    group_id, people = make(3)
    guest = settled()
    with transaction():
        attending.ask_for_dates(group(group_id), actor=guest)
        session.execute(delete(Notice))
    plan_in(group_id, people[0], seen=MeetingSeen.GUESTS)
    plan_in(group_id, people[0])
    with transaction(write=False):
        accounts = [account_id for account_id, _what in told()]
        assert sorted(accounts) == sorted(
            [people[1].account_id] * 2 + [people[2].account_id] * 2 + [guest.account_id]
        )
    with transaction():
        session.execute(delete(Notice))
        attending.answer_date(rows_of(group_id)[0], Answer.YES, actor=people[2])
        changing.cancel_date(rows_of(group_id)[1], actor=people[1])
    with transaction(write=False):
        assert {what for _account, what in told()} == {"meeting_cancelled"}
        assert people[1].account_id not in {account for account, _what in told()}


def test_only_those_who_come_are_reminded(make: Make) -> None:
    group_id, people = make(4)
    plan_in(group_id, people[0], day=TUESDAY + timedelta(days=1))
    with transaction():
        for actor, answer in zip(people, (Answer.YES, Answer.MAYBE, Answer.NO), strict=False):
            attending.answer_date(rows_of(group_id)[0], answer, actor=actor)
        session.execute(delete(Notice))
    for _ in range(2):
        with transaction():
            due.remind(TUESDAY)
    with transaction(write=False):
        assert told() == [
            (people[0].account_id, "meeting_tomorrow"),
            (people[1].account_id, "meeting_tomorrow"),
        ]


def test_nothing_about_dates_of_a_discreet_group_stands_in_a_notice(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    with transaction():
        member(group_id, people[1]).reach = str(people[1].account_id)
        session.execute(delete(Notice))
    plan_in(group_id, people[0])
    with transaction():
        changing.cancel_date(rows_of(group_id)[0], actor=people[0])
    with transaction(write=False):
        assert session.scalars(select(Notice)).all() == []
        waiting = session.scalars(select(Job).where(Job.kind == "groups.tell_neutrally")).all()
        assert {tuple(job.payload) for job in waiting} <= {("account_id",), ("account_id", "once")}
        assert {job.payload["account_id"] for job in waiting} == {people[1].account_id}


def test_an_erased_account_leaves_no_answer_and_no_address(make: Make) -> None:
    group_id, people = make(3)
    plan_in(group_id, people[0])
    account_id = people[1].account_id
    assert account_id is not None
    with transaction():
        attending.answer_date(rows_of(group_id)[0], Answer.YES, actor=people[1], needs="Rampe")
        addresses.make_own_address(people[1])
        addresses.make_group_address(group(group_id), actor=people[1])
        assert own_meetings(account_id) == [
            {"on": "2026-10-06", "answer": "yes", "people": 1, "needs": "Rampe"}
        ]
    with transaction():
        emit(AccountErased(account_id, keep_proposals=True, keep_comments=True, keep_support=True))
    with transaction(write=False):
        assert session.scalars(select(Attendance)).all() == []
        assert session.scalars(select(CalendarAddress)).all() == []
        assert own_meetings(account_id) == []
