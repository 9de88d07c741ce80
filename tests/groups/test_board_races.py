"""Several members at the same second, on both databases: nothing is lost, nothing is there twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from portal.core.db import session, transaction
from portal.core.errors import DomainError
from portal.groups.models import GroupMinutes, GroupPost, GroupTask, Preset, TaskDoer
from portal.groups.operations import board, tasks
from portal.groups.operations import minutes as writing
from portal.groups.operations.minutes import Sheet
from tests.groups.conftest import Make, group
from tests.groups.papers import add, sheet_of, task_of, write
from tests.groups.test_board import begin, post
from tests.rounds.test_box_races import hammer


def once(work: Callable[[], Any]) -> Callable[[], bool]:
    """Do it in a transaction; True when it was done. Whoever loses a race in the database tries again."""

    def attempt() -> bool:
        for _ in range(5):
            try:
                with transaction():
                    work()
                return True
            except DomainError:
                return False
            except DBAPIError:
                session.rollback()
        return False

    return attempt


def test_answers_at_the_same_second_are_all_counted(both: Flask, make: Make) -> None:
    group_id, people = make(3)
    thread_id = begin(group_id, people[0])
    works = [
        once(lambda number=number: board.answer(post(thread_id), actor=people[number % 3], text=f"{number}"))
        for number in range(8)
    ]
    session.remove()
    assert hammer(both, works) == [True] * 8
    with transaction(write=False):
        newest = session.scalar(select(func.max(GroupPost.id)))
        assert (post(thread_id).answers, post(thread_id).last_id) == (8, newest)


def test_the_same_form_from_two_taps_is_one_post(both: Flask, make: Make) -> None:
    group_id, people = make(3)
    works = [
        once(
            lambda: board.begin_thread(
                group(group_id), actor=people[0], title="Stoff", text="Wer?", form_key="einmal"
            )
        )
        for _ in range(6)
    ]
    session.remove()
    assert hammer(both, works) == [True] * 6
    with transaction(write=False):
        assert session.scalar(select(func.count(GroupPost.id))) == 1


def test_taken_out_while_somebody_answers_loses_no_answer(both: Flask, make: Make) -> None:
    """Either the answer is there, and counted; or the conversation was gone, and the writer learns it."""
    for _ in range(4):
        group_id, people = make(3)
        thread_id = begin(group_id, people[0])

        def take_out(thread_id: int = thread_id, author: Any = people[0]) -> None:
            board.remove_post(post(thread_id), actor=author)

        def reply(thread_id: int = thread_id, writer: Any = people[1]) -> None:
            thread = session.get(GroupPost, thread_id)
            if thread is None:
                raise DomainError("gone")
            board.answer(thread, actor=writer, text="Ich!")

        session.remove()
        removed, answered = hammer(both, [once(take_out), once(reply)])
        with transaction(write=False):
            left = session.get(GroupPost, thread_id)
            replies = session.scalars(select(GroupPost.id).where(GroupPost.thread_id == thread_id)).all()
            assert removed
            assert (left is not None) is answered
            assert len(replies) == int(answered)
            assert left is None or left.answers == 1


def test_three_stay_three_whoever_pins_at_once(both: Flask, make: Make) -> None:
    group_id, people = make(3, preset=Preset.EVERYONE)
    threads = [begin(group_id, people[0], f"Thema {number}") for number in range(6)]
    works = [once(lambda one=one: board.pin(post(one), actor=people[one % 3])) for one in threads]
    session.remove()
    assert sum(hammer(both, works)) == 3
    with transaction(write=False):
        query = select(func.count(GroupPost.id)).where(GroupPost.pinned_on.is_not(None))
        assert session.scalar(query) == 3


def test_of_two_who_save_the_same_minutes_one_is_told(both: Flask, make: Make) -> None:
    group_id, people = make(3)
    minutes_id = write(group_id, people[0], text="Erstens")
    day = "2026-11-01"

    def save(number: int) -> None:
        sheet = Sheet(met_on=sheet_of(minutes_id).met_on, text=f"{day} {number}")
        writing.change_minutes(sheet_of(minutes_id), actor=people[number % 3], sheet=sheet, version=1)

    works = [once(lambda number=number: save(number)) for number in range(5)]
    session.remove()
    assert sum(hammer(both, works)) == 1
    with transaction(write=False):
        assert session.scalars(select(GroupMinutes.version)).one() == 2


def test_a_task_taken_with_many_taps_is_taken_once(both: Flask, make: Make) -> None:
    group_id, people = make(3)
    task_id = add(group_id, people[0])
    works = [once(lambda who=people[n % 2]: tasks.take_task(task_of(task_id), actor=who)) for n in range(8)]
    session.remove()
    assert hammer(both, works) == [True] * 8
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(TaskDoer)) == 2
        assert session.scalar(select(func.count(GroupTask.id))) == 1
