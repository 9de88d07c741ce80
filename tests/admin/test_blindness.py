"""Administrators look after the house and read nobody's letters (trust A8)."""

from __future__ import annotations

from flask import Flask

from portal.core import clock, jobs
from portal.core.actors import VISITOR
from portal.core.db import transaction
from portal.core.subjects import SubjectRef, resolve
from portal.moderation.models import Category
from portal.moderation.operations import report_subject
from portal.notifications.operations import send_mail
from tests.admin.conftest import Desk
from tests.support.factories import make_resident
from tests.support.factories_proposals import make_proposal
from tests.support.people import deliver

CANARY = "Zaunkoenigslied"


def seed() -> list[str]:
    """Something private of every kind there is, each with the canary; returns addresses of hidden things."""
    author = make_resident()
    with transaction():
        draft = make_proposal(author=author, published=False, title=f"Entwurf {CANARY}", what=CANARY)
        hidden = make_proposal(author=author, title=f"Verborgen {CANARY}", hidden_at=clock.now())
        open_one = make_proposal(author=author, title="Eine Bank")
        paths = [f"/de/proposals/{one.public_id}" for one in (draft, hidden)]
        send_mail("a@example.org", "accounts/mail/email_changed", "de", undo_token=CANARY, undo_day=CANARY)
        jobs.enqueue("test.nobody", {"text": CANARY})
        subject = resolve(SubjectRef("proposal", open_one.id))
        assert subject is not None
        report_subject(subject, actor=VISITOR, category=Category.OTHER, words=CANARY, language="de")
    return paths


def pages_without_values(app: Flask) -> list[str]:
    """Every page that needs nothing but the language."""
    return sorted(
        rule.rule.replace("<language:lang>", "de")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and set(rule.arguments) <= {"lang"}
    )


def test_no_page_shows_an_administrator_what_is_private(app: Flask, admin: Desk) -> None:
    paths = seed()
    deliver()
    seen = 0
    for path in pages_without_values(app):
        answer = admin.client.get(path, buffered=True)  # open data is streamed
        assert CANARY.encode() not in answer.get_data(), path  # some answers are archives, not text
        seen += answer.status_code == 200
    assert seen > 20
    for path in paths:
        assert CANARY not in admin.client.get(path, buffered=True).get_data(as_text=True)
    for path in ("/de/staff/log?page=1", "/de/staff/settings/moderation", "/de/staff/settings/look"):
        assert CANARY not in admin.get(path).text
    assert CANARY not in admin.post("/de/staff/log.csv", 200).get_data(as_text=True)
