"""The figures of moderation, counted a second time in another way."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import session, transaction
from portal.moderation import queries
from portal.moderation.models import Measure, Outcome
from tests.moderation.people import Town, answer, decide, object_to, report, settled


def a_month(town: Town, travel: time_machine.Traveller) -> None:
    """Reports, decisions and objections of every kind at different times; the last is twenty days old."""
    for number in range(12):
        leaflet = town.wall.pin(author_id=town.author.id, district_id=1)
        report(leaflet, settled() if number % 2 else None, ["spam", "insult", "threat", "danger"][number % 4])  # type: ignore[arg-type]
        travel.shift(timedelta(minutes=7 * number + 1))
        made = decide(leaflet, town.moderator, [Measure.NONE, Measure.HIDE, Measure.WARN][number % 3])
        if number % 3 == 1:
            appeal = object_to(made, town.author)
            travel.shift(timedelta(days=15 if number == 4 else 2))
            if number != 10:
                answer(appeal, town.colleague, Outcome.OVERTURNED if number == 1 else Outcome.UPHELD)
    for who in [settled() for _ in range(3)]:
        report(town.leaflet, who)
    report(town.wall.pin())
    travel.shift(timedelta(days=20))


def test_d5_the_figures_equal_a_recount(app: Flask, client: FlaskClient, town: Town) -> None:
    """Counted here in another way: row by row in plain SQL and Python."""
    start = clock.now() + timedelta(days=1)
    with time_machine.travel(start, tick=False) as travel:
        a_month(town, travel)
        with transaction(write=False):
            found = queries.figures()
            rows = session.connection().exec_driver_sql
            by_category = dict(rows("SELECT category, count(*) FROM report GROUP BY category").all())
            by_measure = dict(
                rows("SELECT measure, count(*) FROM decision WHERE is_automated = 0 GROUP BY measure").all()
            )
            appeals = rows("SELECT outcome, decided_at, due_at FROM appeal").all()
            looks = [
                (urgency, (clock_of(looked) - clock_of(opened)).total_seconds() / 3600)
                for urgency, opened, looked in rows(
                    "SELECT urgency, opened_at, first_look_at FROM moderation_case"
                    " WHERE first_look_at IS NOT NULL"
                )
            ]
        page = client.get("/de/moderation/figures").text
    assert {str(one): count for one, count in found.reports if count} == by_category
    assert {str(one): count for one, count in found.measures if count} == by_measure
    # Two of those that wait were found harmless by one person, and are about a danger.
    assert (found.report_total, found.automated, found.waiting) == (16, 1, 4)
    answered = [one for one in appeals if one[1]]
    assert (found.objections, found.objections_answered) == (len(appeals), len(answered)) == (4, 3)
    assert found.overturned_share == pytest.approx(
        sum(one[0] == "overturned" for one in answered) / len(answered)
    )
    assert found.answered_in_time_share == pytest.approx(2 / 4)
    assert found.complete_share == 1.0
    for look in found.first_looks:
        waits = sorted(hours for urgency, hours in looks if urgency == look.urgency)
        assert look.count == len(waits)
        for percent, value in ((50, look.median_hours), (90, look.p90_hours)):
            enough = [
                one for one in waits if sum(other <= one for other in waits) >= percent / 100 * len(waits)
            ]
            assert value == (pytest.approx(enough[0]) if waits else None)
    numbers = [int(one) for one in re.findall(r'class="number"><span>(\d+)</span>', page)]
    assert numbers[: len(found.reports)] == [count for _, count in found.reports]
    assert numbers[len(found.reports) :][: len(found.measures)] == [count for _, count in found.measures]


def clock_of(text: str) -> datetime:
    """A moment as SQLite keeps it."""
    return datetime.fromisoformat(text)


def test_an_empty_page_of_figures(client: FlaskClient, town: Town) -> None:
    assert client.get("/de/moderation/figures").status_code == 200
    with transaction(write=False):
        found = queries.figures()
    shares = (found.overturned_share, found.answered_in_time_share, found.complete_share)
    assert (found.report_total, shares) == (0, (None, None, None))
