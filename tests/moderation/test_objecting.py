"""Objecting: another person answers, always with reasons; a changed text comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.subjects import SubjectRef, resolve
from portal.discussions.models import Comment, Thread
from portal.discussions.operations import add_comment, edit_comment
from portal.moderation import operations, queries
from portal.moderation.errors import (
    AlreadyObjected,
    CaseClosed,
    StatementIncomplete,
)
from portal.moderation.models import (
    Appeal,
    Case,
    Decision,
    Measure,
    Outcome,
)
from portal.notifications.models import Notice
from tests.moderation.people import (
    actor_in,
    answer,
    case_of,
    decide,
    make_town,
    object_to,
    open_case,
    report,
    ruling,
    settled,
)
from tests.support.factories import make_staff
from tests.support.leaflets import Wall

pytestmark = pytest.mark.logic


def told(kind: str) -> list[int]:
    """The accounts that got such a notice."""
    with transaction(write=False):
        return list(session.scalars(select(Notice.account_id).where(Notice.kind == kind).order_by(Notice.id)))


def hidden_decision(wall: Wall) -> tuple[object, int]:
    """A town and the decision that hid its leaflet."""
    town = make_town(wall)
    report(town.leaflet)
    return town, decide(town.leaflet, town.moderator, Measure.HIDE)


@pytest.mark.on_both
def test_an_objection_is_answered_by_another_person(wall: Wall) -> None:
    town, made = hidden_decision(wall)
    appeal = object_to(made, town.author)  # type: ignore[attr-defined]
    with pytest.raises(AlreadyObjected):
        object_to(made, town.author)  # type: ignore[attr-defined]
    for who in (town.moderator, town.southern, town.author, make_staff("administrator")):  # type: ignore[attr-defined]
        with pytest.raises(NotFound):
            answer(appeal, who, Outcome.OVERTURNED)
        with transaction(write=False):
            assert queries.objections_for(actor_in(who)) == []
    with transaction(write=False):
        assert [one.id for one in queries.objections_for(actor_in(town.colleague))] == [appeal]  # type: ignore[attr-defined]
    with pytest.raises(StatementIncomplete):
        answer(appeal, town.colleague, Outcome.UPHELD, reply=" ")  # type: ignore[attr-defined]
    answer(appeal, town.colleague, Outcome.OVERTURNED)  # type: ignore[attr-defined]
    assert not town.leaflet.hidden  # type: ignore[attr-defined]
    with transaction(write=False):
        row = session.get_one(Appeal, appeal)
        lifting = session.get_one(Decision, row.new_decision_id)
        assert (lifting.measure, lifting.replaces_id, lifting.source) == ("restore", made, "objection")
        assert (row.outcome, row.reply) == ("overturned", "Wir haben es noch einmal gelesen.")
        assert town.colleague.display_name not in str(row.role_name)  # type: ignore[attr-defined]
    assert told("moderation.objection_answered") == [town.author.id]  # type: ignore[attr-defined]
    with pytest.raises(CaseClosed):
        answer(appeal, town.colleague, Outcome.UPHELD)  # type: ignore[attr-defined]


def test_upheld_keeps_it_hidden_and_still_answers(wall_sqlite: Wall) -> None:
    town, made = hidden_decision(wall_sqlite)
    appeal = object_to(made, town.author)  # type: ignore[attr-defined]
    answer(appeal, town.colleague, Outcome.UPHELD)  # type: ignore[attr-defined]
    assert town.leaflet.hidden  # type: ignore[attr-defined]
    assert told("moderation.objection_answered") == [town.author.id]  # type: ignore[attr-defined]


def test_without_a_colleague_another_district_answers(wall: Wall) -> None:
    author, only, southern = settled(), make_staff("moderator", 1), make_staff("moderator", 2)
    leaflet = wall.pin(author_id=author.id, district_id=1)
    report(leaflet)
    appeal = object_to(decide(leaflet, only, Measure.HIDE), author)
    with pytest.raises(NotFound):
        answer(appeal, only, Outcome.UPHELD)
    with transaction(write=False):
        assert [one.id for one in queries.objections_for(actor_in(southern))] == [appeal]
    answer(appeal, southern, Outcome.OVERTURNED)
    assert not leaflet.hidden


def test_a_suspension_can_be_lifted_by_another_district(wall: Wall) -> None:
    only, southern = make_staff("moderator", 1), make_staff("moderator", 2)
    author = settled(district_id=1)
    leaflet = wall.pin(author_id=author.id, district_id=1)
    report(leaflet)
    made = decide(leaflet, only, Measure.SUSPEND, days=10)
    appeal = object_to(made, author)
    answer(appeal, southern, Outcome.OVERTURNED)
    with transaction(write=False):
        assert not session.get_one(Account, author.id).is_suspended


@pytest.mark.parametrize("measure", [Measure.ASK_CHANGE, Measure.WARN, Measure.LOCK])
def test_every_burden_can_be_objected_to(wall_sqlite: Wall, measure: Measure) -> None:
    town = make_town(wall_sqlite)
    report(town.leaflet)
    appeal = object_to(decide(town.leaflet, town.moderator, measure), town.author)
    answer(appeal, town.colleague, Outcome.OVERTURNED)
    with transaction(write=False):
        newest = queries.decisions_about(case_of(town.leaflet))[0]
        assert newest.measure == (Measure.UNLOCK if measure is Measure.LOCK else Measure.NONE)
        assert not session.get_one(Thread, town.leaflet.thread_id).is_locked


def test_objecting_ends_after_six_months_and_is_the_authors(wall_sqlite: Wall) -> None:
    with time_machine.travel("2027-03-01 08:00:00+00:00") as travel:
        town, made = hidden_decision(wall_sqlite)
        for who in (settled(), town.colleague, town.moderator, make_staff("administrator")):  # type: ignore[attr-defined]
            with pytest.raises(NotFound):
                object_to(made, who)
        travel.shift(timedelta(days=187))
        with pytest.raises(NotFound):
            object_to(made, town.author)  # type: ignore[attr-defined]
        travel.shift(timedelta(days=-4))
        object_to(made, town.author)  # type: ignore[attr-defined]
        restored = decide_restore(town)
        with pytest.raises(NotFound):
            object_to(restored, town.author)  # type: ignore[attr-defined]


def decide_restore(town: object) -> int:
    """A moderator takes it up again and shows it."""
    open_case(town.leaflet, town.moderator)  # type: ignore[attr-defined]
    return decide(town.leaflet, town.moderator, Measure.RESTORE)  # type: ignore[attr-defined]


@pytest.mark.on_both
def test_the_database_wants_another_person_and_a_reply(wall: Wall) -> None:
    town, made = hidden_decision(wall)
    appeal = object_to(made, town.author)  # type: ignore[attr-defined]
    now = clock.now()
    good = {"decided_at": now, "outcome": "upheld", "reply": "Nein.", "role_name": "x"}
    wrong = [
        {**good, "decided_by": town.moderator.id},  # type: ignore[attr-defined]
        {**good, "decided_by": town.author.id},  # type: ignore[attr-defined]
        {**good, "decided_by": town.colleague.id, "reply": None},  # type: ignore[attr-defined]
        {**good, "decided_by": town.colleague.id, "outcome": None},  # type: ignore[attr-defined]
        {**good, "decided_by": None},
        {"first_decider_id": town.colleague.id},  # type: ignore[attr-defined]
    ]
    for bad in wrong:
        with pytest.raises(IntegrityError), transaction():
            session.execute(update(Appeal).where(Appeal.id == appeal).values(**bad))


@pytest.mark.on_both
def test_a_changed_text_comes_back_to_the_queue(wall: Wall) -> None:
    town = make_town(wall)
    with transaction():
        thread = session.get_one(Thread, town.leaflet.thread_id)
        comment = add_comment(thread, actor=actor_in(town.author), body="Ihr seid Idioten")  # type: ignore[arg-type]
        comment_id = comment.id
    open_comment_case(town, comment_id)
    with transaction():
        case = session.query(Case).one()
        made = replace(ruling(Measure.HIDE), passage="Ihr seid Idioten")
        operations.decide_case(case, actor=actor_in(town.moderator), ruling=made)  # type: ignore[arg-type]
    with transaction():
        edit_comment(session.get_one(Comment, comment_id), actor=actor_in(town.author), body="Ihr irrt euch")  # type: ignore[arg-type]
    with transaction(write=False):
        (row,) = queries.queue_for(actor_in(town.moderator))
        assert (row.case.reason, row.case.excerpt) == ("changed", "Ihr irrt euch")
        assert session.get_one(Comment, comment_id).hidden_at is not None
    with transaction():
        made = ruling(Measure.RESTORE)
        operations.decide_case(
            session.get_one(Case, row.case.id), actor=actor_in(town.colleague), ruling=made
        )  # type: ignore[arg-type]
        assert session.get_one(Comment, comment_id).hidden_at is None
    with transaction():
        edit_comment(
            session.get_one(Comment, comment_id), actor=actor_in(town.author), body="Ihr irrt euch sehr"
        )  # type: ignore[arg-type]
    with transaction(write=False):
        assert queries.queue_for(actor_in(town.moderator)) == []


def open_comment_case(town: object, comment_id: int) -> None:
    """A moderator takes up a comment."""
    with transaction():
        found = resolve(SubjectRef("comment", comment_id))
        operations.open_own_case(found, actor=actor_in(town.moderator))  # type: ignore[arg-type, attr-defined]
