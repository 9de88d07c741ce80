"""Mails reach those they are for, in their language, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from portal.accounts.events import EmailChanged, ErasureRequested, SignInCodeMade
from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.events import emit
from portal.core.mailsafe import BadAddress
from portal.notifications.models import MailMessage, Notice
from portal.notifications.operations import prune_mails, send_mail, set_switches
from tests.notifications.conftest import Forest
from tests.notifications.mails import send, status, tell, work
from tests.support.factories import make_resident
from tests.support.mail import Postbox, body


def test_a_mail_has_the_words_headers_and_links_of_its_reader(postbox: Postbox, forest: Forest) -> None:
    reader = make_resident(language="ar", email="noor@example.org")
    tree = forest.plant("Eiche")
    tell(reader, tree.id)
    work()
    assert postbox.recipients == [["noor@example.org"]]
    mail = postbox.mails[0]
    assert mail["Subject"] == "About Eiche"
    assert mail["To"] == "noor@example.org"
    assert mail["Content-Language"] == "ar"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    message_id = session.scalars(select(MailMessage.public_id)).one()
    assert mail["Message-ID"] == f"<{message_id}@localhost>"
    assert f"http://localhost/ar/notices?page={tree.id}" in body(mail)
    html = body(mail, "html")
    assert '<html lang="ar" dir="rtl">' in html
    assert "src=" not in html
    assert "@import" not in html
    assert "url(" not in html
    unsubscribe = str(mail["List-Unsubscribe"]).strip("<>")
    assert unsubscribe.startswith("http://localhost/ar/unsubscribe/")
    assert unsubscribe in body(mail)


@pytest.mark.parametrize(
    ("language", "html_lang", "direction"),
    [("de", "de", "ltr"), ("leicht", "de-simple", "ltr"), ("uk", "uk", "ltr"), ("ar", "ar", "rtl")],
)
def test_language_and_direction(postbox: Postbox, language: str, html_lang: str, direction: str) -> None:
    with transaction():
        send_mail("ada@example.org", "test/mail/direct", language, word="x")
    work()
    html = body(postbox.mails[0], "html")
    assert f'<html lang="{html_lang}" dir="{direction}">' in html
    assert postbox.mails[0]["Content-Language"] == html_lang


@pytest.mark.parametrize(
    "title",
    [
        "=?utf-8?b?CkJjYzogeEB5Lno=?=",  # H52
        "=?utf-8?q?=0AReply-To:_evil=40x=0A=0AClick?=",
        "Oak\r\nBcc: evil@example.org\r\n\r\nClick here",
        "Oak\u2028Bcc: x",
    ],
)
def test_titles_cannot_write_headers(postbox: Postbox, forest: Forest, title: str) -> None:
    tell(make_resident(), forest.plant(title).id)
    work()
    mail = postbox.mails[0]
    assert len(mail.keys()) == len(set(mail.keys()))
    assert set(mail.keys()) - {"X-Peer", "X-MailFrom", "X-RcptTo"} == {
        "From",
        "To",
        "Subject",
        "Message-ID",
        "Date",
        "Auto-Submitted",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    }
    assert len(mail.get_all("Subject", [])) == 1
    assert mail["Bcc"] is None
    assert mail["Reply-To"] is None
    assert len(postbox.recipients[0]) == 1
    assert body(mail).startswith(("Hallo", "Hello", "Guten Tag"))


@pytest.mark.parametrize(
    "address", ["a@b.example, c@evil.example", '"x\\" <y@evil.example>"@b.example', "a@b.example\nBcc: c@d.e"]
)
def test_exactly_one_recipient_or_none(postbox: Postbox, address: str) -> None:  # H53, H54
    with pytest.raises(BadAddress), transaction():
        send_mail(address, "test/mail/direct", "en", word="x")
    work()
    assert postbox.raw == []


def test_what_is_sent_is_erased_and_the_row_goes_after_14_days(postbox: Postbox) -> None:
    send("secretword")
    stored = session.execute(text("SELECT recipient, content FROM mail_message")).one()
    assert "ada@example.org" not in stored.recipient
    assert "secretword" not in stored.content
    session.rollback()
    work()
    row = session.scalars(select(MailMessage)).one()
    assert (row.status, row.recipient, row.content) == ("sent", None, None)
    assert row.sent_at is not None
    session.rollback()
    with time_machine.travel(clock.now() + timedelta(days=13)), transaction():
        prune_mails()
    assert len(status()) == 1
    session.rollback()
    with time_machine.travel(clock.now() + timedelta(days=15)), transaction():
        prune_mails()
    assert status() == []


def test_what_was_hidden_meanwhile_is_not_mailed(postbox: Postbox, forest: Forest) -> None:
    reader, other = make_resident(), make_resident()
    hidden, private, gone, fine = (forest.plant(name) for name in ("Hidden", "Private", "Gone", "Fine"))
    for tree in (hidden, private, gone, fine):
        tell(reader, tree.id)
    hidden.hidden, private.readers = True, {other.id}
    del forest.trees[gone.id]
    work()
    assert [str(mail["Subject"]) for mail in postbox.mails] == ["About Fine"]
    assert sorted(status()) == ["dropped"] * 3 + ["sent"]


def test_who_went_away_or_changed_their_mind_meanwhile_gets_nothing(postbox: Postbox, forest: Forest) -> None:
    tree = forest.plant()
    suspended, off, moved = make_resident(), make_resident(), make_resident(email="old@example.org")
    for one in (suspended, off, moved):
        tell(one, tree.id)
    with transaction():
        session.get_one(Account, suspended.id).suspended_until = clock.now() + timedelta(days=1)
        set_switches(off.id, "test.grown", in_portal=True, by_mail=False)
        session.get_one(Account, moved.id).email = "new@example.org"
    work()
    assert postbox.recipients == [["new@example.org"]]


def test_an_expired_code_is_not_sent(postbox: Postbox) -> None:
    send(expires_at=clock.now() + timedelta(minutes=10))
    work(minutes=11)
    assert postbox.raw == []
    assert status() == ["dropped"]


def test_a_grouped_mail_says_how_many_there_are_when_it_is_sent(postbox: Postbox, forest: Forest) -> None:
    reader, tree = make_resident(), forest.plant("Birke")
    for _ in range(14):
        tell(reader, tree.id, "test.leaf")
    work()
    assert len(postbox.raw) == 1
    assert "Birke (14)" in body(postbox.mails[0])


def test_mails_of_a_mail_only_group_end_after_a_day(postbox: Postbox, forest: Forest) -> None:
    reader, tree = make_resident(), forest.plant()
    with transaction():
        set_switches(reader.id, "test.leaf", in_portal=False, by_mail=True)
    for days in (0, 0, 2):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            tell(reader, tree.id, "test.leaf")
    assert [row.count for row in session.scalars(select(Notice).order_by(Notice.id))] == [2, 1]


def test_codes_to_sign_in(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "portal.notifications.jobs.rendering.absolute_url",
        lambda endpoint, language="", **values: f"http://localhost/{language}/{endpoint}",
    )
    with transaction():
        emit(SignInCodeMade("ada@example.org", "12345678", "req1", "sign_in", "en", True, 10))
        emit(SignInCodeMade("eve@example.org", "87654321", "req2", "sign_in", "en", False, 10))
    work()
    known, unknown = sorted(postbox.mails, key=lambda mail: str(mail["To"]))
    assert "12345678" in body(known)
    assert "12345678" in body(known, "html")
    assert "12345678" not in str(known["Subject"])
    assert "no account" in body(unknown)
    assert known["List-Unsubscribe"] is None
    assert [row.at_most_once for row in session.scalars(select(MailMessage))] == [True, True]


def test_other_mails_about_an_account(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "portal.notifications.jobs.rendering.absolute_url",
        lambda endpoint, language="", **values: f"http://localhost/{language}/{endpoint}/{values}",
    )
    account = make_resident(language="en", email="new@example.org")
    until = clock.now() + timedelta(days=7)
    with transaction():
        emit(EmailChanged(account.id, "old@example.org", "tok", until, "en"))
        emit(ErasureRequested(account.id, until))
    work()
    changed, erased = sorted(postbox.mails, key=lambda mail: str(mail["To"]), reverse=True)
    assert (str(changed["To"]), str(erased["To"])) == ("old@example.org", "new@example.org")
    assert "accounts.undo_email/{'token': 'tok'}" in body(changed)
    assert "new@example.org" not in body(changed)
