"""The queue, cases, statements and receipts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.accounts.queries import hats_of_role
from portal.core import clock
from portal.core.actors import Actor, StaffRole
from portal.core.crypto import keyed_hash
from portal.core.db import session
from portal.core.subjects import Subject, get_kind
from portal.moderation.models import (
    Appeal,
    Case,
    CaseNote,
    Category,
    Decision,
    Look,
    Measure,
    Report,
    StopProposal,
)
from portal.moderation.permissions import eligible
from portal.moderation.settings import FIRST_LOOK_HOURS

# Somebody who took a case and went home does not hold it for ever.
CLAIM_LASTS = timedelta(hours=8)
QUEUE_LIMIT = 100

Row = TypeVar("Row", Case, Decision, Report, Appeal)


@dataclass(frozen=True)
class CaseRow:
    """One case as the queue shows it. categories: how often each was named; never by whom."""

    case: Case
    categories: tuple[tuple[Category, int], ...]
    is_mine: bool
    is_taken: bool
    is_put_aside: bool
    is_overdue: bool

    @property
    def report_count(self) -> int:
        """How many people reported it."""
        return sum(count for _, count in self.categories)


@dataclass(frozen=True)
class PublicReasons:
    """What everybody may read about a hidden thing: rule, role and date, not the passage or the facts."""

    hidden_at: datetime
    is_automated: bool
    ground_kind: str
    ground: str
    ground_text: str
    role_name: str
    language: str
    review_due_at: datetime | None
    is_objected: bool
    decision_public_id: str
    author_id: int | None


def hash_code(code: str) -> str:
    """What a receipt code is looked up by; spaces, dashes and capitals do not matter."""
    return keyed_hash("report.code", re.sub(r"[\s-]+", "", code).lower())


def loader_of(model: type[Row]) -> Callable[[Sequence[int]], dict[int, Row]]:
    """A function that loads several rows of a table at once, for lists of notices."""

    def load(ids: Sequence[int]) -> dict[int, Row]:
        return {one.id: one for one in session.scalars(select(model).where(model.id.in_(ids)))}

    return load


def case_by_public_id(public_id: str) -> Case | None:
    """One case, open or closed."""
    return session.scalar(select(Case).where(Case.public_id == public_id))


def case_by_id(case_id: int) -> Case | None:
    """One case, open or closed."""
    return session.get(Case, case_id)


def decision_by_public_id(public_id: str) -> Decision | None:
    """One decision with its case."""
    query = select(Decision).where(Decision.public_id == public_id)
    return session.scalar(query.options(joinedload(Decision.case)))


def decision_by_id(decision_id: int) -> Decision | None:
    """One decision."""
    return session.get(Decision, decision_id)


def appeal_by_public_id(public_id: str) -> Appeal | None:
    """One objection with its decision."""
    query = select(Appeal).where(Appeal.public_id == public_id)
    return session.scalar(query.options(joinedload(Appeal.decision).joinedload(Decision.case)))


def objection_to(decision: Decision) -> Appeal | None:
    """The objection to a decision, if there is one."""
    return session.scalar(select(Appeal).where(Appeal.decision_id == decision.id))


def report_by_code(code: str) -> Report | None:
    """The report a receipt code belongs to."""
    return session.scalar(select(Report).where(Report.code_hash == hash_code(code)))


def report_by_id(report_id: int) -> Report | None:
    """One report."""
    return session.get(Report, report_id)


def decisions_about(case: Case) -> list[Decision]:
    """Every decision about the case's thing, latest first."""
    query = select(Decision).where(
        Decision.subject_kind == case.subject_kind, Decision.subject_id == case.subject_id
    )
    return list(session.scalars(query.order_by(Decision.id.desc())))


def has_decided(case: Case, actor: Actor) -> bool:
    """The case is closed, by this moderator: a form that was sent twice."""
    mine = select(Decision.decided_by).where(Decision.case_id == case.id).order_by(Decision.id.desc())
    return not case.is_open and session.scalar(mine.limit(1)) == actor.account_id


def notes_of(case: Case) -> list[CaseNote]:
    """What moderators noted about a case, oldest first."""
    return list(session.scalars(select(CaseNote).where(CaseNote.case_id == case.id).order_by(CaseNote.id)))


def queue_for(actor: Actor) -> list[CaseRow]:
    """The open cases of a moderator's districts: urgent first, then oldest; put-aside ones at the end.

    Leaves out what the moderator wrote, reported or belongs to. At most 100 cases, in three queries and one
    more for each kind of thing that people belong to.
    """
    mine = exists().where(Report.case_id == Case.id, Report.reporter_id == actor.account_id)
    not_own = or_(Case.author_id.is_(None), Case.author_id != actor.account_id)
    query = select(Case).where(Case.closed_at.is_(None), _in_districts(actor), not_own, ~mine)
    found = session.scalars(query.order_by(Case.urgency, Case.opened_at, Case.id).limit(QUEUE_LIMIT)).all()
    own = _own_among([(case.subject_kind, case.subject_id) for case in found], actor)
    cases = [case for case in found if (case.subject_kind, case.subject_id) not in own]
    ids = [case.id for case in cases]
    counted = session.execute(
        select(Report.case_id, Report.category, func.count())
        .where(Report.case_id.in_(ids))
        .group_by(Report.case_id, Report.category)
    ).all()
    skips = select(Look.case_id).where(
        Look.case_id.in_(ids), Look.account_id == actor.account_id, Look.is_skip
    )
    aside = set(session.scalars(skips))
    rows = [_row(case, counted, case.id in aside, actor) for case in cases]
    return sorted(rows, key=lambda row: row.is_put_aside and not row.is_mine)


def _own_among(things: list[tuple[str, int]], actor: Actor) -> set[tuple[str, int]]:
    """The things this moderator belongs to, one question per kind that knows of people."""
    by_kind: dict[str, set[int]] = {}
    for name, one in things:
        by_kind.setdefault(name, set()).add(one)
    accounts = [actor.account_id] if actor.account_id is not None else []
    kinds = [(name, get_kind(name), ids) for name, ids in by_kind.items()]
    return {
        (name, one) for name, kind, ids in kinds if kind for one, _ in kind.belonging(sorted(ids), accounts)
    }


def _row(case: Case, counted: Sequence[Any], aside: bool, actor: Actor) -> CaseRow:
    found = Counter({Category(category): n for case_id, category, n in counted if case_id == case.id})
    return CaseRow(
        case=case,
        categories=tuple(found.most_common()),
        is_mine=case.claimed_by == actor.account_id,
        is_taken=is_claimed_by_other(case, actor),
        is_put_aside=aside,
        is_overdue=is_overdue(case),
    )


def _in_districts(actor: Actor) -> ColumnElement[bool]:
    """Cases a moderator is responsible for; those without a district belong to everybody."""
    grants = [grant for grant in actor.roles if grant.role is StaffRole.MODERATOR]
    if any(grant.district_id is None for grant in grants):
        return true()
    return or_(Case.district_id.is_(None), Case.district_id.in_([grant.district_id for grant in grants]))


def is_claimed_by_other(case: Case, actor: Actor) -> bool:
    """Whether a colleague has it and has not left it lying."""
    if case.claimed_by is None or case.claimed_by == actor.account_id or case.claimed_at is None:
        return False
    return case.claimed_at > clock.now() - CLAIM_LASTS


def is_overdue(case: Case) -> bool:
    """Nobody has looked within the hours of its urgency, or something hidden by reports was not reviewed."""
    now = clock.now()
    if not case.is_open:
        return False
    if case.review_due_at is not None and case.review_due_at < now:
        return True
    return case.first_look_at is None and first_look_due(case) < now


def first_look_due(case: Case) -> datetime:
    """By when somebody should have looked."""
    return case.opened_at + timedelta(hours=FIRST_LOOK_HOURS[case.urgency])


def objections_for(actor: Actor) -> list[Appeal]:
    """The open objections this moderator may answer, oldest first. Three queries, one more per kind."""
    query = (
        select(Appeal)
        .where(Appeal.decided_at.is_(None))
        .options(joinedload(Appeal.decision).joinedload(Decision.case))
    )
    found = session.scalars(query.order_by(Appeal.created_at).limit(QUEUE_LIMIT)).all()
    own = _own_among([_thing_of(appeal) for appeal in found], actor)
    appeals = [appeal for appeal in found if _thing_of(appeal) not in own]
    case_ids = [appeal.decision.case_id for appeal in appeals]
    reporters = session.execute(
        select(Report.case_id, Report.reporter_id)
        .where(Report.case_id.in_(case_ids))
        .union(
            select(StopProposal.case_id, StopProposal.proposed_by).where(StopProposal.case_id.in_(case_ids))
        )
    ).all()
    moderators = hats_of_role(StaffRole.MODERATOR)
    return [appeal for appeal in appeals if actor.account_id in _deciders(appeal, reporters, moderators)]


def _thing_of(appeal: Appeal) -> tuple[str, int]:
    return appeal.decision.subject_kind, appeal.decision.subject_id


def _deciders(appeal: Appeal, reporters: Sequence[Any], moderators: Sequence[Any]) -> set[int]:
    own = [
        account_id
        for account_id, district_id in moderators
        if appeal.district_id is None or district_id is None or district_id == appeal.district_id
    ]
    out = {reporter for case_id, reporter in reporters if case_id == appeal.decision.case_id}
    everywhere = [account_id for account_id, _ in moderators]
    return eligible(own, everywhere, {*out, appeal.author_id, appeal.first_decider_id})


def severe_today(actor: Actor) -> int:
    """How many severe cases this moderator has taken today, for the hint to take a break."""
    midnight = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).where(
        Look.account_id == actor.account_id, Look.at >= midnight, Look.is_severe, ~Look.is_skip
    )
    return session.scalar(query) or 0


def public_reasons(subject: Subject) -> PublicReasons | None:
    """Why a hidden thing cannot be seen, as far as everybody may know; None when it is not hidden."""
    if not subject.kind.is_hidden(subject.thing):
        return None
    query = (
        select(Decision, Case, Appeal)
        .join(Case, Case.id == Decision.case_id)
        .outerjoin(Appeal, and_(Appeal.decision_id == Decision.id, Appeal.decided_at.is_(None)))
        .where(Decision.subject_kind == subject.kind.kind, Decision.subject_id == subject.id)
        .where(Decision.measure == Measure.HIDE)
    )
    found = session.execute(query.order_by(Decision.id.desc()).limit(1)).one_or_none()
    if found is None:
        return None
    decision, case, appeal = found
    return PublicReasons(
        hidden_at=decision.decided_at,
        is_automated=decision.is_automated,
        ground_kind=decision.ground_kind,
        ground=decision.ground,
        ground_text=decision.ground_text,
        role_name=decision.role_name,
        language=decision.language,
        review_due_at=case.review_due_at if decision.is_automated else None,
        is_objected=appeal is not None,
        decision_public_id=decision.public_id,
        author_id=decision.author_id,
    )


def appeal_by_id(appeal_id: int) -> Appeal | None:
    """One objection."""
    return session.get(Appeal, appeal_id)


def own_report(public_id: str) -> Report | None:
    """One report by its public id; the permission decides who may see it."""
    return session.scalar(select(Report).where(Report.public_id == public_id))


def measure_of(decision: Decision) -> Measure:
    """The decision's measure as the word it is."""
    return Measure(decision.measure)


def reports_of(account_id: int) -> list[Report]:
    """What an account reported, oldest first: for its own export."""
    return list(session.scalars(select(Report).where(Report.reporter_id == account_id).order_by(Report.id)))


def decisions_concerning(account_id: int) -> list[tuple[Decision, Appeal | None]]:
    """Decisions about what an account wrote, with the objections to them: for its own export."""
    query = select(Decision, Appeal).outerjoin(Appeal, Appeal.decision_id == Decision.id)
    rows = session.execute(query.where(Decision.author_id == account_id).order_by(Decision.id))
    return [(decision, appeal) for decision, appeal in rows]
