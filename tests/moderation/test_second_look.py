"""What is reported as a danger or a threat is not found harmless by one person alone."""

from __future__ import annotations

from importlib import import_module

import pytest

from portal.core import clock
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.moderation import queries
from portal.moderation.errors import SecondLookNeeded
from portal.moderation.models import Category, Measure, Report
from portal.notifications.models import Notice
from tests.moderation.people import case_of, decide, make_town, report, settled
from tests.support.leaflets import Wall

pytestmark = pytest.mark.logic


def is_open(leaflet: object) -> bool:
    with transaction(write=False):
        return case_of(leaflet).is_open  # type: ignore[arg-type]


@pytest.mark.on_both
@pytest.mark.parametrize("category", [Category.DANGER, Category.THREAT])
def test_a_second_person_looks_before_it_is_closed(wall: Wall, category: Category) -> None:
    town = make_town(wall)
    report(town.leaflet, settled(), category)
    decide(town.leaflet, town.moderator, Measure.NONE)
    assert is_open(town.leaflet)
    with transaction(write=False):
        assert session.query(Report.answered_at).one() == (None,)
        asked = session.query(Notice.account_id).filter(Notice.dedupe_key.contains("second:"))
        assert asked.all() == [(town.colleague.id,)]
    with pytest.raises(SecondLookNeeded):
        decide(town.leaflet, town.moderator, Measure.NONE)
    with pytest.raises(NotFound):
        decide(town.leaflet, town.southern, Measure.NONE)
    decide(town.leaflet, town.colleague, Measure.NONE)
    assert not is_open(town.leaflet)
    with transaction(write=False):
        assert session.query(Report.answered_at).one() != (None,)


def test_the_second_person_may_see_it_otherwise(wall: Wall) -> None:
    town = make_town(wall)
    report(town.leaflet, settled(), Category.DANGER)
    decide(town.leaflet, town.moderator, Measure.NONE)
    decide(town.leaflet, town.colleague, Measure.HIDE)
    assert not is_open(town.leaflet)


def test_one_person_may_hide_a_threat_and_close_an_insult(wall: Wall) -> None:
    town = make_town(wall)
    report(town.leaflet, settled(), Category.THREAT)
    decide(town.leaflet, town.moderator, Measure.HIDE)
    assert not is_open(town.leaflet)
    other = make_town(wall)
    report(other.leaflet, settled(), Category.INSULT)
    decide(other.leaflet, other.moderator, Measure.NONE)
    assert not is_open(other.leaflet)


def test_whoever_is_alone_decides_alone(wall: Wall) -> None:
    """The only other moderator of the district has reported it, and is a party."""
    town = make_town(wall)
    report(town.leaflet, town.colleague, Category.DANGER)
    decide(town.leaflet, town.moderator, Measure.NONE)
    assert not is_open(town.leaflet)


def test_reports_per_thousand_texts(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    town = make_town(wall)
    for who in (settled(), settled(), settled()):
        report(town.leaflet, who)
    with transaction(write=False):
        assert queries.figures().reports_per_1000 is None
        kind = type(
            "Kind", (), {"made_since": staticmethod(lambda since: 1_500 if since < clock.now() else 0)}
        )
        monkeypatch.setattr(import_module("portal.moderation.queries.figures"), "kinds", lambda: [kind])
        assert queries.figures().reports_per_1000 == 2.0
