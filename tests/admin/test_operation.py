"""Jobs that gave up, search, barriers, the invitation; nothing of what is inside them is shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import time_machine
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import StaffGrant
from portal.accounts.operations import end_role, propose_role
from portal.content.models import BarrierReport
from portal.content.operations import report_barrier
from portal.core import clock, jobs, search
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.jobs import Job
from portal.notifications.models import MailMessage
from tests.admin.conftest import Desk
from tests.support.factories import actor_of, make_staff
from tests.support.factories_proposals import make_proposal
from tests.support.people import deliver

SECRET = "Kanarienvogel"


def dead_job() -> int:
    """A job nobody could do: its kind has no handler."""
    with transaction():
        jobs.enqueue("test.unknown_kind", {"text": SECRET})
    deliver()
    with transaction(write=False):
        job = session.scalars(select(Job).where(Job.kind == "test.unknown_kind")).one()
        assert job.dead_at is not None
        return job.id


def test_a_dead_letter_is_tried_again_or_dropped(admin: Desk) -> None:
    job_id = dead_job()
    page = admin.get("/en/staff/operation").text
    assert "test.unknown_kind" in page
    assert "KeyError" in page
    assert SECRET not in page
    admin.post(f"/en/staff/operation/jobs/{job_id}/retry")
    with transaction(write=False):
        job = session.get_one(Job, job_id)
        assert (job.dead_at, job.attempts, job.error) == (None, 0, None)
        assert job.payload == {"text": SECRET}
    assert "test.unknown_kind" not in admin.get("/en/staff/operation").text
    admin.post(f"/en/staff/operation/jobs/{job_id}/retry", 404)
    deliver()
    admin.post(f"/en/staff/operation/jobs/{job_id}/drop")
    with transaction(write=False):
        assert session.get(Job, job_id) is None
    admin.post(f"/en/staff/operation/jobs/{job_id}/drop", 404)
    log = admin.get("/en/staff/log").text
    assert "kind: test.unknown_kind" in log
    assert SECRET not in log


def test_a_job_that_waits_cannot_be_dropped(admin: Desk) -> None:
    with transaction():
        jobs.enqueue("content.erase_files", {"folder": "x"})
    with transaction(write=False):
        job_id = session.scalars(select(Job.id)).first()
    admin.post(f"/de/staff/operation/jobs/{job_id}/drop", 404)


def test_the_search_index_is_made_anew_in_the_background(admin: Desk) -> None:
    with transaction():
        proposal_id = make_proposal(title="Ein Brunnen für den Kirchplatz").id
    with transaction(write=False):
        assert list(search.find("Brunnen", ["proposal"])) == []
    admin.post("/de/staff/operation/search")
    admin.post("/de/staff/operation/search")
    deliver()
    with transaction(write=False):
        assert [hit.id for hit in search.find("Brunnen", ["proposal"])] == [proposal_id]
        done = session.scalars(select(Job).where(Job.kind == "admin.rebuild_search")).all()
        assert {job.done_at is not None for job in done} == {True}


def test_a_barrier_is_answered_within_four_weeks(admin: Desk) -> None:
    with transaction():
        first = report_barrier(
            page="/de/help", text="Der Film hat keine Untertitel.", contact="a@example.org"
        )
        path = f"/en/staff/barriers/{first.public_id}"
    assert "overdue" not in admin.get("/en/staff/barriers").text
    with time_machine.travel(clock.now() + timedelta(days=29)):
        late = Desk(admin.app, admin.account)
        assert "overdue" in late.get("/en/staff/barriers").text
        assert "overdue" in late.get("/en/staff/operation").text
    page = admin.get(path).text
    assert "Untertitel" in page
    assert "a@example.org" in page
    admin.post(path, 422, answer="  ")
    admin.post(path, answer="Untertitel sind jetzt da.")
    assert "answered on" in admin.get("/en/staff/barriers").text
    with transaction(write=False):
        assert session.scalars(select(BarrierReport.answer)).one() == "Untertitel sind jetzt da."
        assert session.scalars(select(BarrierReport.answered_by)).one() == admin.account.id


def test_barriers_come_by_deadline_then_the_answered(admin: Desk) -> None:
    with transaction():
        reports = [report_barrier(page="", text=f"Nummer {number}") for number in range(3)]
        reports[0].due_on = clock.today() + timedelta(days=9)
        reports[1].answered_at = clock.now()
        order = [reports[2].public_id, reports[0].public_id, reports[1].public_id]
        reports[2].due_on = clock.today() + timedelta(days=1)
    page = admin.get("/de/staff/barriers").text
    assert sorted(order, key=page.index) == order


def test_whoever_gets_a_role_is_invited_by_mail(app: Flask, admin: Desk) -> None:
    person = make_staff(None, language="en")
    with transaction():
        propose_role(admin.actor, session.merge(person), StaffRole.PLANNER)
    with transaction(write=False):
        mail = session.scalars(select(MailMessage).where(MailMessage.account_id == person.id)).one()
        assert mail.template == "admin/mail/role_granted"
        assert mail.recipient == person.email
    deliver()
    texts = [path.read_text() for path in (Path(app.instance_path) / "mail").glob("*.eml")]
    (text,) = [one for one in texts if "You have a role in the portal" in one]
    assert "Planning of the town" in text
    assert "/en/sign-in" in text


def test_whoever_loses_a_role_is_told_by_mail(app: Flask, admin: Desk) -> None:
    person, actor = make_staff(None, language="en"), admin.actor
    with transaction():
        grant = propose_role(actor, session.merge(person), StaffRole.PLANNER)
    with transaction():
        end_role(actor, session.merge(grant))
    deliver()
    texts = [path.read_text() for path in (Path(app.instance_path) / "mail").glob("*.eml")]
    (text,) = [one for one in texts if "A role of yours in the portal has ended" in one]
    assert "Planning of the town" in text


def test_a_role_from_the_terminal_or_one_that_waits_brings_no_mail(app: Flask, admin: Desk) -> None:
    make_staff("administrator")
    person = make_staff(None)
    with transaction():
        grant = propose_role(admin.actor, session.merge(person), StaffRole.PLANNER)
        assert grant.confirmed_at is None
        assert session.get_one(StaffGrant, grant.id).proposed_by == admin.account.id
    with transaction(write=False):
        mails = session.scalars(select(MailMessage.template)).all()
    assert "admin/mail/role_granted" not in mails
    assert actor_of(person).roles == ()
