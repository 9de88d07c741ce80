"""Who may do what with groups. Nobody outside learns that a discreet group exists, whatever hat they wear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import event, select

from portal.core import clock, crypto
from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.core.permissions import (
    Deny,
    Predicate,
    anyone,
    declare,
    has_role,
    not_suspended,
    participant,
    predicate,
    resident,
    system,
)
from portal.core.state import StateMachine
from portal.groups.models import (
    TRANSITIONS,
    Group,
    GroupDecision,
    GroupRole,
    GroupState,
    JoinWay,
    Membership,
    MemberState,
    MeToo,
    Privacy,
    Right,
    RoleHolder,
    Target,
)

# A founding circle in which nothing happens for so long ends by itself.
FOUNDING_SILENCE = timedelta(days=90)
STATES = StateMachine("groups.state", TRANSITIONS)
# How somebody stands to a group is asked several times in one request; kept with the loaded group.
_KNOWN = "_standings"


def ref_of(account_id: int, group_id: int) -> str:
    """The reference under which a group knows an account: HMAC-SHA-256 under the portal's key.

    Two groups know the same person by different references, and nobody can turn one back into an account
    without the key. Honest limit: who holds database and key can compute it for every account.
    """
    return crypto.keyed_hash("groups.member", f"{account_id}|{group_id}")


def membership_of(actor: Actor, group: Group) -> Membership | None:
    """How the actor stands to the group, or None. One indexed question, asked once per loaded group."""
    if actor.account_id is None or not (actor.is_resident or actor.is_staff):
        return None
    known: dict[int, Membership | None] = group.__dict__.setdefault(_KNOWN, {})
    if actor.account_id not in known:
        query = select(Membership).where(
            Membership.group_id == group.id, Membership.ref == ref_of(actor.account_id, group.id)
        )
        known[actor.account_id] = session.scalar(query)
    return known[actor.account_id]


def forget_standing(group: Group) -> None:
    """Somebody's standing has changed: ask again."""
    group.__dict__.pop(_KNOWN, None)


@event.listens_for(Group, "expire")
def _forget_what_was_rolled_back(group: Group | None, names: Any) -> None:
    """A request that lost a race runs once more on the same objects: it has to see who came in meanwhile.

    A group nobody holds any more has no object left at that moment.
    """
    if names is None and group is not None:
        forget_standing(group)


def rights_of(membership: Membership, group: Group) -> frozenset[str]:
    """What a member may do now: what every member may, and what the roles they hold add."""
    if membership.state is not MemberState.MEMBER:
        return frozenset()
    query = (
        select(GroupRole.rights)
        .join(RoleHolder, RoleHolder.role_id == GroupRole.id)
        .where(RoleHolder.membership_id == membership.id, RoleHolder.until_on > clock.today())
    )
    held = [right for rights in session.scalars(query) for right in rights]
    return frozenset([*group.member_rights, *held])


@predicate
def is_member(actor: Actor, group: Group) -> bool:
    """Belongs to it, pausing or not."""
    membership = membership_of(actor, group)
    return membership is not None and membership.state in (MemberState.MEMBER, MemberState.PAUSED)


@predicate
def takes_part(actor: Actor, group: Group) -> bool:
    """Belongs to it and does not pause."""
    membership = membership_of(actor, group)
    return membership is not None and membership.state is MemberState.MEMBER


@predicate
def has_asked(actor: Actor, group: Group) -> bool:
    """Waits for an answer of the group."""
    membership = membership_of(actor, group)
    return membership is not None and membership.state in (
        MemberState.INTERESTED,
        MemberState.REQUESTED,
        MemberState.WAITING,
    )


def may(right: Right) -> Predicate:
    """A member whose roles (or the group's common rights) include this."""

    def allowed(actor: Actor, group: Group) -> bool:
        membership = membership_of(actor, group)
        return membership is not None and right in rights_of(membership, group)

    return Predicate(allowed, f"may {right}")


@predicate
def left_today(actor: Actor, group: Group) -> bool:
    """Has just left: a second click is answered like the first."""
    membership = membership_of(actor, group)
    return (
        membership is not None
        and membership.state is MemberState.LEFT
        and membership.decided_on == clock.today()
    )


@predicate
def is_shown(actor: Actor, group: Group) -> bool:
    """Its card is public: founded, and neither discreet nor suspended nor hidden."""
    was_one = group.founded_at is not None
    return has_card(group) and was_one and group.state not in (GroupState.FOUNDING, GroupState.SUSPENDED)


def has_card(group: Group) -> bool:
    """There may be a public page of it: not discreet, and moderation has not hidden it."""
    return group.privacy is not Privacy.DISCREET and group.hidden_on is None


@predicate
def gathers(actor: Actor, group: Group) -> bool:
    """A founding circle that is not discreet: people may still come to it."""
    return has_card(group) and group.state is GroupState.FOUNDING


@predicate
def is_ended_circle(actor: Actor, group: Group) -> bool:
    """It never became a group, and is not erased yet: it can go on where it stood."""
    erased = group.purge_on is not None and group.purge_on <= clock.today()
    return group.state is GroupState.ARCHIVED and group.founded_at is None and not erased


def fell_silent(group: Group) -> bool:
    """The circle ended because nothing happened in it, not because its people said so."""
    ended = clock.local(group.archived_at).date() if group.archived_at else group.last_sign_on
    return group.last_sign_on <= ended - FOUNDING_SILENCE


@predicate
def misses_circle(actor: Actor, group: Group) -> bool:
    """Would take part in what the circle grew out of, or asked to join it, before it fell silent."""
    if actor.account_id is None or not has_card(group) or not fell_silent(group):
        return False
    known = membership_of(actor, group)
    if known is not None and known.state in (MemberState.DECLINED, MemberState.REMOVED):
        return False
    query = select(MeToo.id).where(
        MeToo.subject_kind == group.origin_kind,
        MeToo.subject_id == group.origin_id,
        MeToo.account_id == actor.account_id,
    )
    return has_asked(actor, group) or session.scalar(query) is not None


@predicate
def had_the_idea(actor: Actor, idea: Any) -> bool:
    """It is the actor's own idea."""
    return actor.account_id is not None and idea.author_id == actor.account_id


@predicate
def is_hidden(actor: Actor, idea: Any) -> bool:
    """Moderation has hidden it."""
    return idea.hidden_at is not None


@predicate
def wrote_letter(actor: Actor, letter: Any) -> bool:
    """It is the actor's own letter; only its hash says so."""
    known = crypto.keyed_hash("groups.letter", str(actor.account_id))
    return actor.account_id is not None and letter.writer_ref == known


@predicate
def by_contact(actor: Actor, group: Group) -> bool:
    """Whoever wants to come writes to its contact person first."""
    return group.join_way is JoinWay.CONTACT


@predicate
def is_founding(actor: Actor, group: Group) -> bool:
    """Its founders are still at it."""
    return group.state is GroupState.FOUNDING


@predicate
def is_leaderless(actor: Actor, group: Group) -> bool:
    """Nobody holds a role it needs: two members act together."""
    return group.leaderless_since is not None


@predicate
def is_living(actor: Actor, group: Group) -> bool:
    """People may still do something in it."""
    return group.is_living


@predicate
def ended_by_decision(actor: Actor, group: Group) -> bool:
    """It ended by its own decision, and is not erased yet: the same way leads back."""
    erased = group.purge_on is not None and group.purge_on <= clock.today()
    if group.state is not GroupState.ARCHIVED or erased:
        return False
    query = select(GroupDecision.id).where(
        GroupDecision.group_id == group.id,
        GroupDecision.target == Target.END,
        GroupDecision.carried_out_on.is_not(None),
        GroupDecision.undo_data.is_not(None),
    )
    return session.scalar(query.limit(1)) is not None


@predicate
def rests(actor: Actor, group: Group) -> bool:
    """It is resting."""
    return group.state is GroupState.DORMANT


@predicate
def is_discreet(actor: Actor, group: Group) -> bool:
    """Nobody outside may learn that it exists."""
    return group.is_discreet


@predicate
def is_open(actor: Actor, group: Group) -> bool:
    """What is written inside may be read by everybody; see `is_new_enough` for what was written before."""
    return group.privacy is Privacy.OPEN


@predicate
def belongs_to(actor: Actor, membership: Any) -> bool:
    """It is the actor's own membership."""
    return actor.account_id is not None and membership.ref == ref_of(actor.account_id, membership.group_id)


declare("groups.list", anyone, visitors=True)
declare("groups.begin", participant, deny=Deny.FORBIDDEN)
declare("groups.me_too", participant, deny=Deny.FORBIDDEN)
declare("groups.write_idea", resident & not_suspended, deny=Deny.FORBIDDEN)
declare("groups.see_idea", ~is_hidden | had_the_idea, visitors=True)
declare("groups.close_idea", had_the_idea & not_suspended)
declare(
    "groups.see",
    is_shown | gathers | is_member | (has_asked & ~is_discreet) | (is_ended_circle & misses_circle),
    visitors=True,
)
declare("groups.read_inside", is_member | (is_open & is_shown), visitors=True)
declare(
    "groups.join",
    participant & (is_living | (is_ended_circle & misses_circle)) & ~is_discreet,
    deny=Deny.FORBIDDEN,
    sees="groups.see",
)
declare("groups.open_again", is_ended_circle & (is_member | misses_circle) & not_suspended)
# A code opens what its holder cannot see yet; whoever has none gets the same words as with a wrong one.
declare("groups.use_code", participant)
declare("groups.write_letter", participant)
declare("groups.own_letter", wrote_letter)
declare(
    "groups.write_to",
    participant & is_living & ~is_discreet & ~is_member & by_contact,
    sees="groups.see",
)
declare("groups.answer_letters", may(Right.ANSWER_CONTACT) & is_living & not_suspended)
# Where nobody holds the role a member reads them and begins an answer; a second one sends it.
declare(
    "groups.read_letters",
    (may(Right.ANSWER_CONTACT) | (takes_part & is_leaderless)) & is_living & not_suspended,
)
declare("groups.leave", is_member)
declare("groups.leave_again", is_member | left_today)
declare("groups.pause", is_member & is_living & not_suspended)
# Pressed twice it is still taken back: whoever sees the group is told so, and nothing of it is kept.
declare("groups.take_back", has_asked | (participant & (is_shown | gathers | is_member)))
declare("groups.acknowledge", is_member & is_living)
declare("groups.found", takes_part & not_suspended)
# Everybody in a founding circle does what the checklist says; roles come with the group.
declare("groups.gather", takes_part & is_founding & not_suspended)
declare("groups.wake", is_member & rests & not_suspended)
declare("groups.edit_profile", may(Right.EDIT_PROFILE) & is_living & not_suspended)
# Where nobody holds the role a member begins the change, and a second one confirms it.
declare(
    "groups.begin_profile",
    (may(Right.EDIT_PROFILE) | (takes_part & is_leaderless)) & is_living & not_suspended,
)
declare("groups.accept_members", may(Right.ACCEPT_MEMBERS) & is_living & not_suspended)
declare("groups.accept_together", takes_part & is_living & is_leaderless & not_suspended)
declare(
    "groups.see_requests",
    (may(Right.ACCEPT_MEMBERS) | (takes_part & is_leaderless)) & is_living & not_suspended,
)
declare("groups.assign_roles", may(Right.ASSIGN_ROLES) & is_living & not_suspended)
declare("groups.invite", may(Right.ACCEPT_MEMBERS) & is_living & not_suspended)
declare("groups.see_members", is_member & ~is_discreet)
declare("groups.take_part", takes_part & is_living & not_suspended)
declare("groups.take_end_back", takes_part & (is_living | ended_by_decision) & not_suspended)
declare("groups.suspend", has_role(StaffRole.MODERATOR) & ~is_discreet & is_living)
declare("groups.by_rule", system)


# ---- decisions; the object of groups.facilitate is the decision


def may_still_decide(actor: Actor, decision: Any) -> bool:
    """The group that decides is alive; about its end and the way back members decide until it is erased."""
    group = session.get(Group, decision.group_id)
    if group is None:
        return False
    return group.is_living or (decision.target is Target.END and ended_by_decision(actor, group))


@predicate
def facilitates(actor: Actor, decision: Any) -> bool:
    """Began it, or holds the right to facilitate."""
    group = session.get(Group, decision.group_id)
    if group is None or not may_still_decide(actor, decision):
        return False
    membership = membership_of(actor, group)
    if membership is None or membership.state is not MemberState.MEMBER:
        return False
    return decision.facilitator_id == membership.id or Right.FACILITATE_DECISION in rights_of(
        membership, group
    )


declare("groups.facilitate", facilitates & not_suspended)
declare("groups.facilitate_all", may(Right.FACILITATE_DECISION) & is_living & not_suspended)
