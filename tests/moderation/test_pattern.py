"""The same text from new accounts in several places is hidden, with reasons, until a person has looked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.subjects import SubjectRef
from portal.discussions import operations as discussions
from portal.discussions.models import Comment, Thread
from portal.moderation.models import Case, Decision, Measure
from portal.moderation.operations import decide_case, look_for_pattern
from portal.notifications.models import Notice
from tests.moderation.people import Town, make_town, ruling, settled
from tests.support.factories import actor_of, make_resident, sign_in
from tests.support.leaflets import Wall
from tests.support.people import deliver

SPAM = "Günstige Kredite ohne Auskunft, jetzt anrufen bei Herrn Gold!"


def write(town: Town, who: Account, words: str, *, is_elsewhere: bool = True) -> int:
    """A comment below a leaflet of its own; its id."""
    leaflet = town.wall.pin() if is_elsewhere else town.leaflet
    with transaction():
        thread = session.get_one(Thread, leaflet.thread_id)
        made = discussions.add_comment(thread, actor=actor_of(who), body=words)
        session.flush()
        return made.id


def hidden(*ids: int) -> list[bool]:
    with transaction(write=False):
        return [session.get_one(Comment, one).hidden_at is not None for one in ids]


def test_the_third_place_hides_all_of_them_with_a_statement(both: Flask, wall: Wall) -> None:
    town = make_town(wall)
    one, other = make_resident(), make_resident()
    first, second = write(town, one, SPAM), write(town, other, SPAM.upper() + " !!")
    assert hidden(first, second) == [False, False]
    third = write(town, one, f"{SPAM}\n")
    assert hidden(first, second, third) == [True, True, True]
    with transaction(write=False):
        made = list(session.scalars(select(Decision)))
        assert {(d.measure, d.is_automated, d.source, d.ground_kind) for d in made} == {
            ("hide", True, "own", "procedure")
        }
        assert all(d.redress and d.scope and "mehreren Stellen" in d.facts for d in made)
        cases = list(session.scalars(select(Case)))
        assert {case.reason for case in cases} == {"pattern"}
        assert all(case.review_due_at and case.closed_at is None for case in cases)
        told = select(Notice.account_id).where(Notice.kind == "moderation.statement")
        assert set(session.scalars(told)) == {one.id, other.id}
        case_id, mine = cases[0].public_id, next(d.public_id for d in made if d.author_id == one.id)
    browser = both.test_client()
    sign_in(browser, town.moderator)
    case_page = browser.get(f"/en/moderation/cases/{case_id}").text
    assert "New accounts wrote the same in several places" in case_page
    sign_in(browser, one)
    statement = browser.get(f"/en/decisions/{mine}").text
    assert "Copies in several places led to this" in statement
    for wrong in ("Reports alone", "Moderation came across it itself", "Hidden by reports"):
        assert wrong not in statement + case_page


def test_what_hides_nothing(wall_sqlite: Wall) -> None:
    """Old accounts, short thanks, one conversation, other words, and what was written days ago."""
    town = make_town(wall_sqlite)
    old, new = settled(), make_resident()
    ids = [write(town, old, SPAM) for _ in range(3)]
    # A new account that repeats what settled ones said is no pattern of new accounts.
    ids += [write(town, new, SPAM)]
    ids += [write(town, make_resident(), "Vielen Dank dafür!") for _ in range(4)]
    ids += [
        write(town, new, "Immer dasselbe Lied an dieser Stelle, das ist doch schade.", is_elsewhere=False)
    ]
    ids += [write(town, new, f"Kredit Nummer {n} für alle, die schon lange warten.") for n in "ab"]
    assert not any(hidden(*ids))
    words = "Ein langer Gruß an alle, die heute Abend zum Fest kommen."
    ids = [write(town, make_resident(), words) for _ in range(2)]
    with transaction():
        for one in ids:
            session.get_one(Comment, one).created_at = clock.now() - timedelta(days=2)
    assert not any(hidden(*ids, write(town, make_resident(), words)))


def test_what_a_person_let_stand_is_not_hidden_again(wall_sqlite: Wall) -> None:
    town = make_town(wall_sqlite)
    ids = [write(town, make_resident(), SPAM) for _ in range(3)]
    assert all(hidden(*ids))
    from_case = select(Case).where(Case.subject_kind == "comment", Case.subject_id == ids[0])
    with transaction():
        case = session.scalars(from_case).one()
        decide_case(case, actor=actor_of(town.moderator), ruling=ruling(Measure.RESTORE))
    assert hidden(*ids) == [False, True, True]
    with transaction():
        assert look_for_pattern(SubjectRef("comment", ids[0])) == 0
        assert session.scalar(select(func.count()).where(Decision.subject_id == ids[0])) == 2


def test_a_comment_changed_into_a_copy_is_one(wall_sqlite: Wall) -> None:
    town = make_town(wall_sqlite)
    ids = [write(town, make_resident(), SPAM) for _ in range(2)]
    late = make_resident()
    ids.append(write(town, late, "Guten Tag zusammen, ich wohne hier seit gestern."))
    with transaction():
        discussions.edit_comment(session.get_one(Comment, ids[2]), actor=actor_of(late), body=SPAM)
    assert hidden(*ids) == [True, True, True]


def test_copies_of_one_instant_are_found_later(wall_sqlite: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each looked before the others were there; a text that is changed later is looked at again as well."""
    with time_machine.travel(datetime.now(UTC), tick=False) as travel:
        town = make_town(wall_sqlite)
        with monkeypatch.context() as unseen:
            unseen.setattr("portal.moderation.operations.pattern._by_new_accounts", list)
            ids = [write(town, make_resident(), SPAM) for _ in range(2)]
            late = make_resident()
            ids.append(write(town, late, "Guten Tag zusammen, ich wohne hier seit gestern."))
            travel.shift(timedelta(minutes=2))
            deliver()
            with transaction():
                discussions.edit_comment(session.get_one(Comment, ids[2]), actor=actor_of(late), body=SPAM)
        deliver()
        assert hidden(*ids) == [False, False, False]
        travel.shift(timedelta(minutes=2))
        deliver()
        assert hidden(*ids) == [True, True, True]
