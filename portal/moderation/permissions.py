"""Who may report, look, decide and object. Nobody decides about their own text or their own report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from portal.accounts.queries import staff_with_role
from portal.core import audit, clock
from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.core.permissions import anyone, declare, moderator, predicate
from portal.core.subjects import Subject, SubjectRef, get_kind, resolve
from portal.moderation.models import BURDENS, Appeal, Decision, Report, StopProposal
from portal.moderation.settings import objectable_for


@predicate
def sees_subject(actor: Actor, subject: Any) -> bool:
    """Sees the thing, or its tombstone: nobody's report is lost because it was hidden a moment ago."""
    if subject is None or subject.kind.hide is None:
        return False
    return subject.visible_to(actor) or sees_tombstone(actor, subject)


@predicate
def sees_tombstone(actor: Actor, subject: Any) -> bool:
    """The thing is hidden, and the actor may know that it stands there."""
    hidden: bool = subject.kind.is_hidden(subject.thing)
    return hidden and subject.kind.can_see_place(actor, subject.thing)


@predicate
def moderates_subject(actor: Actor, subject: Any) -> bool:
    """Moderator where the thing belongs, and not its author. Things without a district belong to all.

    What is to be seen, or has its tombstone, can be taken up; drafts and deleted texts are nobody's to read.
    """
    if not (sees_subject(actor, subject) or is_restricted(subject)):
        return False
    return (
        actor.has_role(StaffRole.MODERATOR, subject.kind.district_id(subject.thing))
        and actor.account_id != subject.author_id
        and not own_among(SubjectRef(subject.kind.kind, subject.id), [actor.account_id])
    )


def is_restricted(subject: Subject | None) -> bool:
    """Moderation has hidden or stopped it: moderators can show it again or let it go on."""
    if subject is None or subject.kind.hide is None:
        return False
    return subject.kind.is_hidden(subject.thing) or stands_still(subject)


def stands_still(subject: Subject) -> bool:
    """Moderation has stopped it: outsiders do not see it, and moderators can let it go on."""
    stopping = subject.kind.stopping
    return stopping is not None and stopping.is_stopped(subject.thing)


def own_among(ref: SubjectRef, accounts: Iterable[int | None]) -> set[int]:
    """Those of the accounts that belong to the thing, such as the members of a group."""
    kind, candidates = get_kind(ref.kind), [one for one in accounts if one is not None]
    return {account for _, account in kind.belonging([ref.id], candidates)} if kind and candidates else set()


@predicate
def moderates_case(actor: Actor, case: Any) -> bool:
    """Moderator of the case's district; cases without a district belong to all moderators."""
    return actor.has_role(StaffRole.MODERATOR, case.district_id)


@predicate
def is_no_party(actor: Actor, case: Any) -> bool:
    """Neither wrote the thing nor reported it, and does not belong to it."""
    if actor.account_id is None or case.author_id == actor.account_id:
        return False
    if own_among(SubjectRef(case.subject_kind, case.subject_id), [actor.account_id]):
        return False
    mine = select(Report.id).where(Report.case_id == case.id, Report.reporter_id == actor.account_id)
    return session.scalar(mine.limit(1)) is None


@predicate
def is_concerned(actor: Actor, decision: Any) -> bool:
    """The decision is about this person's text or account, or about something they answer for with others."""
    if actor.account_id is None:
        return False
    return decision.author_id == actor.account_id or speaks_for(actor, decision)


def speaks_for(actor: Actor, decision: Decision) -> bool:
    """Answers together with others for what the decision is about, such as a group."""
    kind = get_kind(decision.subject_kind)
    if kind is None or kind.speaks_for is None or decision.author_id is not None:
        return False
    subject = resolve(SubjectRef(decision.subject_kind, decision.subject_id))
    return subject is not None and kind.speaks_for(actor, subject.thing)


@predicate
def may_look_at(actor: Actor, decision: Any) -> bool:
    """Moderator where the decision was made, and no party; or asked to answer the objection to it."""
    if moderates_case(actor, decision.case) and is_no_party(actor, decision.case):
        return True
    appeal = session.scalar(select(Appeal).where(Appeal.decision_id == decision.id))
    return appeal is not None and may_answer(actor, appeal)


@predicate
def is_in_time(actor: Actor, decision: Any) -> bool:
    """It burdens somebody, and the months to object are not over."""
    in_time: bool = decision.decided_at + objectable_for() > clock.now()
    return decision.measure in BURDENS and in_time


@predicate
def may_answer(actor: Actor, appeal: Any) -> bool:
    """Another moderator than the first decider, and no party; see `eligible`."""
    return actor.has_role(StaffRole.MODERATOR) and actor.account_id in deciders_for(appeal)


def deciders_for(appeal: Appeal) -> set[int]:
    """The accounts that may answer an objection: moderators who had no part in it and do not belong to it."""
    own = staff_with_role(StaffRole.MODERATOR, appeal.district_id)
    everywhere = staff_with_role(StaffRole.MODERATOR)
    ref = SubjectRef(appeal.decision.subject_kind, appeal.decision.subject_id)
    out = parties(appeal.decision.case_id, appeal.author_id, appeal.first_decider_id)
    return eligible(own, everywhere, {*out, *own_among(ref, everywhere)})


def eligible(of_district: Iterable[int], everywhere: Iterable[int], out: set[int | None]) -> set[int]:
    """Who answers an objection: moderators of the district; when none is left, moderators of other districts.

    `out` are the parties: author, first decider, reporters.
    """
    return {one for one in of_district if one not in out} or {one for one in everywhere if one not in out}


def parties(case_id: int, *others: int | None) -> set[int | None]:
    """The accounts that cannot decide: reporters, who proposed a stop, and whoever else is named."""
    reporters = select(Report.reporter_id).where(Report.case_id == case_id)
    proposers = select(StopProposal.proposed_by).where(StopProposal.case_id == case_id)
    return {*session.scalars(reporters), *session.scalars(proposers), *others}


def open_proposal(case: Any) -> StopProposal | None:
    """The proposal to stop something that waits for a second moderator."""
    waits = select(StopProposal).where(StopProposal.case_id == case.id, StopProposal.answered_at.is_(None))
    return session.scalar(waits)


@predicate
def answers_proposal(actor: Actor, case: Any) -> bool:
    """A stop waits for a second moderator, and it is not their own proposal."""
    proposal = open_proposal(case)
    return proposal is not None and proposal.proposed_by != actor.account_id


@predicate
def reported_it(actor: Actor, report: Any) -> bool:
    """Made this report while signed in."""
    return actor.account_id is not None and report.reporter_id == actor.account_id


declare("moderation.report", sees_subject, visitors=True)
declare("moderation.reasons", sees_tombstone, visitors=True)
declare("moderation.figures", anyone, visitors=True)
declare("moderation.queue", moderator)
declare("moderation.open_case", moderates_subject)
declare("moderation.see_case", moderates_case & is_no_party)
declare("moderation.decide", moderates_case & is_no_party)
declare("moderation.answer_stop", moderates_case & is_no_party & answers_proposal)
declare("moderation.statement", is_concerned | may_look_at)
declare("moderation.object", is_concerned & is_in_time)
declare("moderation.answer_objection", may_answer)
declare("moderation.own_report", reported_it)

audit.schema("moderation.claimed", visibility="staff")
audit.schema("moderation.handed_over", visibility="staff")
audit.schema("moderation.put_aside", visibility="staff")
audit.schema("moderation.second_look", visibility="staff")
audit.schema("moderation.stop_proposed", visibility="staff")
audit.schema("moderation.stop_refused", visibility="staff")
audit.schema("moderation.hidden_by_reports", fields=("reports",), visibility="parties")
audit.schema("moderation.hidden_by_pattern", fields=("reports",), visibility="parties")
audit.schema("moderation.decided", fields=("decision", "measure"), visibility="parties")
audit.schema("moderation.objected", fields=("decision",), visibility="parties")
audit.schema("moderation.objection_answered", fields=("decision", "outcome"), visibility="parties")
