"""Everything a group has, for its members to take with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.groups.models import (
    CHARTER_FIELDS,
    Charter,
    DecisionOption,
    DecisionOutcome,
    DecisionState,
    Group,
    GroupDecision,
    GroupFile,
    GroupHistory,
    GroupMinutes,
    GroupPost,
    Membership,
    MemberState,
    MinutesDecision,
)
from portal.groups.queries.export_counts import Counted, counts_of
from portal.groups.queries.files import group_files
from portal.groups.queries.meetings import DateLine, dates_between
from portal.groups.queries.members import MemberLine, member_lines
from portal.groups.queries.papers import TaskLineView, all_tasks
from portal.groups.queries.texts import history_of

_HERE = (MemberState.MEMBER, MemberState.PAUSED)
# Meetings reach this far; more was never planned in the portal.
_BEFORE, _AFTER = timedelta(days=3660), timedelta(days=732)
_ALL_HISTORY = 100_000


@dataclass(frozen=True)
class TakenCharter:
    """One version of what the group agreed on."""

    version: int
    texts: dict[str, str]


@dataclass(frozen=True)
class TakenPost:
    """A post. `thread`: the number of its conversation, in the order in which they began."""

    thread: int
    title: str
    author: str
    written_on: date
    text: str
    html: str
    language: str


@dataclass(frozen=True)
class TakenMinutes:
    """A sheet of minutes with what it says was decided."""

    sheet: GroupMinutes
    decisions: tuple[str, ...]


@dataclass(frozen=True)
class TakenDecision:
    """A decision with its options and what the group wrote down about it; never who answered what."""

    number: int
    decision: GroupDecision
    options: tuple[DecisionOption, ...]
    outcomes: tuple[DecisionOutcome, ...]
    counted: Counted | None = None


@dataclass(frozen=True)
class Everything:
    """What the file holds. `members` is empty for discreet groups: nobody gets a list of them."""

    charters: tuple[TakenCharter, ...]
    history: tuple[GroupHistory, ...]
    members: tuple[MemberLine, ...]
    posts: tuple[TakenPost, ...]
    minutes: tuple[TakenMinutes, ...]
    tasks: tuple[TaskLineView, ...]
    decisions: tuple[TakenDecision, ...]
    meetings: tuple[DateLine, ...]
    files: tuple[GroupFile, ...]


def everything_of(group: Group, viewer: Actor) -> Everything:
    """All there is, in the order it came. A dozen questions, however much there is.

    Left out: posts that were hidden or taken out, pictures without a description, drafts of decisions, and
    all answers of single people.
    """
    today = clock.today()
    return Everything(
        charters=_charters(group),
        history=tuple(reversed(history_of(group, for_members=True, limit=_ALL_HISTORY))),
        members=tuple(member_lines(group)),
        posts=_posts(group),
        minutes=_minutes(group),
        tasks=tuple(all_tasks(group, viewer)),
        decisions=_decisions(group),
        meetings=tuple(dates_between([group.id], today - _BEFORE, today + _AFTER)),
        files=tuple(group_files(group)),
    )


def _charters(group: Group) -> tuple[TakenCharter, ...]:
    query = select(Charter).where(Charter.group_id == group.id).order_by(Charter.version)
    return tuple(
        TakenCharter(one.version, {name: str(stored.get(name, "")) for name in CHARTER_FIELDS})
        for one, stored in ((row, json.loads(row.texts)) for row in session.scalars(query))
    )


def _posts(group: Group) -> tuple[TakenPost, ...]:
    query = (
        select(GroupPost, Membership.alias, Membership.state)
        .outerjoin(Membership, Membership.id == GroupPost.author_id)
        .where(GroupPost.group_id == group.id)
        .order_by(GroupPost.id)
    )
    rows = session.execute(query).all()
    numbers: dict[int, int] = {}
    for post, _, _ in rows:
        numbers.setdefault(post.thread_id or post.id, len(numbers) + 1)
    found = [
        TakenPost(
            numbers[post.thread_id or post.id],
            post.title or "",
            (alias if state in _HERE else post.alias) or "",
            post.written_on,
            post.text or "",
            post.html,
            post.language,
        )
        for post, alias, state in rows
        if post.is_readable
    ]
    return tuple(sorted(found, key=lambda one: one.thread))


def _minutes(group: Group) -> tuple[TakenMinutes, ...]:
    query = select(GroupMinutes).where(GroupMinutes.group_id == group.id)
    sheets = sorted(session.scalars(query), key=lambda sheet: (sheet.met_on, sheet.id))
    lines = (
        select(MinutesDecision)
        .where(MinutesDecision.minutes_id.in_([sheet.id for sheet in sheets]))
        .order_by(MinutesDecision.minutes_id, MinutesDecision.number)
    )
    decided: dict[int, list[str]] = {}
    for line in session.scalars(lines):
        decided.setdefault(line.minutes_id, []).append(line.text)
    return tuple(TakenMinutes(sheet, tuple(decided.get(sheet.id, ()))) for sheet in sheets)


def _decisions(group: Group) -> tuple[TakenDecision, ...]:
    query = select(GroupDecision).where(
        GroupDecision.group_id == group.id, GroupDecision.state != DecisionState.DRAFT
    )
    decisions = session.scalars(query.order_by(GroupDecision.id)).all()
    ids = [one.id for one in decisions]
    options: dict[int, list[DecisionOption]] = {}
    offered = select(DecisionOption).where(DecisionOption.decision_id.in_(ids))
    for option in session.scalars(offered.order_by(DecisionOption.decision_id, DecisionOption.number)):
        options.setdefault(option.decision_id, []).append(option)
    outcomes: dict[int, list[DecisionOutcome]] = {}
    written = select(DecisionOutcome).where(
        DecisionOutcome.decision_id.in_(ids), DecisionOutcome.published_at.is_not(None)
    )
    for outcome in session.scalars(written.order_by(DecisionOutcome.version)):
        outcomes.setdefault(outcome.decision_id, []).append(outcome)
    for one in decisions:
        set_committed_value(one, "options", options.get(one.id, []))
    counted = counts_of(decisions, options, shows_size=not group.is_discreet)
    return tuple(
        TakenDecision(number, one, tuple(one.options), tuple(outcomes.get(one.id, ())), counted.get(one.id))
        for number, one in enumerate(decisions, 1)
    )
