"""Who is told what, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.events import AccountErased
from portal.accounts.models import Account
from portal.accounts.operations.own_data import export_of
from portal.core import clock, jobs
from portal.core.db import session, transaction
from portal.core.events import emit
from portal.core.subjects import SubjectRef
from portal.notifications.models import MailMessage, Notice, Preference
from portal.notifications.operations import notify, prune_notices, set_switches, silence
from portal.notifications.queries import notices_of, switches_of, unread_count
from tests.support.factories import make_resident

TREE = SubjectRef("tree", 1)
GROWN = {"cm": 3}


def told(account_id: int) -> list[tuple[str, int]]:
    return [(one.kind, one.count) for one in session.scalars(notices_of(account_id))]


def mails() -> list[tuple[int | None, str]]:
    query = select(MailMessage.account_id, MailMessage.kind).order_by(MailMessage.id)
    return [(row.account_id, row.kind) for row in session.execute(query)]


@pytest.fixture
def people(both: Flask) -> list[int]:
    return [make_resident().id for _ in range(4)]


def test_everybody_is_told_once_but_not_the_one_who_did_it(people: list[int]) -> None:
    a, b, c, d = people
    with transaction():
        notify([a, b, b, c], "test.grown", subject=TREE, context=GROWN, actor_id=c)
    assert [told(one) for one in people] == [[("test.grown", 1)], [("test.grown", 1)], [], []]
    assert unread_count(a) == 1
    assert unread_count(d) == 0
    assert unread_count(None) == 0


def test_a_dedupe_key_tells_exactly_once(people: list[int]) -> None:
    a, b, *_ = people
    for _ in range(3):
        with transaction():
            notify([a, b], "test.grown", subject=TREE, dedupe_key="answer-7")
    with transaction():
        notify([a], "test.grown", subject=TREE, dedupe_key="answer-8")
    assert told(a) == [("test.grown", 1)] * 2
    assert told(b) == [("test.grown", 1)]
    assert len(mails()) == 3


def test_the_database_itself_tells_once(people: list[int]) -> None:
    now = clock.now()
    row = {"account_id": people[0], "kind": "test.grown", "context": {}, "dedupe_key": "x"}
    with transaction():
        session.add(Notice(**row, created_at=now, updated_at=now))
    again = Notice(**row, created_at=now, updated_at=now)
    with pytest.raises(IntegrityError), transaction():
        session.add(again)


def test_a_group_is_one_notice_that_counts_and_one_mail(people: list[int]) -> None:
    a, b, *_ = people
    for _ in range(14):
        with transaction():
            notify([a], "test.leaf", subject=TREE)
    with transaction():
        notify([a, b], "test.leaf", subject=SubjectRef("tree", 2))
    assert told(a) == [("test.leaf", 1), ("test.leaf", 14)]
    assert told(b) == [("test.leaf", 1)]
    assert mails() == [(a, "test.leaf"), (a, "test.leaf"), (b, "test.leaf")]


def test_what_comes_after_reading_is_a_new_notice(people: list[int]) -> None:
    with transaction():
        notify([people[0]], "test.leaf", subject=TREE)
    with transaction():
        session.scalars(notices_of(people[0])).one().read_at = clock.now()
        notify([people[0]], "test.leaf", subject=TREE)
    assert told(people[0]) == [("test.leaf", 1)] * 2
    assert unread_count(people[0]) == 1


def test_switches_are_heeded_per_kind(people: list[int]) -> None:
    a, b, c, _ = people
    with transaction():
        set_switches(a, "test.grown", in_portal=False, by_mail=False)
        set_switches(b, "test.grown", in_portal=True, by_mail=False)
        set_switches(c, "test.grown", in_portal=False, by_mail=True)
        notify([a, b, c], "test.grown", subject=TREE, context=GROWN)
        notify([a], "test.leaf", subject=TREE)
    assert told(a) == [("test.leaf", 1)]
    assert told(b) == [("test.grown", 1)]
    assert told(c) == []
    assert mails() == [(c, "test.grown"), (a, "test.leaf")]


def test_decisions_about_a_person_cannot_be_switched_off(people: list[int]) -> None:
    with transaction():
        set_switches(people[0], "test.felled", in_portal=False, by_mail=False)
        notify([people[0]], "test.felled", subject=TREE)
    assert told(people[0]) == [("test.felled", 1)]
    assert mails() == [(people[0], "test.felled")]
    felled = next(one for one in switches_of(people[0]) if one.kind.name == "test.felled")
    assert (felled.in_portal, felled.by_mail) == (True, True)


def test_switches_for_staff_are_not_shown_to_residents(app: Flask) -> None:
    account = make_resident()
    names = {one.kind.name for one in switches_of(account.id)}
    assert "accounts.role_proposed" not in names
    assert "accounts.role_proposed" in {one.kind.name for one in switches_of(account.id, staff=True)}


def test_suspended_and_erased_people_are_skipped(people: list[int]) -> None:
    a, b, c, _ = people
    with transaction():
        session.get_one(Account, a).suspended_until = clock.now() + timedelta(days=1)
        gone = session.get_one(Account, b)
        gone.email = gone.email_hash = None
        gone.deleted_at = clock.now()
        notify([a, b, c], "test.grown", subject=TREE)
        notify([a, b, c], "test.felled", subject=TREE)
    assert told(a) == [("test.felled", 1)]
    assert told(b) == []
    assert told(c) == [("test.felled", 1), ("test.grown", 1)]


def test_many_are_told_by_jobs_and_still_once(app: Flask) -> None:
    people = [make_resident(email=None).id for _ in range(60)]
    with transaction():
        notify(people, "test.grown", subject=TREE, dedupe_key="x")
    assert told(people[0]) == []
    jobs.run_due(limit=100)
    with transaction():
        notify(people, "test.grown", subject=TREE, dedupe_key="x")
    jobs.run_due(limit=100)
    assert [told(one) for one in people] == [[("test.grown", 1)]] * 60


def test_erasing_an_account_takes_everything_along(people: list[int]) -> None:
    a, b, *_ = people
    with transaction():
        notify([a, b], "test.grown", subject=TREE, actor_id=people[3])
        set_switches(a, "test.leaf", in_portal=False, by_mail=True)
        emit(AccountErased(a, keep_proposals=True, keep_comments=True, keep_support=True))
        emit(AccountErased(people[3], keep_proposals=True, keep_comments=True, keep_support=True))
    assert told(a) == []
    assert mails() == [(b, "test.grown")]
    assert session.scalars(select(Preference)).all() == []
    assert session.scalars(notices_of(b)).one().actor_id is None


def test_read_notices_go_after_half_a_year(app: Flask) -> None:
    account = make_resident()
    with transaction():
        notify([account.id], "test.grown", subject=TREE)
        notify([account.id], "test.leaf", subject=TREE)
        notify([account.id], "test.felled", subject=TREE)
        old, new, _unread = session.scalars(select(Notice).order_by(Notice.id))
        old.read_at = clock.now() - timedelta(days=181)
        new.read_at = clock.now() - timedelta(days=179)
        prune_notices()
    assert told(account.id) == [("test.felled", 1), ("test.leaf", 1)]


def test_notices_of_hidden_things_rest_until_they_are_shown_again(people: list[int]) -> None:
    a, b, *_ = people
    with transaction():
        notify([a, b], "test.grown", subject=TREE)
        notify([a], "test.felled", subject=TREE)
        notify([a], "test.grown", subject=SubjectRef("tree", 2))
        silence(TREE, is_silenced=True)
    assert told(a) == [("test.grown", 1), ("test.felled", 1)]
    assert (unread_count(a), unread_count(b)) == (2, 0)
    session.rollback()
    with transaction():
        silence(TREE, is_silenced=False)
    assert (unread_count(a), unread_count(b)) == (3, 1)


def test_the_own_export_holds_notices_and_switches(app: Flask) -> None:
    account, other = make_resident(), make_resident()
    with transaction():
        notify([account.id, other.id], "test.grown", subject=TREE)
        set_switches(account.id, "test.leaf", in_portal=True, by_mail=False)
        found = export_of(session.get_one(Account, account.id))
    assert [(row["kind"], row["about"]) for row in found["notices"]] == [("test.grown", "tree 1")]
    assert found["notice_switches"] == [{"kind": "test.leaf", "in_portal": True, "by_mail": False}]


def test_undeclared_kinds_are_a_mistake(app: Flask) -> None:
    with pytest.raises(KeyError), transaction():
        notify([1], "test.unknown")
    assert session.scalars(select(Notice)).all() == []
