"""Who is asked: everybody in the group, or a list somebody names; frozen at the opening."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, delete, select

from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.groups.errors import DecisionLocked, QuorumTooHigh
from portal.groups.errors.deciding import NobodyAsked
from portal.groups.models import (
    Asked,
    DecisionState,
    Elector,
    Electorate,
    Group,
    GroupDecision,
    Membership,
    MemberState,
    QuorumKind,
    Target,
)
from portal.groups.permissions import membership_of
from portal.groups.permissions.holding import locked_refs
from portal.groups.queries.electors import candidates


def name_asked(decision: GroupDecision, keys: Collection[str], *, group: Group, actor: Actor) -> None:
    """Only these members are asked; the ones before are forgotten. Until the opening.

    `keys`: of `candidates`, unknown ones are passed over. Raises DecisionLocked, NobodyAsked.
    """
    ensure(actor, "groups.facilitate", decision)
    if decision.state is not DecisionState.DRAFT or decision.electorate is not Electorate.NAMED_LIST:
        raise DecisionLocked
    chosen = [one for one in candidates(group, membership_of(actor, group)) if one.key in keys]
    if not chosen:
        raise NobodyAsked
    session.execute(delete(Asked).where(Asked.decision_id == decision.id))
    # Sorted by the reference, which says nothing.
    refs = sorted(one.ref for one in chosen)
    session.add_all(Asked(decision_id=decision.id, ref=ref) for ref in refs)
    session.flush()


def freeze_electorate(decision: GroupDecision) -> int:
    """Who may answer, at this moment; returns how many. Who pauses or has left is not asked.

    Nor is an account that may only read: it could not answer, and a quorum would wait for it. Locked or free
    later changes nothing any more. Only less privacy still needs its yes, since it is for everybody.

    Raises NobodyAsked, and QuorumTooHigh when fewer are asked than have to take part.
    """
    query = select(Membership.ref).where(
        Membership.group_id == decision.group_id, Membership.state == MemberState.MEMBER
    )
    is_list = decision.electorate is Electorate.NAMED_LIST
    if is_list:
        query = query.where(Membership.ref.in_(_named(decision)))
    # Sorted by the reference, which says nothing: rows must not stand in the order of joining.
    refs = sorted(set(session.scalars(query)) - not_asked(decision))
    if is_list and not refs:
        raise NobodyAsked
    if is_list and decision.quorum_kind is QuorumKind.PEOPLE and decision.quorum > len(refs):
        raise QuorumTooHigh
    session.add_all(Elector(decision_id=decision.id, ref=ref) for ref in refs)
    session.flush()
    return len(refs)


def not_asked(decision: GroupDecision) -> set[str]:
    """References of accounts that are locked now and do not count."""
    return set() if decision.target is Target.PRIVACY else locked_refs(decision.group_id)


def _named(decision: GroupDecision) -> Select[str]:
    return select(Asked.ref).where(Asked.decision_id == decision.id)


def forget_wish(decision: GroupDecision) -> None:
    """Everybody has been asked: from now on the electorate stands for itself."""
    session.execute(delete(Asked).where(Asked.decision_id == decision.id))
