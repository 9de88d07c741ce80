"""Deciding: with reasons or not at all (D1), never about one's own case (D2), ended on time (D4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import SYSTEM
from portal.core.db import session, transaction
from portal.core.errors import NotFound, SignInRequired
from portal.core.events import _subscribers
from portal.core.i18n import use_language
from portal.discussions.models import Thread
from portal.moderation import operations, queries
from portal.moderation.errors import (
    CaseClosed,
    MeasureDoesNotFit,
    PassageNotFound,
    StatementIncomplete,
    UntilNeeded,
)
from portal.moderation.events import SubjectHidden, SubjectRestored
from portal.moderation.models import (
    BURDENS,
    BY_TWO,
    Decision,
    Ground,
    Measure,
    Source,
)
from portal.moderation.operations import deciding
from portal.notifications.models import MailMessage, Notice
from portal.places.models import District
from portal.places.queries import forget_districts
from tests.moderation.people import (
    actor_in,
    case_of,
    decide,
    make_town,
    open_case,
    report,
    ruling,
    settled,
)
from tests.support.factories import actor_of, make_staff
from tests.support.leaflets import Wall, subject


@pytest.fixture
def heard() -> object:
    """What packages above are told."""
    events: list[object] = []
    for kind in (SubjectHidden, SubjectRestored):
        _subscribers[kind].append(events.append)
    yield events
    for kind in (SubjectHidden, SubjectRestored):
        _subscribers[kind].remove(events.append)


def decision(decision_id: int) -> Decision:
    """The decision in the present transaction."""
    return session.get_one(Decision, decision_id)


def told(kind: str) -> list[int]:
    """The accounts that got such a notice."""
    with transaction(write=False):
        return list(session.scalars(select(Notice.account_id).where(Notice.kind == kind).order_by(Notice.id)))


def test_hiding_writes_the_whole_statement(wall: Wall, heard: list[object]) -> None:
    town = make_town(wall)
    reporter = settled()
    report(town.leaflet, reporter)
    report(town.leaflet, None, email="anna@example.org")
    made = decide(town.leaflet, town.moderator, Measure.HIDE)
    assert town.leaflet.hidden
    assert heard == [SubjectHidden("leaflet", town.leaflet.id)]
    with transaction(write=False):
        row = decision(made)
        assert (row.measure, row.ground_kind, row.ground, row.passage) == ("hide", "rule", "1", "ihr Idioten")
        assert (row.source, row.is_automated, row.until) == (Source.NOTICE, False, None)
        assert row.role_name.startswith("Moderation")
        assert town.moderator.display_name not in row.role_name
        assert (row.decided_by, row.author_id, row.language) == (town.moderator.id, town.author.id, "de")
        assert all((row.scope, row.ground_text, row.facts, row.redress))
        case = case_of(town.leaflet)
        assert not case.is_open
        assert case.first_look_at is not None
        assert {one.decision_id for one in case.reports} == {made}
        assert [one.email for one in case.reports] == [None, None]
        mails = session.scalars(select(MailMessage).where(MailMessage.notice_id.is_(None))).all()
        assert [one.recipient for one in mails] == ["anna@example.org"]
    assert told("moderation.statement") == [town.author.id]
    assert told("moderation.answer") == [reporter.id]


def test_words_of_the_statement_are_encrypted(wall: Wall) -> None:
    town = make_town(wall)
    report(town.leaflet)
    decide(town.leaflet, town.moderator, Measure.HIDE, facts="kanarienvogel")
    with transaction(write=False):
        for table in ("decision", "moderation_case", "report"):
            stored = repr(session.connection().exec_driver_sql(f"SELECT * FROM {table}").all())  # noqa: S608
            assert "kanarienvogel" not in stored
            assert "Idioten" not in stored


@pytest.mark.parametrize("measure", sorted(BURDENS - BY_TWO))
@pytest.mark.parametrize(
    ("missing", "error", "field"),
    [
        ({"ground_kind": Ground.NO_BREACH}, StatementIncomplete, "rule"),
        ({"rule": None}, StatementIncomplete, "rule"),
        ({"rule": 99}, StatementIncomplete, "rule"),
        ({"ground_kind": Ground.LAW, "law": " "}, StatementIncomplete, "law"),
        ({"passage": " "}, StatementIncomplete, "passage"),
        ({"passage": "steht nicht da"}, PassageNotFound, "passage"),
        ({"facts": "\n\u200b"}, StatementIncomplete, "facts"),
    ],
)
def test_no_restriction_without_complete_reasons(
    wall_sqlite: Wall, measure: Measure, missing: dict[str, object], error: type[Exception], field: str
) -> None:
    town = make_town(wall_sqlite)
    report(town.leaflet)
    with pytest.raises(error) as caught:
        decide(town.leaflet, everywhere_moderator(), measure, **{"days": 3, **missing})
    assert caught.value.field == field  # type: ignore[attr-defined]
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(Decision)) == 0
        thread = session.get_one(Thread, town.leaflet.thread_id)
        author = session.get_one(Account, town.author.id)
        assert (town.leaflet.hidden, thread.is_locked, author.is_suspended) == (False, False, False)
        assert case_of(town.leaflet).is_open


def everywhere_moderator() -> Account:
    """A moderator of all districts."""
    return make_staff("moderator")


def test_d1_every_restriction_has_its_decision_in_the_same_transaction(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken notice undoes the measure: nothing takes effect without its statement."""
    town, moderator = make_town(wall), everywhere_moderator()
    report(town.leaflet)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    for measure in (Measure.LOCK, Measure.SLOW, Measure.SUSPEND):
        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr(deciding, "notify", broken)
            decide(town.leaflet, moderator, measure, days=3)
        with transaction(write=False):
            assert session.scalar(select(func.count()).select_from(Decision)) == 0
            assert not session.get_one(Thread, town.leaflet.thread_id).is_locked
            assert not session.get_one(Thread, town.leaflet.thread_id).is_slow
            assert not session.get_one(Account, town.author.id).is_suspended
    for measure in (Measure.HIDE, Measure.LOCK, Measure.SUSPEND):
        decide(town.leaflet, moderator, measure, days=3, is_last=False)
    with transaction(write=False):
        assert session.scalars(select(Decision.measure).order_by(Decision.id)).all() == [
            "hide",
            "lock",
            "suspend",
        ]
        assert town.leaflet.hidden
        assert session.get_one(Thread, town.leaflet.thread_id).is_locked
        assert session.get_one(Account, town.author.id).is_suspended
    assert told("moderation.statement") == [town.author.id] * 3


def test_the_effect_comes_after_the_row(wall_sqlite: Wall) -> None:
    town, seen = make_town(wall_sqlite), []
    report(town.leaflet)

    def look(event: object) -> None:
        seen.append(session.scalar(select(func.count()).select_from(Decision)))

    _subscribers[SubjectHidden].append(look)
    try:
        decide(town.leaflet, town.moderator, Measure.HIDE)
    finally:
        _subscribers[SubjectHidden].remove(look)
    assert seen == [1]


def test_the_database_wants_every_part_of_the_statement(wall: Wall) -> None:
    town = make_town(wall)
    report(town.leaflet)
    made = decide(town.leaflet, town.moderator, Measure.HIDE)
    columns = [one for one in Decision.__table__.columns.keys() if one not in {"id", "public_id"}]  # noqa: SIM118
    with transaction(write=False):
        good = {name: getattr(decision(made), name) for name in columns}
    wrong: list[dict[str, object]] = [
        *(
            {name: None}
            for name in ("scope", "ground", "ground_text", "passage", "facts", "redress", "source")
        ),
        *(
            {name: None}
            for name in ("measure", "ground_kind", "role_name", "is_automated", "language", "case_id")
        ),
        *({name: ""} for name in ("scope", "ground", "ground_text", "redress", "role_name")),
        {"decided_by": None},
        {"decided_by": town.author.id},
        {"until": clock.now()},
        {"measure": "suspend"},
    ]
    for bad in wrong:
        with pytest.raises(IntegrityError), transaction():
            session.add(Decision(**{**good, **bad}))
            session.flush()
    with transaction():
        session.add(Decision(**good))


def test_decisions_are_never_changed(wall: Wall) -> None:
    town = make_town(wall)
    report(town.leaflet)
    made = decide(town.leaflet, town.moderator, Measure.HIDE)
    for statement in (
        update(Decision).where(Decision.id == made).values(ground="2"),
        delete(Decision).where(Decision.id == made),
    ):
        with pytest.raises(DBAPIError, match="append-only"), transaction():
            session.execute(statement)
    with transaction(write=False):
        assert decision(made).ground == "1"


def test_d2_nobody_decides_about_their_own_case(wall: Wall) -> None:
    town = make_town(wall)
    own = wall.pin(author_id=town.moderator.id, district_id=1)
    report(own)
    report(town.leaflet, town.colleague)
    for leaflet, who in (
        (own, town.moderator),
        (town.leaflet, town.colleague),
        (town.leaflet, town.southern),
    ):
        with pytest.raises(NotFound):
            decide(leaflet, who, Measure.HIDE)
        with pytest.raises(NotFound), transaction():
            operations.claim_case(case_of(leaflet), actor=actor_in(who))
        with transaction(write=False):
            assert leaflet.id not in [row.case.subject_id for row in queries.queue_for(actor_in(who))]
    with pytest.raises(NotFound):
        open_case(own, town.moderator)
    # The database says so, too.
    made = decide(own, town.colleague, Measure.HIDE)
    with transaction(write=False):
        columns = [one for one in Decision.__table__.columns.keys() if one not in {"id", "public_id"}]  # noqa: SIM118
        good = {name: getattr(decision(made), name) for name in columns}
        case_id = case_of(town.leaflet).id
    with pytest.raises(DBAPIError), transaction():
        session.add(Decision(**{**good, "decided_by": town.moderator.id}))
        session.flush()
    with pytest.raises(DBAPIError, match="own report"), transaction():
        session.add(Decision(**{**good, "case_id": case_id, "author_id": town.author.id}))
        session.flush()


def test_only_moderators_of_the_district_decide(wall_sqlite: Wall) -> None:
    town = make_town(wall_sqlite)
    report(town.leaflet)
    people = [
        town.southern,
        town.author,
        settled(),
        *(make_staff(one) for one in ("professional", "planner", "administrator")),
    ]
    for who in people:
        with pytest.raises(NotFound):
            decide(town.leaflet, who, Measure.NONE)
    with pytest.raises((NotFound, SignInRequired)), transaction():
        operations.decide_case(case_of(town.leaflet), actor=SYSTEM, ruling=ruling(Measure.NONE))
    nowhere = wall_sqlite.pin()
    report(nowhere)
    decide(nowhere, town.southern, Measure.NONE)


def test_measures_fit_where_the_thing_stands(wall: Wall) -> None:
    town, moderator = make_town(wall), everywhere_moderator()

    def offered(leaflet: object) -> set[str]:
        with transaction(write=False):
            case = case_of(leaflet)  # type: ignore[arg-type]
            return {
                str(one) for one in deciding.fitting_measures(case, subject(leaflet), actor_in(moderator))
            }  # type: ignore[arg-type]

    report(town.leaflet)
    assert offered(town.leaflet) == {"none", "ask_change", "hide", "warn", "lock", "slow", "suspend"}
    with pytest.raises(MeasureDoesNotFit):
        decide(town.leaflet, moderator, Measure.RESTORE)
    for measure in (Measure.HIDE, Measure.LOCK, Measure.SLOW, Measure.SUSPEND):
        decide(town.leaflet, moderator, measure, days=3, is_last=False)
    assert offered(town.leaflet) == {"restore", "hide", "warn", "unlock", "unslow", "unsuspend"}
    nobodys = wall.pin()
    report(nobodys)
    assert offered(nobodys) == {"none", "hide", "lock", "slow"}
    staffs = wall.pin(author_id=make_staff("professional").id)
    report(staffs)
    assert "suspend" not in offered(staffs)


def test_hiding_again_confirms_what_reports_did(wall: Wall) -> None:
    town = make_town(wall)
    for _ in range(3):
        report(town.leaflet, settled())
    with transaction(write=False):
        (first,) = queries.decisions_about(case_of(town.leaflet))
        first_id = first.id
    made = decide(town.leaflet, town.moderator, Measure.HIDE)
    with transaction(write=False):
        assert (decision(made).replaces_id, decision(made).is_automated) == (first_id, False)
    assert town.leaflet.hidden


def test_restoring_tells_author_and_reporters(wall: Wall, heard: list[object]) -> None:
    town, people = make_town(wall), [settled() for _ in range(3)]
    for who in people:
        report(town.leaflet, who)
    decide(town.leaflet, town.moderator, Measure.RESTORE)
    ref = ("leaflet", town.leaflet.id)
    assert heard == [SubjectHidden(*ref), SubjectRestored(*ref)]
    assert told("moderation.statement") == [town.author.id] * 2
    assert told("moderation.answer") == [one.id for one in people]


def test_leaving_it_tells_the_reporters_only(wall_sqlite: Wall) -> None:
    town, reporter = make_town(wall_sqlite), settled()
    report(town.leaflet, reporter)
    decide(town.leaflet, town.moderator, Measure.NONE)
    assert (told("moderation.statement"), told("moderation.answer")) == ([], [reporter.id])
    with pytest.raises(CaseClosed):
        decide(town.leaflet, town.moderator, Measure.HIDE)


def test_d4_restrictions_end_on_the_minute_without_any_job(wall: Wall) -> None:
    town, moderator = make_town(wall), everywhere_moderator()
    with time_machine.travel("2027-03-01 08:00:00+00:00", tick=False) as travel:
        report(town.leaflet)
        for measure in (Measure.LOCK, Measure.SUSPEND):
            decide(town.leaflet, moderator, measure, days=3, is_last=False)
        for passed, restricted in ((timedelta(days=3, minutes=-1), True), (timedelta(minutes=1), False)):
            travel.shift(passed)
            with transaction(write=False):
                assert session.get_one(Thread, town.leaflet.thread_id).is_locked is restricted
                assert session.get_one(Account, town.author.id).is_suspended is restricted
        with transaction():
            assert operations.lift_expired() == 1
            assert operations.lift_expired() == 0
            assert session.get_one(Thread, town.leaflet.thread_id).locked_at is None


@pytest.mark.parametrize("days", [None, 0, -1, 366])
def test_a_suspension_needs_an_end(wall_sqlite: Wall, days: int | None) -> None:
    town = make_town(wall_sqlite)
    report(town.leaflet)
    with pytest.raises(UntilNeeded):
        decide(town.leaflet, everywhere_moderator(), Measure.SUSPEND, days=days)


def test_the_role_is_named_with_its_district_never_the_person(wall_sqlite: Wall) -> None:
    with transaction():
        for number, name in enumerate(("Nord", "Süd"), start=1):
            shape = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
            session.add(District(slug=f"d{number}", name=name, geometry=shape, label_lat=0, label_lon=0))
    forget_districts()
    town = make_town(wall_sqlite)
    everywhere = everywhere_moderator()
    both = replace(
        actor_of(town.southern), roles=actor_of(town.moderator).roles + actor_of(town.southern).roles
    )
    with use_language("en"), transaction(write=False):
        assert deciding.role_name(actor_in(town.moderator), 1) == "Moderation Nord"
        assert deciding.role_name(actor_in(town.southern), 1) == "Moderation Süd"
        assert deciding.role_name(both, 2) == "Moderation Süd"
        assert deciding.role_name(actor_in(everywhere), 1) == "Moderation"
        assert deciding.role_name(SYSTEM, 1) == "Automatic protection"
    forget_districts()
