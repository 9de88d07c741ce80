"""A mail server that hangs, dies, answers late or twice: nothing is lost or sent again, nobody waits."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.core import clock, jobs
from portal.core.db import session, transaction
from portal.core.settings import current_settings, use_settings
from portal.notifications.jobs import delivery, transport
from portal.notifications.models import MailMessage, MailStatus
from tests.notifications.mails import send, status, work
from tests.support.mail import Postbox, body, mail_files, mail_server
from tests.support.services import free_port


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
