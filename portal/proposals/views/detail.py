"""One proposal: its page, its tombstone, its versions, and sharing it without third parties."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.accounts.queries import AuthorCard, account_names
from portal.content.models import Picture
from portal.content.queries import html_language, pictures_of
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.core.qr import qr_svg
from portal.core.settings import current_settings
from portal.core.subjects import SubjectRef, resolve
from portal.discussions.views import conversation
from portal.groups.views.wishing import wish_context
from portal.moderation.queries import PublicReasons, public_reasons
from portal.proposals import queries
from portal.proposals.models import WITHDRAWN_LABELS, Proposal
from portal.proposals.permissions import is_author, is_locked
from portal.proposals.views.beside import context_beside, rows_beside
from portal.proposals.views.groups import named_groups, offers_to_answer
from portal.proposals.views.presenting import (
    badge_of,
    days_left,
    goal_of,
    links,
    place_of,
    topic_tile,
)
from portal.proposals.views.purpose import purpose_of
from portal.proposals.views.section import load_page, load_proposal, section
from portal.proposals.views.standing import status_of
from portal.proposals.views.texts import suggested_changes
from portal.proposals.views.video import known_video
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.page_cache import keep_for_visitors
from portal.web.render import render
from portal.web.responses import redirect_to

FIELD_LABELS = {
    "title": lambda: _("Title"),
    "what_md": lambda: _("What should happen"),
    "why_md": lambda: _("Why"),
    "for_whom_md": lambda: _("For whom"),
    "place_words": lambda: _("Place"),
}


@section.get("/proposals/<pid>")
@requires("proposals.open", on=load_page)
def detail(proposal: Proposal) -> ResponseReturnValue:
    """A proposal with everything around it."""
    if proposal.is_draft:
        return redirect_to("proposals.preview", pid=proposal.public_id)
    if not can(current_actor(), "proposals.see", proposal):
        blocked = proposal.author_id in current_actor().blocked and not proposal.is_hidden
        reasons = None if blocked else reasons_of(proposal)
        return render("proposals/tombstone.html", status=404, reasons=reasons, is_blocked=blocked)
    keep_for_visitors()
    return render("proposals/detail.html", **page_context(proposal))


def page_context(proposal: Proposal) -> dict[str, Any]:
    """Everything the page of a proposal shows; one query names all people on it."""
    beside = rows_beside(proposal)
    contacts = filter(None, [proposal.contact_account_id, proposal.substitute_account_id])
    people = [*proposal.author_ids, *contacts, *beside.people]
    talk = conversation(proposal.thread_id, also_named=people) if proposal.thread_id else {}
    names = talk["thread"].names if talk else account_names(people)
    icon, hue = topic_tile(proposal.topic)
    merged_into = queries.proposal_by_id(proposal.merged_into_id) if proposal.merged_into_id else None
    return {
        "badge": badge_of(proposal),
        "place": place_of(proposal),
        "topic_icon": icon,
        "topic_hue": hue,
        "authors": authors_of(proposal, names),
        "groups": named_groups(proposal)["author"],
        "group_offers": offers_to_answer(proposal),
        "pictures": photos_of(proposal),
        "sign_video": known_video(proposal),
        "suggested": suggested_changes(proposal),
        "standing": status_of(proposal, doer=beside.doer),
        "urls": links(proposal),
        "withdrawn_label": WITHDRAWN_LABELS.get(proposal.withdrawn_reason)
        if proposal.withdrawn_reason
        else "",
        "merged_into": merged_into,
        "is_locked": is_locked(proposal),
        "purpose": purpose_of(proposal.process_id),
        **context_beside(proposal, beside, names),
        **support_context(proposal),
        **together_context(proposal),
        **talk,
    }


def reasons_of(proposal: Proposal) -> PublicReasons | None:
    """By which rule it was hidden, as far as everybody may know."""
    subject = resolve(SubjectRef("proposal", proposal.id))
    return public_reasons(subject) if subject else None


def support_context(proposal: Proposal) -> dict[str, Any]:
    """What the support box shows; also alone, after a click."""
    return {
        "proposal": proposal,
        "relation": queries.relation_of(current_actor().account_id, proposal),
        "is_own": is_author(current_actor(), proposal),
        "goal": goal_of(proposal.stage) if proposal.is_open else None,
        "days_left": days_left(proposal.collecting_until_on, proposal.stage),
    }


def together_context(proposal: Proposal) -> dict[str, Any]:
    """Who would make it real together, where people may still begin."""
    if proposal.is_withdrawn or proposal.is_hidden:
        return {}
    return wish_context(SubjectRef("proposal", proposal.id), proposal.public_id)


def authors_of(proposal: Proposal, names: dict[int, AuthorCard]) -> list[AuthorCard]:
    """Its authors by name; an imported one has its source instead."""
    cards = [names[one] for one in proposal.author_ids]
    return cards or [AuthorCard(proposal.imported_from or _("Former member"), None, "")]


def photos_of(proposal: Proposal) -> list[Picture]:
    """The described photos; no query when there are none."""
    return pictures_of(SubjectRef("proposal", proposal.id)) if proposal.picture_count else []


@section.get("/proposals/<pid>/versions")
@requires("proposals.see_history", on=load_proposal)
def versions(proposal: Proposal) -> ResponseReturnValue:
    """All versions, each with what changed, readable without colour."""
    keep_for_visitors()
    found = queries.versions_of(proposal)
    names = account_names(one.editor_id for one in found)
    pairs = list(zip(found, [*found[1:], None], strict=True))
    return render(
        "proposals/versions.html",
        proposal=proposal,
        html_lang=html_language(proposal.language),
        versions=[(one, names.get(one.editor_id or 0), changes_of(before, one)) for one, before in pairs],
    )


def changes_of(before: Any, after: Any) -> list[tuple[str, Any]]:
    """Field names in words with their differences; nothing for the first version."""
    if before is None:
        return []
    found = queries.changes_between(before, after)
    return [(FIELD_LABELS[change.field](), change.parts) for change in found]


@section.get("/proposals/<pid>/share")
@requires("proposals.see_history", on=load_proposal)
def share(proposal: Proposal) -> ResponseReturnValue:
    """Link and QR code to pass on; nobody else is told."""
    return render("proposals/share.html", proposal=proposal, **_address(proposal))


@section.get("/proposals/<pid>/notice")
@requires("proposals.see_history", on=load_proposal)
def notice(proposal: Proposal) -> ResponseReturnValue:
    """A sheet to print for the noticeboard."""
    return render(
        "proposals/notice.html",
        proposal=proposal,
        place=place_of(proposal),
        html_lang=html_language(proposal.language),
        back_url=url_for("proposals.detail", pid=proposal.public_id),
        **_address(proposal),
    )


def _address(proposal: Proposal) -> dict[str, Any]:
    """The full address from the settings (never from the request's Host header) and its QR code."""
    if proposal.is_draft:
        raise NotFound
    path = url_for("proposals.detail", pid=proposal.public_id)
    url = current_settings().base_url + path
    label = _("QR code with the address of this proposal")
    return {"url": url, "path": path, "qr": Markup(qr_svg(url, label))}  # noqa: S704  our own drawing
