"""Assessments: kept as drafts, published, replaced; by professionals of the district alone."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.proposals import operations
from portal.proposals.errors import AmountNotPositive, ChangedMeanwhile, ReasonMissing
from portal.proposals.forms.office import cents_of
from portal.proposals.models import Assessment, Verdict
from portal.proposals.operations import Judgement, mark_of
from portal.proposals.queries import assessments_of, current_assessment, draft_assessment
from tests.proposals.office import Office, get, make_office, persons, publish, told
from tests.support.factories import actor_of, make_resident
from tests.support.factories_proposals import make_follow


def assess(office: Office, pid: int, verdict: Verdict, reason: str = "", **more: object) -> None:
    with transaction():
        seen = mark_of(draft_assessment(get(pid)))
        judgement = Judgement(verdict, reason, "de", seen=seen, **more)  # type: ignore[arg-type]
        operations.prepare_assessment(get(pid), judgement, actor=office.accompanying)


def test_an_assessment_is_kept_published_and_replaced(both: Flask) -> None:
    office = make_office()
    pid, fan = publish(office), make_resident()
    with transaction():
        make_follow(get(pid), fan)
    assess(
        office, pid, Verdict.FEASIBLE, cost_cents=120_000, running_cost_cents=3_000, who_would_do_it="Bauhof"
    )
    with transaction(write=False):
        assert current_assessment(get(pid)) is None
        assert told("proposals.assessed") == []
    for expected in (True, False):
        with transaction():
            assert operations.publish_assessment(get(pid), actor=office.accompanying) is expected
    with transaction(write=False):
        author_id = get(pid).author_id
        current = current_assessment(get(pid))
        assert current is not None
        assert (current.cost_cents, current.running_cost_cents) == (120_000, 3_000)
    assert told("proposals.assessed") == sorted([author_id, fan.id])  # type: ignore[type-var]
    assess(office, pid, Verdict.NOT_FEASIBLE, "Unter der Wiese liegt eine Leitung.")
    with transaction():
        operations.publish_assessment(get(pid), actor=office.accompanying)
    with transaction(write=False):
        found = assessments_of(get(pid))
        assert [one.verdict for one in found] == [Verdict.NOT_FEASIBLE, Verdict.FEASIBLE]
        assert [one.replaced_at is None for one in found] == [True, False]
        assert get(pid).assessment_count == 2


def test_what_an_assessment_must_say(office: Office) -> None:
    pid = publish(office)
    with pytest.raises(ReasonMissing):
        assess(office, pid, Verdict.NOT_FEASIBLE, "  ")
    with pytest.raises(AmountNotPositive):
        assess(office, pid, Verdict.FEASIBLE, cost_cents=-1)
    assess(office, pid, Verdict.NEEDS_CHANGE)
    with pytest.raises(ChangedMeanwhile), transaction():
        operations.prepare_assessment(
            get(pid), Judgement(Verdict.FEASIBLE, "", "de"), actor=office.accompanying
        )
    with transaction():
        assert operations.discard_assessment(get(pid), actor=office.accompanying)
        assert not operations.discard_assessment(get(pid), actor=office.accompanying)


def test_the_database_allows_one_current_and_one_draft(both: Flask) -> None:
    office = make_office()
    pid = publish(office)
    for published in (None, clock.now()):
        row = {"proposal_id": pid, "assessor_id": 1, "verdict": Verdict.FEASIBLE, "created_at": clock.now()}
        with transaction():
            session.add(Assessment(**row, published_at=published))
        with pytest.raises(Exception, match=r"(?i)unique"), transaction():
            session.add(Assessment(**row, published_at=published))


def test_only_professionals_of_the_district_assess(office: Office) -> None:
    author = make_resident()
    pid = publish(office, author=author)
    for name, actor in persons(office, actor_of(author)).items():
        judgement = Judgement(Verdict.FEASIBLE, "", "de")
        with transaction():
            session.execute(Assessment.__table__.delete())  # type: ignore[attr-defined]
        if name == "professional":
            with transaction():
                operations.prepare_assessment(get(pid), judgement, actor=actor)
            continue
        with pytest.raises(NotFound), transaction():
            operations.prepare_assessment(get(pid), judgement, actor=actor)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("1.200,50", 120_050), ("1200.5", 120_050), ("1 200 €", 120_000), ("١٬٢٠٠٫٥٠", 120_050), (" ", None)],
)
def test_money_is_read_as_people_write_it(typed: str, cents: int | None) -> None:
    assert cents_of(typed) == cents


@pytest.mark.parametrize("typed", ["abc", "-5", "1e3", "99999999999999999999", "5 Euro"])
def test_what_is_no_money_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        cents_of(typed)
