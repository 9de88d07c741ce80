"""Mails of a test: asked for, and handed over by a worker's round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core import clock, jobs
from portal.core.db import session, transaction
from portal.core.subjects import SubjectRef
from portal.notifications.models import MailMessage
from portal.notifications.operations import notify, send_mail


def work(minutes: float = 0) -> None:
    """A worker's round, so many minutes from now."""
    with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=True):
        jobs.run_due(limit=100)  # with all periodic jobs of all packages


def status() -> list[str]:
    return list(session.scalars(select(MailMessage.status).order_by(MailMessage.id)))


def tell(account: Account, tree_id: int, kind: str = "test.grown", **context: Any) -> None:
    with transaction():
        notify([account.id], kind, subject=SubjectRef("tree", tree_id), context={"cm": 3, **context})


def send(word: str = "word", **values: Any) -> None:
    with transaction():
        send_mail("ada@example.org", "test/mail/direct", "en", word=word, **values)
