"""Pages of the office and of helping neighbours: what they show to whom, each form sent by a browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.proposals import operations
from portal.proposals.models import (
    ConsentState,
    Decision,
    Merge,
    NeedKind,
    ProposalNeed,
    Stage,
    TextOffer,
    Verdict,
)
from portal.proposals.operations import Judgement, Words, mark_of, state_of
from portal.proposals.queries import (
    answer_of,
    case_of,
    current_assessment,
    draft_assessment,
    public_answer_of,
)
from tests.proposals.helpers import counted_queries, post
from tests.proposals.office import Office, get, make_office, publish, told
from tests.support.factories import actor_of, make_resident, sign_in
from tests.support.factories_proposals import make_proposal, make_support

Browsers = dict[str, FlaskClient]


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office()


def browser(app: Flask, account: Account | None) -> FlaskClient:
    """A browser of its own, signed in."""
    client = app.test_client()
    if account is not None:
        sign_in(client, account)
    return client


@pytest.fixture
def desk(app: Flask, office: Office) -> Browsers:
    """A browser for everybody of the office, and a visitor's."""
    return {
        "moderator": browser(app, office.moderator),
        "planner": browser(app, office.planner),
        "professional": browser(app, office.professional),
        "elsewhere": browser(app, office.elsewhere),
        "resident": browser(app, make_resident()),
        "visitor": browser(app, None),
    }


def public_id(proposal_id: int) -> str:
    with transaction(write=False):
        return get(proposal_id).public_id


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.get_data(as_text=True)[-2000:])
    return answer.get_data(as_text=True)


def seen(text: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', text)
    assert found is not None
    return found[1]


def prepare(
    office: Office, proposal_id: int, decision: Decision = Decision.ACCEPTED, text: str = "Ja."
) -> None:
    with transaction():
        words = Words(decision, text, "de", state_of(answer_of(get(proposal_id))))
        operations.prepare_answer(get(proposal_id), words, actor=office.planning)


def test_an_answer_from_the_form_to_the_public_page(office: Office, desk: Browsers) -> None:
    proposal_id = publish(office, supporters=1, stage=Stage.EXAMINED, title="Bank am Tor")
    pid = public_id(proposal_id)
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


def test_contact_person_from_offer_to_stepping_back(app: Flask, office: Office, desk: Browsers) -> None:
    volunteer = make_resident(display_name="Vera Ahorn")
    proposal_id = publish(office)
    pid = public_id(proposal_id)
    helper = browser(app, volunteer)
    assert "I would do it" in page(helper, f"/en/proposals/{pid}")
    for _ in range(2):
        assert post(helper, f"/en/proposals/{pid}/contact/offer").status_code == 303
    assert "Take my offer back" in page(helper, f"/en/proposals/{pid}")
    form = page(desk["moderator"], f"/en/proposals/{pid}/contact")
    assert "Vera Ahorn (offered to do it)" in form
    url = f"/en/proposals/{pid}/contact"
    same = post(desk["moderator"], url, contact=volunteer.id, substitute=volunteer.id)
    assert same.status_code == 422
    assert (
        post(desk["moderator"], url, contact=volunteer.id, substitute=office.professional.id).status_code
        == 303
    )
    shown = page(desk["visitor"], f"/en/proposals/{pid}")
    assert "Vera Ahorn" in shown
    assert office.professional.display_name in shown
    assert post(helper, f"/en/proposals/{pid}/contact/leave").status_code == 303
    assert post(helper, f"/en/proposals/{pid}/contact/leave").status_code == 404
    with transaction(write=False):
        assert get(proposal_id).contact_account_id == office.professional.id


def test_pledging_on_the_page(app: Flask, office: Office, desk: Browsers) -> None:
    author, neighbour = make_resident(), make_resident(display_name="Nele Linde")
    proposal_id = publish(office, author=author)
    pid = public_id(proposal_id)
    mine, theirs = browser(app, author), browser(app, neighbour)
    assert (
        post(mine, f"/en/proposals/{pid}/needs", kind="money", words="Holz", quantity="50").status_code == 303
    )
    assert post(mine, f"/en/proposals/{pid}/needs", kind="hands", words="", quantity="0").status_code == 422
    with transaction(write=False):
        nid = session.scalar(select(ProposalNeed.public_id))
    url = f"/en/proposals/{pid}/needs/{nid}/pledge"
    assert "I can help" in page(desk["visitor"], f"/en/proposals/{pid}")
    assert desk["visitor"].get(url).status_code == 303
    assert "How many euros?" in page(theirs, url)
    too_much = post(theirs, url, quantity="51", words="gern")
    assert too_much.status_code == 422
    assert 'value="gern"' in too_much.get_data(as_text=True)
    for _ in range(2):
        assert post(theirs, url, quantity="50", words="Am Samstag").status_code == 303
    public = page(desk["visitor"], f"/en/proposals/{pid}?fresh=1")
    assert "Nele Linde" not in public
    assert "Am Samstag" not in public
    assert "1 person helps" in public
    own = page(mine, f"/en/proposals/{pid}/needs")
    assert "Nele Linde" in own
    assert "Am Samstag" in own
    assert theirs.get(f"/en/proposals/{pid}/needs").status_code == 404
    assert post(theirs, url, quantity="50", is_named="y").status_code == 303
    assert "Nele Linde" in page(desk["visitor"], f"/en/proposals/{pid}?fresh=2")
    assert "It is under way" in page(mine, f"/en/proposals/{pid}")
    assert "It is under way" in page(desk["moderator"], f"/en/proposals/{pid}")
    assert "It is under way" not in page(theirs, f"/en/proposals/{pid}")
    for _ in range(2):
        assert post(mine, f"/en/proposals/{pid}/begin").status_code == 303
    with transaction(write=False):
        assert get(proposal_id).stage is Stage.UNDER_WAY
    assert post(theirs, f"{url}/withdraw").status_code == 303
    assert post(mine, f"/en/proposals/{pid}/needs/{nid}/remove").status_code == 303
    assert post(mine, f"/en/proposals/{pid}/needs/{nid}/remove").status_code == 404


def test_merging_through_the_pages(app: Flask, office: Office, desk: Browsers) -> None:
    anna, bela, fan = make_resident(), make_resident(), make_resident()
    a, b = (
        publish(office, author=anna, title="Bank am Tor"),
        publish(office, author=bela, title="Bank am Park"),
    )
    with transaction():
        make_support(get(a), fan)
    first, second = public_id(a), public_id(b)
    url = f"/en/proposals/{first}/merge"
    assert post(desk["moderator"], url, target="nonsense", reason="Gleich.").status_code == 422
    asked = post(
        desk["moderator"], url, target=f"http://localhost/de/proposals/{second}?x=1#support", reason="Gleich."
    )
    assert asked.status_code == 303
    case_url = asked.location
    assert "Bank am Park" in page(desk["moderator"], case_url)
    for name in ("resident", "elsewhere", "planner"):
        assert desk[name].get(case_url).status_code == 404
    one, two, supporter = browser(app, anna), browser(app, bela), browser(app, fan)
    for place in (first, second):
        assert "You are asked as an author" in page(one, f"/en/proposals/{place}")
        assert "You are asked as an author" not in page(supporter, f"/en/proposals/{place}")
    assert post(one, case_url, answer="agree").status_code == 303
    assert "has not answered yet" in page(one, case_url)
    assert post(two, case_url, answer="agree").status_code == 303
    shown = page(desk["visitor"], f"/en/proposals/{first}?fresh=1")
    assert "is now part of another one" in shown
    assert "Bank am Park" in shown
    target = page(desk["visitor"], f"/en/proposals/{second}?fresh=1")
    assert "Part of it are" in target
    question = page(supporter, f"/en/proposals/{second}")
    assert "Does your support go with it?" in question
    carry = re.search(r'action="([^"]+/carry-over)"', question)
    assert carry is not None
    for _ in range(2):
        assert post(supporter, carry[1], answer="agree").status_code == 303
    assert "Does your support go with it?" not in page(supporter, f"/en/proposals/{second}")
    with transaction(write=False):
        assert get(b).support_count == 1
    split = post(desk["professional"], f"/en/proposals/{first}/split", reason="Doch zwei Orte.")
    assert split.status_code == 303
    assert "taken apart again" in page(one, split.location)
    assert post(desk["moderator"], f"/en/proposals/{first}/split/now").status_code == 303
    with transaction(write=False):
        assert get(b).support_count == 0
        cases = [case_of(one).merge for one in session.scalars(select(Merge))]
        assert not any(one.is_open for one in cases)


def test_texts_in_other_languages(app: Flask, office: Office, desk: Browsers) -> None:
    author, translator = make_resident(), make_resident(display_name="Tara Ulme")
    proposal_id = publish(office, author=author, title="Bank am Tor", why="Zum Ausruhen.")
    pid = public_id(proposal_id)
    writer, helper = browser(app, author), browser(app, translator)
    overview = page(desk["visitor"], f"/en/proposals/{pid}/texts")
    assert "I need this" in overview
    assert desk["visitor"].get(f"/en/proposals/{pid}/texts/leicht/wish").status_code == 303
    assert "I need this text" in page(desk["resident"], f"/en/proposals/{pid}/texts/leicht/wish")
    for _ in range(2):
        assert post(desk["resident"], f"/en/proposals/{pid}/texts/leicht/wish").status_code == 303
    assert "1 person waits for it" in page(desk["visitor"], f"/en/proposals/{pid}/texts?fresh=1")
    assert "Bank am Tor" in page(desk["professional"], "/en/office/texts")
    url = f"/en/proposals/{pid}/texts/en"
    for wrong in ("de", "xx"):
        assert helper.get(f"/en/proposals/{pid}/texts/{wrong}").status_code == 404
    missing = post(helper, url, title="A bench", what="A bench by the gate.", why="")
    assert missing.status_code == 422
    assert "A bench by the gate." in missing.get_data(as_text=True)
    assert (
        post(helper, url, title="A bench", what="A **bench** by the gate.", why="To rest.").status_code == 303
    )
    assert "A bench" not in page(desk["visitor"], f"/en/proposals/{pid}?fresh=1").split("<main")[1]
    with transaction(write=False):
        oid = session.scalar(select(TextOffer.public_id))
    offer = f"/en/proposals/{pid}/texts/offers/{oid}"
    assert helper.get(offer).status_code == 404
    assert "<strong>bench</strong>" in page(writer, offer)
    for _ in range(2):
        assert post(writer, offer, answer="accept").status_code == 303
    shown = page(desk["visitor"], f"/en/proposals/{pid}?fresh=2")
    assert "<strong>bench</strong>" in shown
    assert "Tara Ulme" in shown
    assert re.search(r'<h1 lang="en"[^>]*>A bench</h1>', shown)
    original = page(desk["visitor"], f"/en/proposals/{pid}?text=original")
    assert re.search(r'<h1 lang="de"[^>]*>Bank am Tor</h1>', original)
    assert re.search(r'<h1 lang="en"', page(desk["visitor"], f"/de/proposals/{pid}?text=en"))
    assert re.search(r'<h1 lang="de"', page(desk["visitor"], f"/de/proposals/{pid}"))
    with transaction():
        get(proposal_id).title = "Zwei Bänke"
        offer_row = session.scalar(select(TextOffer))
        assert offer_row is not None
        assert offer_row.state is ConsentState.AGREED


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
    assert "Neu" in page(desk["moderator"], "/en/office/proposals?work=new")
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
