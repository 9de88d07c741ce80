"""The queue: order, claims, reminders, breaks; what is erased on its date."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.db import session, transaction
from portal.moderation import operations, queries
from portal.moderation.errors import (
    ClaimedByOther,
)
from portal.moderation.models import (
    Appeal,
    Decision,
    Measure,
)
from portal.notifications.models import Notice
from tests.moderation.people import (
    actor_in,
    case_of,
    decide,
    make_town,
    object_to,
    report,
    settled,
)
from tests.support.leaflets import Wall

pytestmark = [pytest.mark.logic, pytest.mark.usefixtures("at_noon")]


def told(kind: str) -> list[int]:
    """The accounts that got such a notice."""
    with transaction(write=False):
        return list(session.scalars(select(Notice.account_id).where(Notice.kind == kind).order_by(Notice.id)))


def test_taking_handing_over_and_putting_aside(wall: Wall) -> None:
    town = make_town(wall)
    other = wall.pin(district_id=1)
    with time_machine.travel("2027-03-01 08:00:00+00:00", tick=False) as travel:
        report(town.leaflet)
        report(other)
        with transaction():
            operations.claim_case(case_of(town.leaflet), actor=actor_in(town.moderator))
        with pytest.raises(ClaimedByOther):
            decide(town.leaflet, town.colleague, Measure.NONE)
        with transaction():
            operations.hand_over_case(case_of(town.leaflet), actor=actor_in(town.moderator))
        assert told("moderation.waiting").count(town.colleague.id) == 2  # one for each case, counted up
        with transaction(write=False):
            rows = queries.queue_for(actor_in(town.moderator))
            assert [(row.case.subject_id, row.is_put_aside) for row in rows] == [
                (other.id, False),
                (town.leaflet.id, True),
            ]
            rows = queries.queue_for(actor_in(town.colleague))
            assert [row.case.subject_id for row in rows] == [town.leaflet.id, other.id]
        with transaction():
            operations.put_aside(case_of(town.leaflet), actor=actor_in(town.colleague))
            operations.claim_case(case_of(town.leaflet), actor=actor_in(town.moderator))
        travel.shift(timedelta(hours=8, minutes=1))
        decide(town.leaflet, town.colleague, Measure.NONE)


def test_the_queue_is_sorted_marked_and_constant(wall: Wall) -> None:
    town = make_town(wall)
    categories = ["spam", "insult", "threat", "danger", "insult"]
    with time_machine.travel("2027-03-01 08:00:00+00:00", tick=False) as travel:
        for category in categories:
            travel.shift(timedelta(minutes=1))
            report(wall.pin(district_id=1), None, category)  # type: ignore[arg-type]
        report(wall.pin(district_id=2), None, "danger")  # type: ignore[arg-type]
        travel.shift(timedelta(hours=2))
        with transaction(write=False):
            rows = queries.queue_for(actor_in(town.moderator))
        assert [(row.case.urgency, row.case.subject_id - 1, row.is_overdue) for row in rows] == [
            (1, 4, True),
            (2, 3, False),
            (3, 2, False),
            (3, 5, False),
            (4, 1, False),
        ]
        with transaction():
            assert operations.remind_overdue() == 2
            assert operations.remind_overdue() == 2
        assert told("moderation.overdue").count(town.moderator.id) == 1


def test_an_automatic_hide_is_overdue_after_a_day(wall_sqlite: Wall) -> None:
    town = make_town(wall_sqlite)
    with time_machine.travel("2027-03-01 08:00:00+00:00", tick=False) as travel:
        for _ in range(3):
            report(town.leaflet, settled())
        with transaction():
            operations.claim_case(case_of(town.leaflet), actor=actor_in(town.moderator))
        for passed, late in ((timedelta(hours=23, minutes=59), False), (timedelta(minutes=2), True)):
            travel.shift(passed)
            with transaction(write=False):
                (row,) = queries.queue_for(actor_in(town.moderator))
                assert row.is_overdue is late


def test_a_pause_is_suggested_after_twenty_severe_items(wall_sqlite: Wall) -> None:
    town = make_town(wall_sqlite)
    with time_machine.travel("2027-03-01 08:00:00+00:00", tick=False) as travel:
        for category in ("threat", "danger", "spam"):
            leaflet = wall_sqlite.pin(district_id=1)
            report(leaflet, None, category)  # type: ignore[arg-type]
            with transaction():
                operations.claim_case(case_of(leaflet), actor=actor_in(town.moderator))
        with transaction(write=False):
            assert queries.severe_today(actor_in(town.moderator)) == 2
            assert queries.severe_today(actor_in(town.colleague)) == 0
        travel.shift(timedelta(hours=15))
        with transaction(write=False):
            assert queries.severe_today(actor_in(town.moderator)) == 0


@pytest.mark.on_both
def test_notes_are_erased_after_14_days_and_cases_a_year_after_their_end(wall: Wall) -> None:
    with time_machine.travel("2024-01-10 08:00:00+00:00") as travel:
        town = make_town(wall)
        report(town.leaflet)
        with transaction():
            operations.add_note(case_of(town.leaflet), actor=actor_in(town.moderator), words="Puh.")
        made = decide(town.leaflet, town.moderator, Measure.HIDE)
        object_to(made, town.author)
        kept = wall.pin(district_id=1)
        report(kept)
        decide(kept, town.moderator, Measure.HIDE)
        for days, notes, decisions in ((13, 1, 2), (2, 0, 2), (360, 0, 2)):
            travel.shift(timedelta(days=days))
            with transaction():
                operations.erase_old()
            with transaction(write=False):
                assert (len(queries.notes_of(case_of(town.leaflet))), session.query(Decision).count()) == (
                    notes,
                    decisions,
                )
    # The guard of the database goes by its own clock, which is past that date.
    town.leaflet.hidden = False
    with transaction():
        assert operations.erase_old() == 1
    with transaction(write=False):
        assert [one.subject_id for one in session.scalars(select(Decision))] == [kept.id]
        assert session.query(Appeal).count() == 0
