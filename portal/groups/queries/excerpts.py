"""Copies of posts that members handed to moderation, and what may be told about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from portal.core.actors import Actor
from portal.core.db import session
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.core.subjects import SubjectRef
from portal.groups.models import Group, GroupExcerpt, GroupPost, Membership


def excerpt_by_id(excerpt_id: int) -> GroupExcerpt | None:
    """One copy."""
    return session.get(GroupExcerpt, excerpt_id)


def excerpts_by_id(ids: Sequence[int]) -> dict[int, GroupExcerpt]:
    """Several copies in one question."""
    found = session.scalars(select(GroupExcerpt).where(GroupExcerpt.id.in_(ids)))
    return {one.id: one for one in found}


def excerpt_by_public_id(public_id: str) -> GroupExcerpt | None:
    """One copy by the id in addresses."""
    return session.scalar(select(GroupExcerpt).where(GroupExcerpt.public_id == public_id))


def latest_excerpts(post_ids: Iterable[int]) -> dict[int, str]:
    """post id -> public id of its newest copy: where the reasons of moderation stand."""
    query = select(GroupExcerpt).where(GroupExcerpt.post_id.in_(list(post_ids))).order_by(GroupExcerpt.id)
    return {one.post_id: one.public_id for one in session.scalars(query) if one.post_id is not None}


def excerpts_from(group_id: int) -> list[int]:
    """Ids of all copies of posts of this group."""
    query = select(GroupExcerpt.id).join(GroupPost, GroupPost.id == GroupExcerpt.post_id)
    return list(session.scalars(query.where(GroupPost.group_id == group_id)))


def post_of(excerpt: GroupExcerpt) -> GroupPost | None:
    """The post that was copied, while it is there."""
    return session.get(GroupPost, excerpt.post_id) if excerpt.post_id is not None else None


def group_of_excerpt(excerpt: GroupExcerpt) -> Group | None:
    """The group it came from."""
    post = post_of(excerpt)
    return session.get(Group, post.group_id) if post is not None else None


def stands_in(excerpt: GroupExcerpt) -> SubjectRef | None:
    """What moderation could stop because of it: the group, unless it is discreet."""
    group = group_of_excerpt(excerpt)
    return SubjectRef("group", group.id) if group is not None and not group.is_discreet else None


def shows_in(actor: Actor, excerpt: GroupExcerpt) -> bool:
    """Whoever reads the board knows of it; moderators see the copy in their case, and nothing else."""
    post = post_of(excerpt)
    return post is not None and can(actor, "groups.see_excerpt", excerpt)


def heading_of(excerpt: GroupExcerpt) -> str:
    """What moderation reads as a title: of a discreet group not even its name."""
    group = group_of_excerpt(excerpt)
    if group is None or group.is_discreet:
        return _("Post in a group")
    return _("Post in the group “%(name)s”", name=group.name)


def author_of_excerpt(excerpt: GroupExcerpt) -> int | None:
    """The account that wrote it, to be told the reasons; nobody knows it of a discreet group."""
    post = post_of(excerpt)
    member = session.get(Membership, post.author_id) if post is not None and post.author_id else None
    return member.account_id if member is not None else None


def district_of_excerpt(excerpt: GroupExcerpt) -> int | None:
    """Whose moderators look at it; of a discreet group any, so that not even the district is told."""
    group = group_of_excerpt(excerpt)
    return None if group is None or group.is_discreet else group.district_id


def names_reporters(excerpt: GroupExcerpt) -> bool:
    """Whether a report may hold who made it: in a discreet group it would say who is a member."""
    group = group_of_excerpt(excerpt)
    return group is not None and not group.is_discreet


def excerpts_written_by(account_id: int) -> Select[Any]:
    """Ids of copies of what this account wrote."""
    return (
        select(GroupExcerpt.id)
        .join(GroupPost, GroupPost.id == GroupExcerpt.post_id)
        .join(Membership, Membership.id == GroupPost.author_id)
        .where(Membership.account_id == account_id)
    )


def posts_since(since: datetime) -> int:
    """How many posts were written since, for moderation's figures; discreet groups are not counted."""
    query = (
        select(func.count())
        .select_from(GroupPost)
        .join(Group, Group.id == GroupPost.group_id)
        .where(GroupPost.written_on >= since.date(), Group.is_discreet.is_(False))
    )
    return session.scalar(query) or 0


def is_post_hidden(excerpt: GroupExcerpt) -> bool:
    """Moderation has hidden the post."""
    post = post_of(excerpt)
    return post is not None and post.hidden_on is not None
