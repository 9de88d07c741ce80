"""Talks, reviews, merges and relations on a phone: accessible, fitting, both directions, no scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import Mediation, Preset, Privacy
from portal.groups.operations.peace import choosing, reviewing
from portal.groups.operations.together import moving
from tests.browser.test_groups_inside import press, signed_in
from tests.support.axe import Viewer
from tests.support.browser import Visit
from tests.support.factories import signed_in_client
from tests.support.factories_groups import get_group, group_pid, make_group, member_of, settled

TEXT = moving.MoveText("Gartennadel", "Nähen und gärtnern", {"goal": "Beides zusammen"})

pytestmark = pytest.mark.browser


def test_asking_for_a_talk_and_answering_without_scripts(app: Flask, visit: Visit) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    page = visit(f"/ar/groups/{group_pid(group_id)}/talk", javascript=False, **signed_in(app, people[0]))
    page.locator("#alias").fill("Nadel 1")
    page.locator("label[for=subject_kind-0]").click()
    page.locator("label[for=wanted-1]").click()
    page.locator("#words").fill("هل نتحدث؟")
    press(page, "form.form button[type=submit]")
    expect(page.locator("main", has_text="هل نتحدث؟")).to_be_visible()
    with transaction(write=False):
        address = f"/ar/groups/talks/{session.scalars(select(Mediation.public_id)).one()}"
    other = visit(address, javascript=False, **signed_in(app, people[1]))
    press(other, "form:has(input[value=yes]) button")
    press(other, "a[href$='/mediator']")
    other.locator("#external").fill("Frau Beispiel, Beratungsstelle")
    press(other, "form.form button[type=submit]")
    page.goto(address)
    press(page, "form:has(input[value=accept]) button")
    press(page, "form:has(input[value=begin]) button")
    expect(page.locator("main a[href$='/agreement']")).to_be_visible()


def test_every_page_is_accessible_and_fits(app: Flask, viewer: Viewer) -> None:
    (group_id, people), helper = make_group(6, preset=Preset.EVERYONE), settled()
    with transaction():
        for person in people:
            member_of(group_id, person).member_since = clock.today() - timedelta(days=40)
        choosing.offer_to_mediate(actor=helper, about="Ich höre zu.", languages=["de"])
    with transaction():
        group = get_group(group_id)
        review = reviewing.propose_review(
            group, actor=people[0], alias="Nadel 5", topic="Wie wir reden", measure="Eine Pause"
        )
        move = moving.write_split(group, TEXT, actor=people[0])
        base, address = f"groups/{group.public_id}", "groups"
        paths = [
            *(f"{base}/{name}" for name in ("talk", "reviews", "relations", "moves", "moves/merge")),
            f"{base}/moves/{move.public_id}",
            *(f"{address}/{name}" for name in ("talks", "talks/new", "mediators/me")),
            f"{address}/reviews/{review.public_id}",
        ]
    found = viewer.faults_of_pages(signed_in_client(app, people[1]), paths)
    assert found == [], "\n".join(found)
