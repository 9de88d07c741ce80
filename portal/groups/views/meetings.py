"""Meetings: the list, planning one, a date with its answers, changing and cancelling, that it took place."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_pgettext as _pl
from portal.core.permissions import can
from portal.groups.forms.meetings import (
    AnswerForm,
    CancelForm,
    ChangeForm,
    HeldForm,
    PlanForm,
    answer_of,
    reach_of,
)
from portal.groups.models import Answer, Group, Held, MeetingDate
from portal.groups.models.meeting_labels import COMER_LABELS
from portal.groups.operations.meetings import attending, changing, planning
from portal.groups.queries import meetings as queries
from portal.groups.queries.papers import minutes_of_date
from portal.groups.views.framing import group_page
from portal.groups.views.meeting_words import shown, shown_all
from portal.groups.views.section import load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to

TAB = "meetings"
SUBJECT = _pl("group", "Meetings")


def load_date(pid: str, did: str) -> MeetingDate | None:
    """The date of the URL, if it belongs to the group of the URL."""
    return queries.date_in(pid, did)


@section.get("/groups/<pid>/meetings")
@requires("groups.read_dates", on=load_group)
def meetings(group: Group) -> ResponseReturnValue:
    """What is coming, and what was."""
    actor = current_actor()
    seen = queries.shown_to(actor, group)
    return group_page(
        "groups/meetings/list.html",
        group,
        tab=TAB,
        subject=str(SUBJECT),
        coming=shown_all(queries.coming_dates(group, seen), group, actor),
        past=shown_all(queries.past_dates(group, seen), group, actor),
        asks=queries.asks_for_dates(actor, group),
    )


@section.get("/groups/<pid>/meetings/new")
@requires("groups.plan_meeting", on=load_group)
def new_meeting(group: Group) -> ResponseReturnValue:
    """The form."""
    return _plan_page(group, PlanForm(group))


@section.post("/groups/<pid>/meetings/new")
@requires("groups.plan_meeting", on=load_group)
def plan_meeting(group: Group) -> ResponseReturnValue:
    """Plan it."""
    form, actor = PlanForm(group), current_actor()
    planned = None
    if form.validate_on_submit():
        planned = form.attempt(lambda: planning.plan_meeting(group, form.plan(), actor=actor))
    if planned is None:
        return _plan_page(group, form)
    flash_success(_("The meeting stands in the calendar now."))
    return redirect_to("groups.meetings", pid=group.public_id)


def _plan_page(group: Group, form: PlanForm) -> Response:
    return group_page(
        "groups/meetings/plan.html",
        group,
        tab=TAB,
        subject=_("Plan a meeting"),
        status=form.status,
        form=form,
    )


# ---- one date


@section.get("/groups/<pid>/meetings/<did>")
@requires("groups.see_date", on=load_date)
def meeting_date(row: MeetingDate) -> ResponseReturnValue:
    """When, where, who comes."""
    return _date_page(row)


def _date_page(row: MeetingDate, form: AnswerForm | None = None, held: HeldForm | None = None) -> Response:
    group, actor, line = queries.group_of(row), current_actor(), queries.line_of(row)
    own = queries.own_answers(actor, group, [line]).get(row.id)
    attends = can(actor, "groups.attend", row)
    failed = form or held
    return group_page(
        "groups/meetings/date.html",
        group,
        tab=TAB,
        subject=str(SUBJECT),
        status=failed.status if failed else 200,
        date=shown(line, group, actor),
        row=row,
        attends=attends,
        may_change=can(actor, "groups.change_date", row),
        form=form or AnswerForm(own, formdata=None),
        held=held or HeldForm(formdata=None),
        comers=_comers(row, group) if attends else {},
        sheets=[one for one in minutes_of_date(row.id) if can(actor, "groups.read_paper", one)],
        writes=can(actor, "groups.keep_minutes", group),
    )


def _comers(row: MeetingDate, group: Group) -> dict[Any, list[queries.Comer]]:
    found = queries.comers(row, group)
    return {COMER_LABELS[answer]: [one for one in found if one.answer is answer] for answer in Answer}


def _to_date(row: MeetingDate) -> Response:
    return redirect_to("groups.meeting_date", pid=queries.group_of(row).public_id, did=row.public_id)


@section.post("/groups/<pid>/meetings/<did>/answer")
@requires("groups.attend", on=load_date)
def answer_date(row: MeetingDate) -> ResponseReturnValue:
    """Say whether one comes."""
    form = AnswerForm(None)
    if not form.validate_on_submit() or form.attempt(lambda: _answer(row, form)) is None:
        return _date_page(row, form)
    flash_success(_("Your answer is saved. You can change it at any time."))
    return _to_date(row)


def _answer(row: MeetingDate, form: AnswerForm) -> Any:
    return attending.answer_date(
        row,
        answer_of(form),
        actor=current_actor(),
        people=form.people.data or 1,
        needs=form.needs.data or "",
    )


@section.post("/groups/<pid>/meetings/<did>/held")
@requires("groups.attend", on=load_date)
def date_held(row: MeetingDate) -> ResponseReturnValue:
    """Say that it took place, or that nobody came."""
    form, actor = HeldForm(), current_actor()
    if not form.validate_on_submit():
        return _date_page(row, held=form)
    if request.form.get("held") == Held.NOT_HELD:
        attending.did_not_take_place(row, actor=actor)
    else:
        attending.took_place(row, actor=actor, people=form.people.data)
    flash_success(_("Thank you. It is noted."))
    return _to_date(row)


# ---- changing


@section.get("/groups/<pid>/meetings/<did>/change")
@requires("groups.change_date", on=load_date)
def edit_date(row: MeetingDate) -> ResponseReturnValue:
    """The form to move it."""
    return _change_page(row, ChangeForm(queries.line_of(row), formdata=None))


@section.post("/groups/<pid>/meetings/<did>/change")
@requires("groups.change_date", on=load_date)
def change_date(row: MeetingDate) -> ResponseReturnValue:
    """Move it, or change its words."""
    form, actor = ChangeForm(queries.line_of(row)), current_actor()
    if form.validate_on_submit():
        reach = reach_of(form)
        done = form.attempt(lambda: changing.change_date(row, form.change(), actor=actor, reach=reach))
        if done is not None:
            flash_success(_("Changed. Calendars that fetch your dates learn of it."))
            return _to_date(done)
    return _change_page(row, form)


def _change_page(row: MeetingDate, form: Any) -> Response:
    return _form_page("groups/meetings/change.html", row, form, _("Change a date"))


def _form_page(template: str, row: MeetingDate, form: Any, subject: str) -> Response:
    group = queries.group_of(row)
    date = shown(queries.line_of(row), group, current_actor())
    return group_page(template, group, tab=TAB, subject=subject, status=form.status, date=date, form=form)


@section.get("/groups/<pid>/meetings/<did>/cancel")
@requires("groups.change_date", on=load_date)
def ask_to_cancel(row: MeetingDate) -> ResponseReturnValue:
    """The form to cancel it."""
    return _cancel_page(row, CancelForm(queries.line_of(row), formdata=None))


@section.post("/groups/<pid>/meetings/<did>/cancel")
@requires("groups.change_date", on=load_date)
def cancel_date(row: MeetingDate) -> ResponseReturnValue:
    """It does not take place."""
    form, actor = CancelForm(queries.line_of(row)), current_actor()
    if form.validate_on_submit():
        why, reach = form.reason.data or "", reach_of(form)
        done = form.attempt(lambda: changing.cancel_date(row, actor=actor, reason=why, reach=reach))
        if done is not None:
            flash_success(_("Cancelled. The date stays in the list, so that everybody sees it."))
            return _to_date(row)
    return _cancel_page(row, form)


def _cancel_page(row: MeetingDate, form: Any) -> Response:
    return _form_page("groups/meetings/cancel.html", row, form, _("Cancel a date"))


@section.post("/groups/<pid>/meetings/<did>/restore")
@requires("groups.change_date", on=load_date)
def restore_date(row: MeetingDate) -> ResponseReturnValue:
    """It takes place after all."""
    changing.restore_date(row, actor=current_actor())
    flash_success(_("It takes place after all."))
    return _to_date(row)


# ---- people who are no members


@section.post("/groups/<pid>/meetings/tell-me")
@requires("groups.ask_for_dates", on=load_group)
def ask_for_dates(group: Group) -> ResponseReturnValue:
    """Be told the dates without being a member."""
    attending.ask_for_dates(group, actor=current_actor())
    flash_success(_("You will be told when there are new dates. You can stop it at any time."))
    return redirect_to("groups.meetings", pid=group.public_id)


@section.post("/groups/<pid>/meetings/tell-me-no-more")
@requires("groups.stop_dates", on=load_group)
def stop_dates(group: Group) -> ResponseReturnValue:
    """Not any more."""
    attending.stop_dates(group, actor=current_actor())
    flash_success(_("You will not be told dates of this group any more."))
    return redirect_to("groups.detail", pid=group.public_id)
