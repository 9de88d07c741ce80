"""Every mail of the office, in every language: its subject on one line, a link that leads somewhere."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import session, transaction
from portal.core.i18n import LANGUAGES
from portal.core.subjects import SubjectRef, resolve
from portal.notifications.jobs.rendering import Recipient, build_mail
from portal.notifications.models import MailMessage, Notice
from portal.notifications.operations import notify
from portal.notifications.queries import notice_page
from tests.proposals.office import get, make_office, publish
from tests.support.factories import make_resident

KINDS: list[tuple[str, dict[str, Any]]] = [
    ("answered", {"decision": "accepted"}),
    ("answered", {"decision": "declined"}),
    ("assessed", {"verdict": "feasible"}),
    ("contact_set", {}),
    ("made_contact", {}),
    ("merge_asked", {"merge": "abcdefgh", "is_split": False}),
    ("merge_asked", {"merge": "abcdefgh", "is_split": True}),
    ("merged", {}),
    ("carry_over", {}),
    ("needs_complete", {}),
    ("text_offered", {}),
    ("text_there", {"text_language": "en"}),
    ("answer_due", {"days": 0}),
    ("answer_due", {"days": 2}),
    ("answer_overdue", {"days": 1}),
    ("answer_overdue", {"days": 9, "is_passed_on": True}),
]


@pytest.mark.parametrize(("kind", "context"), KINDS)
def test_mails_and_lines(app: Flask, kind: str, context: dict[str, Any]) -> None:
    proposal_id = publish(make_office(), title="Rosen & <Bänke> zu 100 %")
    account = make_resident()
    with transaction():
        notify(
            [account.id], f"proposals.{kind}", subject=SubjectRef("proposal", proposal_id), context=context
        )
    with transaction(write=False):
        pid = get(proposal_id).public_id
        message = session.scalars(select(MailMessage)).one()
        notice = session.scalars(select(Notice)).one()
        subject = resolve(SubjectRef("proposal", proposal_id))
        (row,), _total = notice_page(account.id, 1, 10)
        assert "Rosen & <Bänke> zu 100 %" in row.line
        for language in LANGUAGES:
            recipient = Recipient("anna@example.org", language, account.public_id)
            mail = build_mail(message, recipient, notice, subject)
            parts = {
                part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()
            }
            text, html = parts["text/plain"], parts["text/html"]
            place = "merges/abcdefgh" if kind == "merge_asked" else pid
            assert f"/{language}/proposals/{place}" in text
            assert f"/{language}/proposals/{place}" in html
            assert "Rosen & <Bänke> zu 100 %" in text
            assert "Rosen &amp; &lt;Bänke&gt; zu 100 %" in html
            assert "\n" not in str(mail["subject"])
