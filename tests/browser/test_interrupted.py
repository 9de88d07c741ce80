"""What goes wrong in real life: the session ends, the finger slips, the network goes, somebody goes back."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.accounts.models import Account, SessionRow
from portal.core.db import session, transaction
from portal.discussions.models import Comment
from portal.proposals.models import Proposal, Support
from tests.support.browser import Visit, arrived, as_person, follow
from tests.support.factories import make_resident
from tests.support.factories_groups import group_pid, make_group
from tests.support.factories_proposals import make_proposal
from tests.support.people import deliver, mailbox

pytestmark = pytest.mark.browser


def test_the_session_ends_while_writing(app: Flask, visit: Visit) -> None:
    """What was typed is there again after signing in."""
    person = make_resident(email="amsel@example.org")
    with transaction():
        pid = make_proposal(title="Bank", with_thread=True).public_id
    page = visit(f"/de/proposals/{pid}", javascript=False, **as_person(app, person))
    page.locator("#write-new textarea").fill("Lange getippt")
    with transaction():
        session.query(SessionRow).delete()
    page.locator("#write-new button[type=submit]").click()
    page.wait_for_url(re.compile("/sign-in"))
    page.locator("#identifier").fill("amsel@example.org")
    with mailbox() as mails:
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/sign-in/code")
        deliver()
        page.locator("#code").fill(mails[0].code)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("Lange getippt")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_a_double_click_is_one_click(app: Flask, visit: Visit, javascript: bool) -> None:
    person = make_resident()
    with transaction():
        one = make_proposal(title="Bank", with_thread=True)
        pid, draft = one.public_id, make_proposal(author=person, published=False, title="Beet").public_id
    page = visit(f"/de/proposals/{pid}", javascript=javascript, **as_person(app, person))
    page.locator("#write-new textarea").fill("Gern.")
    page.locator("#write-new button[type=submit]").dblclick()
    expect(page.locator("#comments > li")).to_have_count(1)
    page.locator("#support-button").dblclick()
    page.wait_for_timeout(300)
    page.wait_for_load_state("networkidle")
    page.goto(page.url.split("/de/")[0] + f"/de/proposals/drafts/{draft}/preview")
    page.locator("form[action$='/publish'] button").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Beet")
    with transaction(write=False):
        assert session.query(Comment).count() == 1
        assert session.query(Support).count() <= 1
        found = session.query(Proposal).filter_by(public_id=pid).one()
        assert found.support_count == session.query(Support).count()
        assert session.query(Proposal).filter_by(public_id=draft).one().version_count == 1


def test_going_back_after_signing_out_shows_nothing_private(app: Flask, visit: Visit) -> None:
    page = visit("/de/account", **as_person(app, make_resident(display_name="Blaue Amsel")))
    page.locator("summary", has=page.locator("use[href$='#user']")).click()
    page.locator("form[data-sign-out] button").click()
    page.wait_for_url("**/de/")
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("Blaue Amsel")
    assert "Blaue Amsel" not in page.content()
    assert "/sign-in" in page.url


KEPT = """async () => {
  await navigator.serviceWorker.ready
  const kept = await (await caches.open('pages-1')).match('/de/offline')
  return [kept.headers.get('X-Offline'), await kept.text()]
}"""


def test_the_page_for_no_network_holds_nothing_of_a_person(app: Flask, visit: Visit) -> None:
    """The worker asks for it as a visitor, whoever is signed in; its answer brings no cookie back."""
    page = visit("/de/help", **as_person(app, make_resident(display_name="Blaue Amsel")))
    follow(page, page.locator(".footer a[href='/de/imprint']"))
    marked, text = page.evaluate(KEPT)
    assert marked == "1"
    assert "Blaue Amsel" not in text
    assert "data-sign-out" not in text


def test_without_a_network_nothing_typed_is_lost(app: Flask, visit: Visit) -> None:
    """A banner says so, the text stays, and it comes back from this device after the page was closed."""
    with transaction():
        pid = make_proposal(title="Bank", with_thread=True).public_id
    page = visit(f"/de/proposals/{pid}", **as_person(app, make_resident()))
    page.locator("#write-new textarea").fill("Im Zug getippt")
    page.context.set_offline(True)
    page.locator("#write-new button[type=submit]").click()
    expect(page.locator("#alarm")).not_to_be_empty()
    expect(page.locator("#write-new textarea")).to_have_value("Im Zug getippt")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#write-new textarea")).to_have_value("Im Zug getippt")


def test_nonsense_and_half_a_day_stay_where_they_were_typed(app: Flask, visit: Visit) -> None:
    """A browser sends nothing of a half-filled day, and a number field sends only what it takes for one."""
    group_id, people = make_group(3)
    with transaction(write=False):
        person = session.get_one(Account, people[0].account_id)
        session.expunge(person)
    group = f"/ar/groups/{group_pid(group_id)}"
    page = visit(f"{group}/decisions/new/date", **as_person(app, person))
    page.locator("#title").fill("متى؟")
    page.locator("#collecting").check()
    page.locator("#start_2").focus()
    page.keyboard.type("24")
    page.locator("main .form__end button").click()
    expect(page.locator("#start_2")).to_be_focused()
    arrived(page, "/decisions/new/date")
    page.goto(page.url.split("/ar/")[0] + f"{group}/pause")
    page.locator("#days").fill("")
    page.locator("#days").press_sequentially("٥ أيام")
    page.locator("main .form__end button").click()
    expect(page.locator("#days")).to_have_value("٥ أيام")
    expect(page.locator("#days")).to_have_attribute("aria-invalid", "true")
    page.locator("#errors a").click()
    expect(page.locator("#days")).to_be_focused()
    page.locator("#days").fill("٥")
    page.locator("main .form__end button").click()
    page.wait_for_url("**/members")
