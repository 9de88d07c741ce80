"""SQLite gives the number of the newest row again when that row is deleted: mails go out all the same."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from portal.core.db import transaction
from portal.notifications.operations import forget_account, send_mail
from tests.support.factories import make_resident
from tests.support.mail import mail_files
from tests.support.people import deliver


def test_after_an_account_is_erased_the_next_mail_is_sent(app: Flask) -> None:
    leaving = make_resident(email="gone@example.org")
    for address, account_id in (("gone@example.org", leaving.id), ("next@example.org", None)):
        with transaction():
            send_mail(address, "moderation/mail/mailbox", "de", account_id=account_id)
        deliver()
        with transaction():
            forget_account(leaving.id)
    assert {one["To"] for one in mail_files(Path(app.instance_path))} == {
        "gone@example.org",
        "next@example.org",
    }
