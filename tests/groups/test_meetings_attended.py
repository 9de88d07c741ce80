"""Who comes, whether a meeting took place, who is told, and when all of it is forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from portal.accounts.events import AccountErased
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.events import emit
from portal.core.jobs import Job
from portal.groups.errors.meetings import DateNotYet, NobodyIsAsked
from portal.groups.models import (
    Answer,
    Attendance,
    CalendarAddress,
    DateStatus,
    Group,
    GroupHistory,
    GroupMeeting,
    GroupState,
    Held,
    MeetingDate,
    MeetingSeen,
    Privacy,
    Repeats,
)
from portal.groups.operations import leaving, living
from portal.groups.operations.meetings import addresses, attending, changing, due
from portal.groups.queries.meetings import (
    comers,
    coming_dates,
    line_of,
    own_meetings,
    past_dates,
    people_coming,
)
from portal.notifications.models import Notice
from tests.groups.conftest import Make, group, member, settled
from tests.groups.meetings import TUESDAY, plan_in, rows_of, told

pytestmark = pytest.mark.logic

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


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


@pytest.mark.on_both
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
