"""Roles: made by the group, given by trust or decision, claimed when empty, ending by themselves."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.site_settings import site
from portal.core.text import clean_line
from portal.groups.errors import (
    NotAMember,
    NotYetTrusted,
    RoleFull,
    RoleNotEmpty,
    TooLate,
    TooLong,
)
from portal.groups.events import GroupLeaderless, RoleClaimed, RoleTaken
from portal.groups.models import (
    LABEL_LENGTH,
    ClaimState,
    Group,
    GroupRole,
    Membership,
    MemberState,
    Preset,
    Right,
    RoleClaim,
    RoleHolder,
    RoleWay,
    Trust,
)
from portal.groups.operations.peace.frozen import ensure_not_frozen
from portal.groups.operations.telling import tell
from portal.groups.operations.turns import all_at_once, one_at_a_time
from portal.groups.permissions import membership_of
from portal.groups.permissions.holding import holders_of
from portal.groups.queries.roles import (
    TRUST_AFTER,
    empty_required_roles,
    trust_given,
    trust_lost,
    trust_needed,
)

# Somebody one brought along cannot be trusted by oneself for so long.
BROUGHT_ALONG = timedelta(days=30)
_COMMON = (
    Right.START_EVENTS,
    Right.KEEP_MINUTES,
    Right.BOOK_ROOM,
    Right.SEE_MEMBERS,
)


def set_preset(group: Group, preset: Preset, *, first: Membership) -> None:
    """Share the work as a preset says; `first` holds the role there is."""
    group.preset = preset
    if preset is Preset.EVERYONE:
        group.member_rights = [str(right) for right in Right]
        return
    group.member_rights = [str(right) for right in _COMMON]
    if preset is Preset.CONTACT:
        key, rights, most = "contact", [r for r in Right if r not in _COMMON and r is not Right.MONEY], 2
    else:
        key, rights, most = "circle", list(Right), 7
    role = GroupRole(
        group_id=group.id,
        key=key,
        label=key,
        rights=[str(right) for right in rights],
        how=RoleWay.TRUST,
        max_holders=most,
        is_required=True,
    )
    session.add(role)
    session.flush()
    give(role, first, group=group, how=RoleWay.DECISION, own=True)


def make_role(
    group: Group,
    *,
    actor: Actor,
    label: str,
    rights: list[Right],
    how: RoleWay = RoleWay.TRUST,
    term_months: int = 12,
    max_holders: int | None = None,
    is_required: bool = False,
) -> GroupRole:
    """A role under the group's own name. Raises TooLong for a name over forty characters."""
    ensure(actor, "groups.assign_roles", group)
    ensure_not_frozen(group)
    cleaned = clean_line(label)
    if not cleaned or len(cleaned) > LABEL_LENGTH:
        raise TooLong(field="label")
    role = GroupRole(
        group_id=group.id,
        label=cleaned,
        rights=[str(right) for right in rights],
        how=how,
        term_months=max(1, min(term_months, 36)),
        max_holders=max_holders,
        is_required=is_required,
    )
    session.add(role)
    session.flush()
    tell(group, "role_made", role=role.key)
    return role


def give(role: GroupRole, membership: Membership, *, group: Group, how: RoleWay, own: bool = False) -> None:
    """The member holds the role for its term; holding it already, the term begins anew.

    own: they said so themselves just now. Raises RoleFull, NotAMember.
    """
    one_at_a_time(group)
    if membership.group_id != role.group_id or membership.state is not MemberState.MEMBER:
        raise NotAMember
    holders = holders_of(role)
    if membership not in holders and role.max_holders is not None and len(holders) >= role.max_holders:
        raise RoleFull
    today = clock.today()
    until = end_of_term(today, role.term_months)
    row = {
        "role_id": role.id,
        "membership_id": membership.id,
        "how": how,
        "from_on": today,
        "until_on": until,
    }
    statement = upsert(RoleHolder).values(**row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["role_id", "membership_id"],
            set_={"how": how, "from_on": today, "until_on": until, "reminded_on": None},
        )
    )
    _close_claims(role)
    notice_empty_roles(group)
    tell(group, "role_taken", role=role.key)
    emit(RoleTaken(group.id, role.id, membership.id, own))


def end_of_term(begin: date, months: int) -> date:
    """The day so many months later; a 31st becomes the last day: 31 August + 6 months is 28 February."""
    month = begin.month - 1 + months
    year, month = begin.year + month // 12, month % 12 + 1
    for day in range(begin.day, 27, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return date(year, month, min(begin.day, 28))


def lay_down(role: GroupRole, *, group: Group, actor: Actor) -> None:
    """The actor no longer holds the role."""
    ensure(actor, "groups.take_part", group)
    one_at_a_time(group)
    membership = membership_of(actor, group)
    if membership is not None and session.get(RoleHolder, (role.id, membership.id)) is not None:
        take(role, membership)
        tell(group, "role_laid_down", role=role.key)
        notice_empty_roles(group)


def take(role: GroupRole, membership: Membership) -> None:
    """The member no longer holds the role; trust and distrust of this term end with it."""
    for rows in (
        delete(RoleHolder).where(RoleHolder.role_id == role.id, RoleHolder.membership_id == membership.id),
        delete(Trust).where(Trust.role_id == role.id, Trust.receiver_id == membership.id),
    ):
        session.execute(rows)
    session.flush()


# ---- trust


def give_trust(role: GroupRole, receiver: Membership, *, group: Group, actor: Actor) -> bool:
    """The actor trusts somebody with a role; returns whether that was enough for them to hold it now.

    Only members of fourteen days give trust, nobody to themselves or to somebody they brought along in the
    last thirty days. Twice is once. Raises NotYetTrusted, NotAMember, RoleFull.
    """
    one_at_a_time(group)
    ensure(actor, "groups.take_part", group)
    ensure_not_frozen(group)
    giver = membership_of(actor, group)
    if giver is None or receiver.group_id != group.id or receiver.state is not MemberState.MEMBER:
        raise NotAMember
    if not _may_trust(giver, receiver):
        raise NotYetTrusted
    _say(role, giver, receiver, is_against=False)
    if receiver in holders_of(role) or trust_given(role, receiver) < trust_needed(group):
        return False
    give(role, receiver, group=group, how=RoleWay.TRUST)
    return True


def _say(role: GroupRole, giver: Membership, receiver: Membership, *, is_against: bool) -> None:
    row = {
        "role_id": role.id,
        "giver_id": giver.id,
        "giver_ref": giver.ref,
        "receiver_id": receiver.id,
        "on": clock.today(),
        "is_against": is_against,
    }
    statement = upsert(Trust).values(**row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["role_id", "giver_ref", "receiver_id"],
            set_={"on": clock.today(), "is_against": is_against, "giver_id": giver.id},
        )
    )


def _may_trust(giver: Membership, receiver: Membership) -> bool:
    today = clock.today()
    if giver.id == receiver.id or giver.member_since is None or giver.member_since + TRUST_AFTER > today:
        return False
    brought = receiver.invited_by_id == giver.id and receiver.member_since is not None
    return not (brought and receiver.member_since + BROUGHT_ALONG > today)  # type: ignore[operator]


def take_trust_back(role: GroupRole, receiver: Membership, *, group: Group, actor: Actor) -> bool:
    """The actor no longer trusts them with it; returns whether that ended the role.

    A role given by trust ends below what it asks for. Every role, however it was given, ends when as many
    members as could give it say this. Raises NotYetTrusted, NotAMember.
    """
    one_at_a_time(group)
    ensure(actor, "groups.take_part", group)
    ensure_not_frozen(group)
    giver = membership_of(actor, group)
    if giver is None or receiver.group_id != group.id:
        raise NotAMember
    if giver.id == receiver.id or giver.member_since is None:
        raise NotYetTrusted
    if giver.member_since + TRUST_AFTER > clock.today():
        raise NotYetTrusted
    gave = session.scalar(
        select(Trust.id).where(
            Trust.role_id == role.id,
            Trust.giver_ref == giver.ref,
            Trust.receiver_id == receiver.id,
            Trust.is_against.is_(False),
        )
    )
    _say(role, giver, receiver, is_against=True)
    holder = session.get(RoleHolder, (role.id, receiver.id), populate_existing=True)
    if holder is None:
        return False
    needed = trust_needed(group)
    lost = gave is not None and holder.how is RoleWay.TRUST and trust_given(role, receiver) < needed
    if not lost and trust_lost(role, receiver) < needed:
        return False
    take(role, receiver)
    tell(group, "role_ended", role=role.key)
    notice_empty_roles(group)
    return True


# ---- claims of empty roles


def claim(role: GroupRole, *, group: Group, actor: Actor) -> RoleClaim:
    """ "I will do it": counts after a week without objection, or at once when another member confirms.

    Asking twice gives back the open claim. Raises RoleNotEmpty, NotAMember.
    """
    one_at_a_time(group)
    ensure(actor, "groups.take_part", group)
    ensure_not_frozen(group)
    membership = membership_of(actor, group)
    if membership is None:
        raise NotAMember
    if holders_of(role):
        raise RoleNotEmpty
    query = select(RoleClaim).where(
        RoleClaim.role_id == role.id,
        RoleClaim.membership_id == membership.id,
        RoleClaim.state == ClaimState.OPEN,
    )
    known = session.scalar(query)
    if known is not None:
        return known
    made = RoleClaim(
        role_id=role.id,
        membership_id=membership.id,
        effective_on=clock.today() + timedelta(days=site("groups.claim_days")),
    )
    session.add(made)
    session.flush()
    tell(group, "role_claimed", role=role.key)
    emit(RoleClaimed(group.id, made.id))
    return made


def confirm_claim(made: RoleClaim, *, group: Group, actor: Actor) -> None:
    """Another member says yes: the claim counts now. Raises TooLate, NotYetTrusted for one's own claim."""
    member = _other_member(made, group, actor)
    ensure_not_frozen(group)
    made.confirmed_by_id = member.id
    settle_claim(made, group=group)


def object_to_claim(made: RoleClaim, *, group: Group, actor: Actor) -> None:
    """Another member objects: the group has to decide. Raises TooLate, NotYetTrusted for one's own claim."""
    member = _other_member(made, group, actor)
    made.state, made.objected_by_id = ClaimState.OBJECTED, member.id
    role = session.get(GroupRole, made.role_id)
    tell(group, "claim_objected", role=role.key if role else "")


def take_claim_back(made: RoleClaim, *, group: Group, actor: Actor) -> None:
    """The claimant would rather not. Raises NotAMember for somebody else's claim, TooLate when it is over."""
    one_at_a_time(group)
    session.refresh(made)
    ensure(actor, "groups.take_part", group)
    member = membership_of(actor, group)
    if member is None or member.id != made.membership_id:
        raise NotAMember
    if made.state is not ClaimState.OPEN:
        raise TooLate
    made.state = ClaimState.WITHDRAWN


def _other_member(made: RoleClaim, group: Group, actor: Actor) -> Membership:
    one_at_a_time(group)
    session.refresh(made)
    ensure(actor, "groups.take_part", group)
    member = membership_of(actor, group)
    if member is None:
        raise NotAMember
    if made.state is not ClaimState.OPEN:
        raise TooLate
    if member.id == made.membership_id:
        raise NotYetTrusted
    return member


def settle_claim(made: RoleClaim, *, group: Group) -> None:
    """A claim nobody objected to comes into force; the first of two wins, the other is taken back."""
    role = session.get(GroupRole, made.role_id)
    membership = session.get(Membership, made.membership_id)
    if role is None or membership is None or made.state is not ClaimState.OPEN:
        return
    if holders_of(role) or membership.state is not MemberState.MEMBER:
        made.state = ClaimState.WITHDRAWN
        return
    made.state = ClaimState.EFFECTIVE
    give(role, membership, group=group, how=RoleWay.CLAIM)


def _close_claims(role: GroupRole) -> None:
    query = select(RoleClaim).where(RoleClaim.role_id == role.id, RoleClaim.state == ClaimState.OPEN)
    for other in session.scalars(query):
        other.state = ClaimState.WITHDRAWN


def see_who_leads(group_ids: list[int]) -> None:
    """Work out anew for several groups whether they have a leader: an account is locked, or free again."""
    for group in all_at_once(group_ids):
        notice_empty_roles(group)


def notice_empty_roles(group: Group) -> None:
    """Whether the group has a leader is worked out anew: after every change of members and roles."""
    one_at_a_time(group)
    empty = empty_required_roles(group)
    if empty and group.leaderless_since is None:
        group.leaderless_since = clock.today()
        tell(group, "leaderless")
        emit(GroupLeaderless(group.id))
    elif not empty and group.leaderless_since is not None:
        group.leaderless_since = None
        tell(group, "has_leader")
