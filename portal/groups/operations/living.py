"""A group's life by dates: asked whether it goes on, resting, archived, erased. Each job may run twice."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, func, or_, select, update

from portal.core import clock, search
from portal.core.actors import SYSTEM, Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.site_settings import site
from portal.groups.errors import CircleExists, GroupOver, NotSilent, OnlyTighter
from portal.groups.events import GroupChangedState, GroupTightened
from portal.groups.models import (
    ClaimState,
    Group,
    GroupHistory,
    GroupPurge,
    GroupState,
    JoinWay,
    Membership,
    MemberState,
    PairAct,
    Privacy,
    RoleClaim,
    RoleHolder,
    Seen,
)
from portal.groups.operations.files import remove_files_of_group
from portal.groups.operations.offers import term_over
from portal.groups.operations.reaching import answer_link, tell_all_neutrally, tell_members
from portal.groups.operations.roles import notice_empty_roles, settle_claim
from portal.groups.operations.telling import hide_days, sign_of_life, tell
from portal.groups.operations.turns import all_at_once, one_at_a_time
from portal.groups.permissions import FOUNDING_SILENCE, STATES, forget_standing, is_ended_circle
from portal.groups.queries import active_count
from portal.groups.queries.peace import is_frozen

# Between two questions "does it go on?".
CHECKIN_EVERY = timedelta(days=14)
UNANSWERED = 2
ARCHIVE_KEPT, ARCHIVE_KEPT_DISCREET = timedelta(days=365), timedelta(days=30)
SUSPENDED_AT_MOST = timedelta(days=14)
_ORDER = (Privacy.OPEN, Privacy.CLOSED, Privacy.DISCREET)


def go_on(group: Group, *, actor: Actor) -> None:
    """A member says "we go on": the clock begins anew, who rests is awake, an ended circle is open again.

    Raises GroupOver for a group that has ended or stands still.
    """
    one_at_a_time(group)
    ensure(actor, "groups.leave", group)
    if is_ended_circle(actor, group):
        open_again(group, actor=actor)
    if not group.is_living:
        raise GroupOver
    if group.state is GroupState.DORMANT:
        STATES.check(actor, group, group.state, GroupState.ACTIVE)
        _change(group, GroupState.ACTIVE)
        group.dormant_on = group.pause_until = None
    session.execute(delete(PairAct).where(PairAct.group_id == group.id, PairAct.act == "stop"))
    sign_of_life(group)


def open_again(group: Group, *, actor: Actor) -> None:
    """A founding circle that has ended goes on where it stood: with its list, its text and who is in it.

    Raises CircleExists when another has begun meanwhile.
    """
    STATES.check(actor, group, group.state, GroupState.FOUNDING)
    others = select(Group.id).where(
        Group.origin_kind == group.origin_kind,
        Group.origin_id == group.origin_id,
        Group.state.in_((GroupState.FOUNDING, GroupState.ACTIVE, GroupState.DORMANT)),
    )
    if group.origin_id is not None and session.scalar(others.limit(1)) is not None:
        raise CircleExists
    group.archived_at = group.purge_on = None
    sign_of_life(group)
    _change(group, GroupState.FOUNDING, who="member")


def was_asked(group: Group) -> bool:
    """The group was asked whether it goes on, and has not answered yet."""
    return group.state is GroupState.ACTIVE and group.checkin_sent_on is not None


def may_end_by_two(group: Group) -> bool:
    """Two members may end a group that rests, was asked and has not answered, or was never founded."""
    return was_asked(group) or group.state in (GroupState.DORMANT, GroupState.FOUNDING)


def take_a_break(group: Group, *, actor: Actor) -> None:
    """The answer "we take a break" to the question whether the group goes on. Any member can wake it.

    Raises NotSilent when nobody asked: then a pause is decided together.
    """
    ensure(actor, "groups.take_part", group)
    if not was_asked(group):
        raise NotSilent
    rest(group)


def rest(group: Group, *, until: date | None = None) -> None:
    """The group rests: by its own decision until a day, or because nobody answered."""
    STATES.check(SYSTEM, group, group.state, GroupState.DORMANT)
    group.dormant_on, group.pause_until = clock.today(), until
    _change(group, GroupState.DORMANT)


def wake(group: Group) -> None:
    """The group is active again before its pause is over: by its own decision."""
    group.dormant_on = group.pause_until = None
    _change(group, GroupState.ACTIVE)
    sign_of_life(group)


def go_on_after_all(group: Group) -> None:
    """The group takes its end back, by its own decision: it is active again, with who is still in it."""
    STATES.check(SYSTEM, group, group.state, GroupState.ACTIVE)
    group.archived_at = group.purge_on = None
    wake(group)


def archive(group: Group) -> None:
    """The group ends. Members can read and take everything with them until it is erased."""
    STATES.check(SYSTEM, group, group.state, GroupState.ARCHIVED)
    group.archived_at = clock.now()
    group.purge_on = clock.today() + kept_after_end(group)
    _change(group, GroupState.ARCHIVED)


def kept_after_end(group: Group) -> timedelta:
    """How long members can read what an ended group left, before it is erased."""
    return ARCHIVE_KEPT_DISCREET if group.is_discreet else ARCHIVE_KEPT


def _change(group: Group, state: GroupState, *, who: str = "system") -> None:
    before, group.state = group.state, state
    tell(group, f"state_{state}", who=who, seen=Seen.PUBLIC)
    emit(GroupChangedState(group.id, before, state))


def silence(group: Group) -> timedelta:
    """How long a group may be silent before it is asked: ninety days, or three meetings if that is longer."""
    meetings = timedelta(days=3 * (group.meeting_interval_days or 0))
    return max(timedelta(days=site("groups.silence_days")), meetings)


def check_in(today: date) -> int:
    """Ask silent groups whether they go on; those that did not answer twice rest. Returns how many."""
    query = select(Group).where(
        Group.state == GroupState.ACTIVE,
        or_(Group.checkin_sent_on.is_(None), Group.checkin_sent_on <= today - CHECKIN_EVERY),
        Group.last_sign_on <= today - timedelta(days=site("groups.silence_days")),
    )
    touched = 0
    for group in session.scalars(query).all():
        if group.last_sign_on > today - silence(group):
            continue
        touched += 1
        if group.checkins_unanswered >= UNANSWERED:
            rest(group)
            continue
        group.checkin_sent_on, group.checkins_unanswered = today, group.checkins_unanswered + 1
        tell(group, "asked_whether_it_goes_on", who="system")
        tell_members(group, "groups.life", "check_in", once=str(today), context=answer_link)
    return touched


def archive_silent(today: date) -> int:
    """Archive what rested too long, what never came to life, and what nobody belongs to; returns how many."""
    rested = today - timedelta(days=site("groups.archive_days"))
    query = select(Group).where(
        or_(
            (Group.state == GroupState.DORMANT)
            & (Group.dormant_on <= rested)
            & or_(Group.pause_until.is_(None), Group.pause_until <= rested),
            (Group.state == GroupState.FOUNDING) & (Group.last_sign_on <= today - FOUNDING_SILENCE),
            Group.state.in_((GroupState.FOUNDING, GroupState.ACTIVE, GroupState.DORMANT))
            & (Group.purge_on <= today),
        )
    )
    groups = session.scalars(query).all()
    for group in groups:
        if group.purge_on is not None and active_count(group) > 0:
            group.purge_on = None
        else:
            archive(group)
    return len(groups)


def wake_due(today: date) -> int:
    """Groups whose agreed pause is over are active again; returns how many."""
    query = select(Group).where(Group.state == GroupState.DORMANT, Group.pause_until <= today)
    groups = session.scalars(query).all()
    for group in groups:
        wake(group)
    return len(groups)


def purge(today: date) -> int:
    """Erase archived groups whose time is over. What remains: kind, topic, district, months, meetings."""
    query = select(Group).where(
        Group.state.in_((GroupState.ARCHIVED, GroupState.MERGED)), Group.purge_on <= today
    )
    groups = session.scalars(query).all()
    for group in groups:
        session.add(_remains(group, today))
        remove_files_of_group(group)
        session.delete(group)
    return len(groups)


def _remains(group: Group, today: date) -> GroupPurge:
    begun = group.founded_at.date() if group.founded_at else group.created_on
    ended = group.archived_at.date() if group.archived_at else today
    meetings = select(func.count()).where(
        GroupHistory.group_id == group.id, GroupHistory.name == "meeting_held"
    )
    return GroupPurge(
        kind=group.kind,
        topic=group.topic,
        district_id=group.district_id,
        active_months=max(0, round((ended - begun).days / 30.4)),
        meetings_count=session.scalar(meetings) or 0,
        quarter=f"{today.year}-Q{(today.month + 2) // 3}",
    )


def groups_of_terms(today: date) -> set[int]:
    """Groups in which a term or the week of a claim is over."""
    ended = select(Membership.group_id).join(RoleHolder, RoleHolder.membership_id == Membership.id)
    claimed = select(Membership.group_id).join(RoleClaim, RoleClaim.membership_id == Membership.id)
    claimed = claimed.where(RoleClaim.state == ClaimState.OPEN, RoleClaim.effective_on <= today)
    return {*session.scalars(ended.where(RoleHolder.until_on <= today)), *session.scalars(claimed)}


def end_terms(today: date) -> int:
    """Terms that are over end; open claims whose week is over come into force. Returns how many changed."""
    all_at_once(groups_of_terms(today))
    ended = select(RoleHolder).where(RoleHolder.until_on <= today)
    touched: set[int] = set()
    for holder in session.scalars(ended).all():
        membership = session.get(Membership, holder.membership_id)
        group = session.get(Group, membership.group_id) if membership else None
        if group is not None:
            term_over(holder, group=group)
            touched.add(group.id)
    session.flush()
    claims = select(RoleClaim).where(RoleClaim.state == ClaimState.OPEN, RoleClaim.effective_on <= today)
    for made in session.scalars(claims.order_by(RoleClaim.effective_on, RoleClaim.id)).all():
        membership = session.get(Membership, made.membership_id)
        group = session.get(Group, membership.group_id) if membership else None
        # While a membership is talked about nobody takes on a role: the claim waits until that is over.
        if group is not None and not is_frozen(group):
            settle_claim(made, group=group)
            touched.add(group.id)
    for group_id in sorted(touched):
        group = session.get(Group, group_id)
        if group is not None:
            notice_empty_roles(group)
    return len(touched)


# ---- privacy


def tighter_than(group: Group) -> tuple[Privacy, ...]:
    """What the group may become at once."""
    return _ORDER[_ORDER.index(group.privacy) + 1 :]


def looser_than(group: Group) -> tuple[Privacy, ...]:
    """What the group may become when all members agree."""
    return _ORDER[: _ORDER.index(group.privacy)]


def tighten(group: Group, privacy: Privacy, *, actor: Actor) -> None:
    """Make the group more private, at any time and at once. Raises OnlyTighter for the other direction.

    On the way to discreet every account disappears from the memberships; who wants notices switches them on
    again, neutrally.
    """
    ensure(actor, "groups.gather" if group.state is GroupState.FOUNDING else "groups.edit_profile", group)
    tighten_for_group(group, privacy)


def tighten_for_group(group: Group, privacy: Privacy) -> None:
    """The same, once the right to do it has been settled."""
    if _ORDER.index(privacy) < _ORDER.index(group.privacy):
        raise OnlyTighter
    if privacy is group.privacy:
        return
    if privacy is Privacy.DISCREET:
        tell_all_neutrally(group)
    group.privacy = privacy
    if privacy is Privacy.DISCREET:
        group.origin_kind, group.origin_id = "", None
        _become_discreet(group)
        search.drop("group", group.id)
    session.flush()
    forget_standing(group)
    tell(group, "privacy_tightened")
    emit(GroupTightened(group.id, str(privacy)))


def _become_discreet(group: Group) -> None:
    """Every account disappears from the memberships, and whoever only asked or looked on is forgotten."""
    group.is_discreet, group.join_way = True, JoinWay.CODE
    members = select(Membership).where(Membership.group_id == group.id)
    outside = (MemberState.INTERESTED, MemberState.REQUESTED, MemberState.WAITING)
    for membership in session.scalars(members).all():
        if membership.state in outside:
            session.delete(membership)
            continue
        membership.is_discreet, membership.account_id = True, None
        membership.shown_publicly = membership.quiet = False
    session.execute(update(GroupHistory).where(GroupHistory.group_id == group.id).values(seen=Seen.MEMBERS))
    hide_days(group)


# ---- suspension


def suspend(group: Group, *, actor: Actor, days: int) -> None:
    """Moderation stops a group for at most fourteen days; a second moderator has confirmed it."""
    STATES.check(actor, group, group.state, GroupState.SUSPENDED)
    group.state_before = group.state
    group.suspended_until = clock.now() + min(timedelta(days=max(1, days)), SUSPENDED_AT_MOST)
    _change(group, GroupState.SUSPENDED, who="moderation")


def lift(group: Group, *, who: str = "moderation") -> None:
    """The group goes on where it stood: its time is over, or moderation takes the stop back."""
    before, group.suspended_until, group.state_before = group.state_before, None, None
    _change(group, before or GroupState.ACTIVE, who=who)


def lift_due() -> int:
    """Suspensions that are over end by themselves; returns how many."""
    query = select(Group).where(Group.state == GroupState.SUSPENDED, Group.suspended_until <= clock.now())
    groups = session.scalars(query).all()
    for group in groups:
        lift(group, who="system")
    return len(groups)
