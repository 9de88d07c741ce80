"""What stands beside the text on a proposal's page: answer, assessment, help, contact, sources, languages.

Everything is looked up only where the proposal says that there is something (its counters).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for

from portal.accounts.queries import AuthorCard
from portal.content.models import TextState
from portal.content.queries import PLAIN, TextView, best_text, html_language, text_in, version_states
from portal.core.i18n import current_language
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.core.text import render_markdown
from portal.places.queries import organization_names
from portal.proposals import operations, queries
from portal.proposals.forms import StageForm, language_name, scale_of
from portal.proposals.models import (
    DECISION_LABELS,
    NEED_LABELS,
    VERDICT_LABELS,
    Answer,
    Assessment,
    NeedKind,
    Proposal,
    ProposalNeed,
    Stage,
)
from portal.proposals.operations.staging import ANSWERED_STAGES
from portal.proposals.permissions import STAGES, is_contact
from portal.proposals.queries import PublicPledges
from portal.proposals.views.outcomes import progress_of
from portal.proposals.views.standing import overdue_days, role_words
from portal.web.context import current_actor

MAY = ("prepare_answer", "assess", "set_contact", "ask_merge", "undo_merge", "judge_text", "report_progress")


@dataclass(frozen=True)
class Reading:
    """The words of the proposal as this reader gets them."""

    title: str
    sections: list[tuple[str, str]]
    html_lang: str
    language: str
    version: TextView | None
    switch: list[tuple[str, str, bool, str]] = field(default_factory=list)


def reading_of(proposal: Proposal) -> Reading:
    """The best version for the page's language, or the one chosen by ?text=; else the original."""
    version = _chosen_version(proposal)
    return Reading(
        title=version.fields["title"] if version else proposal.title,
        sections=_with_headings(version.html) if version else sections_of(proposal),
        html_lang=version.html_lang if version else html_language(proposal.language),
        language=version.language if version else proposal.language,
        version=version,
        switch=_switch(proposal, version.language if version else proposal.language),
    )


def sections_of(proposal: Proposal) -> list[tuple[str, str]]:
    """The author's texts with their headings; empty ones are left out."""
    texts = {"what": proposal.what_html, "why": proposal.why_html, "for_whom": proposal.for_whom_html}
    return _with_headings(texts)


def _with_headings(html: dict[str, str]) -> list[tuple[str, str]]:
    headings = {"what": "", "why": _("Why it is important"), "for_whom": _("Who it is good for")}
    return [(heading, html[name]) for name, heading in headings.items() if html.get(name)]


def _chosen_version(proposal: Proposal) -> TextView | None:
    if not proposal.text_count:
        return None
    wanted = request.args.get("text", "")[:12]
    if wanted in {"original", proposal.language}:
        return None
    if wanted:
        return text_in("proposal", proposal.id, wanted)
    return best_text("proposal", proposal.id, current_language().slug, proposal.language)


def _switch(proposal: Proposal, present: str) -> list[tuple[str, str, bool, str]]:
    """(name, address, whether it is shown now, language tag) of the original and of every written version."""
    if not proposal.text_count:
        return []
    found = []
    for one in version_states("proposal", proposal.id, proposal.language):
        if one.state is TextState.MISSING:
            continue
        value = "original" if one.is_source else one.language
        url = url_for("proposals.detail", pid=proposal.public_id, text=value, _anchor="proposal-text")
        name = language_name(one.language)
        label = _("%(language)s (original)", language=name) if one.is_source else name
        found.append((label, url, one.language == present, html_language(one.language)))
    return found


@dataclass(frozen=True)
class Beside:
    """Rows the page needs before it asks for names."""

    answer: Answer | None
    assessments: list[Assessment]
    reading: Reading

    @property
    def people(self) -> list[int]:
        """Whose names the page shows."""
        ids = [one.assessor_id for one in self.assessments[:1]]
        if self.reading.version and self.reading.version.author_id:
            ids.append(self.reading.version.author_id)
        return ids

    @property
    def doer(self) -> str:
        """Who would carry it out."""
        return self.assessments[0].who_would_do_it if self.assessments else ""


def rows_beside(proposal: Proposal) -> Beside:
    """What the office and others have written about it."""
    return Beside(
        answer=queries.public_answer_of(proposal),
        assessments=queries.assessments_of(proposal),
        reading=reading_of(proposal),
    )


def context_beside(proposal: Proposal, rows: Beside, names: dict[int, AuthorCard]) -> dict[str, Any]:
    """The same in words, and the boxes for authors, helpers and staff."""
    version = rows.reading.version
    actor_id = current_actor().account_id
    return {
        "reading": rows.reading,
        "translator": names.get(version.author_id or 0) if version else None,
        "is_outdated": version is not None and version.state is TextState.OUTDATED,
        "wants_plain": _wants_plain(rows.reading),
        "answer": answer_view(rows.answer) if rows.answer else None,
        "overdue_days": overdue_days(proposal),
        "assessment": _assessment_view(rows.assessments, names) if rows.assessments else None,
        "needs": needs_view(proposal),
        "can_begin": can(current_actor(), "proposals.begin", proposal)
        and operations.can_begin(proposal)
        and queries.is_complete(proposal),
        "is_pledgeable": operations.is_pledgeable(proposal),
        "contact": names.get(proposal.contact_account_id or 0),
        "substitute": names.get(proposal.substitute_account_id or 0),
        "is_contact": is_contact(current_actor(), proposal),
        "my_offer": None if proposal.contact_account_id else queries.offer_of(proposal, actor_id),
        "sources": queries.sources_of(proposal),
        "carry_over": queries.waiting_carry_over(proposal, actor_id),
        "staff_box": staff_box(proposal),
        "merge_questions": merge_questions(proposal),
        "progress": progress_of(proposal),
    }


def _wants_plain(reading: Reading) -> bool:
    """The reader wants plain language, and the text is not in it."""
    return current_language().slug == PLAIN and reading.language != PLAIN


def answer_view(answer: Answer) -> dict[str, Any]:
    """The answer with its former versions; those only when there are some."""
    versions = queries.answer_versions(answer) if answer.version_count > 1 else []
    label, icon, tone = DECISION_LABELS[answer.decision]
    shown = [
        {
            "label": DECISION_LABELS[one.decision][0],
            "html": render_markdown(one.text_md),
            "html_lang": html_language(one.language),
            "at": one.at,
            "role": role_words(one.editor_role),
        }
        for one in versions
    ]
    return {
        "label": label,
        "icon": icon,
        "tone": tone,
        "html": answer.text_html,
        "html_lang": html_language(answer.language),
        "at": answer.published_at,
        "role": shown[0]["role"] if shown else None,
        "changed_at": versions[0].at if versions else None,
        "former": shown[1:],
    }


def _assessment_view(rows: list[Assessment], names: dict[int, AuthorCard]) -> dict[str, Any]:
    organizations = organization_names([one.organization_id for one in rows if one.organization_id])
    current = _one_assessment(rows[0], organizations)
    return {
        **current,
        "by": names.get(rows[0].assessor_id),
        "former": [_one_assessment(one, organizations) for one in rows[1:]],
    }


def _one_assessment(row: Assessment, organizations: dict[int, str]) -> dict[str, Any]:
    label, icon, tone = VERDICT_LABELS[row.verdict]
    return {
        "label": label,
        "icon": icon,
        "tone": tone,
        "html": row.reason_html,
        "html_lang": html_language(row.language),
        "cost": row.cost_cents,
        "running_cost": row.running_cost_cents,
        "who": row.who_would_do_it,
        "organization": organizations.get(row.organization_id or 0, ""),
        "at": row.published_at,
        "until": row.replaced_at,
    }


def needs_view(proposal: Proposal) -> list[dict[str, Any]]:
    """What is missing and how much of it was pledged; names only of those who want it."""
    pledges = queries.public_pledges(proposal, current_actor().account_id)
    return [need_view(one, pledges.get(one.id)) for one in queries.needs_of(proposal)]


def need_view(need: ProposalNeed, pledges: PublicPledges | None = None) -> dict[str, Any]:
    """One thing that is missing, in words; money in euros."""
    scale = scale_of(need)
    label = NEED_LABELS[need.kind]
    return {
        "public_id": need.public_id,
        "text": f"{label}: {need.words}" if need.words else str(label),
        "have": need.pledged // scale,
        "want": need.quantity // scale,
        "is_money": need.kind is NeedKind.MONEY,
        "is_met": need.is_met,
        "names": pledges.names if pledges else (),
        "count": pledges.count if pledges else 0,
        "mine": pledges.mine // scale if pledges and pledges.mine else None,
    }


def merge_questions(proposal: Proposal) -> list[dict[str, Any]]:
    """Open questions about merging, for those who are asked and for those who asked."""
    actor = current_actor()
    if actor.account_id is None:
        return []
    concerns_me = actor.is_staff or actor.account_id in proposal.author_ids
    # An author of the other proposal comes here from the notice, too.
    found = (
        queries.open_cases_of(proposal) if concerns_me else queries.open_cases_for(proposal, actor.account_id)
    )
    cases = [queries.case_of(one) for one in found]
    return [
        {
            "public_id": one.merge.public_id,
            "is_split": one.is_split,
            "asks_me": actor.account_id in one.waits_for,
            "waits": len(one.waits_for),
        }
        for one in cases
        if can(actor, "proposals.see_merge", one)
    ]


def staff_box(proposal: Proposal) -> dict[str, Any] | None:
    """What this member of staff can do here; nothing for everybody else."""
    actor = current_actor()
    if not (actor.is_staff and can(actor, "proposals.work")):
        return None
    targets: list[Stage] = [
        Stage(one)
        for one in STAGES.targets(actor, proposal, proposal.stage)
        if one not in ANSWERED_STAGES and proposal.is_open
    ]
    may = {name: can(actor, f"proposals.{name}", proposal) for name in MAY}
    return {
        "stage_form": StageForm(targets)
        if targets and can(actor, "proposals.change_stage", proposal)
        else None,
        "may": may,
        "answer": queries.answer_of(proposal) if may["prepare_answer"] else None,
        "has_draft_assessment": may["assess"] and queries.draft_assessment(proposal) is not None,
        "offers": len(queries.waiting_offers(proposal)) if may["judge_text"] else 0,
        "is_anything": any(may.values()) or bool(targets),
    }
