"""What follows on the board and on papers: who is told of posts, minutes and tasks that are due."""

from __future__ import annotations

from typing import Any

from portal.accounts.operations.own_data import register_export_section
from portal.core import clock
from portal.core.db import session
from portal.core.events import subscribe
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.groups.events import GroupTightened, MinutesWritten, PostWritten, TaskDue
from portal.groups.models import Group, GroupTask
from portal.groups.operations.handing import cut_excerpts_loose
from portal.groups.operations.minutes import seal_minutes
from portal.groups.operations.news import line_of
from portal.groups.operations.reaching import tell_members
from portal.groups.queries.board import posts_by, writers_in
from portal.groups.queries.excerpts import excerpts_from
from portal.groups.queries.own import own_memberships
from portal.groups.queries.papers import doers_to_tell
from portal.moderation.operations.stopping import rename_cases
from portal.notifications.operations import notification_kind

MAIL = "groups/mail/news"
notification_kind(
    "groups.board",
    label=_l("There is something new on the board of my group"),
    text=line_of,
    template=MAIL,
    default_mail=False,
)
notification_kind(
    "groups.minutes",
    label=_l("There are new minutes of my group"),
    text=line_of,
    template=MAIL,
    default_mail=False,
)
notification_kind(
    "groups.task",
    label=_l("Something I said I would do for my group is due"),
    text=line_of,
    template=MAIL,
)


@subscribe(PostWritten)
def post_written(event: PostWritten) -> None:
    """All hear of a new conversation; of answers those who wrote in it, once a day."""
    group, author = session.get_one(Group, event.group_id), [event.membership_id]
    if event.post_id == event.thread_id:
        tell_members(group, "groups.board", "post", besides=author, once=f"post-{event.post_id}")
        return
    once = f"thread-{event.thread_id}-{clock.today()}"
    to = writers_in(event.thread_id)
    tell_members(group, "groups.board", "answer_on_board", to=to, besides=author, once=once)


@subscribe(GroupTightened)
def tightened(event: GroupTightened) -> None:
    """What moderation saw of a group that is discreet now no longer leads to it."""
    if session.get_one(Group, event.group_id).is_discreet:
        rename_cases("group_post", excerpts_from(event.group_id), _("Post in a group"))
        cut_excerpts_loose(event.group_id)
        seal_minutes(event.group_id)


@subscribe(MinutesWritten)
def minutes_written(event: MinutesWritten) -> None:
    """All others can read what was said and decided."""
    group, once = session.get_one(Group, event.group_id), f"minutes-{event.minutes_id}"
    tell_members(group, "groups.minutes", "minutes", besides=[event.membership_id], once=once)


@subscribe(TaskDue)
def task_due(event: TaskDue) -> None:
    """Those who said that they would do it."""
    group, task = session.get_one(Group, event.group_id), session.get_one(GroupTask, event.task_id)
    once = f"task-{task.id}-{task.due_on}"
    tell_members(group, "groups.task", "task_due", to=doers_to_tell(task), once=once)


def _written_by(account_id: int) -> list[dict[str, Any]]:
    """One row per post. Words from discreet groups are left out: the file may lie on a shared device, and the
    group's own export has them.
    """
    mine = [one.membership.id for one in own_memberships(account_id) if not one.group.is_discreet]
    return [
        {"written_on": post.written_on.isoformat(), "title": post.title, "text": post.text}
        for post in posts_by(mine)
    ]


register_export_section("posts_in_groups", _written_by)
