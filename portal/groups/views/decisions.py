"""What a group decides: its list, one decision, and what waits for one's own answer in all groups."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.core.actors import Actor
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.groups.models import DecisionState, Group, GroupDecision, MemberState
from portal.groups.permissions import membership_of
from portal.groups.queries import decisions as queries
from portal.groups.queries.parts import Part, Place, register_part
from portal.groups.views.decision_pages import desk_of, load_decision, own_membership, page_of, shown_lines
from portal.groups.views.framing import exit_url, group_page, neutral_title, private
from portal.groups.views.section import load_group, section
from portal.groups.views.words import register_history
from portal.web.access import own, requires
from portal.web.context import current_actor
from portal.web.render import Page, page_number, render

PER_PAGE = 20
ENDED = (DecisionState.CLOSED, DecisionState.CANCELLED)
RUNNING = (DecisionState.OPEN, DecisionState.COLLECTING, DecisionState.INTEGRATING)


@section.get("/groups/<pid>/decisions")
@requires("groups.read_inside", on=load_group)
def decisions(group: Group) -> ResponseReturnValue:
    """What waits for the reader first, then what runs, then what was decided."""
    return group_page(
        "groups/decisions/list.html", group, tab="decisions", subject=_("Decisions"), **_listed(group)
    )


def _listed(group: Group) -> dict[str, Any]:
    inside = own_membership(group)
    running = queries.decision_lines(group, RUNNING, membership=inside)
    many = queries.count_decisions(group, ENDED, for_members=inside is not None)
    page = Page(page_number(), PER_PAGE, many)
    ended = queries.decision_lines(group, ENDED, membership=inside, limit=PER_PAGE, offset=page.offset)
    return {
        "missing": shown_lines([one for one in running if one.mine == "missing"]),
        "running": shown_lines([one for one in running if one.mine != "missing"]),
        "drafts": shown_lines(_drafts(group)),
        "reviews": queries.reviews_open(group) if inside else [],
        "ended": shown_lines(ended),
        "page": page,
    }


def _drafts(group: Group) -> list[queries.DecisionLine]:
    """Drafts this reader may go on writing."""
    actor = current_actor()
    membership = membership_of(actor, group)
    if membership is None or not can(actor, "groups.take_part", group):
        return []
    return queries.drafts_of(group, membership, every=can(actor, "groups.facilitate_all", group))


@section.get("/groups/<pid>/decisions/<did>")
@requires("groups.see_decision", on=load_decision)
def decision(one: GroupDecision) -> ResponseReturnValue:
    """One decision: what is asked, how it is decided, what came out and why, what comes next."""
    desk = desk_of(one)
    return group_page(
        "groups/decisions/detail.html", desk.group, tab="decisions", subject=one.title, **page_of(desk)
    )


@section.get("/groups/decisions/missing")
@own
def voices_missing() -> ResponseReturnValue:
    """What waits for the answer of the person who looks, in all their groups."""
    found = queries.voices_missing(current_actor())
    lines = shown_lines([line for _group, line in found])
    response = render(
        "groups/decisions/missing.html",
        rows=[(group, line) for (group, _line), line in zip(found, lines, strict=True)],
        neutral_title=neutral_title(),
        leave_url=exit_url(),
        alternates=False,
    )
    return private(response)


def _waits(group: Group, actor: Actor) -> Part | None:
    """On the overview: what waits for the reader's answer in this group."""
    membership = membership_of(actor, group)
    if membership is None or membership.state is not MemberState.MEMBER or not group.is_living:
        return None
    running = queries.decision_lines(group, (DecisionState.OPEN,), membership=membership)
    missing = [one for one in running if one.mine == "missing"]
    reviews = queries.reviews_open(group)
    if not missing and not reviews:
        return None
    context = {"lines": shown_lines(missing), "reviews": reviews, "pid": group.public_id}
    return Part(_("Your voice is missing here"), "groups/decisions/_waits.html", context, urgent=True)


def _lately(group: Group, actor: Actor) -> Part | None:
    """On the overview: what was decided last."""
    if not can(actor, "groups.read_inside", group):
        return None
    closed = (DecisionState.CLOSED,)
    last = queries.decision_lines(group, closed, membership=own_membership(group), limit=3)
    if not last:
        return None
    url = url_for("groups.decisions", pid=group.public_id)
    context = {"lines": shown_lines(last), "pid": group.public_id, "url": url}
    return Part(_("What we decided"), "groups/decisions/_lately.html", context)


register_history(
    {
        "decision_extended": _l("A decision runs on for longer"),
        "decision_integrating": _l("There was an objection: a new text is being written"),
        "decision_next_round": _l("A decision went into its next round"),
        "decision_cancelled": _l("A decision was stopped"),
        "decision_reopened": _l("A decision takes answers once more"),
        "decision_note": _l("A note was added to a decision"),
        "suggestions_wanted": _l("Suggestions were asked for"),
        "suggestions_too_few": _l("There were too few suggestions to decide"),
        "outcome_written": _l("Members said who does what by when"),
        "outcome_reviewed": _l("Members looked again at what was decided"),
        "review_asked": _l("The portal asked whether something still holds"),
        "decision_carried_out": _l("Something that was decided is in force"),
        "lot_taken_out": _l("Somebody took themselves out of a draw"),
        "date_taken_out": _l("A date was taken out of a poll"),
        "role_taken_back": _l("A role was taken back by decision: %(role)s"),
    }
)
register_part(Place.OVERVIEW, "decisions-missing", _waits, order=10)
register_part(Place.OVERVIEW, "decisions-lately", _lately, order=60)
