"""Accompaniment by the calendar: asked whether it goes on, over, closed, forgotten; a substitute."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import can
from portal.groups.errors.accompanying import NotGranted, SubstituteTimeWrong
from portal.groups.models import Accompaniment, AccompanimentState, CompanionWord, Grant, GroupLook, Side
from portal.groups.operations.accompanying import during
from portal.groups.queries.accompanying import looks_at, own_agreements
from portal.notifications.models import Notice
from tests.groups.accompanying import START, agreed, professional, the_one
from tests.groups.conftest import Make, group

pytestmark = pytest.mark.logic

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


@pytest.mark.on_both
def test_asked_once_two_weeks_before_over_at_the_end_and_forgotten(
    make: Make, on_a_tuesday: time_machine.Traveller
) -> None:
    group_id, people = make(3)
    account, worker = professional()
    agreed(group_id, people[0], account, worker)
    with transaction():
        during.write_word(the_one(), "Wann passt es?", actor=worker, side=Side.COMPANION)
        until = the_one().until_on
        assert until is not None
        session.execute(text("DELETE FROM notice"))

    def told() -> set[str]:
        return {one.context["what"] for one in session.scalars(select(Notice))}

    for days, state, news in (
        (-15, AccompanimentState.AGREED, set()),
        (-14, AccompanimentState.ENDING, {"accompany_next"}),
        (0, AccompanimentState.ENDING, {"accompany_next"}),
        (1, AccompanimentState.ENDED, {"accompany_next", "accompany_over"}),
    ):
        on_a_tuesday.move_to(f"{until + timedelta(days=days)} 10:00:00+00:00")
        for _ in range(2):
            with transaction():
                during.run(clock.today())
        with transaction(write=False):
            assert (the_one().state, told()) == (state, news), days
    with transaction(write=False):
        accounts = session.scalars(
            select(Notice.account_id).where(Notice.kind == "groups.accompaniment")
        ).all()
        assert {account.id, people[0].account_id} <= set(accounts)
    on_a_tuesday.move_to(f"{until + timedelta(days=92)} 10:00:00+00:00")
    with transaction():
        during.run(clock.today())
    with transaction(write=False):
        assert (the_one().goal, the_one().reach) == ("", None)
        assert session.scalars(select(CompanionWord)).all() == []
    on_a_tuesday.move_to(f"{until + timedelta(days=402)} 10:00:00+00:00")
    with transaction():
        during.run(clock.today())
    with transaction(write=False):
        assert session.scalars(select(Accompaniment)).all() == []


def test_a_day_after_the_end_nothing_is_open_although_no_job_ran(
    make: Make, on_a_tuesday: time_machine.Traveller
) -> None:
    group_id, people = make(3)
    account, worker = professional()
    agreed(group_id, people[0], account, worker)
    on_a_tuesday.move_to("2027-02-06 10:00:00+00:00")
    with pytest.raises(NotGranted), transaction():
        during.look_inside(the_one(), Grant.BOARD, actor=worker)


def test_who_no_longer_has_the_hat_sees_nothing(make: Make) -> None:
    group_id, people = make(3)
    account, worker = professional()
    agreed(group_id, people[0], account, worker)
    bare = Actor(kind=worker.kind, account_id=worker.account_id)
    with transaction():
        during.look_inside(the_one(), Grant.BOARD, actor=worker)
        assert can(worker, "groups.read_board", group(group_id))
        assert not can(bare, "groups.read_board", group(group_id))
        assert not can(bare, "groups.accompany", the_one())


@pytest.mark.on_both
def test_a_substitute_sees_only_what_the_group_accepted_and_only_then(
    make: Make, on_a_tuesday: time_machine.Traveller
) -> None:
    group_id, people = make(3)
    account, worker = professional()
    colleague, second = professional()
    agreed(group_id, people[0], account, worker)
    day = timedelta(days=1)
    with pytest.raises(SubstituteTimeWrong), transaction():
        during.propose_substitute(
            the_one(), colleague, actor=worker, from_on=START, until_on=START + 365 * day
        )
    with transaction():
        found = during.propose_substitute(
            the_one(), colleague, actor=worker, from_on=START + day, until_on=START + 7 * day
        )
        assert not can(second, "groups.accompany", the_one())
        with pytest.raises(NotFound):
            during.answer_substitute(found, True, made=the_one(), group=group(group_id), actor=people[1])
        during.answer_substitute(found, True, made=the_one(), group=group(group_id), actor=people[0])
        assert not can(second, "groups.accompany", the_one())
    on_a_tuesday.move_to("2026-10-08 10:00:00+00:00")
    with transaction():
        assert can(second, "groups.accompany", the_one())
        during.look_inside(the_one(), Grant.BOARD, actor=second)
        assert can(second, "groups.read_board", group(group_id))
        assert [one.row.id for one in own_agreements(second)] == [the_one().id]
        assert {one.name for one in looks_at(group(group_id))} == {colleague.display_name}
    on_a_tuesday.move_to("2026-10-14 10:00:00+00:00")
    with transaction(write=False):
        assert not can(second, "groups.accompany", the_one())


def test_an_erased_account_accompanies_nobody(make: Make) -> None:
    group_id, people = make(3)
    account, worker = professional()
    agreed(group_id, people[0], account, worker)
    with transaction():
        during.forget_companion(account.id)
    with transaction(write=False):
        made = the_one()
        assert (made.state, made.name, made.reach) == (AccompanimentState.TERMINATED, "", None)
        assert session.scalars(select(GroupLook)).all() == []
        assert not can(worker, "groups.accompany", made)
