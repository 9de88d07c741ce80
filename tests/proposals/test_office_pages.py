"""Pages of the office: what they show to whom, each form sent by a browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from portal.core import clock
from portal.core.db import session, transaction
from portal.proposals.models import Decision, Stage
from portal.proposals.queries import current_assessment, draft_assessment, public_answer_of
from tests.proposals.helpers import post
from tests.proposals.office import Office, get, publish, told
from tests.proposals.office_pages import Browsers, page, prepare, public_id, seen


def test_an_answer_from_the_form_to_its_preview(office: Office, desk: Browsers) -> None:
    pid = public_id(publish(office, stage=Stage.EXAMINED, title="Bank am Tor"))
    url = f"/en/proposals/{pid}/answer"
    form = page(desk["planner"], url)
    refused = post(desk["planner"], url, decision="declined", text=" ", language="de", seen=seen(form))
    assert refused.status_code == 422
    assert "A declined proposal needs a text" in refused.get_data(as_text=True)
    saved = post(
        desk["planner"], url, decision="declined", text="Zu *teuer*.", language="de", seen=seen(form)
    )
    assert saved.status_code == 303
    assert "Zu" not in page(desk["visitor"], f"/en/proposals/{pid}").split("<main")[1].split("Discussion")[0]
    stale = post(desk["moderator"], url, decision="accepted", text="Mein Text", language="de", seen="")
    assert stale.status_code == 422
    kept = stale.get_data(as_text=True)
    assert "Mein Text" in kept
    assert "Zu <em>teuer</em>." in kept
    again = page(desk["planner"], url)
    onward = post(
        desk["planner"],
        url,
        decision="declined",
        text="Zu *teuer*.",
        language="de",
        seen=seen(again),
        publish="1",
    )
    assert onward.location.endswith(f"/en/office/answers/confirm?answer={pid}")
    assert "Zu <em>teuer</em>." in page(desk["planner"], onward.location)


def test_a_published_answer_and_its_former_words(office: Office, desk: Browsers) -> None:
    proposal_id = publish(office, supporters=1, stage=Stage.EXAMINED, title="Bank am Tor")
    pid = public_id(proposal_id)
    url = f"/en/proposals/{pid}/answer"
    prepare(office, proposal_id, Decision.DECLINED, "Zu *teuer*.")
    for _ in range(2):
        done = post(desk["planner"], "/en/office/answers/publish", answer=pid)
        assert done.location.endswith("/en/office/answers")
    shown = page(desk["visitor"], f"/en/proposals/{pid}?fresh=1")
    assert "Zu <em>teuer</em>." in shown
    assert "Planning of the town" not in shown or "Declined" in shown
    assert "The town answered: Declined" in shown
    with transaction(write=False):
        concerned = {get(proposal_id).author_id, *_supporters(proposal_id)}
    assert told("proposals.answered") == sorted(concerned)  # type: ignore[type-var]
    changed = page(desk["moderator"], url)
    assert "This answer is public." in changed
    new = post(
        desk["moderator"],
        url,
        decision="declined",
        text="Zu teuer für uns.",
        language="de",
        seen=seen(changed),
    )
    assert new.status_code == 303
    shown = page(desk["visitor"], f"/en/proposals/{pid}?fresh=2")
    assert "Zu teuer für uns." in shown
    assert "Zu <em>teuer</em>." in shown
    assert "Former words of the answer" in shown
    assert len(told("proposals.answered")) == len(concerned)


def _supporters(proposal_id: int) -> list[int]:
    with transaction(write=False):
        rows = session.connection().exec_driver_sql("SELECT account_id, proposal_id FROM proposal_support")
        return [row[0] for row in rows if row[1] == proposal_id]


def test_a_batch_needs_a_choice_and_a_confirmation(office: Office, desk: Browsers) -> None:
    ids = [publish(office, stage=Stage.EXAMINED, title=f"Nummer {number}") for number in range(3)]
    for one in ids:
        prepare(office, one)
    listed = page(desk["moderator"], "/en/office/answers")
    assert all(f"Nummer {number}" in listed for number in range(3))
    nothing = desk["moderator"].get("/en/office/answers/confirm")
    assert nothing.status_code == 303
    query = "&".join(f"answer={public_id(one)}" for one in ids[:2])
    confirm = page(desk["moderator"], f"/en/office/answers/confirm?{query}")
    assert "Publish 2 answers?" in confirm
    assert "Nummer 2" not in confirm
    desk["moderator"].post("/en/office/answers/publish", data={"answer": [public_id(one) for one in ids[:2]]})
    with transaction(write=False):
        assert [public_answer_of(get(one)) is not None for one in ids] == [True, True, False]
    assert "2 answers are public now." in page(desk["moderator"], "/en/office/answers")


def test_a_foreign_answer_in_a_batch_is_left_out(office: Office, desk: Browsers) -> None:
    proposal_id = publish(office, stage=Stage.EXAMINED)
    prepare(office, proposal_id)
    post(desk["elsewhere"], "/en/office/answers/publish", answer=public_id(proposal_id))
    with transaction(write=False):
        assert public_answer_of(get(proposal_id)) is None


def test_moving_on_by_the_staff_box(office: Office, desk: Browsers) -> None:
    proposal_id = publish(office)
    pid = public_id(proposal_id)
    shown = page(desk["moderator"], f"/en/proposals/{pid}")
    assert "For staff" in shown
    assert "Being examined" in shown
    for name in ("visitor", "resident"):
        assert "For staff" not in page(desk[name], f"/en/proposals/{pid}")
    for _ in range(2):
        assert post(desk["moderator"], f"/en/proposals/{pid}/stage", target="examined").status_code == 303
    assert post(desk["moderator"], f"/en/proposals/{pid}/stage", target="accepted").status_code == 409
    assert post(desk["moderator"], f"/en/proposals/{pid}/stage", target="nonsense").status_code == 303
    for name in ("planner", "professional", "elsewhere", "resident"):
        assert post(desk[name], f"/en/proposals/{pid}/stage", target="collecting").status_code == 404
    with transaction(write=False):
        assert get(proposal_id).stage is Stage.EXAMINED


PATHS = ("answer", "assessment", "contact", "merge", "split")
MAY = {
    "answer": {"moderator", "planner"},
    "assessment": {"professional"},
    "contact": {"moderator"},
    "merge": {"moderator", "professional"},
    "split": {"moderator", "professional"},
}


def test_pages_about_one_proposal_open_for_those_who_may(office: Office, desk: Browsers) -> None:
    pid = public_id(publish(office))
    hidden = public_id(publish(office, hidden_at=clock.now()))
    for path in PATHS:
        for name, client in desk.items():
            status = client.get(f"/en/proposals/{pid}/{path}").status_code
            expected = 200 if name in MAY[path] else 404
            assert status == (303 if name == "visitor" else expected), (path, name)
            if name != "visitor":
                assert client.get(f"/en/proposals/{hidden}/{path}").status_code == 404, (path, name)


def test_pages_of_the_desk(office: Office, desk: Browsers) -> None:
    for path, allowed in {
        "/en/office/proposals": {"moderator", "planner", "professional", "elsewhere"},
        "/en/office/answers": {"moderator", "planner", "elsewhere"},
        "/en/office/texts": {"moderator", "planner", "professional", "elsewhere"},
    }.items():
        for name, client in desk.items():
            status = client.get(path).status_code
            expected = 200 if name in allowed else 404
            assert status == (303 if name == "visitor" else expected), (path, name)


def test_an_assessment_with_costs(office: Office, desk: Browsers) -> None:
    proposal_id = publish(office)
    pid = public_id(proposal_id)
    url = f"/en/proposals/{pid}/assessment"
    fields = {
        "verdict": "not_feasible",
        "reason": "",
        "cost": "1.200,50",
        "running_cost": "30",
        "language": "de",
    }
    refused = post(desk["professional"], url, **fields)
    assert refused.status_code == 422
    assert 'value="1.200,50"' in refused.get_data(as_text=True)
    assert post(desk["professional"], url, **{**fields, "cost": "viel"}).status_code == 422
    fields |= {"reason": "Eine Leitung.", "who": "Bauhof"}
    assert post(desk["professional"], url, **fields).location.endswith(url)
    with transaction(write=False):
        draft = draft_assessment(get(proposal_id))
        assert draft is not None
        assert (draft.cost_cents, draft.running_cost_cents) == (120_050, 3_000)
    assert "Eine Leitung." not in page(desk["visitor"], f"/en/proposals/{pid}")
    mark = seen(page(desk["professional"], url))
    assert post(desk["professional"], url, **fields, seen=mark, publish="1").status_code == 303
    shown = page(desk["visitor"], f"/en/proposals/{pid}?fresh=1")
    assert "Eine Leitung." in shown
    assert "€1,200.50" in shown
    assert "Bauhof" in shown
    assert "Not feasible" in shown
    with transaction(write=False):
        assert current_assessment(get(proposal_id)) is not None


def test_the_promised_day_and_how_late_it_is(office: Office, desk: Browsers) -> None:
    pid = public_id(publish(office, stage=Stage.EXAMINED, answer_due_on=clock.today() + timedelta(days=3)))
    before = page(desk["visitor"], f"/en/proposals/{pid}")
    assert "overdue" not in before
    assert "The town answers in public." in before
    with time_machine.travel(clock.now() + timedelta(days=5), tick=False):
        late = page(desk["visitor"], f"/en/proposals/{pid}?fresh=1")
        assert "It has been overdue for 2 days." in late


STANDS = {
    "submitted": ({"stage": Stage.SUBMITTED}, "A moderator looks at it."),
    "collecting": ({}, "With enough supporters the town must answer."),
    "accepted": ({"stage": Stage.ACCEPTED}, "The work is prepared."),
    "under_way": ({"stage": Stage.UNDER_WAY}, "It is being made real."),
    "withdrawn": (
        {"withdrawn_at": clock.now(), "withdrawn_reason": "other"},
        "Everybody can propose it anew.",
    ),
    "expired": ({"expired_at": clock.now()}, "Everybody can propose it anew."),
    "over": ({"collecting_until_on": clock.today() - timedelta(days=1)}, "Everybody can propose it anew."),
}


@pytest.mark.parametrize("name", list(STANDS))
def test_where_it_stands_and_what_is_next(office: Office, desk: Browsers, name: str) -> None:
    columns, words = STANDS[name]
    shown = page(desk["visitor"], f"/en/proposals/{public_id(publish(office, **columns))}")  # type: ignore[arg-type]
    assert words in shown
    assert "Where it stands" in shown
