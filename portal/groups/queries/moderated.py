"""What moderation may know of a group: its public card, and whose group it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import session
from portal.groups.models import Group, GroupExcerpt, GroupPost, Membership, MemberState
from portal.groups.permissions import ref_of
from portal.groups.queries.languages import texts_of
from portal.moderation.models import Decision, Measure
from portal.moderation.settings import objectable_for

_BELONGS = (MemberState.MEMBER, MemberState.PAUSED)


def known_group(group_id: int) -> Group | None:
    """The group as a subject. A discreet one is the subject of nothing: no notice or report names it."""
    group = session.get(Group, group_id)
    return group if group is not None and not group.is_discreet else None


def known_group_by_public_id(public_id: str) -> Group | None:
    """The same by the id in addresses."""
    query = select(Group).where(Group.public_id == public_id, Group.is_discreet.is_(False))
    return session.scalar(query)


def known_groups(ids: Collection[int]) -> dict[int, Group]:
    """Several in one question."""
    query = select(Group).where(Group.id.in_(ids), Group.is_discreet.is_(False))
    return {group.id: group for group in session.scalars(query)}


def card_words(group: Group) -> str:
    """Everything the public page says, in every language it is written in."""
    words = (
        "\n\n".join(filter(None, (one.name, one.aim, one.welcome, one.contact_way)))
        for one in texts_of(group).values()
    )
    return "\n\n".join(words)


def members_among(group_ids: Collection[int], accounts: Collection[int]) -> set[tuple[int, int]]:
    """(group, account) for those of the accounts that belong to one of the groups. One question."""
    whose = {ref_of(account, group): (group, account) for group in group_ids for account in accounts}
    query = select(Membership.ref).where(
        Membership.group_id.in_(group_ids), Membership.ref.in_(whose), Membership.state.in_(_BELONGS)
    )
    return {whose[ref] for ref in session.scalars(query)}


def members_behind(excerpts: Collection[int], accounts: Collection[int]) -> set[tuple[int, int]]:
    """The same for copies of posts: (copy, account). Two questions."""
    query = select(GroupExcerpt.id, GroupPost.group_id).join(GroupPost, GroupPost.id == GroupExcerpt.post_id)
    groups = {row.id: row.group_id for row in session.execute(query.where(GroupExcerpt.id.in_(excerpts)))}
    inside = members_among(set(groups.values()), accounts) if groups else set()
    return {(one, account) for one, group in groups.items() for of, account in inside if of == group}


def all_members(group: Group) -> list[int]:
    """Ids of the memberships of everybody who belongs to it, pausing ones as well."""
    query = select(Membership.id).where(Membership.group_id == group.id, Membership.state.in_(_BELONGS))
    return list(session.scalars(query))


def founded_since(since: datetime) -> int:
    """How many groups got a public card since then, for moderation's figures."""
    query = select(func.count()).where(Group.founded_at >= since, Group.is_discreet.is_(False))
    return session.scalar(query) or 0


def decisions_to_read(group: Group) -> list[Decision]:
    """What moderation decided about the group and can still be objected to, latest first."""
    since = clock.now() - objectable_for()
    query = select(Decision).where(
        Decision.subject_kind == "group", Decision.subject_id == group.id, Decision.decided_at > since
    )
    return list(session.scalars(query.where(Decision.measure != Measure.NONE).order_by(Decision.id.desc())))
