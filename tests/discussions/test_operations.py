"""Writing, answering, changing and taking back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import SYSTEM, VISITOR, Actor, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotAllowed, NotFound, RateLimited, SignInRequired
from portal.core.events import _subscribers
from portal.discussions import operations, queries
from portal.discussions.errors import (
    CommentTooLong,
    EmptyComment,
    NoSuchComment,
    ThreadClosed,
    TooManyLinks,
)
from portal.discussions.events import CommentAdded, CommentEdited, CommentRemoved, CommentRestored
from portal.discussions.models import Comment, CommentVersion, Thread
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.leaflets import Leaflet, Wall

pytestmark = pytest.mark.logic


@pytest.fixture
def heard() -> object:
    """Every event of the package, in order."""
    events: list[object] = []
    kinds = (CommentAdded, CommentEdited, CommentRemoved, CommentRestored)
    for kind in kinds:
        _subscribers[kind].append(events.append)
    yield events
    for kind in kinds:
        _subscribers[kind].remove(events.append)


def settled(**given: object) -> Actor:
    """A resident whose account is older than a week."""
    given.setdefault("created_at", clock.now() - timedelta(days=30))
    return actor_of(make_resident(**given))


def write(leaflet: Leaflet, actor: Actor, body: str = "Gute Idee", **given: object) -> Comment:
    """A comment, committed and detached."""
    with transaction():
        thread = session.get_one(Thread, leaflet.thread_id)
        comment = operations.add_comment(thread, actor=actor, body=body, **given)  # type: ignore[arg-type]
        session.flush()
        session.refresh(comment)
        return comment


def again(comment: Comment) -> Comment:
    """The comment in the present transaction."""
    return session.get_one(Comment, comment.id)


def test_a_comment_is_stored_safe_with_language_and_direction(wall: Wall, heard: list[object]) -> None:
    leaflet, actor = wall.pin(), settled()
    comment = write(leaflet, actor, "**Ja!** <script>alert(1)</script>", stance="for", language="de")
    assert comment.body_html == "<p><strong>Ja!</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    assert (comment.language, comment.direction, comment.stance) == ("de", "ltr", "for")
    guessed = write(leaflet, actor, "هذه فكرة جيدة جدا لأطفال الحي كلهم")
    assert (guessed.language, guessed.direction) == ("ar", "rtl")
    assert heard == [
        CommentAdded(one.id, leaflet.thread_id, "leaflet", leaflet.id, actor.account_id)
        for one in (comment, guessed)
    ]


def test_answers_to_answers_stand_beside_them(wall: Wall, heard: list[object]) -> None:
    leaflet, one, two = wall.pin(), settled(), settled()
    top = write(leaflet, one)
    answer = write(leaflet, two, reply_to=top.public_id)
    deeper = write(leaflet, one, reply_to=answer.public_id)
    assert (answer.parent_id, deeper.parent_id) == (top.id, top.id)
    assert [event.parent_author_id for event in heard] == [None, one.account_id, two.account_id]  # type: ignore[attr-defined]


def test_an_answer_needs_a_readable_comment_of_the_same_thread(wall_sqlite: Wall) -> None:
    leaflet, other, actor = wall_sqlite.pin(), wall_sqlite.pin(), settled()
    elsewhere = write(other, actor)
    gone = write(leaflet, actor)
    with transaction():
        operations.delete_comment(again(gone), actor=actor)
    for public_id in (elsewhere.public_id, gone.public_id, "zzzzzzzz"):
        with pytest.raises(NoSuchComment):
            write(leaflet, actor, reply_to=public_id)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("  \n\u200b ", EmptyComment),
        ("", EmptyComment),
        ("x" * 5001, CommentTooLong),
        (" ".join(f"https://example.org/{n}" for n in range(6)), TooManyLinks),
    ],
)
def test_what_is_no_comment(wall_sqlite: Wall, body: str, error: type[Exception]) -> None:
    leaflet, actor = wall_sqlite.pin(), settled()
    with pytest.raises(error) as caught:
        write(leaflet, actor, body)
    assert caught.value.field == "body"  # type: ignore[attr-defined]
    assert queries.shown_count(leaflet.thread_id) == 0


def test_new_accounts_write_one_link_at_most(wall_sqlite: Wall) -> None:
    leaflet, actor = wall_sqlite.pin(), actor_of(make_resident())
    write(leaflet, actor, "siehe https://example.org/1")
    with pytest.raises(TooManyLinks):
        write(leaflet, actor, "siehe https://example.org/1 und https://example.org/2")


def test_new_accounts_slow_down_after_five_an_hour_and_twenty_a_day(wall_sqlite: Wall) -> None:
    leaflet = wall_sqlite.pin()
    with time_machine.travel("2026-10-01 08:00:00+00:00", tick=False) as travel:
        actor = actor_of(make_resident())
        for hour in range(4):
            for _ in range(5):
                write(leaflet, actor)
            with pytest.raises(RateLimited) as caught:
                write(leaflet, actor)
            assert caught.value.retry_after == (3600 if hour < 3 else 24 * 3600 - 3 * 3600 - 3)
            travel.shift(timedelta(hours=1, seconds=1))
        with pytest.raises(RateLimited):
            write(leaflet, actor)
        travel.shift(timedelta(hours=20))
        write(leaflet, actor)
    assert queries.shown_count(leaflet.thread_id) == 21


def test_settled_accounts_have_room(wall_sqlite: Wall) -> None:
    leaflet, actor = wall_sqlite.pin(), settled()
    for _ in range(7):
        write(leaflet, actor)
    assert queries.shown_count(leaflet.thread_id) == 7


@pytest.mark.on_both
def test_a_form_sent_twice_is_one_comment(wall: Wall, heard: list[object]) -> None:
    leaflet, actor = wall.pin(), settled()
    first = write(leaflet, actor, form_key="abc")
    assert write(leaflet, actor, "anders", form_key="abc").id == first.id
    assert len(heard) == 1
    with pytest.raises(IntegrityError), transaction():
        values = {"body_md": "x", "body_html": "x", "language": "de", "direction": "ltr", "form_key": "abc"}
        session.add(Comment(thread_id=leaflet.thread_id, author_id=actor.account_id, **values))
        session.flush()


def test_who_may_write(wall_sqlite: Wall) -> None:
    leaflet, private = wall_sqlite.pin(), wall_sqlite.pin(private=True)
    resident = settled()
    allowed = [
        resident,
        actor_of(make_staff(StaffRole.MODERATOR)),
        actor_of(make_staff(StaffRole.PROFESSIONAL)),
    ]
    for actor in allowed:
        assert write(leaflet, actor).author_id == actor.account_id
    refused = [
        (VISITOR, SignInRequired),
        (SYSTEM, NotAllowed),
        (actor_of(make_staff(StaffRole.PLANNER)), NotAllowed),
        (actor_of(make_staff(StaffRole.ADMINISTRATOR)), NotAllowed),
        (actor_of(make_staff()), NotAllowed),
        (replace(resident, suspended=True), NotAllowed),
    ]
    for actor, error in refused:
        with pytest.raises(error):
            write(leaflet, actor)
    with pytest.raises(NotFound):
        write(private, resident)
    leaflet.hidden = True
    with pytest.raises(NotFound):
        write(leaflet, resident)


@pytest.mark.on_both
def test_closed_and_locked_threads_take_nothing(wall: Wall) -> None:
    leaflet, actor, moderator = wall.pin(), settled(), actor_of(make_staff(StaffRole.MODERATOR))
    comment = write(leaflet, actor)
    until = clock.now() + timedelta(hours=1)
    for close, reopen in [
        (operations.close_thread, operations.open_thread),
        (
            lambda thread: operations.lock_thread(thread, actor=moderator),
            lambda thread: operations.unlock_thread(thread, actor=moderator),
        ),
    ]:
        with transaction():
            close(session.get_one(Thread, leaflet.thread_id))
        with pytest.raises(ThreadClosed):
            write(leaflet, actor)
        with pytest.raises(ThreadClosed), transaction():
            operations.edit_comment(again(comment), actor=actor, body="anders")
        with transaction():
            reopen(session.get_one(Thread, leaflet.thread_id))
        write(leaflet, actor)
    with transaction():
        operations.lock_thread(session.get_one(Thread, leaflet.thread_id), actor=moderator, until=until)
    with time_machine.travel(until - timedelta(seconds=30)), pytest.raises(ThreadClosed):
        write(leaflet, actor)
    # The lock is over on the minute, although no job has run.
    with time_machine.travel(until + timedelta(seconds=1)):
        write(leaflet, actor)


@pytest.mark.on_both
def test_corrections_are_silent_at_first_then_versions(wall: Wall, heard: list[object]) -> None:
    leaflet = wall.pin()
    with time_machine.travel("2026-10-01 08:00:00+00:00", tick=False) as travel:
        actor = settled()
        comment = write(leaflet, actor, "Gute Ide", language="de")
        travel.shift(timedelta(minutes=9, seconds=59))
        with transaction():
            operations.edit_comment(again(comment), actor=actor, body="Gute Idee", language="de")
            assert again(comment).edited_at is None
        travel.shift(timedelta(seconds=1))
        with transaction():
            operations.edit_comment(again(comment), actor=actor, body="Sehr gute Idee", language="de")
        travel.shift(timedelta(hours=1))
        with transaction():
            operations.edit_comment(again(comment), actor=actor, body="Schlechte Idee", language="de")
        with transaction(write=False):
            changed = again(comment)
            assert [one.body_md for one in changed.versions] == ["Gute Idee", "Sehr gute Idee"]
            assert changed.edited_at == clock.now()
            latest, middle, first = queries.changes(changed)
    assert [one.silent for one in heard[1:]] == [True, False, False]  # type: ignore[attr-defined]
    assert latest.parts == (("removed", "Sehr gute "), ("added", "Schlechte "), ("same", "Idee"))
    assert middle.parts == (("removed", "Gute "), ("added", "Sehr gute "), ("same", "Idee"))
    assert first.parts == (("same", "Gute Idee"),)


def test_the_same_text_again_is_no_version(wall_sqlite: Wall, heard: list[object]) -> None:
    leaflet, actor = wall_sqlite.pin(), settled()
    comment = write(leaflet, actor, "Gute Idee")
    with time_machine.travel(clock.now() + timedelta(hours=1)), transaction():
        operations.edit_comment(
            again(comment), actor=actor, body="Gute Idee", stance="against", language="tr"
        )
    with transaction(write=False):
        changed = again(comment)
        assert (changed.stance, changed.language, changed.versions, changed.edited_at) == (
            "against",
            "tr",
            [],
            None,
        )
    assert len(heard) == 1


def test_only_the_author_edits_and_deletes(wall_sqlite: Wall) -> None:
    leaflet, author = wall_sqlite.pin(), settled()
    comment = write(leaflet, author)
    for other in (
        settled(),
        actor_of(make_staff(StaffRole.MODERATOR)),
        actor_of(make_staff(StaffRole.ADMINISTRATOR)),
    ):
        with pytest.raises(NotFound), transaction():
            operations.edit_comment(again(comment), actor=other, body="Ich war's")
        with pytest.raises(NotFound), transaction():
            operations.delete_comment(again(comment), actor=other)
    with pytest.raises(NotFound), transaction():
        operations.edit_comment(again(comment), actor=replace(author, suspended=True), body="x")


def test_deleting_erases_text_and_versions_and_keeps_answers(wall: Wall, heard: list[object]) -> None:
    leaflet, author, other = wall.pin(), settled(), settled()
    comment = write(leaflet, author, "Kanarienvogel")
    write(leaflet, other, "Antwort", reply_to=comment.public_id)
    with time_machine.travel(clock.now() + timedelta(hours=1)), transaction():
        operations.edit_comment(again(comment), actor=author, body="Kanarienvogel zwei")
    with transaction():
        operations.delete_comment(again(comment), actor=author)
    with transaction(write=False):
        gone = again(comment)
        assert (gone.body_md, gone.body_html, gone.stance, gone.edited_at) == ("", "", None, None)
        assert session.scalar(select(func.count()).select_from(CommentVersion)) == 0
        view = queries.thread_view(leaflet.thread_id, VISITOR)
        assert [(one.state, one.author, len(one.replies)) for one in view.comments] == [("deleted", None, 1)]
        assert view.shown_count == 1
    assert heard[-1] == CommentRemoved(comment.id, leaflet.thread_id, "leaflet", leaflet.id, "deleted")
    with pytest.raises(NotFound), transaction():
        operations.edit_comment(again(comment), actor=author, body="wieder da")


def test_hiding_and_restoring(wall: Wall, heard: list[object]) -> None:
    leaflet, author = wall.pin(), settled()
    comment = write(leaflet, author, "Kanarienvogel", stance="for")
    for _ in range(2):
        with transaction():
            operations.hide_comment(again(comment))
    with transaction(write=False):
        (seen,) = queries.thread_view(leaflet.thread_id, author).comments
        assert (seen.state, seen.html, seen.stance, seen.author, seen.is_own) == (
            "hidden",
            "",
            None,
            None,
            True,
        )
    for _ in range(2):
        with transaction():
            operations.restore_comment(again(comment))
    with transaction(write=False):
        (seen,) = queries.thread_view(leaflet.thread_id, author).comments
        assert (seen.state, seen.stance) == ("shown", "for")
    about = (comment.id, leaflet.thread_id, "leaflet", leaflet.id)
    assert heard[1:] == [CommentRemoved(*about, "hidden"), CommentRestored(*about)]


def test_a_hidden_text_is_mended_with_a_version_even_while_suspended(wall_sqlite: Wall) -> None:
    leaflet, author = wall_sqlite.pin(), settled()
    comment = write(leaflet, author, "Ihr Idioten")
    with transaction():
        operations.hide_comment(again(comment))
        operations.edit_comment(again(comment), actor=replace(author, suspended=True), body="Liebe Leute")
    with transaction(write=False):
        assert [one.body_md for one in again(comment).versions] == ["Ihr Idioten"]
        assert again(comment).hidden_at is not None


@pytest.mark.parametrize("keep", [True, False])
def test_an_erased_account_leaves_its_comments_or_takes_the_words(wall: Wall, keep: bool) -> None:
    leaflet, author = wall.pin(), settled()
    comment = write(leaflet, author, "Kanarienvogel", form_key="k")
    write(leaflet, settled(), "Antwort", reply_to=comment.public_id)
    with transaction():
        operations.forget_author(author.account_id or 0, keep_comments=keep)
    with transaction(write=False):
        left = again(comment)
        assert (left.author_id, left.form_key) == (None, None)
        assert left.body_md == ("Kanarienvogel" if keep else "")
        (seen,) = queries.thread_view(leaflet.thread_id, VISITOR).comments
        assert (seen.state, len(seen.replies)) == ("shown" if keep else "deleted", 1)


def test_hidden_texts_are_erased_on_their_date(wall: Wall) -> None:
    leaflet, author = wall.pin(), settled()
    old, young, shown = (write(leaflet, author, f"Text {n}") for n in range(3))
    with transaction():
        operations.hide_comment(again(old))
    later = clock.now() + timedelta(days=100)
    with time_machine.travel(later):
        with transaction():
            operations.hide_comment(again(young))
            assert operations.erase_hidden_comments(before=later - timedelta(days=50)) == 1
        with transaction(write=False):
            states = [one.state for one in queries.thread_view(leaflet.thread_id, VISITOR).comments]
            assert states == ["hidden", "shown"]
            assert [again(one).body_md for one in (old, young, shown)] == ["", "Text 1", "Text 2"]


@pytest.mark.on_both
def test_the_database_keeps_its_rules(wall: Wall) -> None:
    leaflet = wall.pin()
    good = {"body_md": "x", "body_html": "x", "language": "de", "direction": "ltr"}
    bad = [
        {"stance": "angry"},
        {"direction": "up"},
        {"deleted_at": clock.now()},
        {"thread_id": 999},
        {"author_id": 999},
    ]
    for wrong in bad:
        with pytest.raises(IntegrityError), transaction():
            session.add(Comment(**{"thread_id": leaflet.thread_id, **good, **wrong}))
            session.flush()
    with pytest.raises(IntegrityError), transaction():
        session.add(Thread(subject_kind="leaflet", subject_id=leaflet.id))
        session.flush()
