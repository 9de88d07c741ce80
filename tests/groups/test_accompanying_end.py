"""Accompaniment: meetings counted, closing reports of both sides, a note at founding; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, text

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.errors import DomainError, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.groups.errors import TooLong
from portal.groups.errors.accompanying import AccompanimentOver, NotFounding, ReportMissing
from portal.groups.models import (
    Accompaniment,
    ClosingReport,
    CompanionMeeting,
    FoundingNote,
    Grant,
    Privacy,
    Side,
)
from portal.groups.operations import founding, living
from portal.groups.operations.accompanying import agreeing, closing, during
from portal.groups.operations.accompanying.agreeing import Terms
from portal.groups.queries import looks
from portal.groups.queries.accompanying import agreement, notes_of, own_agreements
from portal.notifications.models import Notice
from tests.groups.conftest import Make, group, settled
from tests.support.factories import actor_of, make_staff

pytestmark = pytest.mark.logic

START = date(2026, 10, 6)
TERMS = Terms(goal="Ein Raum für den Winter", months=1, meetings=3)


@pytest.fixture(autouse=True)
def in_october() -> Iterator[time_machine.Traveller]:
    """It is 6 October 2026."""
    with time_machine.travel("2026-10-06 10:00:00+00:00", tick=False) as traveller:
        yield traveller


def the_one() -> Accompaniment:
    return session.scalars(select(Accompaniment).execution_options(populate_existing=True)).one()


def running(make: Make, **given: object) -> tuple[int, list[Actor], Actor]:
    """A group, its members, and the professional who accompanies it."""
    group_id, people = make(3, **given)
    account = make_staff("professional")
    worker = actor_of(account)
    with transaction():
        agreeing.ask_companion(group(group_id), TERMS, actor=people[0], companion=account)
    with transaction():
        agreeing.sign_as_companion(the_one(), group=group(group_id), actor=worker)
    return group_id, people, worker


def held() -> int:
    with transaction(write=False):
        return len(agreement(the_one()).met)


@pytest.mark.on_both
def test_both_sides_count_a_day_once_and_can_take_it_back(
    make: Make, in_october: time_machine.Traveller
) -> None:
    _group_id, people, worker = running(make)
    for actor, side in ((people[1], Side.GROUP), (worker, Side.COMPANION), (people[2], Side.GROUP)):
        with transaction():
            closing.count_meeting(the_one(), actor=actor, side=side)
        assert held() == 1
    in_october.move_to("2026-10-13 10:00:00+00:00")
    with transaction():
        closing.count_meeting(the_one(), actor=worker, side=Side.COMPANION)
    assert held() == 2
    with transaction():
        closing.count_meeting(the_one(), actor=people[0], side=Side.GROUP, undo=True)
    assert held() == 1
    with transaction(write=False):
        rows = session.execute(text("SELECT * FROM group_accompaniment_met")).all()
        assert not any("2026" in str(value) for row in rows for value in row)
    for actor, side in ((settled(), Side.GROUP), (settled(), Side.COMPANION), (people[0], Side.COMPANION)):
        with transaction(), pytest.raises(NotFound):
            closing.count_meeting(the_one(), actor=actor, side=side)


@pytest.mark.on_both
def test_both_sides_write_and_read_the_closing_report(make: Make, in_october: time_machine.Traveller) -> None:
    group_id, people, worker = running(make)
    with transaction():
        until = the_one().until_on
        session.execute(text("DELETE FROM notice"))
    assert until is not None
    in_october.move_to(f"{until + timedelta(days=1)} 10:00:00+00:00")
    with transaction():
        during.run(clock.today())
        session.execute(text("DELETE FROM notice"))
    for words in ("Wir haben einen Raum.", "Wir haben einen Raum gefunden."):
        with transaction():
            closing.write_report(the_one(), words, actor=people[2], side=Side.GROUP)
    with transaction():
        closing.write_report(the_one(), "Es fehlt der Schlüssel.", actor=worker, side=Side.COMPANION)
    with transaction(write=False):
        (one,) = own_agreements(worker)
        assert {report.side: report.text for report in one.reports} == {
            Side.GROUP: "Wir haben einen Raum gefunden.",
            Side.COMPANION: "Es fehlt der Schlüssel.",
        }
        told = session.scalars(select(Notice.account_id).where(Notice.kind == "groups.accompaniment"))
        # The companion once, although the group wrote twice; each member once.
        assert sorted(told) == sorted(
            [worker.account_id, *(one.account_id for one in people)]  # type: ignore[type-var]
        )
        assert not can(worker, "groups.accompany", the_one())
        assert not can(worker, "groups.read_inside", group(group_id))
    with transaction(), pytest.raises(ReportMissing):
        closing.write_report(the_one(), " ", actor=worker, side=Side.COMPANION)
    with transaction(), pytest.raises(TooLong):
        closing.write_report(the_one(), "x" * 2001, actor=worker, side=Side.COMPANION)
    in_october.move_to(f"{until + timedelta(days=32)} 10:00:00+00:00")
    with transaction():
        assert own_agreements(worker) == []
        with pytest.raises(NotFound):
            closing.write_report(the_one(), "Zu spät", actor=worker, side=Side.COMPANION)
        with pytest.raises(AccompanimentOver):
            closing.write_report(the_one(), "Zu spät", actor=people[0], side=Side.GROUP)
    in_october.move_to(f"{until + timedelta(days=402)} 10:00:00+00:00")
    with transaction():
        during.run(clock.today())
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(ClosingReport)) == 0
        assert session.scalar(select(func.count()).select_from(CompanionMeeting)) == 0


def test_a_discreet_group_does_not_exist_for_whoever_accompanied_it(
    make: Make, in_october: time_machine.Traveller
) -> None:
    group_id, people, worker = running(make)
    with transaction():
        living.tighten(group(group_id), Privacy.DISCREET, actor=people[0])
        closing.write_report(the_one(), "Danke.", actor=worker, side=Side.COMPANION)
        during.end_accompaniment(the_one(), actor=people[0], side=Side.GROUP)
    with transaction():
        assert own_agreements(worker) == []
        assert not can(worker, "groups.look_back", the_one())
        closing.write_report(the_one(), "Danke auch.", actor=people[0], side=Side.GROUP)
    in_october.move_to("2027-01-05 10:00:00+00:00")
    with transaction():
        during.run(clock.today())
        assert session.scalar(select(func.count()).select_from(ClosingReport)) == 0


def test_nothing_is_counted_or_written_before_both_have_agreed(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        agreeing.ask_companion(group(group_id), TERMS, actor=people[0])
    with transaction():
        for act in (
            lambda: closing.count_meeting(the_one(), actor=people[0], side=Side.GROUP),
            lambda: closing.write_report(the_one(), "x", actor=people[0], side=Side.GROUP),
        ):
            with pytest.raises(AccompanimentOver):
                act()


# ---- the note at founding


@pytest.mark.on_both
def test_a_note_stops_nothing_and_goes_with_the_accompaniment(
    make: Make, in_october: time_machine.Traveller
) -> None:
    group_id, people, worker = running(make, founded=False)
    with transaction():
        closing.write_note(the_one(), "Ich rate zu einem zweiten Treffen.", actor=worker)
    with transaction(write=False):
        assert [(name, note.text) for name, note in notes_of(group(group_id))] == [
            (the_one().name, "Ich rate zu einem zweiten Treffen.")
        ]
    with transaction():
        founding.found_group(group(group_id), actor=people[1])  # nobody waits for the professional
        assert len(notes_of(group(group_id))) == 1
        with pytest.raises(NotFounding):
            closing.write_note(the_one(), "Später", actor=worker)
    with transaction():
        during.end_accompaniment(the_one(), actor=people[0], side=Side.GROUP)
        assert notes_of(group(group_id)) == []
    in_october.move_to("2027-04-05 10:00:00+00:00")
    with transaction():
        during.run(clock.today())
        assert session.scalar(select(func.count()).select_from(FoundingNote)) == 0


def test_an_empty_note_takes_it_back_and_only_the_companion_writes(make: Make) -> None:
    group_id, people, worker = running(make, founded=False)
    with transaction():
        closing.write_note(the_one(), "Gut so.", actor=worker)
    with transaction():
        closing.write_note(the_one(), " ", actor=worker)
        assert notes_of(group(group_id)) == []
        for actor in (people[0], settled(), actor_of(make_staff("professional"))):
            with pytest.raises(DomainError):
                closing.write_note(the_one(), "Ich", actor=actor)
        with pytest.raises(TooLong):
            closing.write_note(the_one(), "x" * 601, actor=worker)


# ---- bookings of rooms


def test_nobody_agrees_on_what_opens_nothing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bookings of rooms can be granted as soon as a package of rooms says what they are, not before."""
    group_id, _ = make(2, privacy=Privacy.DISCREET)
    with transaction(write=False):
        assert looks.offered_grants(group(group_id)) == []
        monkeypatch.setattr(looks, "_looks", dict(looks._looks))
        looks.register_look(Grant.ROOM_BOOKINGS, looks.Look(_l("Bookings of rooms, to prepare them")))
        assert looks.offered_grants(group(group_id)) == [Grant.ROOM_BOOKINGS]
    with pytest.raises(ValueError, match="two things"):
        looks.register_look(Grant.ROOM_BOOKINGS, looks.Look(_l("Bookings of rooms, to prepare them")))
