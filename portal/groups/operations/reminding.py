"""What members are reminded of by date, and what a group no longer needs to keep. Each may run twice."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, or_, select

from portal.core import clock
from portal.core.db import session
from portal.core.site_settings import site
from portal.groups.models import (
    Charter,
    ClaimState,
    Group,
    GroupState,
    InviteCode,
    Membership,
    MemberState,
    PairAct,
    Right,
    RoleClaim,
    RoleHolder,
    RoleOffer,
)
from portal.groups.operations.joining import NO_ANSWER
from portal.groups.operations.reaching import tell_members, tell_those_who_may
from portal.groups.operations.roles import notice_empty_roles
from portal.groups.operations.turns import all_at_once

TERM_REMINDER = timedelta(days=30)
ANSWER_REMINDER = timedelta(days=14)
WITHOUT_LEADER = timedelta(days=30)
FOUNDING_REMINDERS = (timedelta(days=60), timedelta(days=30))
BEFORE_ARCHIVE = (30, 7)
# Somebody who left is forgotten, somebody who was declined or removed once the question no longer rests.
KEPT_AFTER = {
    MemberState.LEFT: timedelta(days=60),
    MemberState.DECLINED: timedelta(days=60),
    MemberState.REMOVED: timedelta(days=366),
}
KEPT_DONE = timedelta(days=30)


def remind(today: date) -> None:
    """Everything that is due today."""
    remind_of_terms(today)
    remind_of_requests(today)
    remind_the_leaderless(today)
    remind_founders(today)
    remind_of_charters(today)
    warn_before_archive(today)


def remind_of_terms(today: date) -> int:
    """Thirty days before a role ends its holder is told, and the others may give trust for another term."""
    due = (RoleHolder.until_on <= today + TERM_REMINDER, RoleHolder.reminded_on.is_(None))
    whose = select(Membership.group_id).join(RoleHolder, RoleHolder.membership_id == Membership.id)
    all_at_once(session.scalars(whose.where(*due)))
    holders = session.scalars(select(RoleHolder).where(*due)).all()
    for holder in holders:
        holder.reminded_on = today
        membership = session.get(Membership, holder.membership_id)
        group = session.get(Group, membership.group_id) if membership else None
        if membership is None or group is None or not group.is_living:
            continue
        key = f"{holder.role_id}-{holder.until_on}"
        tell_members(group, "groups.role", "role_ends", to=[membership.id], once=key)
        tell_members(group, "groups.role", "trust_again", besides=[membership.id], once=key)
    return len(holders)


def remind_of_requests(today: date) -> int:
    """After two weeks those who answer are reminded, after four the one who asked is told."""
    query = select(Membership).where(
        Membership.state == MemberState.REQUESTED, Membership.asked_on <= today - ANSWER_REMINDER
    )
    waiting = session.scalars(query).all()
    for membership in waiting:
        group = session.get(Group, membership.group_id)
        if group is None or not group.is_living:
            continue
        key = f"{membership.id}-{membership.asked_on}"
        if membership.reminded_on is None:
            membership.reminded_on = today
            tell_those_who_may(group, Right.ACCEPT_MEMBERS, "groups.request", "request_waits", once=key)
        if membership.asked_on is not None and membership.asked_on <= today - NO_ANSWER:
            tell_members(group, "groups.answer", "no_answer", to=[membership.id], once=key)
    return len(waiting)


def remind_the_leaderless(today: date) -> int:
    """After a month without a leader the group learns that it may be accompanied; nothing is taken away."""
    query = select(Group).where(
        Group.state == GroupState.ACTIVE, Group.leaderless_since <= today - WITHOUT_LEADER
    )
    groups = session.scalars(query).all()
    for group in groups:
        tell_members(group, "groups.role", "leaderless_long", once=str(group.leaderless_since))
    return len(groups)


def remind_founders(today: date) -> int:
    """A founding circle that has gone silent is asked twice before it ends by itself."""
    query = select(Group).where(
        Group.state == GroupState.FOUNDING, Group.last_sign_on <= today - min(FOUNDING_REMINDERS)
    )
    groups = session.scalars(query).all()
    for group in groups:
        passed = next(one for one in FOUNDING_REMINDERS if group.last_sign_on <= today - one)
        tell_members(group, "groups.life", "founding_quiet", once=f"{group.last_sign_on}-{passed.days}")
    return len(groups)


def remind_of_charters(today: date) -> int:
    """A charter whose day has come is looked at again."""
    query = (
        select(Charter, Group)
        .join(Group, Group.id == Charter.group_id)
        .where(Charter.review_on <= today, Group.state == GroupState.ACTIVE)
    )
    found = session.execute(query).all()
    for charter, group in found:
        newest = session.scalar(
            select(Charter.version)
            .where(Charter.group_id == group.id)
            .order_by(Charter.version.desc())
            .limit(1)
        )
        if newest == charter.version:
            tell_members(
                group, "groups.charter", "charter_review", once=f"{charter.version}-{charter.review_on}"
            )
    return len(found)


def warn_before_archive(today: date) -> int:
    """Thirty and seven days before a resting group is archived its members can still wake it."""
    kept = timedelta(days=site("groups.archive_days"))
    soon = today - kept + timedelta(days=BEFORE_ARCHIVE[0])
    query = select(Group).where(
        Group.state == GroupState.DORMANT,
        Group.dormant_on <= soon,
        or_(Group.pause_until.is_(None), Group.pause_until <= soon),
    )
    groups = session.scalars(query).all()
    for group in groups:
        begun = max(day for day in (group.dormant_on, group.pause_until) if day is not None)
        left = (begun + kept - today).days
        days = min(step for step in BEFORE_ARCHIVE if left <= step)
        tell_members(group, "groups.life", f"archive_{days}", once=str(begun))
    return len(groups)


def come_back_due(today: date) -> int:
    """Members whose pause is over take part again."""
    query = select(Membership).where(Membership.state == MemberState.PAUSED, Membership.paused_until <= today)
    groups = all_at_once(one.group_id for one in session.scalars(query))
    back = session.scalars(query).all()
    for membership in back:
        membership.state, membership.paused_until = MemberState.MEMBER, None
    session.flush()
    for group in groups:
        notice_empty_roles(group)
    return len(back)


def tidy(today: date) -> None:
    """Rows whose purpose is over go: people who left, codes, offers, things done together, old claims."""
    for state, kept in KEPT_AFTER.items():
        session.execute(
            delete(Membership).where(Membership.state == state, Membership.decided_on <= today - kept)
        )
    session.execute(delete(RoleOffer).where(RoleOffer.until_on < today))
    session.execute(delete(PairAct).where(PairAct.expires_at <= clock.now() - KEPT_DONE))
    session.execute(
        delete(InviteCode).where(
            or_(InviteCode.expires_on < today, InviteCode.revoked_on < today, InviteCode.uses_left == 0)
        )
    )
    session.execute(
        delete(RoleClaim).where(
            RoleClaim.state != ClaimState.OPEN, RoleClaim.effective_on <= today - KEPT_DONE
        )
    )
