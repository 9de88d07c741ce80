"""A group's life by dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotAllowed, NotFound
from portal.core.state import TransitionNotAllowed
from portal.groups.jobs import tick
from portal.groups.models import Group, GroupPurge, GroupState, Membership, Privacy
from portal.groups.operations import living
from tests.groups.conftest import Make, group, settled
from tests.support.factories import actor_of, make_staff

pytestmark = [pytest.mark.logic, pytest.mark.usefixtures("at_noon")]


def days_later(days: int, group_id: int) -> GroupState | None:
    """The state after the hourly job of that day has run twice."""
    with time_machine.travel(clock.now() + timedelta(days=days)):
        for _ in range(2):
            with transaction():
                tick()
        with transaction(write=False):
            found = session.get(Group, group_id, populate_existing=True)
            return found.state if found else None


@pytest.mark.on_both
def test_silence_is_asked_twice_then_rests_then_is_archived_then_erased(make: Make) -> None:
    group_id, _ = make(3)
    assert days_later(89, group_id) is GroupState.ACTIVE
    with transaction(write=False):
        assert group(group_id).checkins_unanswered == 0
    assert days_later(90, group_id) is GroupState.ACTIVE
    assert days_later(104, group_id) is GroupState.ACTIVE
    with transaction(write=False):
        assert group(group_id).checkins_unanswered == 2
    assert days_later(118, group_id) is GroupState.DORMANT
    assert days_later(118 + 179, group_id) is GroupState.DORMANT
    assert days_later(118 + 180, group_id) is GroupState.ARCHIVED
    assert days_later(118 + 180 + 364, group_id) is GroupState.ARCHIVED
    assert days_later(118 + 180 + 365, group_id) is None
    with transaction(write=False):
        assert session.scalar(select(func.count(Membership.id))) == 0
        assert session.scalars(select(GroupPurge.active_months)).all() == [10]


def test_discreet_groups_are_erased_after_thirty_days(make: Make) -> None:
    group_id, _ = make(2, privacy=Privacy.DISCREET)
    with transaction():
        living.archive(group(group_id))
    assert days_later(29, group_id) is GroupState.ARCHIVED
    assert days_later(30, group_id) is None


def test_rare_meetings_are_no_silence(make: Make) -> None:
    group_id, _ = make(3)
    with transaction():
        group(group_id).meeting_interval_days = 60
    days_later(179, group_id)
    with transaction(write=False):
        assert group(group_id).checkins_unanswered == 0
    days_later(180, group_id)
    with transaction(write=False):
        assert group(group_id).checkins_unanswered == 1


def test_one_tap_of_any_member_and_it_goes_on(make: Make) -> None:
    group_id, people = make(3)
    days_later(90, group_id)
    with time_machine.travel(clock.now() + timedelta(days=91)), transaction():
        living.go_on(group(group_id), actor=people[2])
        assert group(group_id).checkins_unanswered == 0
    assert days_later(180, group_id) is GroupState.ACTIVE
    with transaction():
        living.rest(group(group_id))
    with transaction():
        assert group(group_id).state is GroupState.DORMANT
        with pytest.raises(NotFound):
            living.go_on(group(group_id), actor=settled())
        with pytest.raises(NotFound):
            living.go_on(group(group_id), actor=replace(people[0], suspended=True))
        living.go_on(group(group_id), actor=people[1])
        assert group(group_id).state is GroupState.ACTIVE


def test_a_pause_ends_on_its_day(make: Make) -> None:
    group_id, _ = make(3)
    with transaction():
        living.rest(group(group_id), until=clock.today() + timedelta(days=40))
    assert days_later(39, group_id) is GroupState.DORMANT
    assert days_later(40, group_id) is GroupState.ACTIVE


def test_a_circle_that_never_comes_to_life_ends(make: Make) -> None:
    group_id, _ = make(3, founded=False)
    assert days_later(89, group_id) is GroupState.FOUNDING
    assert days_later(90, group_id) is GroupState.ARCHIVED


def test_suspension_is_moderations_alone_short_and_ends_by_itself(make: Make) -> None:
    group_id, people = make(3)
    moderator = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        circle = group(group_id)
        for other in (people[0], settled(), actor_of(make_staff(StaffRole.ADMINISTRATOR))):
            with pytest.raises((NotFound, NotAllowed)):
                living.suspend(circle, actor=other, days=3)
        living.suspend(circle, actor=moderator, days=99)
        with pytest.raises(TransitionNotAllowed):
            living.suspend(circle, actor=moderator, days=1)
    assert days_later(13, group_id) is GroupState.SUSPENDED
    assert days_later(14, group_id) is GroupState.ACTIVE


def test_moderation_cannot_even_suspend_a_discreet_group(make: Make) -> None:
    group_id, _ = make(2, privacy=Privacy.DISCREET)
    moderator = actor_of(make_staff(StaffRole.MODERATOR))
    with transaction(), pytest.raises(NotFound):
        living.suspend(group(group_id), actor=moderator, days=3)
