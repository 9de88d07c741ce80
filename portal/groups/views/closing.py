"""Accompaniment, what is counted and written about it: meetings, closing reports, the note at founding."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.core.actors import Actor
from portal.core.i18n import gettext as _
from portal.groups.errors.accompanying import AccompanimentOver
from portal.groups.forms.accompanying import NoteForm, ReportForm
from portal.groups.models import Accompaniment, Group, Side
from portal.groups.operations.accompanying import closing
from portal.groups.permissions.accompanying import RUNNING
from portal.groups.queries import accompanying as queries
from portal.groups.queries.parts import Part, Place, register_part
from portal.groups.views.accompaniment import LABELS, load_agreement, unless_over
from portal.groups.views.companions import companion_page, load_own
from portal.groups.views.companions import unless_over as unless_over_for_companion
from portal.groups.views.framing import exit_url, group_page, neutral_title, private
from portal.groups.views.section import InGroup, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to


def notes(group: Group, actor: Actor) -> Part | None:
    """What a professional who accompanies the circle says, for everybody who sees the page."""
    found = queries.notes_of(group)
    context = {"notes": found, "group": group}
    title = _("A note by whoever accompanies the group")
    return Part(title, "groups/accompaniment/_notes.html", context) if found else None


register_part(Place.FOUNDING, "founding-note", notes, order=90)
register_part(Place.OVERVIEW, "founding-note", notes, order=90)


def _count(made: Accompaniment, side: Side) -> None:
    undo = "undo" in request.form
    closing.count_meeting(made, actor=current_actor(), side=side, undo=undo)
    flash_success(_("Taken back.") if undo else _("Counted."))


@section.post("/groups/<pid>/accompaniment/<aid>/met")
@requires("groups.plan_accompaniment", on=load_agreement)
@unless_over
def count_meeting(place: InGroup) -> ResponseReturnValue:
    """The group says that they met today."""
    _count(place.thing, Side.GROUP)
    return redirect_to("groups.accompaniment", pid=place.group.public_id)


@section.post("/groups/accompaniments/<aid>/met")
@requires("groups.press_as_companion", on=load_own)
@unless_over_for_companion
def count_meeting_as_companion(made: Accompaniment) -> ResponseReturnValue:
    """The one who accompanies says it."""
    _count(made, Side.COMPANION)
    return redirect_to("groups.companion", aid=made.public_id)


# ---- the closing report


def _form(one: queries.Agreement, side: Side) -> ReportForm:
    if one.row.state not in RUNNING and not one.is_just_over:
        raise AccompanimentOver
    before = next((report.text for report in one.reports if report.side is side), "")
    return ReportForm(data={"text": before})


def _saved(made: Accompaniment, form: ReportForm, side: Side) -> bool:
    if form.validate_on_submit():
        words, actor = form.text.data or "", current_actor()
        form.attempt(lambda: closing.write_report(made, words, actor=actor, side=side))
        if form.status == 200:
            flash_success(_("Saved. Both sides can read it."))
            return True
    return False


@section.route("/groups/<pid>/accompaniment/<aid>/report", methods=["GET", "POST"])
@requires("groups.plan_accompaniment", on=load_agreement)
def closing_report(place: InGroup) -> ResponseReturnValue:
    """What the group says at the end, beside what the other side has said."""
    one = queries.agreement(place.thing)
    form = _form(one, Side.GROUP)
    if _saved(place.thing, form, Side.GROUP):
        return redirect_to("groups.accompaniment", pid=place.group.public_id)
    values: dict[str, Any] = {"one": one, "form": form, "labels": LABELS, "side": Side.GROUP}
    template, subject = "groups/accompaniment/report.html", _("Closing report")
    return group_page(template, place.group, subject=subject, status=form.status, **values)


@section.route("/groups/accompaniments/<aid>/report", methods=["GET", "POST"])
@requires("groups.look_back", on=load_own)
def closing_report_of_companion(made: Accompaniment) -> ResponseReturnValue:
    """What the one who accompanies says at the end."""
    one = queries.agreement(made)
    form = _form(one, Side.COMPANION)
    if _saved(made, form, Side.COMPANION):
        return redirect_to("groups.companion", aid=made.public_id)
    return private(_companion_report(one, form))


def _companion_report(one: queries.Agreement, form: ReportForm) -> Response:
    return render(
        "groups/accompaniment/companion_report.html",
        status=form.status,
        one=one,
        form=form,
        labels=LABELS,
        side=Side.COMPANION,
        neutral_title=neutral_title(),
        leave_url=exit_url(),
        alternates=False,
    )


# ---- the note


@section.post("/groups/accompaniments/<aid>/note")
@requires("groups.press_as_companion", on=load_own)
@unless_over_for_companion
def write_note(made: Accompaniment) -> ResponseReturnValue:
    """Say something to everybody who sees the circle; empty takes it back."""
    form, actor = NoteForm(), current_actor()
    if form.validate_on_submit():
        form.attempt(lambda: closing.write_note(made, form.text.data or "", actor=actor))
        if form.status == 200:
            flash_success(_("Saved."))
            return redirect_to("groups.companion", aid=made.public_id)
    return companion_page(made, note=form)
