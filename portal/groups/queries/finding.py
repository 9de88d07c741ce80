"""Finding groups: the public list, and one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select

from portal.core import search
from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.errors import NoSuchGroup
from portal.groups.models import Group, GroupKind, GroupState, JoinWay, Membership, MemberState, Privacy
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


def is_listed(group: Group) -> bool:
    """Everybody may know of it: active or resting, neither discreet nor hidden. As in `listed_condition`."""
    return group.state in SHOWN_STATES and not group.is_discreet and group.hidden_on is None


def listed_condition() -> ColumnElement[bool]:
    """What a query on groups needs that shows something to everybody."""
    return Group.state.in_(SHOWN_STATES) & is_public_condition()


def is_public_condition() -> ColumnElement[bool]:
    """In a query: neither discreet nor hidden by moderation."""
    return Group.is_discreet.is_(False) & Group.hidden_on.is_(None)


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the directory. Empty: everything."""

    words: str = ""
    kind: GroupKind | None = None
    district_id: int | None = None
    language: str = ""
    gathering: bool = False


def listed_groups(wanted: Wanted | None = None) -> Select[*tuple[Any, ...]]:
    """Groups everybody may know of, liveliest first; columns of a card. Never a discreet one.

    `gathering`: founding circles that still look for people, instead of running groups.
    """
    wanted = wanted or Wanted()
    gathers = (Group.state == GroupState.FOUNDING) & is_public_condition()
    query = select(*_CARD).where(gathers if wanted.gathering else listed_condition())
    if wanted.kind is not None:
        query = query.where(Group.kind == wanted.kind)
    if wanted.district_id is not None:
        query = query.where(Group.district_id == wanted.district_id)
    if wanted.language:
        # One JSON list of at most ten slugs, as text: a slug stands in it between quotation marks.
        query = query.where(cast(Group.languages, String).like(f'%"{wanted.language}"%'))
    if wanted.words:
        query = query.where(
            Group.id.in_([hit.id for hit in search.find(wanted.words, ("group",), limit=200)])
        )
    return query.order_by(Group.state, Group.last_sign_on.desc(), Group.id.desc())


def directory_page(
    wanted: Wanted | None = None, *, offset: int = 0, limit: int = 24
) -> tuple[list[GroupCard], int]:
    """One page of them, and how many there are."""
    query = listed_groups(wanted)
    total = session.scalar(query.with_only_columns(func.count(Group.id)).order_by(None)) or 0
    rows = session.execute(query.offset(offset).limit(limit))
    return [GroupCard(**{**row._asdict(), "languages": tuple(row.languages)}) for row in rows], total


def similar_groups(group: Group, actor: Actor, *, limit: int = 3) -> list[GroupCard]:
    """Other groups of the directory for somebody this one does not take in: of its kind and near it first.

    Without those the actor stands in already. One question.
    """
    own = select(Membership.group_id).where(
        Membership.account_id == actor.account_id, Membership.state.in_(_OF_MINE)
    )
    query = (
        listed_groups()
        .where(Group.id != group.id, Group.id.not_in(own), Group.join_way != JoinWay.CODE)
        .order_by(None)
        .order_by(
            Group.kind != group.kind,
            Group.district_id.is_distinct_from(group.district_id),
            Group.last_sign_on.desc(),
            Group.id.desc(),
        )
    )
    rows = session.execute(query.limit(limit))
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
