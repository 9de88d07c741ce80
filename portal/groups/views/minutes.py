"""Minutes of a group: the list, one sheet, writing it with its decisions and tasks."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.i18n import format_date
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.groups.forms.papers import MinutesForm
from portal.groups.models import Group, GroupMinutes, MeetingSeen
from portal.groups.operations import minutes as operations
from portal.groups.operations.board import group_of
from portal.groups.operations.minutes import Sheet, TaskLine
from portal.groups.permissions import is_member
from portal.groups.permissions.inside import Gone
from portal.groups.queries import papers as queries
from portal.groups.queries.meetings import coming_dates, date_in, line_of, past_dates
from portal.groups.views.framing import group_page, register_tool
from portal.groups.views.meeting_words import title_of
from portal.groups.views.section import back_in, load_group, or_gone, remember_deleted, section
from portal.groups.views.tasks import doer_choices
from portal.groups.views.words import register_history
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import Page, page_number
from portal.web.responses import flash_success, redirect_to

PER_PAGE = 20


@section.get("/groups/<pid>/minutes")
@requires("groups.read_papers", on=load_group)
def minutes(group: Group) -> ResponseReturnValue:
    """All sheets, the newest meeting first."""
    page = Page(page_number(), PER_PAGE, queries.minutes_count(group, current_actor()))
    sheets = queries.minutes_list(group, current_actor(), offset=page.offset, limit=PER_PAGE)
    writes = can(current_actor(), "groups.keep_minutes", group)
    subject = _("Minutes")
    return group_page("groups/minutes.html", group, subject=subject, sheets=sheets, page=page, writes=writes)


def load_minutes(pid: str, sheet: str) -> GroupMinutes | None:
    """The sheet of the address, if it belongs to the group of the address."""
    return queries.minutes_in_group(pid, sheet)


def load_to_remove(pid: str, sheet: str) -> GroupMinutes | Gone | None:
    """The same, or that it is gone."""
    return or_gone(pid, load_minutes(pid, sheet))


@section.get("/groups/<pid>/minutes/<sheet>")
@requires("groups.read_paper", on=load_minutes)
def minutes_sheet(sheet: GroupMinutes) -> ResponseReturnValue:
    """One sheet: what was said, decided, handed out. Prints on paper."""
    group, actor = group_of(sheet), current_actor()
    return group_page(
        "groups/minutes_sheet.html",
        group,
        subject=_("Minutes"),
        sheet=sheet,
        decisions=queries.decisions_on(sheet, for_members=is_member(actor, group)),
        tasks=queries.tasks_on(sheet, group, actor),
        of_date=queries.date_of_minutes(sheet),
        has_decisions="groups.decision" in current_app.view_functions,
        writes=can(actor, "groups.change_minutes", sheet),
    )


@section.route("/groups/<pid>/minutes/new", methods=["GET", "POST"])
@requires("groups.keep_minutes", on=load_group)
def write_minutes(group: Group) -> ResponseReturnValue:
    """A new sheet."""
    form = _form(group, _begun_from(group))
    written = form.attempt(lambda: _write(group, form)) if form.validate_on_submit() else None
    if written is not None:
        return _after(written, _("The minutes are written."))
    return _form_page(group, form, None)


def _begun_from(group: Group) -> dict[str, Any]:
    """A new sheet is about today, or about the date one comes from."""
    row = date_in(group.public_id, request.args.get("date", ""))
    return {"met_on": row.on, "of_date": row.public_id} if row else {"met_on": clock.today()}


def _dates(group: Group, chosen: str) -> list[tuple[str, str]]:
    """The last dates of the group, today's among them, and the one that was chosen before."""
    lately = [one for one in coming_dates(group, MeetingSeen, limit=3) if one.on <= clock.today()]
    lines = [*lately, *past_dates(group, MeetingSeen, limit=12)]
    before = date_in(group.public_id, chosen)
    if before is not None and before.public_id not in {one.public_id for one in lines}:
        lines.append(line_of(before))
    words = [(one.public_id, f"{format_date(one.on)} · {title_of(one)}") for one in lines]
    return [("", _("None of these")), *words]


def _form(group: Group, data: dict[str, Any], lines: tuple[queries.DecisionLine, ...] = ()) -> MinutesForm:
    form = MinutesForm(data=data)
    linked = [(line.public_id, line.text) for line in lines if line.public_id is not None]
    lately = [one for one in queries.decided_lately(group) if one not in linked]
    doers = [("", _("Nobody yet")), *doer_choices(group)]
    chosen = data.get("of_date") or request.form.get("of_date", "")
    form.offer(doers=doers, decided=[*linked, *lately], dates=_dates(group, chosen))
    return form


def _write(group: Group, form: MinutesForm) -> GroupMinutes:
    key = form.form_key.data or ""
    return operations.write_minutes(group, actor=current_actor(), sheet=_sheet(form), form_key=key)


def _sheet(form: MinutesForm) -> Sheet:
    return Sheet(
        met_on=form.met_on.data,
        date_id=form.of_date.data or "",
        title=form.title.data or "",
        present=form.present.data or "",
        text=form.text.data or "",
        decisions=tuple((form.decisions.data or "").splitlines()),
        decided=tuple(form.decided.data or ()),
        tasks=tuple(
            TaskLine(line["what"] or "", line["due_on"], line["doer"] or "", line["public_id"] or "")
            for line in form.tasks.data
        ),
    )


def _after(sheet: GroupMinutes, words: str) -> ResponseReturnValue:
    """The sheet, or its form with more empty lines for whoever asked for them."""
    flash_success(words)
    endpoint = "groups.change_minutes" if "more" in request.form else "groups.minutes_sheet"
    anchor = "tasks-title" if "more" in request.form else None
    return redirect_to(endpoint, anchor=anchor, pid=group_of(sheet).public_id, sheet=sheet.public_id)


def _form_page(
    group: Group, form: MinutesForm, sheet: GroupMinutes | None, **context: Any
) -> ResponseReturnValue:
    subject = _("Change the minutes") if sheet else _("New minutes")
    return group_page(
        "groups/minutes_form.html",
        group,
        subject=subject,
        status=form.status,
        form=form,
        sheet=sheet,
        **context,
    )


@section.route("/groups/<pid>/minutes/<sheet>/edit", methods=["GET", "POST"])
@requires("groups.change_minutes", on=load_minutes)
def change_minutes(sheet: GroupMinutes) -> ResponseReturnValue:
    """Write the sheet anew; whoever is second to save sees both."""
    group = group_of(sheet)
    lines = tuple(queries.decisions_on(sheet))
    form = _form(group, _data(sheet, group, lines), lines)
    if form.validate_on_submit() and form.attempt(lambda: _change(sheet, form)):
        return _after(sheet, _("The minutes were changed."))
    return _form_page(group, form, sheet, theirs=_theirs(sheet, form))


def _theirs(sheet: GroupMinutes, form: MinutesForm) -> list[queries.DecisionLine] | None:
    """What somebody else wrote meanwhile, to compare; the next save is meant for this version."""
    if form.version.data == str(sheet.version):
        return None
    form.version.data = str(sheet.version)
    return queries.decisions_on(sheet)


def _data(sheet: GroupMinutes, group: Group, lines: tuple[queries.DecisionLine, ...]) -> dict[str, Any]:
    tasks = queries.tasks_on(sheet, group, current_actor())
    of_date = queries.date_of_minutes(sheet)
    return {
        "met_on": sheet.met_on,
        "of_date": of_date.public_id if of_date else "",
        "title": sheet.title,
        "present": sheet.present,
        "text": sheet.text,
        "decisions": "\n".join(line.text for line in lines if line.public_id is None),
        "decided": [line.public_id for line in lines if line.public_id is not None],
        "tasks": [{"public_id": task.public_id, "what": task.what, "due_on": task.due_on} for task in tasks],
        "version": str(sheet.version),
    }


def _change(sheet: GroupMinutes, form: MinutesForm) -> bool:
    seen = form.version.data or ""
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    operations.change_minutes(sheet, actor=current_actor(), sheet=_sheet(form), version=version)
    return True


@section.post("/groups/<pid>/minutes/<sheet>/remove")
@requires("groups.change_minutes", on=load_to_remove)
def remove_minutes(sheet: GroupMinutes | Gone) -> ResponseReturnValue:
    """The sheet goes; its tasks stay."""
    flash_success(_("The minutes were deleted."))
    if isinstance(sheet, Gone):
        return back_in(sheet, "groups.minutes")
    group = group_of(sheet)
    operations.remove_minutes(sheet, actor=current_actor())
    remember_deleted()
    return redirect_to("groups.minutes", pid=group.public_id)


register_history(
    {
        "minutes_written": _l("Minutes of a meeting were written"),
        "minutes_removed": _l("Minutes of a meeting were deleted"),
    }
)
register_tool("groups.minutes", _l("Minutes"), permission="groups.read_papers", icon="book", order=10)
