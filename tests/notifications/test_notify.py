"""Who is told what, and how often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import session, transaction
from portal.core.subjects import SubjectRef
from portal.notifications import settings
from portal.notifications.models import MailMessage, Notice
from portal.notifications.operations import notification_kind, notify, set_switches
from portal.notifications.queries import notices_of, unread_count

TREE = SubjectRef("tree", 1)


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    before = dict(settings._kinds)
    notification_kind("test.grown", label="Grown", text="%(title)s has grown", template="test/mail/grown")
    notification_kind(
        "test.leaf", label="Leaf", text="%(count)s leaves", grouped=True, template="test/mail/l"
    )
    yield
    settings._kinds.clear()
    settings._kinds.update(before)


def told(account_id: int) -> list[tuple[str, int]]:
    return [(one.kind, one.count) for one in session.scalars(notices_of(account_id))]


def test_everybody_is_told_once_but_not_the_one_who_did_it(app: Flask) -> None:
    with transaction():
        notify([1, 2, 2, 3], "test.grown", subject=TREE, actor_id=3)
    assert [told(one) for one in (1, 2, 3, 4)] == [[("test.grown", 1)], [("test.grown", 1)], [], []]
    assert unread_count(1) == 1
    assert unread_count(None) == 0


def test_a_dedupe_key_tells_exactly_once(app: Flask) -> None:
    for _ in range(3):
        with transaction():
            notify([1, 2], "test.grown", subject=TREE, dedupe_key="answer-7")
    with transaction():
        notify([1], "test.grown", subject=TREE, dedupe_key="answer-8")
    assert told(1) == [("test.grown", 1)] * 2
    assert told(2) == [("test.grown", 1)]
    assert len(list(session.scalars(select(MailMessage)))) == 3


def test_a_group_is_one_notice_that_counts_and_one_mail(app: Flask) -> None:
    for _ in range(14):
        with transaction():
            notify([1], "test.leaf", subject=TREE)
    with transaction():
        notify([1], "test.leaf", subject=SubjectRef("tree", 2))
    assert told(1) == [("test.leaf", 1), ("test.leaf", 14)]
    assert len(list(session.scalars(select(MailMessage)))) == 2


def test_switches_are_heeded_per_kind(app: Flask) -> None:
    with transaction():
        set_switches(1, "test.grown", in_portal=False, by_mail=False)
        set_switches(2, "test.grown", in_portal=True, by_mail=False)
        set_switches(3, "test.grown", in_portal=False, by_mail=True)
        notify([1, 2, 3], "test.grown", subject=TREE)
        notify([1], "test.leaf", subject=TREE)
    assert told(1) == [("test.leaf", 1)]
    assert told(2) == [("test.grown", 1)]
    assert told(3) == []
    mails = session.scalars(select(MailMessage).order_by(MailMessage.account_id))
    assert [(one.account_id, one.kind) for one in mails] == [(1, "test.leaf"), (3, "test.grown")]


def test_undeclared_kinds_are_a_mistake(app: Flask) -> None:
    with pytest.raises(KeyError), transaction():
        notify([1], "test.unknown")
    assert list(session.scalars(select(Notice))) == []
