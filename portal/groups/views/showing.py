"""What people read: the directory, a group's own page, what it agreed on, one's own groups."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.i18n import LANGUAGES
from portal.core.permissions import can
from portal.groups import queries
from portal.groups.models import Group, Privacy
from portal.groups.models.labels import CHARTER_LABELS, JOIN_LOOKS
from portal.groups.queries.members import shown_members
from portal.groups.queries.parts import Place, own_parts, parts_of
from portal.groups.queries.together import leads_to
from portal.groups.views.filtering import filters_of, wanted_from
from portal.groups.views.framing import exit_url, group_page, neutral_title, private, tools_of
from portal.groups.views.presenting import cards, reading_of
from portal.groups.views.section import load_group, section
from portal.places.queries import district_names
from portal.web.access import own, requires
from portal.web.context import current_actor
from portal.web.render import Page, page_number, render
from portal.web.responses import redirect_to

PER_PAGE = 24


@section.get("/groups")
@requires("groups.list")
def index() -> ResponseReturnValue:
    """The groups everybody may know of."""
    wanted = wanted_from(request.args)
    page_at = page_number()
    rows, total = queries.directory_page(wanted, offset=(page_at - 1) * PER_PAGE, limit=PER_PAGE)
    page = Page(page_at, PER_PAGE, total)
    return render("groups/list.html", fragment="results", groups=cards(rows), page=page, **filters_of(wanted))


@section.get("/groups/mine")
@own
def mine() -> ResponseReturnValue:
    """The groups of the person who looks, discreet ones in a list of their own."""
    found = queries.my_groups(current_actor())
    response = render(
        "groups/mine.html",
        groups=cards([one for one in found if one.privacy is not Privacy.DISCREET], mine=True),
        hidden=cards([one for one in found if one.privacy is Privacy.DISCREET], mine=True),
        parts=own_parts(current_actor()),
        neutral_title=neutral_title(),
        leave_url=exit_url(),
        alternates=False,
    )
    return private(response)


@section.get("/groups/<pid>")
@requires("groups.see", on=load_group)
def detail(group: Group) -> ResponseReturnValue:
    """The group's own page: for everybody what it is for, for members also what is going on."""
    actor = current_actor()
    into = leads_to(group, actor)
    if into is not None:
        return redirect_to("groups.detail", pid=into.public_id)
    parts = parts_of(Place.OVERVIEW, group, actor)
    inside = can(actor, "groups.read_inside", group)
    facts = _card_of(group)
    return group_page("groups/detail.html", group, tab="overview", parts=parts, reads_inside=inside, **facts)


def _card_of(group: Group) -> dict[str, Any]:
    """What a group says of itself."""
    return {
        "size": queries.shown_size(group, is_inside=can(current_actor(), "groups.leave", group)),
        "people": shown_members(group),
        "where": district_names().get(group.district_id or 0, ""),
        "how_to_join": JOIN_LOOKS[group.join_way],
        "reading": reading_of(group),
        "spoken": " · ".join(LANGUAGES[slug].name for slug in group.languages if slug in LANGUAGES),
    }


@section.get("/groups/<pid>/about")
@requires("groups.see", on=load_group)
def about(group: Group) -> ResponseReturnValue:
    """What the group agreed on, and the pages one needs seldom."""
    actor = current_actor()
    reads = can(actor, "groups.read_charter", group)
    charter = queries.current_charter(group)
    return group_page(
        "groups/about.html",
        group,
        tab="about",
        charter=charter if reads else None,
        labels=CHARTER_LABELS,
        parts=parts_of(Place.ABOUT, group, actor),
        tools=tools_of(group),
    )
