"""What the clock does: reminders of answers that are due, and the end of collecting support."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from portal.core import audit, clock
from portal.core.db import transaction
from portal.core.site_settings import change
from portal.proposals import operations
from portal.proposals.errors import NotSupportable
from portal.proposals.models import Stage
from tests.proposals.office import Office, get, publish, told
from tests.support.factories import actor_of, make_resident

pytestmark = pytest.mark.usefixtures("at_noon")


def test_reminders_and_the_substitute(office: Office) -> None:
    day = clock.today() + timedelta(days=20)
    substitute = make_resident()
    pid = publish(
        office,
        stage=Stage.EXAMINED,
        answer_due_on=day,
        contact_account_id=office.moderator.id,
        substitute_account_id=substitute.id,
    )
    publish(office, stage=Stage.EXAMINED, answer_due_on=day, answered_at=clock.now())
    start = clock.now()

    def tick(days: int) -> None:
        with time_machine.travel(start + timedelta(days=days), tick=False):
            for _ in range(2):
                with transaction():
                    operations.remind_of_answers()

    tick(1)
    assert told("proposals.answer_due") == []
    tick(8)
    tick(20)
    assert told("proposals.answer_due", pid) == sorted([office.moderator.id, office.planner.id])
    assert told("proposals.answer_overdue") == []
    tick(21)
    assert told("proposals.answer_overdue", pid) == [office.moderator.id]
    tick(27)
    tick(40)
    everyone = [office.moderator.id, office.moderator.id, office.planner.id, substitute.id]
    assert told("proposals.answer_overdue", pid) == sorted(everyone)
    assert [entry.name for entry in audit.entries_for("proposal", pid)] == ["proposals.answer_overdue"]


def test_overdue_is_true_without_any_job(office: Office) -> None:
    pid = publish(office, stage=Stage.EXAMINED, answer_due_on=clock.today())
    with transaction(write=False):
        assert not get(pid).is_answer_overdue
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False), transaction(write=False):
        assert get(pid).is_answer_overdue


def test_the_time_to_collect_support_ends(office: Office) -> None:
    with transaction():
        change("proposals.collecting_days", 10, actor=office.moderating)
    author = make_resident()
    pid = publish(office, author=author, collecting_until_on=clock.today() + timedelta(days=10))
    other = publish(office)
    neighbour = actor_of(make_resident())
    with time_machine.travel(clock.now() + timedelta(days=11), tick=False):
        # At once, before any job has run.
        with pytest.raises(NotSupportable), transaction():
            operations.support_proposal(get(pid), actor=neighbour)
        for _ in range(2):
            with transaction():
                operations.expire_proposal(get(pid))
                assert not operations.expire_proposal(get(other))
        with transaction(write=False):
            assert get(pid).expired_at is not None
            assert get(other).expired_at is None
            assert [entry.name for entry in audit.entries_for("proposal", pid)] == ["proposals.expired"]
    assert told("proposals.moved_on") == [author.id]
