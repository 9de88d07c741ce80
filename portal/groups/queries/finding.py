"""Finding groups: the public list, and one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.errors import NoSuchGroup
from portal.groups.models import Group, GroupKind, GroupState, Membership, MemberState, Privacy
from portal.groups.permissions import ref_of

SHOWN_STATES = (GroupState.ACTIVE, GroupState.DORMANT)
_OF_MINE = (
    MemberState.MEMBER,
    MemberState.PAUSED,
    MemberState.REQUESTED,
    MemberState.WAITING,
    MemberState.INTERESTED,
)


@dataclass(frozen=True)
class GroupCard:
    """A group as a list shows it."""

    public_id: str
    name: str
    aim: str
    kind: GroupKind
    state: GroupState
    privacy: Privacy
    district_id: int | None
    language: str
    languages: tuple[str, ...]
    last_sign_on: date
    standing: MemberState | None = None


_CARD = (
    Group.public_id,
    Group.name,
    Group.aim,
    Group.kind,
    Group.state,
    Group.privacy,
    Group.district_id,
    Group.language,
    Group.languages,
    Group.last_sign_on,
)


def group_by_public_id(public_id: str) -> Group | None:
    """The group, whoever asks; the caller decides whether they may know."""
    return session.scalar(select(Group).where(Group.public_id == public_id))


def groups_by_ids(ids: Sequence[int]) -> dict[int, Group]:
    """The groups with these ids, in one question."""
    return {group.id: group for group in session.scalars(select(Group).where(Group.id.in_(ids)))}


def require_group(public_id: str) -> Group:
    """The group; raises NoSuchGroup."""
    group = group_by_public_id(public_id)
    if group is None:
        raise NoSuchGroup
    return group


def listed_groups(
    *, kind: GroupKind | None = None, district_id: int | None = None, resting: bool = False
) -> Select[*tuple[Any, ...]]:
    """Groups everybody may know of, liveliest first; columns of a card. Never a discreet one."""
    states = SHOWN_STATES if resting else (GroupState.ACTIVE,)
    query = select(*_CARD).where(Group.state.in_(states), Group.is_discreet.is_(False))
    if kind is not None:
        query = query.where(Group.kind == kind)
    if district_id is not None:
        query = query.where(Group.district_id == district_id)
    return query.order_by(Group.last_sign_on.desc(), Group.id.desc())


def directory_page(*, offset: int = 0, limit: int = 24) -> list[GroupCard]:
    """One page of the list of groups everybody may know of."""
    rows = session.execute(listed_groups(resting=True).offset(offset).limit(limit))
    return [GroupCard(**{**row._asdict(), "languages": tuple(row.languages)}) for row in rows]


def my_groups(actor: Actor) -> list[GroupCard]:
    """The actor's own groups, discreet ones among them: what they belong to first, then what they asked.

    Two questions, however many groups: ids of the discreet ones, for which references are computed (ten
    microseconds each), then memberships with their groups.
    """
    if actor.account_id is None:
        return []
    # A group that was discreet once still knows its members of then by reference only.
    discreet = session.scalars(
        select(Group.id).where(
            Group.is_discreet | Group.loosened_on.is_not(None), Group.state != GroupState.MERGED
        )
    ).all()
    refs = [ref_of(actor.account_id, group_id) for group_id in discreet]
    query = (
        select(*_CARD, Membership.state.label("standing"))
        .join(Membership, Membership.group_id == Group.id)
        .where((Membership.account_id == actor.account_id) | Membership.ref.in_(refs))
        .where(Membership.state.in_(_OF_MINE))
    )
    rows = session.execute(query).all()
    cards = [GroupCard(**{**row._asdict(), "languages": tuple(row.languages)}) for row in rows]
    return sorted(
        cards, key=lambda card: (_OF_MINE.index(card.standing or MemberState.INTERESTED), card.name)
    )
