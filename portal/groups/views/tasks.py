"""Tasks of a group: the list, taking one, changing one."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal.core.actors import Actor
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.groups.forms.papers import Choices, TaskForm
from portal.groups.models import Group, GroupTask
from portal.groups.operations import tasks as operations
from portal.groups.operations.board import group_of
from portal.groups.permissions import membership_of
from portal.groups.queries import member_lines
from portal.groups.queries import papers as queries
from portal.groups.queries.parts import Part, Place, register_part
from portal.groups.views.framing import group_page, register_tool
from portal.groups.views.section import load_group, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to

ACTS = {
    "take": operations.take_task,
    "give_back": operations.give_back_task,
    "finish": operations.finish_task,
    "drop": operations.drop_task,
    "reopen": operations.reopen_task,
}
SHOWN_ON_OVERVIEW = 5


@section.get("/groups/<pid>/tasks")
@requires("groups.read_papers", on=load_group)
def tasks(group: Group) -> ResponseReturnValue:
    """What is to be done, and what was done lately."""
    actor = current_actor()
    return group_page(
        "groups/tasks.html",
        group,
        subject=_("Tasks"),
        open_tasks=queries.open_tasks(group, actor),
        ended_tasks=queries.ended_tasks(group, actor),
        acts=can(actor, "groups.take_part", group),
    )


def doer_choices(group: Group) -> Choices:
    """Members to choose from; in a discreet group only oneself, since nobody gets a list of its members."""
    own = membership_of(current_actor(), group)
    if group.is_discreet:
        return [(own.public_id, _("I do it"))] if own is not None else []
    lines = [(line.public_id, line.alias) for line in member_lines(group)]
    return sorted(lines, key=lambda line: own is None or line[0] != own.public_id)


@section.route("/groups/<pid>/tasks/new", methods=["GET", "POST"])
@requires("groups.take_part", on=load_group)
def add_task(group: Group) -> ResponseReturnValue:
    """Write down something to do."""
    form = TaskForm()
    form.doers.choices = doer_choices(group)
    if form.validate_on_submit() and form.attempt(lambda: _add(group, form)) is not None:
        flash_success(_("The task is on the list."))
        return redirect_to("groups.tasks", pid=group.public_id)
    return _form_page(group, form, None)


def _add(group: Group, form: TaskForm) -> GroupTask:
    return operations.add_task(
        group,
        actor=current_actor(),
        what=form.what.data or "",
        due_on=form.due_on.data,
        doers=form.doers.data or [],
        form_key=form.form_key.data or "",
    )


def _form_page(group: Group, form: TaskForm, task: GroupTask | None) -> ResponseReturnValue:
    subject = _("Change the task") if task else _("New task")
    return group_page(
        "groups/task_form.html", group, subject=subject, status=form.status, form=form, task=task
    )


def load_task(pid: str, task: str) -> GroupTask | None:
    """The task of the address, if it belongs to the group of the address."""
    return queries.task_in_group(pid, task)


@section.route("/groups/<pid>/tasks/<task>/edit", methods=["GET", "POST"])
@requires("groups.do_task", on=load_task)
def change_task(task: GroupTask) -> ResponseReturnValue:
    """Say it anew: what, until when, who."""
    group = group_of(task)
    line = queries.task_line(task, group, current_actor())
    form = TaskForm(data={"what": line.what, "due_on": line.due_on, "doers": list(line.doer_ids)})
    form.doers.choices = doer_choices(group)
    if form.validate_on_submit() and form.attempt(lambda: _change(task, form)):
        flash_success(_("The task was changed."))
        return redirect_to("groups.tasks", pid=group.public_id)
    return _form_page(group, form, task)


def _change(task: GroupTask, form: TaskForm) -> bool:
    what, due_on, doers = form.what.data or "", form.due_on.data, form.doers.data or []
    operations.change_task(task, actor=current_actor(), what=what, due_on=due_on, doers=doers)
    return True


@section.post("/groups/<pid>/tasks/<task>")
@requires("groups.do_task", on=load_task)
def act_on_task(task: GroupTask) -> ResponseReturnValue:
    """One tap: take it, give it back, done, let go, open again."""
    act = ACTS.get(request.form.get("act", ""))
    if act is None:
        raise NotFound
    act(task, actor=current_actor())
    return redirect_to("groups.tasks", pid=group_of(task).public_id, anchor=f"t-{task.public_id}")


def _my_tasks(group: Group, actor: Actor) -> Part | None:
    """On the overview, for those who have something to do."""
    if not can(actor, "groups.leave", group):
        return None
    mine = [task for task in queries.open_tasks(group, actor) if task.is_mine][:SHOWN_ON_OVERVIEW]
    return Part(_("What you said you would do"), "groups/_my_tasks.html", {"tasks": mine}) if mine else None


register_part(Place.OVERVIEW, "my-tasks", _my_tasks, order=30)
register_tool("groups.tasks", _l("Tasks"), permission="groups.read_papers", icon="list", order=20)
