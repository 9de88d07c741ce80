"""What became of accepted proposals: steps, percent, news, silence, who may report, who is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from portal.core import clock
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.proposals import operations, queries
from portal.proposals.errors import MilestoneWithoutTitle, NewsWithoutText, NotAnOutcome, TooManyMilestones
from portal.proposals.models import Decision, MilestoneState, OutcomeNews, Stage
from portal.proposals.operations import Step, Words
from tests.proposals.helpers import post
from tests.proposals.office import Office, get, make_office, publish, told
from tests.support.factories import actor_of, make_resident, sign_in
from tests.support.queries import counted_queries


def accepted(office: Office, **columns: object) -> int:
    """A proposal the town said yes to, through its answer."""
    pid = publish(office, stage=Stage.EXAMINED, **columns)
    with transaction():
        words = Words(Decision.ACCEPTED, "Wir machen das.", "de")
        operations.prepare_answer(get(pid), words, actor=office.planning)
        operations.publish_answer(get(pid), actor=office.planning)
    return pid


def step(
    title: str = "Planen", state: MilestoneState = MilestoneState.PLANNED, due: date | None = None
) -> Step:
    return Step(title, due, state, "de")


def test_percent_follows_the_steps_and_dropped_ones_do_not_count(both: Flask) -> None:
    office = make_office()
    pid, other = accepted(office), accepted(office)
    with transaction():
        for name, state in (
            ("Planen", MilestoneState.DONE),
            ("Bauen", MilestoneState.RUNNING),
            ("Feiern", MilestoneState.PLANNED),
            ("Brunnen", MilestoneState.DROPPED),
        ):
            operations.save_milestone(get(pid), step(name, state), actor=office.moderating)
        operations.save_milestone(get(other), step("Anderes"), actor=office.moderating)
    with transaction(write=False):
        outcome = queries.outcome_of(get(pid))
        assert outcome is not None
        assert (outcome.step_count, outcome.done_count, outcome.percent) == (3, 1, 33)
    with transaction():
        build = next(one for one in queries.milestones_of(get(pid)) if one.title == "Bauen")
        operations.save_milestone(
            get(pid), step("Bauen", MilestoneState.DONE), actor=office.moderating, milestone=build
        )
        operations.remove_milestone(
            get(pid),
            next(one for one in queries.milestones_of(get(pid)) if one.title == "Feiern"),
            actor=office.moderating,
        )
    with transaction(write=False):
        outcome = queries.outcome_of(get(pid))
        assert outcome is not None
        assert outcome.percent == 100
        assert build.done_on == clock.today()


def test_only_what_was_accepted_has_steps(app: Flask) -> None:
    office = make_office()
    pid = publish(office)
    with transaction(), pytest.raises(NotAnOutcome):
        operations.save_milestone(get(pid), step(), actor=office.moderating)
    assert app.test_client().get(f"/de/proposals/{get(pid).public_id}/progress").status_code == 404


def test_rules_of_steps_and_news(app: Flask) -> None:
    office = make_office()
    pid = accepted(office)
    with transaction(), pytest.raises(MilestoneWithoutTitle):
        operations.save_milestone(get(pid), step("  "), actor=office.moderating)
    with transaction(), pytest.raises(NewsWithoutText):
        operations.tell_news(get(pid), " ", actor=office.moderating, language="de")
    with transaction():
        for number in range(30):
            operations.save_milestone(get(pid), step(f"Schritt {number}"), actor=office.moderating)
    with transaction(), pytest.raises(TooManyMilestones):
        operations.save_milestone(get(pid), step("noch einer"), actor=office.moderating)


def test_residents_and_other_districts_do_not_report(app: Flask) -> None:
    office = make_office()
    author = make_resident()
    pid = accepted(office, author=author)
    for actor in (actor_of(author), actor_of(office.elsewhere)):
        with transaction(), pytest.raises(NotFound):
            operations.tell_news(get(pid), "Es geht los.", actor=actor, language="de")
    with transaction():
        operations.tell_news(get(pid), "Es geht los.", actor=office.accompanying, language="de")
        assert session.query(OutcomeNews).count() == 1


def test_everybody_concerned_gets_one_grouped_notice(app: Flask) -> None:
    office = make_office()
    author = make_resident()
    author_id = author.id
    pid = accepted(office, author=author, supporters=2)
    with transaction():
        operations.save_milestone(get(pid), step(), actor=office.moderating)
        operations.tell_news(get(pid), "Es geht los.", actor=office.moderating, language="de")
        operations.tell_news(get(pid), "Es geht weiter.", actor=office.moderating, language="de")
    people = told("proposals.progress", pid)
    assert len(people) == len(set(people)) == 3
    assert author_id in people


def test_silence_is_shown_after_ninety_days_and_ends_with_news(app: Flask) -> None:
    office = make_office()
    pid = accepted(office)
    with transaction(write=False):
        public_id = get(pid).public_id
    browser = app.test_client()
    with time_machine.travel(clock.now() + timedelta(days=89), tick=False):
        assert "No news since" not in browser.get("/en/what-became-of-it").text
    with time_machine.travel(clock.now() + timedelta(days=92), tick=False):
        for address in (
            "/en/what-became-of-it",
            f"/en/proposals/{public_id}",
            f"/en/proposals/{public_id}/progress",
        ):
            assert "No news since" in browser.get(f"{address}?later").text, address
        with transaction():
            operations.tell_news(get(pid), "Die Bank steht.", actor=office.moderating, language="de")
        assert "No news since" not in browser.get("/en/what-became-of-it").text
        assert "Die Bank steht." in browser.get(f"/en/proposals/{public_id}/progress").text


def test_staff_report_in_the_browser(app: Flask) -> None:
    office = make_office()
    pid = accepted(office)
    with transaction(write=False):
        base = f"/en/proposals/{get(pid).public_id}/progress"
    browser = app.test_client()
    sign_in(browser, office.moderator)
    assert post(browser, f"{base}/steps", title="", state="planned", language="de").status_code == 422
    done = post(
        browser, f"{base}/steps", title="Fundament", due_on="2026-12-01", state="running", language="de"
    )
    assert done.status_code == 303
    with transaction(write=False):
        step_id = queries.milestones_of(get(pid))[0].public_id
    page = browser.get(f"{base}/report?step={step_id}").text
    assert 'value="Fundament"' in page
    assert 'value="2026-12-01"' in page
    assert browser.get(f"{base}/report?step=unknown").status_code == 404
    changed = post(browser, f"{base}/steps", step=step_id, title="Fundament", state="done", language="de")
    assert changed.status_code == 303
    assert post(browser, f"{base}/news", text="Fertig.", language="de").status_code == 303
    public = app.test_client().get(base).text
    assert "Fundament" in public
    assert "100 percent" in public
    assert "Fertig." in public
    with transaction(write=False):
        news_id = queries.news_of(get(pid))[0].public_id
    assert post(browser, f"{base}/news/remove", news=news_id).status_code == 303
    assert post(browser, f"{base}/steps/remove", step=step_id).status_code == 303
    assert post(browser, f"{base}/responsible", organization="").status_code == 303
    public = app.test_client().get(base).text
    assert "Fundament" not in public
    assert "Fertig." not in public


def test_the_list_asks_the_same_number_of_queries_for_one_and_for_three(app: Flask) -> None:
    office = make_office()
    numbers = []
    for count in (1, 1, 2):
        for _ in range(count):
            accepted(office)
        publish(office)
        with counted_queries() as statements:
            assert app.test_client().get("/de/what-became-of-it").status_code == 200
        numbers.append(len(statements))
    assert numbers[1] == numbers[2], "the first only warms what is kept in memory"
    assert app.test_client().get("/de/what-became-of-it?stage=accepted").status_code == 200
    assert app.test_client().get("/de/what-became-of-it?stage=nonsense").status_code == 200
