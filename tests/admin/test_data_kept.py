"""Everything that is kept has a purpose and an end (trust E1, E2), and the end is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select

from portal.accounts.models import (
    EmailChange,
    ParkedPost,
    SecondFactorReset,
    SessionRow,
    SignInCode,
    StaffGrant,
)
from portal.admin.queries.data_kept import TABLES, Class, data_kept, gaps
from portal.admin.queries.retention import RULES, overdue_counts
from portal.app import feature_modules
from portal.content.models import BarrierReport, Picture
from portal.core import audit, clock
from portal.core.actors import SYSTEM
from portal.core.audit import AuditEntry
from portal.core.db import Base, session, transaction
from portal.core.jobs import Job
from portal.groups.models import (
    ClosingReport,
    CompanionMeeting,
    Group,
    LotWord,
    Membership,
    NamedBallot,
    Objection,
    RoleHolder,
    SecretReason,
)
from portal.moderation.models import Case, CaseNote, Look
from portal.notifications.models import MailMessage, Notice
from portal.proposals.models import CoAuthorInvitation
from tests.admin.conftest import Desk
from tests.admin.group_rows import group_rows
from tests.support.factories import make_resident, make_staff
from tests.support.factories_groups import make_group, member_of
from tests.support.factories_proposals import make_proposal
from tests.support.people import deliver

pytestmark = pytest.mark.usefixtures("at_noon")

PEOPLE: dict[str, int] = {}


@pytest.fixture(autouse=True)
def every_table() -> None:
    """Also when this file runs alone."""
    feature_modules()


def test_every_column_says_what_it_is_for() -> None:
    assert gaps() == []


def test_a_new_column_without_a_purpose_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TABLES["account"].columns, "email")
    monkeypatch.setitem(TABLES["account"].columns, "shoe_size", TABLES["account"].columns["kind"])
    assert gaps() == ["account.email is not documented", "account.shoe_size does not exist"]
    monkeypatch.delitem(TABLES, "notice")
    assert "notice.context is not documented" in gaps()


def test_what_is_encrypted_is_called_private_or_secret(app: Flask) -> None:
    loose = [
        f"{table.name}.{column.name}"
        for table in data_kept()
        for column in table.columns
        if column.is_encrypted and column.kind not in {Class.PRIVATE, Class.SECRET}
    ]
    assert loose == []
    hashes = [column for table in data_kept() for column in table.columns if column.name.endswith("_hash")]
    known = {"source_hash"}
    assert {column.kind for column in hashes if column.name not in known} == {Class.SECRET}


def rows(now: datetime) -> Iterator[Base]:
    """One row for each rule that is overdue 400 days after `now`; what it needs is made by the fixture."""
    account, staff, proposal = PEOPLE["resident"], PEOPLE["staff"], PEOPLE["proposal"]
    soon = now + timedelta(hours=1)
    yield Job(kind="x", payload={}, created_at=now, run_at=now, done_at=now)
    yield Job(kind="x", payload={}, created_at=now, run_at=now, dead_at=now)
    yield SessionRow(token_hash=f"s{now}", account_id=account, created_at=now, expires_at=soon, proved_at=now)
    yield SignInCode(
        browser_hash="b", purpose="sign_in", typed="x", language="de", created_at=now, expires_at=soon
    )
    yield ParkedPost(sealed=b"x", byte_count=1, created_at=now)
    yield EmailChange(
        account_id=account, old_email="a@example.org", token_hash=f"e{now}", changed_at=now, undo_until=soon
    )
    yield SecondFactorReset(account_id=staff, requested_by=staff, requested_at=now, due_at=now, done_at=now)
    grant = {"account_id": staff, "valid_from": now, "proposed_at": now}
    yield StaffGrant(**grant, role="planner", ended_at=now)
    yield StaffGrant(**grant, role="moderator", valid_until=soon)
    mail = {"kind": "x", "template": "x", "language": "de"}
    yield MailMessage(**mail, status="sent", created_at=now)
    notice = {"account_id": account, "kind": "x", "context": {}, "created_at": now, "updated_at": now}
    yield Notice(**notice, read_at=now)
    yield Notice(**notice)
    report = {"page": "", "text": "x", "language": "de", "created_at": now, "due_on": now.date()}
    yield BarrierReport(**report, contact="a@example.org", answered_at=now)
    yield BarrierReport(**report, answered_at=now)
    yield Picture(uploader_id=account, folder=f"f{now}", widths=[], bytes=1, sha256="x", created_at=now)
    yield CoAuthorInvitation(
        proposal_id=proposal, token_hash=str(now)[:40], invited_by_id=account, created_at=now, expires_at=soon
    )
    case = Case(
        subject_kind="proposal",
        subject_id=10**6 + int(now.timestamp()) % 10**6,
        reason="report",
        urgency=4,
        title="x",
        excerpt="x",
        language="de",
        opened_at=now,
        closed_at=now,
    )
    yield case
    session.flush()
    yield CaseNote(case_id=case.id, author_id=staff, words="x", created_at=now)
    yield Look(case_id=case.id, account_id=staff, at=now, is_severe=False)
    yield from group_rows(now, PEOPLE["group"], [PEOPLE["member"], PEOPLE["other member"]])


@pytest.fixture
def kept(both: Flask) -> Flask:
    """People that rows belong to, and one row per rule made 400 days ago."""
    resident, staff = make_resident(), make_staff("planner")
    with transaction():
        PEOPLE.update(resident=resident.id, staff=staff.id, proposal=make_proposal(author=resident).id)
    PEOPLE["group"], people = make_group(3)
    with transaction(write=False):
        PEOPLE["member"], PEOPLE["other member"] = (
            member_of(PEOPLE["group"], person).id for person in people[:2]
        )
    with time_machine.travel(clock.now() - timedelta(days=400)), transaction():
        for row in rows(clock.now()):
            session.add(row)
        audit.record("accounts.card_made", actor=SYSTEM, subject=("account", resident.id))
    return both


def test_after_400_days_nothing_is_overdue(kept: Flask) -> None:
    with transaction(write=False):
        before = overdue_counts()
    assert [rule for rule, count in before.items() if count == 0] == []
    assert len(before) == len(RULES)
    deliver(by_clock=True)
    with transaction(write=False):
        assert {rule: count for rule, count in overdue_counts().items() if count} == {}


def test_every_table_with_a_last_day_has_a_rule() -> None:
    """Whoever writes `delete_on` into a table promises that somebody deletes."""
    ruled = {rule.table for rule in RULES}
    dated = {name for name, table in Base.metadata.tables.items() if "delete_on" in table.columns}
    assert dated - ruled == set()


def test_words_of_groups_are_gone_with_what_they_belong_to(kept: Flask) -> None:
    """Answers, objections and reasons go with the electors; reports and days with the agreement."""
    deliver(by_clock=True)
    counted = count_rows()
    for name in ("group_ballot", "group_objection", "group_lot_word", "group_secret_reason"):
        assert counted[name] == 0, name
    for name in ("group_accompaniment_report", "group_accompaniment_met", "group_companion_word"):
        assert counted[name] == 0, name


def test_what_is_not_overdue_stays(kept: Flask) -> None:
    deliver(by_clock=True)
    with transaction():
        # Of groups what they are made of stays; their old rows are gone already.
        kept_on = {StaffGrant, Case, Job, AuditEntry, Group, Membership, RoleHolder}
        for model in {rule.model for rule in RULES} - kept_on:
            session.execute(delete(model))
        for row in rows(clock.now()):
            session.add(row)
        audit.record("accounts.card_made", actor=SYSTEM, subject=("account", PEOPLE["resident"]))
        names = ("admin.retention", "accounts.prune", "notifications.prune", "content.sweep_pictures")
        groups = ("groups.tick", "groups.meetings", "groups.accompaniment", "groups.decisions")
        for name in (*names, *groups, "core.prune_jobs", "core.prune_audit", "moderation.erase_old"):
            session.execute(delete(Job).where(Job.kind == name))
    counted = count_rows()
    deliver(by_clock=True)
    assert {name: n for name, n in count_rows().items() if n < counted[name]} == {}


def count_rows() -> dict[str, int]:
    with transaction(write=False):
        ask: Callable[[object], int] = lambda model: session.scalar(  # noqa: E731
            select(func.count()).select_from(model)
        )
        words = (ClosingReport, CompanionMeeting, LotWord, NamedBallot, Objection, SecretReason)
        return {model.__tablename__: ask(model) for model in {rule.model for rule in RULES} | {*words}}


def test_the_page_shows_every_table_and_says_when_something_is_too_old(admin: Desk) -> None:
    page = admin.get("/en/staff/data").text
    assert [name for name in Base.metadata.tables if f"<code>{name}</code>" not in page] == []
    assert "Nothing is kept longer than promised" in page
    with time_machine.travel(clock.now() - timedelta(days=400)), transaction():
        session.add(ParkedPost(sealed=b"x", byte_count=1, created_at=clock.now()))
    assert "1 row should be gone" in admin.get("/en/staff/data").text
