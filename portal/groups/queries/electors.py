"""Whom a decision can ask, and whom it asks, by name; in discreet groups only names everybody there knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select

from portal.core import crypto
from portal.core.db import session
from portal.groups.models import (
    Asked,
    DecisionState,
    Elector,
    Electorate,
    Group,
    GroupDecision,
    GroupPost,
    LotPerson,
    Membership,
    MemberState,
)


@dataclass(frozen=True)
class Candidate:
    """A member who can be asked, or drawn. `key` stands in forms and means nothing anywhere else."""

    key: str
    membership_id: int
    ref: str
    name: str


def candidates(group: Group, viewer: Membership | None) -> list[Candidate]:
    """Members who take part, by name. In a discreet group only those who wrote on the board, and oneself.

    Nobody learns of a member by looking for whom to ask: who never wrote anything stands in no list.
    """
    query = select(Membership).where(Membership.group_id == group.id, Membership.state == MemberState.MEMBER)
    if group.is_discreet:
        query = query.where(Membership.id.in_(_known(group, viewer)))
    found = [Candidate(_key(group, one), one.id, one.ref, one.alias) for one in session.scalars(query)]
    return sorted(found, key=lambda one: one.name.casefold())


def _known(group: Group, viewer: Membership | None) -> set[int]:
    """Members whose names a reader of the board has before their eyes, and the reader."""
    wrote = select(GroupPost.author_id).where(GroupPost.group_id == group.id, GroupPost.hidden_on.is_(None))
    known = {one for one in session.scalars(wrote.distinct()) if one is not None}
    return known | ({viewer.id} if viewer else set())


def _key(group: Group, membership: Membership) -> str:
    return crypto.keyed_hash("groups.candidate", f"{group.id}|{membership.id}")[:16]


def asked_keys(decision: GroupDecision, among: Iterable[Candidate]) -> list[str]:
    """Who of these is on the list of whom to ask, for the form."""
    refs = set(session.scalars(select(Asked.ref).where(Asked.decision_id == decision.id)))
    return [one.key for one in among if one.ref in refs]


def asked_names(decision: GroupDecision, group: Group, viewer: Membership) -> list[str]:
    """Whom a decision of some members asks, by name: before the opening the wish, afterwards who may answer.

    In a discreet group only those whose names stand on the board anyway.
    """
    if decision.electorate is not Electorate.NAMED_LIST:
        return []
    query = select(Membership).where(
        Membership.group_id == group.id,
        Membership.ref.in_(_refs(decision)),
        Membership.state.in_((MemberState.MEMBER, MemberState.PAUSED)),
    )
    if group.is_discreet:
        query = query.where(Membership.id.in_(_known(group, viewer)))
    return sorted((one.alias for one in session.scalars(query)), key=str.casefold)


def _refs(decision: GroupDecision) -> Select[str]:
    if decision.state in (DecisionState.DRAFT, DecisionState.COLLECTING):
        return select(Asked.ref).where(Asked.decision_id == decision.id)
    return select(Elector.ref).where(Elector.decision_id == decision.id)


def electors_here(decision: GroupDecision) -> list[int]:
    """Memberships of those who may answer, for notices."""
    query = (
        select(Membership.id)
        .join(Elector, Elector.ref == Membership.ref)
        .where(Elector.decision_id == decision.id, Membership.group_id == decision.group_id)
        .where(Membership.state == MemberState.MEMBER)
    )
    return sorted(session.scalars(query))


def lots_of(decision: GroupDecision, membership: Membership | None) -> list[int]:
    """Numbers of the lots that stand for this member, or that they suggested."""
    if membership is None:
        return []
    query = select(LotPerson.option_id).where(LotPerson.membership_id == membership.id)
    ids = set(session.scalars(query))
    return [one.number for one in decision.options if one.id in ids and not one.dropped]
