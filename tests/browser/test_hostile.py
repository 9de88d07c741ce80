"""What others typed and sent is only text wherever it is read: no script, no request, no foreign form."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, Request

from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.subjects import SubjectRef, resolve
from portal.discussions.models import Thread
from portal.discussions.operations import add_comment
from portal.moderation import operations as moderation
from portal.moderation.models import Case, Category
from portal.proposals import operations
from portal.proposals.models import Decision, NeedKind, Proposal, ProposalNeed
from portal.proposals.operations.answering import Words
from tests.support.browser import Visit, as_person
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_places import make_district
from tests.support.factories_proposals import make_proposal
from tests.trust.hostile import FILE_NAME, TYPED

pytestmark = pytest.mark.browser
EVERYTHING = "\n\n".join(TYPED.values())
LINE = '<svg onload=alert(1)> {{7*7}} "><script>alert(1)</script>'
HARMFUL = (
    "[onload], [onerror], [onfocus], [onmouseover], form[action*='evil'], img[src*='tracker'], base, iframe, "
    "meta[http-equiv=refresh], [data-hx-post*='runde'], [data-hx-get*='export'], a[href^='javascript' i], "
    "a[href^='data:'], math, [hx-on\\\\:\\\\:load]"
)


class Stage:
    """A proposal full of hostile words in every field, and everybody who reads some of them."""

    def __init__(self) -> None:
        with transaction():
            self.district = make_district("Nord").id
        self.author = make_resident(created_at=clock.now() - timedelta(days=60))  # old ones may write more
        self.moderator = make_staff(StaffRole.MODERATOR, self.district)
        self.neighbour = make_resident()
        acting = {one.id: actor_of(one) for one in (self.author, self.moderator, self.neighbour)}
        self.me = lambda account: acting[account.id]
        with transaction():
            made = make_proposal(
                author=self.author, title=LINE[:110], what=EVERYTHING, why=EVERYTHING, for_whom=EVERYTHING,
                place_words=LINE, district_id=self.district, with_thread=True, indexed=True,
            )  # fmt: skip
            self.pid, self.id = made.public_id, made.id
        self._talk()
        self._help()
        self._report()

    def _talk(self) -> None:
        with transaction():
            proposal = session.get_one(Proposal, self.id)
            thread = session.get_one(Thread, proposal.thread_id)
            for words in TYPED.values():
                add_comment(thread, actor=self.me(self.author), body=words)

    def _help(self) -> None:
        with transaction():
            proposal = session.get_one(Proposal, self.id)
            need = ProposalNeed(
                public_id="needone", proposal_id=self.id, position=1, kind=NeedKind.HANDS, words=LINE,
                quantity=3, created_at=proposal.created_at,
            )  # fmt: skip
            proposal.need_count = 1
            session.add(need)
            session.flush()
            operations.pledge(proposal, need, actor=self.me(self.neighbour), quantity=1, words=LINE)
            fields = {"title": LINE, "what": EVERYTHING, "why": EVERYTHING, "for_whom": EVERYTHING}
            operations.write_text(proposal, "en", fields, actor=self.me(self.author))
            words = Words(Decision.ACCEPTED, EVERYTHING, "de")
            operations.prepare_answer(proposal, words, actor=self.me(self.moderator))
            operations.publish_answer(proposal, actor=self.me(self.moderator))

    def _report(self) -> None:
        with transaction():
            subject = resolve(SubjectRef("proposal", self.id))
            assert subject is not None
            made = moderation.report_subject(
                subject,
                actor=self.me(self.neighbour),
                category=Category.OTHER,
                words=EVERYTHING,
                language="de",
            )
            case = session.get_one(Case, made.report.case_id)
            moderation.add_note(case, actor=self.me(self.moderator), words=EVERYTHING[:2000])
            self.case = case.public_id


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Made anew for each test."""
    return Stage()


def look(page: Page, watched: list[str]) -> None:
    """Wait for whatever might still run, then look for what must not be there."""
    page.wait_for_timeout(150)
    assert page.evaluate(f'document.querySelectorAll("{HARMFUL}").length') == 0, page.url
    assert "49" not in page.locator("main").inner_text().split()
    assert watched == [], page.url


def watching(page: Page) -> list[str]:
    """Dialogs, and requests that no page makes by itself."""
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(f"dialog {dialog.message}"), dialog.dismiss()))

    def request(one: Request) -> None:
        inner = one.url.split("/", 3)[-1]
        if one.method != "GET" or "runde" in inner or "export" in inner or inner.endswith("/x"):
            seen.append(f"{one.method} {one.url}")

    page.on("request", request)
    return seen


def test_what_others_typed_is_only_text(app: Flask, stage: Stage, visit: Visit) -> None:
    """Read by a visitor, the author and a moderator; a foreign request or a broken policy fails by itself."""
    places = {
        None: (
            f"/de/proposals/{stage.pid}",
            f"/de/proposals/{stage.pid}?text=en",
            f"/de/proposals/{stage.pid}/versions",
            f"/de/proposals/{stage.pid}/texts",
            f"/de/proposals/{stage.pid}/share",
            "/de/proposals?q=script",
            "/de/search?q=svg",
            "/de/",
        ),
        stage.author: (
            f"/de/proposals/{stage.pid}/needs",
            f"/de/proposals/{stage.pid}",
            "/de/account/proposals",
        ),
        stage.moderator: (f"/de/moderation/cases/{stage.case}", "/de/moderation", "/de/office/proposals"),
    }
    for person, paths in places.items():
        page = visit("/de/help", **(as_person(app, person) if person else {}))
        watched = watching(page)
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            look(page, watched)


def test_a_file_name_is_not_shown(app: Flask, visit: Visit) -> None:
    """An upload under a hostile name: the picture is there, the name nowhere."""
    author = make_resident()
    with transaction():
        draft = make_proposal(author=author, published=False).public_id
    page = visit(f"/de/proposals/drafts/{draft}/photos", **as_person(app, author))
    watched = watching(page)
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((320, 200)).convert("RGB").save(buffer, "JPEG")
    file = {"name": FILE_NAME, "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    watched.clear()
    form = page.locator("form:has(input[type=file])")
    form.locator("input[name=alt]").fill(LINE)
    with page.expect_navigation():
        form.locator("button[name=add]").click()
    assert page.locator("main img").count() >= 1
    assert 'x">' not in page.locator("main").inner_html().replace(LINE, "")
    assert [one for one in watched if "/photos" not in one] == []
    assert page.evaluate(f'document.querySelectorAll("{HARMFUL}").length') == 0
