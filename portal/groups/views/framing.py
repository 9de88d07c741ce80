"""What every page of one group has: its name, tabs, badges, notes, and the quick way out of discreet ones.

Other modules add a tab's page by using its endpoint, a link to the list of tools with `register_tool`, and a
section of the overview with `queries.parts.register_part`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, url_for

from portal.content.queries import html_language
from portal.core.i18n import LazyString, pgettext
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_pgettext as _pl
from portal.core.permissions import can
from portal.core.site_settings import site
from portal.groups.models import Group, GroupState, Membership, MemberState, Privacy
from portal.groups.models.labels import KIND_LOOKS, PRIVACY_LOOKS, STATE_LOOKS, Look
from portal.groups.permissions import membership_of
from portal.web.context import current_actor
from portal.web.render import render


@dataclass(frozen=True)
class Tab:
    """A page of a group: shown when its endpoint exists and the reader may open it."""

    name: str
    label: LazyString
    endpoint: str
    permission: str


TABS = (
    Tab("overview", _pl("group", "Overview"), "groups.detail", "groups.see"),
    Tab("board", _pl("group", "Board"), "groups.board", "groups.read_board"),
    Tab("meetings", _pl("group", "Meetings"), "groups.meetings", "groups.read_dates"),
    Tab("decisions", _pl("group", "Decisions"), "groups.decisions", "groups.read_inside"),
    Tab("members", _pl("group", "Members"), "groups.members", "groups.leave"),
    Tab("about", _pl("group", "About"), "groups.about", "groups.see"),
)


@dataclass(frozen=True)
class Tool:
    """A page people need seldom; listed on the page "About" for those who may open it."""

    endpoint: str
    label: LazyString
    permission: str
    icon: str
    order: int


_tools: list[Tool] = []


def register_tool(
    endpoint: str, label: LazyString, *, permission: str, icon: str = "arrow", order: int = 100
) -> None:
    """A page of a group (its endpoint takes `pid`) that "About" lists."""
    _tools.append(Tool(endpoint, label, permission, icon, order))
    _tools.sort(key=lambda one: one.order)


def tools_of(group: Group) -> list[tuple[str, LazyString, str]]:
    """(address, words, icon) of what this reader may open."""
    actor = current_actor()
    return [
        (url_for(tool.endpoint, pid=group.public_id), tool.label, tool.icon)
        for tool in _tools
        if can(actor, tool.permission, group)
    ]


@dataclass(frozen=True)
class Frame:
    """What `groups/_frame.html` shows. `tabs`: (words, address, whether it is this one)."""

    group: Group
    name: str
    html_lang: str
    title: str
    badges: tuple[Look, ...]
    tabs: tuple[tuple[LazyString, str, bool], ...]
    notes: tuple[tuple[str, str], ...]
    membership: Membership | None
    is_member: bool
    is_listed: bool


def frame_of(group: Group, *, tab: str = "", subject: str = "") -> Frame:
    """The frame around a page of this group. `subject`: what the page is about, for the browser's title.

    The title of a discreet group's page never says which group it is, nor what the page is about.
    """
    actor = current_actor()
    membership = membership_of(actor, group)
    is_member = membership is not None and membership.state in (MemberState.MEMBER, MemberState.PAUSED)
    title = neutral_title() if group.is_discreet else " · ".join(filter(None, (subject, group.name)))
    return Frame(
        group,
        group.name,
        html_language(group.language),
        title,
        (KIND_LOOKS[group.kind], STATE_LOOKS[group.state], PRIVACY_LOOKS[group.privacy]),
        tuple(
            (one.label, url_for(one.endpoint, pid=group.public_id), one.name == tab)
            for one in TABS
            if one.endpoint in current_app.view_functions and can(actor, one.permission, group)
        ),
        tuple(_notes(group, is_member)),
        membership,
        is_member,
        group.privacy is not Privacy.DISCREET and group.state in (GroupState.ACTIVE, GroupState.DORMANT),
    )


def _notes(group: Group, is_member: bool) -> list[tuple[str, str]]:
    """(tone, words) of what everybody should know who opens a page of it."""
    notes = []
    if group.state is GroupState.DORMANT:
        notes.append(("wait", _("This group is resting at the moment.")))
    if group.state is GroupState.ARCHIVED:
        notes.append(("wait", _("This group has ended. What it left can still be read here.")))
    if group.state is GroupState.SUSPENDED:
        notes.append(("bad", _("This group has been stopped for at most 14 days. Its members know why.")))
    if is_member and group.leaderless_since is not None and group.is_living:
        notes.append(
            ("info", _("Nobody holds a role this group needs. Until then two members together can act."))
        )
    return notes


def group_page(
    template: str,
    group: Group,
    *,
    tab: str = "",
    subject: str = "",
    status: int = 200,
    fragment: str | None = None,
    **context: Any,
) -> Response:
    """Render a page of a group whose template extends `groups/_frame.html`.

    `tab` is the name of the tab it belongs to, `subject` what it is about. Discreet groups: a neutral title,
    a quick way out, nothing for search engines, nothing kept by the browser.
    """
    response = render(
        template,
        status=status,
        fragment=fragment,
        frame=frame_of(group, tab=tab, subject=subject),
        group=group,
        leave_url=leave_url_of(group),
        alternates=not group.is_discreet,
        **context,
    )
    return private(response) if group.is_discreet else response


def leave_url_of(group: Group) -> str:
    """Where the quick way out of a page of this group leads; empty where there is none."""
    return exit_url() if group.is_discreet else ""


def exit_url() -> str:
    """A harmless page elsewhere, as the town chose it; never anything but a web address."""
    chosen = str(site("groups.exit_url"))
    return chosen if chosen.startswith("https://") else "https://www.wikipedia.org/"


def private(response: Response) -> Response:
    """Nobody keeps this page, no search engine lists it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def neutral_title() -> str:
    """What the browser's tab says on pages that must not give anything away."""
    return pgettext("neutral title", "My page")
