"""Who reads and changes what stands inside a group; the object is a post, minutes, a task or a file.

Everybody reads what an open group writes, from the day on which it was open; members and whoever accompanies
the group with the grant for the board also what is older.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import Predicate, declare, not_suspended, predicate
from portal.groups.models import Charter, FileKind, Grant, Group, GroupDecision, GroupPost, Right
from portal.groups.permissions import (
    is_living,
    is_member,
    is_open,
    is_shown,
    may,
    membership_of,
    takes_part,
    wrote_letter,
)
from portal.groups.permissions.accompanying import looks


def inside(rule: Predicate) -> Predicate:
    """The rule, asked of the group the thing belongs to."""

    def asked(actor: Actor, thing: Any) -> bool:
        group = session.get(Group, thing.group_id)
        return group is not None and rule(actor, group)

    return Predicate(asked, f"inside: {rule.name}")


@predicate
def wrote(actor: Actor, thing: Any) -> bool:
    """Wrote or sent it, and still belongs to the group."""
    group = session.get(Group, thing.group_id)
    membership = membership_of(actor, group) if group is not None else None
    return membership is not None and thing.author_id == membership.id


@predicate
def is_readable(actor: Actor, post: Any) -> bool:
    """Its words are there and not hidden."""
    return bool(post.is_readable)


@predicate
def is_for_all(actor: Actor, file: Any) -> bool:
    """A file of the group itself, not a picture in a post, and none that still waits for its words."""
    return file.post_id is None and not file.is_pending


@predicate
def is_picture(actor: Actor, file: Any) -> bool:
    """There is something to see, to be said in words."""
    return file.kind is FileKind.PICTURE


@predicate
def stands_in_readable_post(actor: Actor, file: Any) -> bool:
    """A described picture in a post that can be read."""
    post = session.get(GroupPost, file.post_id) if file.post_id is not None else None
    return post is not None and post.is_readable and not file.is_pending


def closed_until(actor: Actor, group: Group) -> date | None:
    """The day the group became less private: what is older stays with those who could read it then."""
    return None if group.loosened_on is None or _knows(actor, group) else group.loosened_on


def _day_of(thing: Any) -> date:
    """When it came up: a post with its conversation, a picture with its post, a decision at its start."""
    if isinstance(thing, GroupPost) and thing.thread_id is not None:
        return session.get_one(GroupPost, thing.thread_id).written_on
    if isinstance(thing, GroupDecision):
        return clock.local(thing.opens_at).date() if thing.opens_at is not None else date.min
    if getattr(thing, "post_id", None) is not None:
        return _day_of(session.get_one(GroupPost, thing.post_id))
    day: date = getattr(thing, "written_on", None) or thing.added_on
    return day


@predicate
def is_new_enough(actor: Actor, thing: Any) -> bool:
    """It was written when the group was as it is now, or the actor could read it before."""
    group = session.get(Group, thing.group_id)
    until = closed_until(actor, group) if group is not None else None
    return until is None or _day_of(thing) > until


@predicate
def has_new_charter(actor: Actor, group: Group) -> bool:
    """What the group agreed on was agreed when it was as it is now, or the actor could read it before."""
    until = closed_until(actor, group)
    if until is None:
        return True
    newest = select(Charter).where(Charter.group_id == group.id).order_by(Charter.version.desc()).limit(1)
    adopted_at = session.scalars(newest.with_only_columns(Charter.adopted_at)).first()
    return adopted_at is not None and clock.local(adopted_at).date() > until


@predicate
def reads_where_it_stands(actor: Actor, excerpt: Any) -> bool:
    """Reads the board of the group a copy for moderation came from."""
    post = session.get(GroupPost, excerpt.post_id) if excerpt.post_id is not None else None
    return post is not None and _reads_it(actor, post)


@dataclass(frozen=True)
class Gone:
    """What an address in a group names when nothing stands there: deleted, or never written."""

    group_id: int
    pid: str


@predicate
def is_gone(actor: Actor, thing: Any) -> bool:
    """Nothing stands there."""
    return isinstance(thing, Gone)


def or_gone(rule: Predicate, who: Predicate) -> Predicate:
    """The rule for what is there; where nothing is (any more), these members of the group are told so."""
    return (is_gone & inside(who)) | (~is_gone & rule)


_knows = is_member | looks(Grant.BOARD)
_reads = _knows | (is_open & is_shown)
# The board grant of somebody who accompanies covers what stands on the board and on papers.
_reads_it = inside(_reads) & is_new_enough
_acts = takes_part & is_living & not_suspended
_moderates = may(Right.MODERATE) & is_living & not_suspended
_keeps_minutes = may(Right.KEEP_MINUTES) & is_living & not_suspended

declare("groups.throw_letter_away", is_gone | wrote_letter)
declare("groups.read_board", _reads, visitors=True)
declare("groups.read_papers", _reads, visitors=True)
declare("groups.read_charter", is_member | (is_open & is_shown & has_new_charter), visitors=True)
declare("groups.export", is_member)
declare("groups.moderate", _moderates)
declare("groups.keep_minutes", _keeps_minutes)
declare("groups.read_post", _reads_it, visitors=True)
declare("groups.answer_post", inside(_acts))
declare("groups.change_post", wrote & is_readable & inside(_acts))
# Taking back one's own words is always possible, in a group that rests or has ended as well.
# Pressed twice, what is gone is said once more (the views know who has just deleted it).
declare("groups.remove_post", or_gone((wrote & inside(is_member)) | inside(_moderates), is_member))
declare("groups.take_out_together", inside(_acts) & is_readable & ~wrote)
declare("groups.moderate_post", inside(_moderates))
declare("groups.report_post", _reads_it & is_readable & ~wrote, visitors=True)
declare("groups.see_excerpt", reads_where_it_stands, visitors=True)
declare("groups.read_paper", _reads_it, visitors=True)
declare("groups.change_minutes", or_gone(inside(_keeps_minutes), _keeps_minutes))
declare("groups.do_task", inside(_acts))
declare(
    "groups.see_file",
    (wrote & inside(is_member)) | (is_for_all & _reads_it) | (stands_in_readable_post & _reads_it),
    visitors=True,
)
declare("groups.describe_file", wrote & is_picture & inside(_acts))
declare("groups.remove_file", or_gone((wrote & inside(is_member)) | inside(_moderates), is_member))
