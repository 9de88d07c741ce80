"""What groups keep, and when it must be gone: texts go by their date, whoever thinks of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.admin.queries.retention_rule import Rule
from portal.groups.models import (
    Accompaniment,
    Attendance,
    ClaimState,
    CompanionWord,
    DecisionState,
    Elector,
    FoundingNote,
    Group,
    GroupDecision,
    GroupExcerpt,
    GroupFile,
    GroupLetter,
    GroupLook,
    GroupMinutes,
    GroupMove,
    GroupPost,
    GroupTask,
    InviteCode,
    Mediation,
    MeetingDate,
    Membership,
    MembershipReview,
    MemberState,
    PairAct,
    RoleClaim,
    RoleHolder,
    RoleOffer,
)

_GONE = (MemberState.LEFT, MemberState.DECLINED)
_ENDED = (DecisionState.CLOSED, DecisionState.CANCELLED)


def _of(column: Any, key: Any, own: Any) -> Any:
    """A moment that stands in the row this one belongs to."""
    return select(column).where(key == own).correlate(own.class_).scalar_subquery()


GROUP_RULES: tuple[Rule, ...] = (
    Rule(Group, Group.purge_on, 0),
    Rule(Membership, Membership.decided_on, 60, only=lambda: Membership.state.in_(_GONE)),
    Rule(Membership, Membership.decided_on, 366, only=lambda: Membership.state == MemberState.REMOVED),
    Rule(RoleHolder, RoleHolder.until_on, 0),
    Rule(RoleOffer, RoleOffer.until_on, 0),
    Rule(RoleClaim, RoleClaim.effective_on, 30, only=lambda: RoleClaim.state != ClaimState.OPEN),
    Rule(PairAct, PairAct.expires_at, 30),
    Rule(InviteCode, InviteCode.expires_on, 0),
    Rule(GroupLetter, GroupLetter.delete_on, 0),
    Rule(GroupPost, GroupPost.delete_on, 0),
    Rule(GroupExcerpt, GroupExcerpt.delete_on, 0),
    Rule(GroupMinutes, GroupMinutes.delete_on, 0),
    Rule(GroupTask, GroupTask.delete_on, 0),
    Rule(GroupFile, GroupFile.delete_on, 0, only=lambda: GroupFile.post_id.is_(None)),
    # Sealed days of discreet groups cannot be asked for here: tests/groups/test_sealed_days.py walks them.
    Rule(MeetingDate, MeetingDate.on, 400, only=lambda: MeetingDate.sealed.is_(None)),
    Rule(Attendance, _of(MeetingDate.on, MeetingDate.id, Attendance.date_id), 30, name="day"),
    Rule(
        Attendance,
        _of(MeetingDate.on, MeetingDate.id, Attendance.date_id),
        7,
        only=lambda: Attendance.needs.is_not(None),
        name="day",
    ),
    Rule(
        Elector,
        _of(GroupDecision.closes_at, GroupDecision.id, Elector.decision_id),
        730,
        only=lambda: Elector.decision_id.in_(select(GroupDecision.id).where(GroupDecision.state.in_(_ENDED))),
        name="closes_at",
    ),
    Rule(Accompaniment, Accompaniment.ended_on, 400),
    Rule(Accompaniment, Accompaniment.ended_on, 90, only=lambda: Accompaniment.reach.is_not(None)),
    Rule(
        CompanionWord,
        _of(Accompaniment.ended_on, Accompaniment.id, CompanionWord.accompaniment_id),
        90,
        name="ended_on",
    ),
    Rule(FoundingNote, FoundingNote.on, 180),
    Rule(GroupLook, GroupLook.on, 400),
    Rule(Mediation, Mediation.delete_on, 0),
    Rule(MembershipReview, MembershipReview.delete_on, 0),
    Rule(GroupMove, GroupMove.delete_on, 0),
)
