"""Mails reach people: once, in their language, and whatever the mail server or the power does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select, text

from portal.accounts.events import EmailChanged, ErasureRequested, SignInCodeMade
from portal.accounts.models import Account
from portal.core import clock, jobs
from portal.core.db import session, transaction
from portal.core.events import emit
from portal.core.mailsafe import BadAddress
from portal.core.settings import current_settings, use_settings
from portal.core.subjects import SubjectRef
from portal.notifications.jobs import delivery, transport
from portal.notifications.models import MailMessage, MailStatus, Notice
from portal.notifications.operations import notify, prune_mails, send_mail, set_switches
from tests.notifications.conftest import Forest
from tests.support.factories import make_resident
from tests.support.mail import Postbox, body, mail_files, mail_server
from tests.support.services import free_port

TEMPLATES = {
    "notifications/mail/test.txt": (
        '{% extends "layouts/mail.txt" %}{% block subject %}About {{ title }}{% endblock %}'
        "{% block body %}{{ title }} ({{ count }}) {{ link }} {{ cm }}{% endblock %}"
    ),
    "notifications/mail/test.html": (
        '{% extends "layouts/mail.html" %}{% block body %}<p>{{ title }}</p>{% endblock %}'
    ),
    "test/mail/direct.txt": (
        '{% extends "layouts/mail.txt" %}{% block subject %}Hello{% endblock %}'
        "{% block body %}{{ word }}{% endblock %}"
    ),
    "test/mail/direct.html": (
        '{% extends "layouts/mail.html" %}{% block body %}<p>{{ word }}</p>{% endblock %}'
    ),
}


@pytest.fixture
def portal(app: Flask) -> Flask:
    """The portal with templates for the tests' mails."""
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader])  # type: ignore[list-item]
    return app


@pytest.fixture
def postbox(portal: Flask) -> Iterator[Postbox]:
    """A mail server the portal is configured for."""
    with mail_server() as (box, url):
        use_settings(replace(current_settings(), mail_url=url))
        yield box


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


def test_running_the_worker_twice_sends_once(postbox: Postbox) -> None:
    send()
    work()
    work()
    with transaction():
        jobs.enqueue("mail.send", {"id": 1})
    work()
    assert len(postbox.raw) == 1


def test_greylisting_is_waited_for(postbox: Postbox) -> None:
    postbox.rcpt_answers = ["451 4.7.1 Greylisted, try again"]
    send()
    work()
    assert postbox.raw == []
    assert status() == ["queued"]
    session.rollback()
    work()
    assert postbox.raw == []
    work(minutes=2)
    assert len(postbox.raw) == 1
    assert status() == ["sent"]


def test_a_final_no_is_not_asked_again(postbox: Postbox) -> None:
    postbox.rcpt_answers = ["550 No such person"]
    send()
    work()
    work(minutes=5)
    assert postbox.raw == []
    row = session.scalars(select(MailMessage)).one()
    assert (row.status, row.recipient, row.content) == ("failed", None, None)


def test_a_server_that_is_away_for_hours_gets_everything_later(portal: Flask) -> None:
    with mail_server() as (_, url):
        pass
    use_settings(replace(current_settings(), mail_url=url))
    for number in range(3):
        send(f"word {number}")
    for minutes in (0, 2, 5, 10, 20):
        work(minutes)
    assert status() == ["queued"] * 3
    session.rollback()
    with mail_server() as (box, url):
        use_settings(replace(current_settings(), mail_url=url))
        work(minutes=180)
        assert sorted(body(mail).split()[1] + body(mail).split()[2] for mail in box.mails) == [
            "word0",
            "word1",
            "word2",
        ]
    assert status() == ["sent"] * 3


@contextmanager
def hanging_server() -> Iterator[int]:
    """Takes connections and never says a word."""
    port, stop = free_port(), threading.Event()
    with socket.create_server(("127.0.0.1", port)) as server:
        taken: list[socket.socket] = []

        def take() -> None:
            server.settimeout(0.1)
            while not stop.is_set():
                try:
                    taken.append(server.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=take)
        thread.start()
        try:
            yield port
        finally:
            stop.set()
            thread.join()
            for one in taken:
                one.close()


def test_a_hanging_server_never_slows_a_request_and_is_left_alone_for_a_while(
    portal: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.3)
    with hanging_server() as port:
        use_settings(replace(current_settings(), mail_url=f"smtp://127.0.0.1:{port}"))
        started = time.monotonic()
        for _ in range(5):
            send()
        assert time.monotonic() - started < 0.3  # queueing speaks to nobody
        started = time.monotonic()
        work()
        assert time.monotonic() - started < 1.2  # one time-out for five mails, not five
        assert status() == ["queued"] * 5


def test_while_a_server_hangs_the_database_is_free(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []

    def write_meanwhile(server: object, message: EmailMessage) -> None:
        def other() -> None:
            with portal.app_context():
                started = time.monotonic()
                with transaction():
                    session.execute(text("UPDATE account SET language = 'de'"))
                seen.append(time.monotonic() - started)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()

    monkeypatch.setattr(transport, "send", write_meanwhile)
    use_settings(replace(current_settings(), mail_url="smtp://127.0.0.1:1"))
    send()
    work()
    assert len(seen) == 1
    assert seen[0] < 1
    assert status() == ["sent"]


class Killed(BaseException):
    """What kill -9 looks like from inside: nothing after it runs."""


@pytest.mark.parametrize(
    ("at_most_once", "moment", "arrived"),
    [
        (False, "before", 1),  # not lost
        (False, "after", 2),  # one duplicate, under the same Message-ID
        (True, "before", 0),  # a code is rather asked for again
        (True, "after", 1),  # and never comes twice
    ],
)
def test_killed_while_sending(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch, at_most_once: bool, moment: str, arrived: int
) -> None:
    real = transport.send

    def killed(server: transport.MailServer, message: EmailMessage) -> None:
        if moment == "after":
            real(server, message)
        raise Killed

    send(at_most_once=at_most_once)
    monkeypatch.setattr(transport, "send", killed)
    with pytest.raises(Killed):
        work()
    assert status() == ["sending"]
    session.rollback()
    monkeypatch.setattr(transport, "send", real)
    work()  # the lease still holds
    for minutes in (6, 10):
        work(minutes)
    assert len(postbox.raw) == arrived
    assert len({mail["Message-ID"] for mail in postbox.mails}) == min(arrived, 1)
    assert status() == ["dropped" if at_most_once else "sent"]


def test_killed_at_random_points_loses_nothing(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        send(f"n{number}")
    real, kills = transport.send, iter([True, False, False, True, True, False, True] + [False] * 50)

    def sometimes_killed(server: transport.MailServer, message: EmailMessage) -> None:
        real(server, message)
        if next(kills):
            raise Killed

    monkeypatch.setattr(transport, "send", sometimes_killed)
    crashes = 0
    for minutes in range(0, 80, 8):
        try:
            work(minutes)
        except Killed:
            crashes += 1
    arrived = [body(mail).split()[1] for mail in postbox.mails]
    assert set(arrived) == {f"n{number}" for number in range(12)}
    assert crashes == 4
    assert len(arrived) - 12 <= crashes


def test_two_workers_do_not_hand_over_the_same_mail(postbox: Postbox) -> None:
    send()
    with transaction():
        row = session.scalars(select(MailMessage)).one()
        row.status, row.sending_at = MailStatus.SENDING, clock.now() - timedelta(minutes=1)
    with pytest.raises(delivery.SendingElsewhere):
        delivery.deliver(1)
    assert postbox.raw == []


def test_an_answer_that_never_comes(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(server: object, message: object) -> None:
        raise transport.AnswerUnknown("hangs")

    real = transport.send
    send("letter")
    send("code", at_most_once=True)
    monkeypatch.setattr(transport, "send", lost)
    work()
    assert status() == ["queued", "dropped"]
    session.rollback()
    monkeypatch.setattr(transport, "send", real)
    work(minutes=2)
    assert [body(mail).split()[1] for mail in postbox.mails] == ["letter"]


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


def test_without_a_server_mails_are_files(portal: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "portal.notifications")
    send("grüße")
    work()
    mails = mail_files(current_settings().instance)
    assert [str(mail["To"]) for mail in mails] == ["ada@example.org"]
    assert "grüße" in body(mails[0])
    assert "mail_written" in caplog.text
    assert "ada@example.org" not in caplog.text


def test_an_unreadable_setting_keeps_the_mails(portal: Flask) -> None:
    use_settings(replace(current_settings(), mail_url="gopher://x"))
    send()
    work()
    assert status() == ["queued"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, "", "", False, False)),
        ("smtp://me:p%40ss@mail.example", ("mail.example", 587, "me", "p@ss", False, True)),
        ("smtp://mail.example:25?tls=none", ("mail.example", 25, "", "", False, False)),
        ("smtp://localhost:25?tls=starttls", ("localhost", 25, "", "", False, True)),
        ("smtps://me:x@mail.example", ("mail.example", 465, "me", "x", True, False)),
    ],
)
def test_the_address_of_the_server(url: str, expected: tuple[object, ...]) -> None:
    server = transport.MailServer.from_url(url)
    found = (server.host, server.port, server.user, server.password, server.is_tls, server.is_starttls)
    assert found == expected


def test_no_starttls_no_mail(postbox: Postbox) -> None:
    use_settings(replace(current_settings(), mail_url=current_settings().mail_url + "?tls=starttls"))
    send()
    work()
    assert postbox.raw == []
    assert status() == ["queued"]


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
