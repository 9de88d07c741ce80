"""Reporting: by anybody, counted fairly, hidden by three settled accounts, never telling who it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import VISITOR
from portal.core.db import session, transaction
from portal.core.errors import NotFound, RateLimited
from portal.core.mailsafe import BadAddress
from portal.moderation import operations, queries
from portal.moderation.models import Case, Category, Decision, Ground, Measure, Outcome, Report, Source
from portal.notifications.models import Notice
from tests.moderation.people import (
    answer,
    case_of,
    decide,
    make_town,
    object_to,
    report,
    settled,
)
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.leaflets import Wall, subject

pytestmark = pytest.mark.logic


def reports() -> list[Report]:
    """All reports, in the present transaction."""
    return list(session.scalars(select(Report).order_by(Report.id)))


def test_reports_about_one_thing_are_one_case(wall: Wall) -> None:
    town = make_town(wall)
    other = wall.pin()
    with time_machine.travel("2027-03-01 08:00:00+00:00", tick=False):
        report(town.leaflet, None, Category.SPAM)
        report(town.leaflet, settled(), Category.THREAT, words="  Das\u200b macht Angst \n")
        report(other)
    with transaction(write=False):
        case = case_of(town.leaflet)
        assert [(one.category, one.words, one.counts) for one in case.reports] == [
            ("spam", "Bitte schaut", False),
            ("threat", "Das macht Angst", True),
        ]
        assert (case.urgency, case.district_id, case.author_id) == (2, 1, town.author.id)
        assert case.reports[0].excerpt == town.leaflet.text
        assert session.query(Case).count() == 2


@pytest.mark.on_both
def test_a_form_sent_twice_is_one_report_and_the_code_finds_it(wall: Wall) -> None:
    town = make_town(wall)
    code = report(town.leaflet, None, code="abcdefghjkmn")
    assert code == "abcdefghjkmn"
    assert report(town.leaflet, None, code=code) == code
    with transaction(write=False):
        assert len(reports()) == 1
        for typed in (code, "ABCD-efgh-jkmn", " abcd efgh jkmn "):
            found = queries.report_by_code(typed)
            assert found is not None
            assert found.id == reports()[0].id
        assert queries.report_by_code("abcdefghjkmm") is None
        assert code not in repr(session.connection().exec_driver_sql("SELECT code_hash FROM report").all())


@pytest.mark.parametrize("code", ["1", "x" * 500, "ABCDEFGHJKMN", "' OR 1=1 --"])
def test_a_weak_code_from_outside_is_replaced(wall_sqlite: Wall, code: str) -> None:
    made = report(make_town(wall_sqlite).leaflet, None, code=code)
    assert made != code
    assert len(made) == 12


def test_an_account_that_reports_again_adds_to_its_report(wall: Wall) -> None:
    town, person = make_town(wall), settled()
    first = report(town.leaflet, person, words="Eins")
    second = report(town.leaflet, person, Category.DANGER, words="Zwei")
    with transaction(write=False):
        (only,) = reports()
        assert (only.words, only.category, case_of(town.leaflet).urgency) == ("Eins\n\nZwei", "danger", 1)
        assert queries.report_by_code(first) is None
        assert queries.report_by_code(second) is not None


@pytest.mark.on_both
def test_the_address_of_a_visitor_is_encrypted_and_checked(wall: Wall) -> None:
    town = make_town(wall)
    report(town.leaflet, None, email="anna@example.org", words="kanarienvogel")
    with transaction(write=False):
        assert reports()[0].email == "anna@example.org"
        stored = repr(session.connection().exec_driver_sql("SELECT * FROM report").all())
        assert "anna" not in stored
        assert "kanarienvogel" not in stored
    for bad in ("a@b.example, c@evil.example", "anna", "a@b\r\nBcc: c@d.example"):
        with pytest.raises(BadAddress):
            report(town.leaflet, None, email=bad)


def test_only_what_one_sees_can_be_reported(wall_sqlite: Wall) -> None:
    private = wall_sqlite.pin(private=True, author_id=settled().id)
    for who in (None, settled(), make_staff("moderator")):
        with pytest.raises(NotFound):
            report(private, who)
    hidden = wall_sqlite.pin(hidden=True)
    report(hidden)  # its tombstone is public: nobody's words are lost because it was hidden a moment ago
    private.hidden = True
    with pytest.raises(NotFound):
        report(private)


def test_everybody_may_report_even_suspended(wall_sqlite: Wall) -> None:
    town = make_town(wall_sqlite)
    people = [
        None,
        make_resident(),
        settled(suspended_until=clock.now() + timedelta(days=1)),
        *(make_staff(role) for role in ("moderator", "professional", "planner", "administrator")),
        town.author,
    ]
    for who in people:
        report(town.leaflet, who)
    with transaction(write=False):
        assert len(reports()) == len(people)
        assert not any(one.counts for one in reports())


def test_one_account_cannot_flood(wall_sqlite: Wall) -> None:
    person = settled()
    for _ in range(20):
        report(wall_sqlite.pin(), person)
    with pytest.raises(RateLimited):
        report(wall_sqlite.pin(), person)


@pytest.mark.on_both
def test_three_settled_accounts_hide_and_the_author_is_told_why(wall: Wall) -> None:
    town = make_town(wall)
    with time_machine.travel("2027-03-01 08:00:00+00:00", tick=False):
        people = [settled() for _ in range(3)]
        for who in [None, None, None, None, make_resident(), make_resident(), make_resident(), town.author]:
            report(town.leaflet, who)
        for who in people[:2]:
            report(town.leaflet, who)
            report(town.leaflet, who)
        assert not town.leaflet.hidden
        report(town.leaflet, people[2])
        assert town.leaflet.hidden
        with transaction(write=False):
            case = case_of(town.leaflet)
            assert case.is_open
            assert case.auto_hidden_at == clock.now()
            assert case.review_due_at == clock.now() + timedelta(hours=24)
            (decision,) = queries.decisions_about(case)
            assert (decision.measure, decision.ground_kind, decision.is_automated) == (
                Measure.HIDE,
                Ground.PROCEDURE,
                True,
            )
            assert (decision.decided_by, decision.source) == (None, Source.NOTICE)
            assert all(
                (decision.scope, decision.ground_text, decision.facts, decision.redress, decision.role_name)
            )
            told = session.scalars(select(Notice).where(Notice.kind == "moderation.statement")).all()
            assert [(one.account_id, one.subject_id) for one in told] == [(town.author.id, decision.id)]


def test_accounts_younger_than_seven_days_do_not_count_to_the_minute(wall_sqlite: Wall) -> None:
    town = make_town(wall_sqlite)
    almost = timedelta(days=7) - timedelta(minutes=1)
    for _ in range(3):
        report(town.leaflet, make_resident(created_at=clock.now() - almost))
    assert not town.leaflet.hidden
    for _ in range(3):
        report(town.leaflet, make_resident(created_at=clock.now() - timedelta(days=7, minutes=1)))
    assert town.leaflet.hidden


def test_a_crowd_cannot_hide_again_what_a_person_found_fine(wall: Wall) -> None:
    town = make_town(wall)
    for _ in range(3):
        report(town.leaflet, settled())
    decide(town.leaflet, town.moderator, Measure.RESTORE)
    for _ in range(4):
        report(town.leaflet, settled())
    assert not town.leaflet.hidden
    with transaction(write=False):
        assert case_of(town.leaflet).is_open
    town.leaflet.text = "Jetzt steht hier etwas ganz anderes, ihr Idioten."
    report(town.leaflet, settled())
    assert town.leaflet.hidden


def test_moderators_of_the_district_are_called_but_no_party(wall: Wall) -> None:
    town = make_town(wall)
    report(town.leaflet, None, Category.DANGER)
    report(town.leaflet, town.colleague, Category.SPAM)
    report(town.leaflet, settled(), Category.SPAM)
    with transaction(write=False):
        rows = session.execute(select(Notice.kind, Notice.account_id, Notice.count).order_by(Notice.id)).all()
    told = {(kind, account_id): count for kind, account_id, count in rows}
    assert told == {
        ("moderation.urgent", town.moderator.id): 1,
        ("moderation.urgent", town.colleague.id): 1,
        ("moderation.waiting", town.moderator.id): 2,
    }


def test_notices_to_moderators_do_not_name_the_reporter(wall_sqlite: Wall) -> None:
    town, person = make_town(wall_sqlite), settled(display_name="Kanarienvogel")
    report(town.leaflet, person, Category.DANGER)
    with transaction(write=False):
        for notice in session.scalars(select(Notice)):
            assert notice.actor_id is None
            assert str(person.id) not in repr(notice.context)


@pytest.mark.on_both
def test_the_database_lets_only_accounts_count_and_keeps_one_open_case(wall: Wall) -> None:
    town = make_town(wall)
    report(town.leaflet)
    with transaction(write=False):
        case = case_of(town.leaflet)
        values = {
            name: getattr(case, name)
            for name in ("subject_kind", "subject_id", "title", "excerpt", "language")
        }
        case_id = case.id
    with pytest.raises(IntegrityError), transaction():
        session.add(Case(**values, reason="report", urgency=1))
        session.flush()
    with pytest.raises(IntegrityError), transaction():
        session.add(
            Report(
                case_id=case_id,
                code_hash="x",
                category="spam",
                words="",
                excerpt="",
                language="de",
                counts=True,
            )
        )
        session.flush()


def test_an_erased_account_leaves_its_reports_without_itself(wall: Wall) -> None:
    town, person = make_town(wall), settled()
    report(town.leaflet, person)
    with transaction():
        operations.forget_reporter(person.id)
    with transaction(write=False):
        (left,) = reports()
        assert (left.reporter_id, left.counts, left.email, left.words) == (None, False, None, "Bitte schaut")


def test_a_hidden_leaflet_is_not_hidden_twice(wall_sqlite: Wall) -> None:
    town = make_town(wall_sqlite)
    decision_id = decide_hide(town)
    for _ in range(3):
        report(town.leaflet, settled())
    with transaction(write=False):
        assert [one.id for one in session.scalars(select(Decision))] == [decision_id]
    appeal = object_to(decision_id, town.author)
    answer(appeal, town.colleague, Outcome.OVERTURNED)
    assert not town.leaflet.hidden


def decide_hide(town: object) -> int:
    """A report and the decision to hide."""
    report(town.leaflet)  # type: ignore[attr-defined]
    return decide(town.leaflet, town.moderator, Measure.HIDE)  # type: ignore[attr-defined]


def test_reporting_asks_the_permission_itself(wall_sqlite: Wall) -> None:
    private = wall_sqlite.pin(private=True)
    with pytest.raises(NotFound), transaction():
        operations.report_subject(subject(private), actor=VISITOR, category=Category.SPAM, language="de")
    assert actor_of(make_resident()).is_new
