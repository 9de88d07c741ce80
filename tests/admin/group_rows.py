"""One row of a group for each rule of retention: too old 400 days after it was made, fresh on its day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from portal.core.db import Base, session
from portal.groups.models import (
    Accompaniment,
    Attendance,
    ClosingReport,
    CompanionMeeting,
    CompanionWord,
    DecisionState,
    Elector,
    FileKind,
    FoundingNote,
    Group,
    GroupDecision,
    GroupExcerpt,
    GroupFile,
    GroupKind,
    GroupLetter,
    GroupLook,
    GroupMeeting,
    GroupMinutes,
    GroupMove,
    GroupPost,
    GroupRole,
    GroupState,
    GroupTask,
    InviteCode,
    JoinWay,
    LotWord,
    Mediation,
    MeetingDate,
    Membership,
    MembershipReview,
    MemberState,
    NamedBallot,
    Objection,
    PairAct,
    Privacy,
    RoleClaim,
    RoleHolder,
    RoleOffer,
    SecretReason,
)

_numbers = count()
A_MONTH, A_YEAR = timedelta(days=31), timedelta(days=360)


def group_rows(now: datetime, group_id: int, members: list[int]) -> Iterator[Base]:
    """Rows as they are on this day; what has a date ends tomorrow."""
    today, one = now.date(), next(_numbers)
    soon = today + timedelta(days=1)
    ends = {"written_on": today, "delete_on": soon}
    yield from _people(now, group_id, members, f"{one}")
    yield GroupPost(group_id=group_id, title="x", text="x", **ends)
    yield GroupExcerpt(text="x", handed_on=today, delete_on=soon)
    yield GroupMinutes(group_id=group_id, met_on=today, text="x", **ends)
    yield GroupTask(group_id=group_id, what="x", **ends)
    yield GroupFile(group_id=group_id, kind=FileKind.PDF, secret="x", bytes=1, added_on=today, delete_on=soon)
    yield GroupLetter(writer_ref=f"w{one}", group_id=group_id, name="x", begun_on=today, delete_on=soon)
    yield Mediation(
        subject_kind="rules",
        wanted="volunteer",
        state="withdrawn",
        opening="x",
        ended_on=today,
        delete_on=soon,
    )
    yield MembershipReview(
        group_id=group_id,
        affected_id=members[0],
        state="over",
        result="no_change",
        alias="x",
        topic="x",
        hearing_until=now,
        closes_at=now + timedelta(hours=1),
        delete_on=soon,
    )
    yield GroupMove(
        kind="merge", state="off", name="x", aim="x", privacy="closed", charter=json.dumps({}), delete_on=soon
    )
    yield from _meetings(now, group_id, members)
    yield from _accompaniment(now, group_id)
    yield from _decision(now, group_id, f"{one}")
    yield Group(
        kind=GroupKind.PROJECT,
        state=GroupState.ARCHIVED,
        privacy=Privacy.CLOSED,
        is_discreet=False,
        join_way=JoinWay.REQUEST,
        name="x",
        aim="x",
        archived_at=now,
        purge_on=soon,
    )


def _people(now: datetime, group_id: int, members: list[int], one: str) -> Iterator[Base]:
    today = now.date()
    soon = today + timedelta(days=1)
    for state in (MemberState.LEFT, MemberState.DECLINED, MemberState.REMOVED):
        ref = f"{state}{one}"
        yield Membership(
            group_id=group_id, is_discreet=False, ref=ref, state=state, decided_on=today - timedelta(days=20)
        )
    role = GroupRole(group_id=group_id, label="x", key=f"k{one}")
    yield role
    session.flush()
    yield RoleHolder(role_id=role.id, membership_id=members[0], how="decision", from_on=today, until_on=soon)
    yield RoleOffer(role_id=role.id, membership_id=members[1], from_id=members[0], until_on=soon)
    yield RoleClaim(role_id=role.id, membership_id=members[1], state="withdrawn", effective_on=today)
    yield PairAct(
        group_id=group_id, right="accept_members", act="accept", started_by_id=members[1], expires_at=now
    )
    yield InviteCode(group_id=group_id, code_hash=f"c{one}", uses_left=2, expires_on=soon)


def _meetings(now: datetime, group_id: int, members: list[int]) -> Iterator[Base]:
    today = now.date()
    meeting = GroupMeeting(
        group_id=group_id, first_on=today - A_YEAR, made_until=today, starts="18:00", title="x"
    )
    yield meeting
    session.flush()
    for day in (today - A_MONTH, today - timedelta(days=5)):
        row = MeetingDate(
            meeting_id=meeting.id, group_id=group_id, original_on=day, on=day, held="held", asked_on=day
        )
        yield row
        session.flush()
    yield Attendance(date_id=row.id, membership_id=members[0], answer="yes", needs="x")


def _accompaniment(now: datetime, group_id: int) -> Iterator[Base]:
    ended = now.date() - timedelta(days=20)
    made = Accompaniment(
        group_id=group_id,
        kind="professional",
        state="ended",
        asked_by="group",
        ref="r",
        reach="1",
        name="x",
        goal="x",
        days=31,
        from_on=ended - A_MONTH,
        signed_by_group_on=ended,
        signed_by_companion_on=ended,
        ended_on=ended,
    )
    yield made
    session.flush()
    yield CompanionWord(accompaniment_id=made.id, on=ended, side="group", text="x")
    yield ClosingReport(accompaniment_id=made.id, on=ended, side="group", text="x")
    yield CompanionMeeting(accompaniment_id=made.id, day_key="x")
    yield FoundingNote(accompaniment_id=made.id, on=ended, text="x")
    yield GroupLook(group_id=group_id, accompaniment_id=made.id, ref="r", name="x", on=ended, what="board")


def _decision(now: datetime, group_id: int, one: str) -> Iterator[Base]:
    ended = now - A_YEAR
    decision = GroupDecision(
        group_id=group_id,
        method="consent",
        title="x",
        state=DecisionState.CLOSED,
        status="adopted",
        opens_at=ended - timedelta(days=7),
        closes_at=ended,
        closed_at=ended,
        result=json.dumps({"status": "adopted", "winners": [], "order": [], "facts": {}}),
    )
    yield decision
    session.flush()
    elector = Elector(decision_id=decision.id, ref=f"e{one}", voted=True)
    yield elector
    session.flush()
    yield NamedBallot(elector_id=elector.id, content="{}")
    yield Objection(decision_id=decision.id, round=1, elector_id=elector.id, text="x", state="withdrawn")
    yield LotWord(elector_id=elector.id, word="x")
    yield SecretReason(decision_id=decision.id, text="x")
