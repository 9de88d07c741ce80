"""What moderation hears, and what it offers to notices: decisions, reports and cases as subjects."""

from __future__ import annotations

from typing import Any

from portal.accounts.events import AccountErased
from portal.accounts.operations import register_export_section
from portal.core.actors import Actor
from portal.core.events import subscribe
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.core.subjects import SubjectKind, SubjectRef, register
from portal.discussions.events import CommentAdded, CommentEdited
from portal.moderation import operations, queries
from portal.moderation.events import SubjectHidden, SubjectRestored
from portal.moderation.models import Appeal, Case, Decision, Report
from portal.notifications.operations import silence


@subscribe(CommentAdded)
def look_for_pattern(event: CommentAdded) -> None:
    """Copies of one text from new accounts are hidden until somebody has looked."""
    operations.look_for_pattern(SubjectRef("comment", event.comment_id))


@subscribe(CommentEdited)
def look_again(event: CommentEdited) -> None:
    """A changed text that was hidden comes back to the queue; one that became a copy is looked at as such."""
    ref = SubjectRef("comment", event.comment_id)
    operations.text_changed(ref)
    operations.look_for_pattern(ref)


@subscribe(AccountErased)
def forget_reporter(event: AccountErased) -> None:
    """Reports stay to be looked at, without the account."""
    operations.forget_reporter(event.account_id)


@subscribe(SubjectHidden)
def keep_quiet(event: SubjectHidden) -> None:
    """Nobody is reminded of a hidden thing."""
    silence(SubjectRef(event.kind, event.id), is_silenced=True)


@subscribe(SubjectRestored)
def speak_again(event: SubjectRestored) -> None:
    """What was told about it is there again."""
    silence(SubjectRef(event.kind, event.id), is_silenced=False)


def _may(permission: str) -> Any:
    def ask(actor: Actor, thing: Any) -> bool:
        return can(actor, permission, thing)

    return ask


register(
    SubjectKind(
        kind="decision",
        label=_l("Decision"),
        load=queries.decision_by_id,
        load_many=queries.loader_of(Decision),
        load_public=queries.decision_by_public_id,
        public_id=lambda decision: decision.public_id,
        title=lambda decision: _("Decision about something you wrote"),
        endpoint=lambda decision: ("moderation.statement", {"pid": decision.public_id}),
        can_see=_may("moderation.statement"),
    )
)
register(
    SubjectKind(
        kind="report",
        label=_l("Report"),
        load=queries.report_by_id,
        load_many=queries.loader_of(Report),
        load_public=lambda public_id: None,
        public_id=lambda report: report.public_id,
        title=lambda report: _("Your report"),
        endpoint=lambda report: ("moderation.own_report", {"pid": report.public_id}),
        can_see=_may("moderation.own_report"),
    )
)
register(
    SubjectKind(
        kind="case",
        label=_l("Case"),
        load=queries.case_by_id,
        load_many=queries.loader_of(Case),
        load_public=queries.case_by_public_id,
        public_id=lambda case: case.public_id,
        title=lambda case: _("Something to look at"),
        endpoint=lambda case: ("moderation.case", {"pid": case.public_id}),
        can_see=_may("moderation.see_case"),
    )
)
register(
    SubjectKind(
        kind="appeal",
        label=_l("Objection"),
        load=queries.appeal_by_id,
        load_many=queries.loader_of(Appeal),
        load_public=queries.appeal_by_public_id,
        public_id=lambda appeal: appeal.public_id,
        title=lambda appeal: _("An objection to answer"),
        endpoint=lambda appeal: ("moderation.answer", {"pid": appeal.public_id}),
        can_see=_may("moderation.answer_objection"),
    )
)


def _reports_of(account_id: int) -> list[dict[str, Any]]:
    return [
        {
            "reported_at": report.created_at.isoformat(),
            "about": report.category,
            "words": report.words,
            "answered_at": report.answered_at.isoformat() if report.answered_at else None,
        }
        for report in queries.reports_of(account_id)
    ]


def _decisions_about(account_id: int) -> list[dict[str, Any]]:
    return [
        {
            "decided_at": decision.decided_at.isoformat(),
            "measure": decision.measure,
            "until": decision.until.isoformat() if decision.until else None,
            "ground": decision.ground_text,
            "passage": decision.passage,
            "reasons": decision.facts,
            "by": decision.role_name,
            "objection": appeal.words if appeal else None,
            "answer": appeal.reply if appeal else None,
        }
        for decision, appeal in queries.decisions_concerning(account_id)
    ]


register_export_section("reports", _reports_of)
register_export_section("moderation_decisions", _decisions_about)
