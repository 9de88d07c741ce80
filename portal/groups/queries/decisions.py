"""Decisions as pages show them: lists with what is still missing, who said what, what came of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.models import (
    DecisionOutcome,
    DecisionState,
    Elector,
    Electorate,
    Group,
    GroupDecision,
    GroupRole,
    GroupState,
    Membership,
    MemberState,
    Method,
    NamedBallot,
    Objection,
    ObjectionState,
    SecretReason,
    Status,
    Target,
)
from portal.groups.permissions import ref_of

# Fewer notes without a name would tell whose they are.
FEWEST_REASONS = 3


@dataclass(frozen=True)
class DecisionLine:
    """A decision in a list. `mine`: "missing", "answered", or "" for somebody who is not asked."""

    public_id: str
    group_id: int
    title: str
    method: Method
    state: DecisionState
    status: Status | None
    opens_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    answered: int
    electors: int
    mine: str = ""


def decision_by_public_id(group: Group, public_id: str) -> GroupDecision | None:
    """A decision of exactly this group."""
    query = select(GroupDecision).where(
        GroupDecision.group_id == group.id, GroupDecision.public_id == public_id
    )
    return session.scalar(query)


def decision_lines(
    group: Group,
    states: Iterable[DecisionState],
    *,
    membership: Membership | None,
    limit: int = 100,
    offset: int = 0,
) -> list[DecisionLine]:
    """Decisions of a group, what ends soonest first, closed ones newest first. One question, however many.

    Who is not a member never gets what is decided about somebody's membership, nor what began when the group
    was more private.
    """
    wanted = list(states)
    query = _lines([membership.ref] if membership else []).where(
        GroupDecision.group_id == group.id, GroupDecision.state.in_(wanted)
    )
    if membership is None:
        query = query.where(*_for_others(group))
    order = GroupDecision.closed_at.desc() if DecisionState.CLOSED in wanted else GroupDecision.closes_at
    rows = session.execute(query.order_by(order, GroupDecision.id.desc()).limit(limit).offset(offset))
    return [_line(row, is_member=membership is not None) for row in rows]


def _for_others(group: Group) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [GroupDecision.target != Target.REVIEW]
    if group.loosened_on is not None:
        found.append(GroupDecision.opens_at >= clock.at_local(group.loosened_on + timedelta(days=1), time()))
    return found


def count_decisions(group: Group, states: Iterable[DecisionState], *, for_members: bool) -> int:
    """How many there are, for the numbers of pages."""
    query = select(func.count(GroupDecision.id)).where(
        GroupDecision.group_id == group.id, GroupDecision.state.in_(list(states))
    )
    if not for_members:
        query = query.where(*_for_others(group))
    return session.scalar(query) or 0


def drafts_of(group: Group, membership: Membership, *, every: bool) -> list[DecisionLine]:
    """Drafts: one's own, or `every` one for those who facilitate."""
    query = _lines([]).where(GroupDecision.group_id == group.id, GroupDecision.state == DecisionState.DRAFT)
    if not every:
        query = query.where(GroupDecision.facilitator_id == membership.id)
    rows = session.execute(query.order_by(GroupDecision.id.desc()).limit(50))
    return [_line(row, is_member=False) for row in rows]


def _lines(refs: list[str]) -> Select[*tuple[Any, ...]]:
    own = (
        select(Elector.decision_id, Elector.voted.label("voted")).where(Elector.ref.in_(refs)).subquery("own")
    )
    counted = (
        select(
            Elector.decision_id,
            func.count().label("electors"),
            func.count().filter(Elector.voted).label("answered"),
        )
        .group_by(Elector.decision_id)
        .subquery("counted")
    )
    return (
        select(
            GroupDecision.public_id,
            GroupDecision.group_id,
            GroupDecision.title,
            GroupDecision.method,
            GroupDecision.state,
            GroupDecision.status,
            GroupDecision.opens_at,
            GroupDecision.closes_at,
            GroupDecision.closed_at,
            GroupDecision.electorate,
            counted.c.electors,
            counted.c.answered,
            own.c.voted,
        )
        .outerjoin(counted, counted.c.decision_id == GroupDecision.id)
        .outerjoin(own, own.c.decision_id == GroupDecision.id)
    )


def _line(row: Any, *, is_member: bool) -> DecisionLine:
    asked = row.voted is not None or (is_member and row.electorate is Electorate.AT_CLOSING)
    running = row.state is DecisionState.OPEN and row.closes_at is not None and row.closes_at > clock.now()
    mine = ("answered" if row.voted else "missing" if running else "") if asked else ""
    return DecisionLine(
        row.public_id,
        row.group_id,
        row.title,
        row.method,
        row.state,
        row.status,
        row.opens_at,
        row.closes_at,
        row.closed_at,
        row.answered or 0,
        row.electors or 0,
        mine,
    )


def voices_missing(actor: Actor) -> list[tuple[Group, DecisionLine]]:
    """What waits for the actor's answer in all their groups, what ends soonest first.

    Four questions, however many groups; references of discreet ones are computed, ten microseconds each.
    """
    if actor.account_id is None:
        return []
    discreet = session.scalars(
        select(Group.id).where(Group.is_discreet, Group.state != GroupState.MERGED)
    ).all()
    refs = [ref_of(actor.account_id, group_id) for group_id in discreet]
    query = select(Membership.group_id, Membership.ref).where(
        or_(Membership.account_id == actor.account_id, Membership.ref.in_(refs)),
        Membership.state == MemberState.MEMBER,
    )
    mine = {row.group_id: row.ref for row in session.execute(query)}
    if not mine:
        return []
    now = clock.now()
    lines = _lines(list(mine.values())).where(
        GroupDecision.group_id.in_(mine),
        GroupDecision.state == DecisionState.OPEN,
        GroupDecision.closes_at > now,
    )
    found = [_line(row, is_member=True) for row in session.execute(lines.order_by(GroupDecision.closes_at))]
    missing = [line for line in found if line.mine == "missing"]
    groups = select(Group).where(Group.id.in_({line.group_id for line in missing}))
    by_id = {group.id: group for group in session.scalars(groups)}
    return [(by_id[line.group_id], line) for line in missing if by_id[line.group_id].is_living]


@dataclass(frozen=True)
class Own:
    """How the reader stands to a decision: in its electorate or not, with what they said so far."""

    is_elector: bool
    has_answered: bool = False
    content: dict[str, Any] | None = None
    reason: str = ""
    is_draft: bool = False
    asks_longer: bool = False
    elector_id: int | None = None


def own_standing(decision: GroupDecision, membership: Membership | None) -> Own:
    """The reader's row in the electorate, with their own named answer. Nobody else's is ever asked for."""
    if membership is None:
        return Own(False)
    query = (
        select(Elector, NamedBallot)
        .outerjoin(NamedBallot, NamedBallot.elector_id == Elector.id)
        .where(Elector.decision_id == decision.id, Elector.ref == membership.ref)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        late = decision.electorate is Electorate.AT_CLOSING and membership.state is MemberState.MEMBER
        return Own(late)
    elector, ballot = row
    return Own(
        True,
        elector.voted,
        json.loads(ballot.content) if ballot else None,
        ballot.reason if ballot else "",
        bool(ballot and ballot.is_draft),
        elector.asks_longer,
        elector.id,
    )


@dataclass(frozen=True)
class Said:
    """What one member answered where names are visible. No alias: somebody who has left since."""

    alias: str
    content: dict[str, Any]
    reason: str


def answers_by_name(decision: GroupDecision) -> list[Said]:
    """Who answered what, by alias. Empty for secret decisions: there is nothing to show."""
    if decision.secret:
        return []
    query = (
        select(Membership.alias, NamedBallot.content, NamedBallot.reason)
        .select_from(Elector)
        .join(NamedBallot, NamedBallot.elector_id == Elector.id)
        .outerjoin(
            Membership,
            and_(Membership.group_id == decision.group_id, Membership.ref == Elector.ref),
        )
        .where(Elector.decision_id == decision.id, NamedBallot.is_draft.is_(False))
    )
    said = [
        Said(alias or "", json.loads(content), reason) for alias, content, reason in session.execute(query)
    ]
    return sorted(said, key=lambda one: one.alias.casefold())


@dataclass(frozen=True)
class Objecting:
    """An objection with the name of who made it."""

    id: int
    elector_id: int
    alias: str
    text: str
    state: ObjectionState
    round: int


def objections_of(decision: GroupDecision) -> list[Objecting]:
    """Objections of all rounds, newest round first."""
    query = (
        select(
            Objection.id,
            Objection.elector_id,
            Membership.alias,
            Objection.text,
            Objection.state,
            Objection.round,
        )
        .join(Elector, Elector.id == Objection.elector_id)
        .outerjoin(
            Membership,
            and_(Membership.group_id == decision.group_id, Membership.ref == Elector.ref),
        )
        .where(Objection.decision_id == decision.id)
        .order_by(Objection.round.desc(), Objection.id)
    )
    return [Objecting(row[0], row[1], row[2] or "", *row[3:]) for row in session.execute(query)]


def objection_by_id(decision: GroupDecision, objection_id: int) -> Objection | None:
    """An objection to exactly this decision."""
    query = select(Objection).where(Objection.decision_id == decision.id, Objection.id == objection_id)
    return session.scalar(query)


def unsigned_reasons(decision: GroupDecision) -> list[str]:
    """Notes without names of a secret decision, after its end, in an order drawn anew each time.

    Fewer than three are not shown: they would tell whose they are.
    """
    if not decision.secret or decision.state is not DecisionState.CLOSED:
        return []
    query = select(SecretReason.text).where(SecretReason.decision_id == decision.id)
    notes = list(session.scalars(query))
    secrets.SystemRandom().shuffle(notes)
    return notes if len(notes) >= FEWEST_REASONS else []


def outcomes_of(decision: GroupDecision) -> list[DecisionOutcome]:
    """What the group said it will do, newest version first."""
    query = select(DecisionOutcome).where(DecisionOutcome.decision_id == decision.id)
    return list(session.scalars(query.order_by(DecisionOutcome.version.desc())))


def published_outcome(decision: GroupDecision) -> DecisionOutcome | None:
    """What holds: the newest version that needs nobody else any more."""
    return next((one for one in outcomes_of(decision) if one.published_at is not None), None)


def outcome_by_version(decision: GroupDecision, version: int) -> DecisionOutcome | None:
    """One version of what came of it."""
    query = select(DecisionOutcome).where(
        DecisionOutcome.decision_id == decision.id, DecisionOutcome.version == version
    )
    return session.scalar(query)


def reviews_open(group: Group) -> list[tuple[GroupDecision, DecisionOutcome]]:
    """What the group has been asked about: does it still hold?"""
    query = (
        select(GroupDecision, DecisionOutcome)
        .join(DecisionOutcome, DecisionOutcome.decision_id == GroupDecision.id)
        .where(GroupDecision.group_id == group.id, DecisionOutcome.review_asked_on.is_not(None))
        .order_by(DecisionOutcome.review_asked_on, DecisionOutcome.id)
    )
    return [(decision, outcome) for decision, outcome in session.execute(query)]


def members_missing(decision: GroupDecision) -> list[int]:
    """Memberships of electors who have not answered yet."""
    query = (
        select(Membership.id)
        .join(Elector, Elector.ref == Membership.ref)
        .where(Elector.decision_id == decision.id, Elector.voted.is_(False))
        .where(Membership.group_id == decision.group_id, Membership.state == MemberState.MEMBER)
    )
    return sorted(session.scalars(query))


def turnout_of(decision: GroupDecision) -> tuple[int, int]:
    """(how many have answered, how many may)."""
    query = select(func.count(), func.count().filter(Elector.voted)).where(Elector.decision_id == decision.id)
    electors, voted = session.execute(query).one()
    return voted, electors


def undone_by(decision: GroupDecision) -> GroupDecision | None:
    """The decision that takes this one back, if one was begun and not stopped."""
    query = select(GroupDecision).where(
        GroupDecision.undoes_id == decision.id, GroupDecision.state != DecisionState.CANCELLED
    )
    return session.scalars(query.order_by(GroupDecision.id.desc()).limit(1)).first()


def decision_by_id(decision_id: int) -> GroupDecision | None:
    """A decision by its number, for the one it takes back."""
    return session.get(GroupDecision, decision_id)


def group_of(decision: GroupDecision) -> Group:
    """The group that decides."""
    return session.get_one(Group, decision.group_id)


def role_and_names(group: Group, key: str, public_ids: Iterable[str]) -> tuple[GroupRole | None, list[str]]:
    """A role a decision is about, and the names of those who could take it on."""
    role = session.scalar(select(GroupRole).where(GroupRole.group_id == group.id, GroupRole.key == key))
    query = select(Membership.alias).where(
        Membership.group_id == group.id, Membership.public_id.in_(list(public_ids)), Membership.alias != ""
    )
    return role, sorted(session.scalars(query))
