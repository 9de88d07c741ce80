"""The group itself: what others read, how people join, its privacy, what it agreed on, what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.clock import local
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_pgettext as _pl
from portal.core.permissions import can
from portal.groups.forms.shaping import JoiningForm, ProfileForm, TightenForm, joining_of, profile_of
from portal.groups.models import Group, Privacy
from portal.groups.models.labels import CHARTER_LABELS, PRIVACY_LOOKS
from portal.groups.models.role_labels import role_name
from portal.groups.operations import founding, living, loosening
from portal.groups.operations.deciding.drafting import own_method
from portal.groups.operations.pairs import start_together
from portal.groups.operations.profile import change_profile, changes_in
from portal.groups.permissions import membership_of
from portal.groups.permissions.inside import closed_until
from portal.groups.queries import CharterText, history_of, role_lines
from portal.groups.queries.method_words import METHODS
from portal.groups.queries.texts import charter_version, charter_versions
from portal.groups.views.doing import link, tried
from portal.groups.views.framing import group_page, register_tool
from portal.groups.views.section import load_group, section
from portal.groups.views.words import told
from portal.places.queries import district_names
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to

register_tool(
    "groups.settings",
    _pl("group", "Change what others read"),
    permission="groups.begin_profile",
    icon="edit",
    order=30,
)
register_tool(
    "groups.joining_settings",
    _pl("group", "How people join"),
    permission="groups.begin_profile",
    icon="plus",
    order=31,
)
register_tool("groups.privacy", _pl("group", "Privacy"), permission="groups.leave", icon="lock", order=40)
register_tool(
    "groups.charter",
    _pl("group", "What we agreed on"),
    permission="groups.read_inside",
    icon="book",
    order=50,
)
register_tool(
    "groups.history", _pl("group", "What happened"), permission="groups.see", icon="clock", order=60
)


@section.route("/groups/<pid>/settings", methods=["GET", "POST"])
@requires("groups.begin_profile", on=load_group)
def settings(group: Group) -> ResponseReturnValue:
    """What others read about the group."""
    districts = [(str(number), name) for number, name in district_names().items()]
    form = ProfileForm.of(group, districts)
    if form.validate_on_submit() and form.attempt(lambda: _save(group, form)):
        return redirect_to("groups.about", pid=group.public_id)
    return group_page(
        "groups/settings.html", group, tab="about", subject=_("Settings"), status=form.status, form=form
    )


@section.route("/groups/<pid>/joining", methods=["GET", "POST"])
@requires("groups.begin_profile", on=load_group)
def joining_settings(group: Group) -> ResponseReturnValue:
    """How people come to the group."""
    form = JoiningForm.of(group)
    if form.validate_on_submit() and form.attempt(lambda: _save(group, form)):
        return redirect_to("groups.about", pid=group.public_id)
    return group_page(
        "groups/joining_settings.html",
        group,
        tab="about",
        subject=_("How people join"),
        status=form.status,
        form=form,
    )


def _save(group: Group, form: ProfileForm | JoiningForm) -> bool:
    wish = profile_of(group, form) if isinstance(form, ProfileForm) else joining_of(group, form)
    if can(current_actor(), "groups.edit_profile", group):
        change_profile(group, wish, actor=current_actor())
        flash_success(_("Saved."))
        return True
    return _begin_change(group, changes_in(group, wish))


def _begin_change(group: Group, changes: dict[str, Any]) -> bool:
    """Nobody holds the role: a second member has to want the same."""
    if not changes:
        return True
    started = start_together(group, "profile", actor=current_actor(), **changes)
    done = started.confirmed_by_id is not None
    flash_success(_("Done: two of you want it.") if done else _("A second member has to confirm it."))
    return True


@section.route("/groups/<pid>/privacy", methods=["GET", "POST"])
@requires("groups.leave", on=load_group)
def privacy(group: Group) -> ResponseReturnValue:
    """How private the group is. More private at once; less private when all agree."""
    form = TightenForm.of([(one, PRIVACY_LOOKS[one].label) for one in living.tighter_than(group)])
    if form.validate_on_submit() and form.attempt(lambda: _tighten(group, form)):
        return redirect_to("groups.privacy", pid=group.public_id)
    return _privacy_page(group, form)


def _privacy_page(group: Group, form: TightenForm) -> ResponseReturnValue:
    return group_page(
        "groups/privacy.html",
        group,
        tab="about",
        subject=_("Privacy"),
        status=form.status,
        form=form,
        now=PRIVACY_LOOKS[group.privacy],
        tighter=[(one, PRIVACY_LOOKS[one]) for one in living.tighter_than(group)],
        looser=[(one, PRIVACY_LOOKS[one]) for one in living.looser_than(group)],
    )


def _tighten(group: Group, form: TightenForm) -> bool:
    living.tighten(group, Privacy(form.privacy.data), actor=current_actor())
    flash_success(_("The group is more private from now on."))
    return True


@section.post("/groups/<pid>/privacy/less")
@requires("groups.take_part", on=load_group)
def ask_to_loosen(group: Group) -> ResponseReturnValue:
    """Ask all members, in secret."""
    wanted = next((one for one in living.looser_than(group) if one == request.form.get("privacy")), None)
    if wanted is None:
        raise NotFound
    done = _("All members are asked now. Every one of them has to say yes.")
    if tried(lambda: _ask_all(group, wanted), done):
        return redirect_to("groups.decisions", pid=group.public_id)
    return redirect_to("groups.privacy", pid=group.public_id)


def _ask_all(group: Group, wanted: Privacy) -> None:
    label = PRIVACY_LOOKS[wanted].label
    loosening.ask_to_loosen(
        group,
        wanted,
        actor=current_actor(),
        title=_("Shall our group be less private?"),
        question=_("From now on it would be: %(privacy)s", privacy=label),
    )


# ---- what the group agreed on


@section.get("/groups/<pid>/charter")
@requires("groups.read_charter", on=load_group)
def charter(group: Group) -> ResponseReturnValue:
    """The charter in force, and the versions before it that the reader may know."""
    wanted = request.args.get("version", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() else None
    known = {version for version, _at in _versions(group)}
    return _charter_page(group, charter_version(group, number if number in known else None))


def _versions(group: Group) -> list[tuple[int, datetime | None]]:
    """Those the reader may know: outsiders none from a time when the group was more private."""
    until = closed_until(current_actor(), group)
    found = charter_versions(group)
    return [(v, at) for v, at in found if until is None or (at is not None and local(at).date() > until)]


def _charter_page(group: Group, shown: CharterText | None) -> ResponseReturnValue:
    own = membership_of(current_actor(), group)
    return group_page(
        "groups/charter.html",
        group,
        tab="about",
        subject=_("What we agreed on"),
        charter=shown,
        versions=_versions(group),
        labels=CHARTER_LABELS,
        own=own if own is not None and can(current_actor(), "groups.acknowledge", group) else None,
        decide_url=link("groups.decide", pid=group.public_id),
        usual=METHODS[own_method(group)].name,
    )


@section.post("/groups/<pid>/charter/agree")
@requires("groups.acknowledge", on=load_group)
def agree_to_charter(group: Group) -> ResponseReturnValue:
    """I have read it and agree."""
    tried(
        lambda: founding.acknowledge_charter(group, actor=current_actor()),
        _("Thank you. You agree to the newest version."),
    )
    return redirect_to("groups.charter", pid=group.public_id)


# ---- what happened


@section.get("/groups/<pid>/history")
@requires("groups.see", on=load_group)
def history(group: Group) -> ResponseReturnValue:
    """What happened, in words of roles; for others only the public lines."""
    inside = can(current_actor(), "groups.leave", group)
    names = {line.role.key: role_name(line.role) for line in role_lines(group)}
    lines = [(row.on, told(row.name, row.data, names)) for row in history_of(group, for_members=inside)]
    return group_page(
        "groups/history.html", group, tab="about", subject=_("What happened"), lines=lines, inside=inside
    )
