"""Groups behind proposals: naming one as author, offering to carry a result out, and a group's own list."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.content.queries import html_language
from portal.core.actors import Actor
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.groups.models import Group, Privacy
from portal.groups.queries import my_groups, require_group
from portal.groups.queries.parts import Part, Place, register_part
from portal.groups.queries.together import listed_names
from portal.proposals.forms.groups import GroupForm
from portal.proposals.models import OUTCOME_STAGES, GroupPart, Proposal, ProposalGroup
from portal.proposals.operations import grouping
from portal.proposals.permissions import speaks_for
from portal.proposals.queries.groups import (
    BehindLine,
    groups_behind,
    link_by_public_id,
    proposal_of,
    proposals_of_group,
)
from portal.proposals.views.section import load_proposal, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to


def named_groups(proposal: Proposal) -> dict[str, list[dict[str, str]]]:
    """Groups by what they do, as pages show them: "author" and "carries"."""
    found = groups_behind(proposal)
    return {part.value: [_shown(one) for one in found if one.link.part is part] for part in GroupPart}


def offers_to_answer(proposal: Proposal) -> list[BehindLine]:
    """Groups that offer to carry it out, for those who answer for it; nothing is asked for others."""
    actor = current_actor()
    if actor.is_visitor or proposal.stage not in OUTCOME_STAGES:
        return []
    if not (can(actor, "proposals.invite", proposal) or can(actor, "proposals.set_responsible", proposal)):
        return []
    waiting = [one for one in groups_behind(proposal, agreed=False) if one.link.agreed_on is None]
    return [one for one in waiting if not one.link.group_answers]


def _shown(line: BehindLine) -> dict[str, str]:
    return {"name": line.name, "pid": line.public_id, "html_lang": html_language(line.language)}


@section.route("/proposals/<pid>/groups", methods=["GET", "POST"])
@requires("proposals.invite", on=load_proposal)
def groups(proposal: Proposal) -> ResponseReturnValue:
    """Authors: which groups are named, and asking one."""
    form = GroupForm(_own_first())
    link = form.attempt(lambda: _name(form, proposal)) if form.validate_on_submit() else None
    if link is not None:
        flash_success(_("The group is named now.") if link.agreed_on else _("Asked. The group answers."))
        return redirect_to("proposals.groups", pid=proposal.public_id)
    return render(
        "proposals/groups.html",
        status=form.status,
        form=form,
        proposal=proposal,
        lines=groups_behind(proposal, agreed=False),
    )


def _own_first() -> list[tuple[str, str]]:
    """Groups everybody may know of, one's own first."""
    own = [
        (one.public_id, one.name) for one in my_groups(current_actor()) if one.privacy is not Privacy.DISCREET
    ]
    return own + [one for one in listed_names() if one not in own]


def _name(form: GroupForm, proposal: Proposal) -> ProposalGroup:
    return grouping.name_group(proposal, require_group(form.group.data or ""), actor=current_actor())


@section.route("/proposals/<pid>/carry", methods=["GET", "POST"])
@requires("proposals.carry", on=load_proposal)
def carry(proposal: Proposal) -> ResponseReturnValue:
    """A group offers to carry the result out."""
    form = GroupForm(_where_i_speak(current_actor()))
    if form.validate_on_submit() and form.attempt(lambda: _carry(form, proposal)):
        flash_success(_("Offered. It is shown once those who answer for the proposal agree."))
        return redirect_to("proposals.progress", pid=proposal.public_id)
    return render("proposals/carry.html", status=form.status, form=form, proposal=proposal)


def _where_i_speak(actor: Actor) -> list[tuple[str, str]]:
    """One's own groups in whose name one may say something; never a discreet one."""
    found = [require_group(one.public_id) for one in my_groups(actor) if one.privacy is not Privacy.DISCREET]
    return [(group.public_id, group.name) for group in found if speaks_for(actor, group)]


def _carry(form: GroupForm, proposal: Proposal) -> ProposalGroup:
    return grouping.offer_to_carry(proposal, require_group(form.group.data or ""), actor=current_actor())


def load_link(link: str) -> ProposalGroup | None:
    """The link of the URL; the permission decides who may change it."""
    return link_by_public_id(link)


@section.post("/proposals/groups/<link>")
@requires("proposals.end_group", on=load_link)
def change_group(link: ProposalGroup) -> ResponseReturnValue:
    """Agree, say no, or end it."""
    proposal, step = proposal_of(link), request.form.get("step")
    if step == "yes":
        grouping.answer_group(link, True, actor=current_actor())
        flash_success(_("Agreed. Everybody can see it now."))
    else:
        grouping.end_group(link, actor=current_actor())
        flash_info(_("Saved. The group is not named there any more."))
    return redirect_to("proposals.detail", pid=proposal.public_id)


# ---- on the group's own page


def our_proposals(group: Group, actor: Any) -> Part | None:
    """What the group proposes and carries out."""
    found = [] if group.is_discreet else proposals_of_group(group)
    if not found:
        return None
    lines = [(link.part.value, one, html_language(one.language)) for link, one in found]
    return Part(_("What we propose and do"), "proposals/_of_group.html", {"lines": lines})


def asked_of_us(group: Group, actor: Any) -> Part | None:
    """Those who speak for the group find here what it is asked about."""
    if group.is_discreet or not speaks_for(actor, group):
        return None
    found = [(link, one) for link, one in proposals_of_group(group, agreed=False) if link.group_answers]
    if not found:
        return None
    title = _("Does the group want to be named as author?")
    return Part(title, "proposals/_asks_group.html", {"lines": found}, urgent=True)


register_part(Place.OVERVIEW, "proposals", our_proposals, order=70)
register_part(Place.OVERVIEW, "asked-proposals", asked_of_us, order=8)
