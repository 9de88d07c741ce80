"""The board on both databases: who writes, what stays, what goes, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import VISITOR, Actor, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotAllowed, NotFound, SignInRequired
from portal.core.permissions import can
from portal.groups.errors import TooLong
from portal.groups.errors.inside import NoLongerThere, PinnedFull, TextMissing, ThreadClosed, TitleMissing
from portal.groups.models import GroupPost, MemberState, Preset, Privacy, RemovedBy
from portal.groups.operations import board, leaving, living
from portal.groups.queries.board import post_count, thread_lines, thread_posts
from tests.groups.conftest import Make, group, member, settled
from tests.support.factories import actor_of, make_staff

pytestmark = pytest.mark.logic


def post(post_id: int) -> GroupPost:
    """The post as it is stored now."""
    return session.get_one(GroupPost, post_id, populate_existing=True)


def begin(group_id: int, actor: Actor, title: str = "Stoff für Taschen", **given: Any) -> int:
    """A conversation in a transaction of its own; returns its id."""
    with transaction():
        text = given.pop("text", "Wer hat noch alten Stoff?")
        return board.begin_thread(group(group_id), actor=actor, title=title, text=text, **given).id


def answer(thread_id: int, actor: Actor, text: str = "Ich habe zwei Vorhänge.", **given: Any) -> int:
    """An answer in a transaction of its own; returns its id."""
    with transaction():
        return board.answer(post(thread_id), actor=actor, text=text, **given).id


@pytest.mark.on_both
def test_members_write_and_others_do_not(make: Make) -> None:
    group_id, people = make(3)
    thread_id = begin(group_id, people[0])
    answer(thread_id, people[1])
    outsider, moderator = settled(), actor_of(make_staff(StaffRole.MODERATOR))
    with transaction():
        for other in (outsider, moderator):
            with pytest.raises(NotFound):
                board.begin_thread(group(group_id), actor=other, title="Ich", text="auch")
            with pytest.raises(NotFound):
                board.answer(post(thread_id), actor=other, text="auch ich")
        with pytest.raises(SignInRequired):
            board.answer(post(thread_id), actor=VISITOR, text="auch ich")
        member(group_id, people[2]).state = MemberState.PAUSED
        session.flush()
        with pytest.raises(NotFound):
            board.answer(post(thread_id), actor=people[2], text="Ich mache Pause")
    with transaction(write=False):
        lines = thread_lines(group(group_id), people[0], offset=0, limit=20)
        assert [(line.title, line.author, line.answers) for line in lines] == [
            ("Stoff für Taschen", "Nadel 0", 1)
        ]
        assert [one.author for one in views(thread_id, people[1])] == ["Nadel 0", "Nadel 1"]
        assert [one.is_own for one in views(thread_id, people[1])] == [False, True]


def views(thread_id: int, reader: Actor) -> list[Any]:
    """The conversation as this reader sees it."""
    thread = post(thread_id)
    return thread_posts(thread, group(thread.group_id), reader, offset=0, limit=50)


def test_nothing_empty_and_nothing_endless(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        for error, given in (
            (TitleMissing, {"title": " ", "text": "x"}),
            (TextMissing, {"title": "x", "text": "\n "}),
            (TooLong, {"title": "x" * 121, "text": "x"}),
            (TooLong, {"title": "x", "text": "x" * 5001}),
        ):
            with pytest.raises(error):
                board.begin_thread(group(group_id), actor=people[0], **given)


def test_the_same_form_twice_is_one_post(make: Make) -> None:
    group_id, people = make(3)
    first = begin(group_id, people[0], form_key="abc")
    assert begin(group_id, people[0], form_key="abc") == first
    assert answer(first, people[1], form_key="def") == answer(first, people[1], form_key="def")
    with transaction(write=False):
        assert (post(first).answers, post_count(post(first))) == (1, 2)


def test_posting_is_a_sign_of_life(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        group(group_id).last_sign_on = clock.today() - timedelta(days=80)
        group(group_id).checkins_unanswered = 1
    begin(group_id, people[1])
    with transaction(write=False):
        assert (group(group_id).last_sign_on, group(group_id).checkins_unanswered) == (clock.today(), 0)


def test_authors_change_their_words_and_only_they(make: Make) -> None:
    group_id, people = make(3, preset=Preset.EVERYONE)
    thread_id = begin(group_id, people[0])
    with transaction():
        with pytest.raises(NotFound):
            board.change_post(post(thread_id), actor=people[1], text="Fremdes", title="Fremdes")
        board.change_post(post(thread_id), actor=people[0], text="Nur **Baumwolle**", title="Baumwolle")
    with transaction(write=False):
        (view,) = views(thread_id, people[1])
        assert view.is_edited
        assert "<strong>Baumwolle</strong>" in view.html


def test_taken_out_words_are_gone_and_answers_stay(make: Make) -> None:
    group_id, people = make(3)
    thread_id = begin(group_id, people[1], text="Bitte vergesst das")
    answer(thread_id, people[2])
    with transaction():
        with pytest.raises(NotFound):
            board.remove_post(post(thread_id), actor=people[2])
        board.remove_post(post(thread_id), actor=people[1])
    with transaction():
        first, second = views(thread_id, people[0])
        assert (first.removed_by, first.html, first.author) == (RemovedBy.AUTHOR, "", None)
        assert second.is_readable
        gone = post(thread_id)
        assert (gone.text, gone.title, gone.author_id, gone.alias) == (None, None, None, "")
        with pytest.raises(NoLongerThere):
            board.remove_post(gone, actor=people[0])


def test_a_conversation_nobody_answered_is_gone_altogether(make: Make) -> None:
    group_id, people = make(3)
    thread_id = begin(group_id, people[1])
    with transaction():
        board.remove_post(post(thread_id), actor=people[1])
    with transaction(write=False):
        assert session.get(GroupPost, thread_id) is None


def test_the_role_that_moderates_takes_posts_out(make: Make) -> None:
    group_id, people = make(3)
    thread_id = begin(group_id, people[0])
    answer_id = answer(thread_id, people[1])
    with transaction():
        assert not can(people[2], "groups.moderate_post", post(answer_id))
        board.remove_post(post(answer_id), actor=people[0])
    with transaction(write=False):
        assert post(answer_id).removed_by is RemovedBy.GROUP


def test_three_stand_at_the_top_and_no_fourth(make: Make) -> None:
    group_id, people = make(3)
    threads = [begin(group_id, people[1], f"Thema {number}") for number in range(4)]
    with transaction():
        with pytest.raises(NotFound):
            board.pin(post(threads[0]), actor=people[1])
        for thread_id in threads[:3]:
            board.pin(post(thread_id), actor=people[0])
        board.pin(post(threads[0]), actor=people[0])
        with pytest.raises(PinnedFull):
            board.pin(post(threads[3]), actor=people[0])
    with transaction(write=False):
        lines = thread_lines(group(group_id), people[0], offset=0, limit=20)
        assert [line.title for line in lines] == ["Thema 2", "Thema 1", "Thema 0", "Thema 3"]


@pytest.mark.on_both
def test_a_closed_conversation_takes_no_answers(make: Make) -> None:
    group_id, people = make(3)
    thread_id = begin(group_id, people[1])
    with transaction():
        board.close_thread(post(thread_id), actor=people[0])
    with pytest.raises(ThreadClosed):
        answer(thread_id, people[1])
    with transaction():
        board.open_thread(post(thread_id), actor=people[0])
    answer(thread_id, people[1])


def test_whoever_leaves_chooses_what_happens_to_their_words(make: Make) -> None:
    group_id, people = make(4)
    kept, taken = begin(group_id, people[1], "Bleibt"), begin(group_id, people[2], "Geht")
    answer(taken, people[3])
    with transaction():
        leaving.leave(group(group_id), actor=people[1])
        leaving.leave(group(group_id), actor=people[2], take_texts=True)
    with transaction(write=False):
        (stays,) = views(kept, people[0])
        assert (stays.author, stays.is_former, stays.is_readable) == ("Nadel 1", True, True)
        gone, still = views(taken, people[0])
        assert (gone.removed_by, gone.author) == (RemovedBy.AUTHOR, None)
        assert still.author == "Nadel 3"


def test_an_erased_account_leaves_no_words(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    begin(group_id, people[2], "Geht")
    with transaction():
        leaving.forget_account(people[2].account_id or 0)
    with transaction(write=False):
        assert session.scalars(select(GroupPost)).all() == []


def test_in_an_ended_group_nobody_writes_and_everybody_may_take_back(make: Make) -> None:
    group_id, people = make(3)
    thread_id = begin(group_id, people[1])
    with transaction():
        living.archive(group(group_id))
    with transaction():
        with pytest.raises(NotFound):
            board.answer(post(thread_id), actor=people[1], text="noch etwas")
        board.remove_post(post(thread_id), actor=people[1])


def test_an_open_board_is_read_by_all_without_names_they_did_not_give_out(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.OPEN)
    thread_id = begin(group_id, people[0])
    answer(thread_id, people[1])
    with transaction():
        member(group_id, people[1]).shown_publicly = True
    with transaction(write=False):
        assert can(VISITOR, "groups.read_post", post(thread_id))
        assert [one.author for one in views(thread_id, VISITOR)] == [None, "Nadel 1"]
        assert [one.author for one in views(thread_id, people[2])] == ["Nadel 0", "Nadel 1"]


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_others_do_not_read(make: Make, privacy: Privacy) -> None:
    group_id, people = make(3, privacy=privacy)
    thread_id = begin(group_id, people[0])
    hats = [VISITOR, settled(), *(actor_of(make_staff(role)) for role in StaffRole)]
    with transaction(write=False):
        assert not any(can(hat, "groups.read_post", post(thread_id)) for hat in hats)
        assert can(people[2], "groups.read_post", post(thread_id))


def test_posts_go_by_their_date_and_a_conversation_lives_as_long_as_its_newest(make: Make) -> None:
    group_id, people = make(3)
    old, alive = begin(group_id, people[0], "Alt"), begin(group_id, people[0], "Lebt")
    early, late = answer(alive, people[1], "früh"), answer(alive, people[1], "spät")
    with transaction():
        session.execute(
            update(GroupPost)
            .where(GroupPost.id.in_([old, early]))
            .values(written_on=clock.today() - timedelta(days=800), delete_on=clock.today())
        )
    with transaction():
        assert board.forget_old_posts(clock.today()) == 2
        assert board.forget_old_posts(clock.today()) == 0
    with transaction(write=False):
        assert set(session.scalars(select(GroupPost.id))) == {alive, late}
        assert post(alive).answers == 1
        assert post(alive).delete_on == post(late).delete_on


@pytest.mark.on_both
@pytest.mark.parametrize(
    "wrong",
    [
        {"text": None},
        {"removed_by": "author"},
        {"title": None},
        {"answers": -1},
        {"delete_on": clock.today() - timedelta(days=1)},
    ],
)
def test_the_database_holds_the_rules(make: Make, wrong: dict[str, Any]) -> None:
    group_id, people = make(3)
    thread_id = begin(group_id, people[0])
    with pytest.raises(IntegrityError), transaction():
        session.execute(update(GroupPost).where(GroupPost.id == thread_id).values(wrong))


@pytest.mark.on_both
def test_the_database_refuses_an_answer_from_another_group(make: Make) -> None:
    group_id, people = make(3)
    other_id, _ = make(3)
    thread_id = begin(group_id, people[0])
    row = {
        "group_id": other_id,
        "thread_id": thread_id,
        "text": "x",
        "delete_on": clock.today() + timedelta(1),
    }
    with pytest.raises(IntegrityError), transaction():
        session.execute(insert(GroupPost).values(row))


def test_suspended_people_read_only(make: Make) -> None:
    group_id, people = make(3)
    thread_id = begin(group_id, people[0])
    stopped = Actor(**{**vars(people[1]), "suspended": True})
    with transaction(), pytest.raises((NotFound, NotAllowed)):
        board.answer(post(thread_id), actor=stopped, text="trotzdem")
