"""Calendars: all one's dates on a page, secret addresses for phones, the public dates of an open group."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.core.settings import current_settings
from portal.groups.models import Group
from portal.groups.operations.meetings import addresses
from portal.groups.queries import calendars as queries
from portal.groups.queries.ics import calendar
from portal.groups.queries.meetings import MINE_AHEAD, OwnDate, coming_dates, own_dates, shown_to
from portal.groups.views.framing import exit_url, group_page, neutral_title, private
from portal.groups.views.meeting_words import shown_own
from portal.groups.views.section import load_group, section
from portal.web.access import own, public, requires
from portal.web.context import current_actor
from portal.web.links import absolute_url
from portal.web.logs import keep_out_of_log
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to

# When somebody's phone fetched what is nobody's business.
keep_out_of_log("groups.calendar_file")
MIME = "text/calendar; charset=utf-8"


@section.get("/groups/dates")
@own
def my_dates() -> ResponseReturnValue:
    """The next dates of all one's groups."""
    return _mine()


def _mine(address: str = "") -> Response:
    actor, today = current_actor(), clock.today()
    found = [one for one in own_dates(actor, today, today + MINE_AHEAD) if not one.line.is_over]
    response = render(
        "groups/meetings/mine.html",
        dates=shown_own(found),
        has_address=queries.has_own_address(actor),
        address=address,
        neutral_title=neutral_title(),
        leave_url=exit_url(),
        alternates=False,
    )
    return private(response)


@section.post("/groups/dates/address")
@own
def make_address() -> ResponseReturnValue:
    """A new address of all one's dates, shown now and never again."""
    return _mine(_link_of(addresses.make_own_address(current_actor())))


@section.post("/groups/dates/address/end")
@own
def end_address() -> ResponseReturnValue:
    """It no longer works."""
    addresses.end_own_address(current_actor())
    flash_success(_("The address does not work any more."))
    return redirect_to("groups.my_dates")


def _link_of(token: str) -> str:
    return absolute_url("groups.calendar_file", token=token)


# ---- one group


@section.get("/groups/<pid>/calendar")
@requires("groups.own_dates", on=load_group)
def group_calendar(group: Group) -> ResponseReturnValue:
    """How a phone shows the dates of this group."""
    return _calendar_page(group)


def _calendar_page(group: Group, address: str = "") -> Response:
    return group_page(
        "groups/meetings/calendar.html",
        group,
        tab="meetings",
        subject=_("In your own calendar"),
        has_address=queries.has_group_address(current_actor(), group),
        address=address,
    )


@section.post("/groups/<pid>/calendar")
@requires("groups.own_dates", on=load_group)
def make_group_address(group: Group) -> ResponseReturnValue:
    """A new address of this group's dates, shown now and never again."""
    return _calendar_page(group, _link_of(addresses.make_group_address(group, actor=current_actor())))


@section.post("/groups/<pid>/calendar/end")
@requires("groups.own_dates", on=load_group)
def end_group_address(group: Group) -> ResponseReturnValue:
    """It no longer works."""
    addresses.end_group_address(group, actor=current_actor())
    flash_success(_("The address does not work any more."))
    return redirect_to("groups.group_calendar", pid=group.public_id)


# ---- what phones fetch


@section.get("/groups/calendar/<token>.ics")
@public
def calendar_file(token: str) -> ResponseReturnValue:
    """The calendar behind a secret address; an unknown one answers like any page that is not there."""
    feed = queries.feed_of(token)
    if feed is None:
        raise NotFound
    visible = feed.group if feed.group is not None and not feed.group.is_discreet else None
    return _ics(feed.entries, visible.name if visible else neutral_calendar(), feed.key)


@section.get("/groups/<pid>/dates.ics")
@requires("groups.read_dates", on=load_group)
def group_dates(group: Group) -> ResponseReturnValue:
    """The coming dates this reader may see, as a file: for everybody those of an open group."""
    lines = coming_dates(group, shown_to(current_actor(), group), limit=200)
    return _ics([OwnDate(line, group, None) for line in lines], _name(group), group.public_id)


def _name(group: Group) -> str:
    return neutral_calendar() if group.is_discreet else group.name


def neutral_calendar() -> str:
    """The name of a calendar that says nothing."""
    return pgettext("neutral title", "My dates")


def _ics(entries: list[OwnDate], name: str, key: str) -> Response:
    body = calendar(entries, name=name, key=key, host=_host(), link=_page_of)
    response = Response(body, content_type=MIME)
    response.set_etag(hashlib.sha256(body).hexdigest()[:24])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.make_conditional(request)
    return response


def _host() -> str:
    return urlsplit(current_settings().base_url).hostname or "localhost"


def _page_of(entry: OwnDate) -> str:
    return absolute_url("groups.meeting_date", pid=entry.group.public_id, did=entry.line.public_id)
