"""What the office and helping neighbours see, in a real browser: both directions, light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.i18n import ngettext, use_language
from portal.proposals import operations
from portal.proposals.models import Decision, NeedKind, ProposalNeed, Stage, TextOffer, Verdict
from portal.proposals.operations import Judgement, Words, mark_of, state_of
from portal.proposals.queries import answer_of, draft_assessment
from tests.proposals.office import Office, get, make_office, publish
from tests.support.axe import Viewer
from tests.support.browser import Visit, as_person, walked
from tests.support.factories import actor_of, make_resident, signed_in_client
from tests.support.factories_proposals import make_support

pytestmark = pytest.mark.browser

LONG = "Die Stadt baut die Bank im Frühjahr. Der Bauhof stellt sie auf, die Nachbarschaft streicht sie."


@dataclass
class Town:
    """A proposal with everything beside its text, and others that wait."""

    office: Office
    author: Account
    fan: Account
    main: str
    waiting: str
    merge: str
    need: str
    offer: str


@pytest.fixture
def town(app: Flask) -> Town:
    office = make_office()
    author, fan = make_resident(display_name="Anna Berg"), make_resident(display_name="Fatma Kurt")
    writer, helper = actor_of(author), actor_of(fan)
    late = {"stage": Stage.EXAMINED, "answer_due_on": clock.today() - timedelta(days=5)}
    main = publish(office, author=author, supporters=3, title="Eine Bank vor der Bibliothek am Tor", **late)
    waiting = publish(office, supporters=2, title="Mehr Licht am Bahnhof", **late)
    for number in range(3):
        publish(office, title=f"Ein Beet an der Ecke {number}")
    source = publish(office, author=author, title="Sitzbank bei der Bücherei", supporters=1)
    with transaction():
        make_support(get(source), fan)
        for kind, quantity in ((NeedKind.HANDS, 5), (NeedKind.MONEY, 50_000)):
            operations.list_need(
                get(main), actor=writer, kind=kind, words="Farbe und Holz", quantity=quantity
            )
        needs = list(session.scalars(select(ProposalNeed)))
        operations.pledge(get(main), needs[0], actor=helper, quantity=2, words="Samstags", is_named=True)
        operations.wish_for_text(get(main), "leicht", actor=helper)
        operations.write_text(get(main), "en", {"title": "A bench", "what": "A bench to rest."}, actor=helper)
        operations.write_text(
            get(main), "ar", {"title": "مقعد أمام المكتبة", "what": "مقعد للراحة."}, actor=writer
        )
        assess_twice(office, main)
        operations.set_contact(
            get(main),
            actor=office.moderating,
            contact_id=office.professional.id,
            substitute_id=office.moderator.id,
        )
        operations.offer_contact(get(waiting), actor=helper)
        operations.prepare_answer(get(waiting), Words(Decision.DECLINED, LONG, "de"), actor=office.planning)
        case = operations.ask_merge(
            get(source), get(main), actor=office.moderating, reason="Beide wollen dieselbe Bank."
        )
        merge_id = case.merge.public_id
        operations.answer_merge(case, actor=writer, agree=True)
        answer_twice(office, main)
        offer = session.scalar(select(TextOffer.public_id)) or ""
        return Town(
            office,
            author,
            fan,
            get(main).public_id,
            get(waiting).public_id,
            merge_id,
            needs[1].public_id,
            offer,
        )


def assess_twice(office: Office, proposal_id: int) -> None:
    """One that was replaced, and the one that counts."""
    for verdict in (Verdict.FEASIBLE, Verdict.NEEDS_CHANGE):
        seen = mark_of(draft_assessment(get(proposal_id)))
        judgement = Judgement(verdict, LONG, "de", 120_000, 5_000, "Bauhof", seen)
        operations.prepare_assessment(get(proposal_id), judgement, actor=office.accompanying)
        operations.publish_assessment(get(proposal_id), actor=office.accompanying)


def answer_twice(office: Office, proposal_id: int) -> None:
    """A public answer, and the one it was changed to."""
    first = Words(Decision.ACCEPTED, "Ja.", "de", state_of(answer_of(get(proposal_id))))
    operations.prepare_answer(get(proposal_id), first, actor=office.planning)
    operations.publish_answer(get(proposal_id), actor=office.planning)
    second = Words(Decision.ACCEPTED, LONG, "de", state_of(answer_of(get(proposal_id))))
    operations.change_answer(get(proposal_id), second, actor=office.moderating)


def pages(town: Town) -> list[tuple[Account | None, list[str]]]:
    """Who looks at which pages: the same as in the walk over all pages, full of what people wrote."""
    main, waiting = f"proposals/{town.main}", f"proposals/{town.waiting}"
    return [
        (None, [main, waiting, f"{main}?text=original", f"{main}/texts"]),
        (
            town.fan,
            [main, f"{main}/needs/{town.need}/pledge", f"{main}/texts/tr", f"{main}/texts/leicht/wish"],
        ),
        (
            town.author,
            [main, f"{main}/needs", f"proposals/merges/{town.merge}", f"{main}/texts/offers/{town.offer}"],
        ),
        (
            town.office.moderator,
            [
                "office/proposals?work=overdue",
                "office/answers",
                f"office/answers/confirm?answer={town.waiting}",
                "office/texts",
                waiting,
                f"{waiting}/answer",
                f"{main}/answer",
                f"{waiting}/contact",
                f"{waiting}/merge",
            ],
        ),
        (town.office.professional, [f"{waiting}/assessment"]),
    ]


def test_pages_are_accessible_and_fit(app: Flask, viewer: Viewer, town: Town) -> None:
    found = []
    for person, paths in pages(town):
        client = signed_in_client(app, person) if person else app.test_client()
        found += viewer.faults_of_pages(client, paths)
    assert found == [], "\n".join(found)


@walked("de-plain")
def test_a_prepared_answer_is_published(
    app: Flask, visit: Visit, town: Town, javascript: bool, language: str
) -> None:
    person = as_person(app, town.office.planner)
    page = visit(f"/{language}/office/answers", javascript=javascript, **person)
    page.locator(f"#a-{town.waiting}").check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Bauhof")
    page.locator("main form button.btn--main").click()
    with use_language(language):
        said = ngettext("%(num)s answer is public now.", "%(num)s answers are public now.", 1)
    expect(page.locator("#flash")).to_contain_text(said)
    reader = visit(f"/{language}/proposals/{town.waiting}", javascript=javascript)
    expect(reader.locator("#answer")).to_contain_text("Bauhof")
