"""What has a date after which it must be gone, and how to see that it is.

A rule says when a row is overdue: two days after its promised end, since the jobs that delete run daily.
"""

from __future__ import annotations

from sqlalchemy import func, select

from portal.accounts.models import (
    EmailChange,
    ParkedPost,
    SecondFactorReset,
    SessionRow,
    SignInCode,
    StaffGrant,
)
from portal.admin.queries.retention_groups import GROUP_RULES
from portal.admin.queries.retention_rule import Rule
from portal.content.models import BarrierReport, Picture
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import session
from portal.core.jobs import Job
from portal.moderation.models import Case, CaseNote, Look
from portal.notifications.models import MailMessage, Notice
from portal.proposals.models import CoAuthorInvitation

RULES: tuple[Rule, ...] = (
    Rule(AuditEntry, AuditEntry.at, 367),
    Rule(Job, Job.done_at, 14),
    Rule(Job, Job.dead_at, 90),
    Rule(SessionRow, SessionRow.expires_at, 0),
    Rule(SignInCode, SignInCode.created_at, 1),
    Rule(ParkedPost, ParkedPost.created_at, 1),
    Rule(EmailChange, EmailChange.undo_until, 0),
    Rule(SecondFactorReset, SecondFactorReset.done_at, 365),
    Rule(StaffGrant, StaffGrant.ended_at, 365, is_swept=True),
    Rule(StaffGrant, StaffGrant.valid_until, 365, is_swept=True),
    Rule(MailMessage, MailMessage.created_at, 14),
    Rule(Notice, Notice.read_at, 180),
    Rule(Notice, Notice.created_at, 365, is_swept=True),
    Rule(BarrierReport, BarrierReport.answered_at, 90, only=lambda: BarrierReport.contact.is_not(None)),
    Rule(BarrierReport, BarrierReport.answered_at, 365, is_swept=True),
    Rule(Picture, Picture.created_at, 7, only=lambda: Picture.owner_kind == ""),
    Rule(CoAuthorInvitation, CoAuthorInvitation.expires_at, 30, is_swept=True),
    Rule(CaseNote, CaseNote.created_at, 14),
    Rule(Look, Look.at, 14),
    Rule(Case, Case.closed_at, 365),
    *GROUP_RULES,
)


def overdue_counts() -> dict[str, int]:
    """ "table.column:days" -> rows that should be gone by now; 0 everywhere when the jobs run."""
    return {
        rule.words: session.scalar(
            select(func.count()).select_from(rule.model).where(rule.is_overdue(clock.now()))
        )
        or 0
        for rule in RULES
    }
