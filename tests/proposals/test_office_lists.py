"""The office's lists: what stands in them, in which order of work, and what they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import transaction
from portal.proposals import operations
from portal.proposals.models import NeedKind, Stage, Verdict
from portal.proposals.operations import Judgement, mark_of
from portal.proposals.queries import draft_assessment
from tests.proposals.office import Office, get, publish
from tests.proposals.office_pages import Browsers, page, prepare, public_id
from tests.support.factories import actor_of, make_resident
from tests.support.factories_proposals import make_proposal
from tests.support.queries import counted_queries


def test_the_work_list_sorts_into_tabs(office: Office, desk: Browsers) -> None:
    late = publish(
        office, title="Spät", stage=Stage.EXAMINED, answer_due_on=clock.today() - timedelta(days=4)
    )
    publish(office, title="Bald", stage=Stage.EXAMINED, answer_due_on=clock.today() + timedelta(days=9))
    publish(
        office,
        title="Woanders",
        stage=Stage.EXAMINED,
        answer_due_on=clock.today(),
        district_id=office.district_id + 1,
    )
    publish(office, title="Fertig", stage=Stage.DONE, answered_at=clock.now(), answer_due_on=clock.today())
    publish(office, title="Neu", stage=Stage.SUBMITTED)
    prepare(office, late)
    first = page(desk["moderator"], "/en/office/proposals")
    assert "Spät" in first
    assert "4 days late" in first
    assert "Answer prepared" in first
    assert "Bald" not in first
    assert "Overdue (1)" in first
    assert "Answer due (1)" in first
    due = page(desk["moderator"], "/en/office/proposals?work=due")
    assert "Bald" in due
    assert "9 days left" in due
    assert "Woanders" not in due
    new = page(desk["moderator"], "/en/office/proposals?work=new")
    assert "Neu" in new
    assert "7 days left" in new  # as the page of the proposal promises
    whole = page(desk["planner"], "/en/office/proposals?work=due")
    assert "Woanders" in whole
    other = office.district_id + 1
    assert "Bald" not in page(desk["planner"], f"/en/office/proposals?work=due&district={other}")
    assert "Woanders" not in page(desk["moderator"], f"/en/office/proposals?work=due&district={other}")
    for work in ("assess", "contact", "texts", "nonsense"):
        page(desk["moderator"], f"/en/office/proposals?work={work}&page=abc")


@pytest.mark.parametrize("rows", [1, 12])
def test_lists_cost_the_same_for_any_number(office: Office, desk: Browsers, rows: int) -> None:
    for number in range(rows):
        proposal_id = publish(
            office,
            stage=Stage.EXAMINED,
            answer_due_on=clock.today(),
            contact_account_id=office.moderator.id,
            title=f"Nummer {number}",
        )
        prepare(office, proposal_id)
        reader = actor_of(make_resident())
        with transaction():
            operations.wish_for_text(get(proposal_id), "leicht", actor=reader)
            operations.write_text(get(proposal_id), "en", {"title": "A", "what": "B"}, actor=reader)
    page(desk["moderator"], "/en/office/proposals?work=due")
    most = {"/en/office/proposals?work=due": 7, "/en/office/answers": 5, "/en/office/texts": 6}
    for path, allowed in most.items():
        with counted_queries() as sent:
            page(desk["moderator"], path)
        assert len(sent) <= allowed, "\n".join(sent)


@pytest.mark.parametrize("number", [1, 8])
def test_everything_beside_the_text_costs_the_same(
    app: Flask, office: Office, desk: Browsers, number: int
) -> None:
    author = make_resident()
    writer = actor_of(author)
    proposal_id = publish(office, author=author, supporters=number)
    prepare(office, proposal_id)
    for _ in range(number):
        helper = actor_of(make_resident())
        with transaction():
            need = operations.list_need(
                get(proposal_id), actor=writer, kind=NeedKind.HANDS, words="x", quantity=9
            )
            operations.pledge(get(proposal_id), need, actor=helper, quantity=1, is_named=True)
            judgement = Judgement(
                Verdict.FEASIBLE, "", "de", seen=mark_of(draft_assessment(get(proposal_id)))
            )
            operations.prepare_assessment(get(proposal_id), judgement, actor=office.accompanying)
            operations.publish_assessment(get(proposal_id), actor=office.accompanying)
        with transaction():
            make_proposal(district_id=office.district_id).merged_into_id = proposal_id
            get(proposal_id).source_count += 1
    with transaction():
        operations.publish_answer(get(proposal_id), actor=office.planning)
        operations.write_text(get(proposal_id), "en", {"title": "A", "what": "B"}, actor=writer)
    pid = public_id(proposal_id)
    page(desk["visitor"], f"/en/proposals/{pid}?warm=1")
    with counted_queries() as sent:
        page(desk["visitor"], f"/en/proposals/{pid}?fresh=1")
    assert len(sent) <= 15, "\n".join(sent)
