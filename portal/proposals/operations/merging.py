"""Putting proposals together by consent, carrying support over, and taking them apart again.

Nothing is deleted: sources stay readable, their supporters stay theirs. A carried-over support is a row of
the target that knows its merge, so that a split takes back exactly those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import delete, select, update

from portal.core import audit, clock
from portal.core.actors import SYSTEM, Actor
from portal.core.db import session
from portal.core.errors import NotFound
from portal.core.events import emit
from portal.core.permissions import can, ensure
from portal.core.public_id import new_id
from portal.core.text import clean_text
from portal.discussions.models import Thread
from portal.discussions.operations import close_thread, open_thread
from portal.proposals.errors import MergeAlreadyAsked, MergeNotPossible, MergeOver, NobodyToAsk
from portal.proposals.events import (
    MergeAsked,
    MergeUndone,
    ProposalBackInLists,
    ProposalLeftLists,
    ProposalsMerged,
)
from portal.proposals.models import (
    SHORT_TEXT_LENGTH,
    CarryOver,
    ConsentState,
    Merge,
    MergeConsent,
    MergeSource,
    Proposal,
    Stage,
    Support,
)
from portal.proposals.operations.moving import change_stage
from portal.proposals.operations.staging import lock
from portal.proposals.operations.supporting import support_proposal
from portal.proposals.permissions import is_locked
from portal.proposals.queries.loading import supporter_ids
from portal.proposals.queries.merges import (
    MergeCase,
    carry_over_of,
    case_of,
    merge_that_took,
    open_cases_of,
)


def ask_merge(source: Proposal, target: Proposal, *, actor: Actor, reason: str = "") -> MergeCase:
    """Ask the authors of both whether `source` may go into `target`; done when everyone has agreed.

    Raises MergeNotPossible (the same one, or one of them does not collect support), MergeAlreadyAsked,
    NobodyToAsk (a proposal without authors, and the actor moderates neither).
    """
    ensure(actor, "proposals.ask_merge", source)
    ensure(actor, "proposals.ask_merge", target)
    _ensure_mergeable(source, target)
    if any(_concerns(merge, source) for merge in open_cases_of(source)):
        raise MergeAlreadyAsked
    for proposal in (source, target):
        if not proposal.author_ids and not can(actor, "proposals.undo_merge", proposal):
            raise NobodyToAsk
    return _ask(target, [source], actor=actor, reason=reason, splits=None)


def _ensure_mergeable(source: Proposal, target: Proposal) -> None:
    both = (source, target)
    if source.id == target.id or not all(one.is_supportable for one in both) or any(map(is_locked, both)):
        raise MergeNotPossible


def _concerns(merge: Merge, source: Proposal) -> bool:
    """An open merge with this one as its source, or as the target of others: its supporters move once."""
    return merge.splits_id is None and (merge.target_id == source.id or _is_source(merge, source))


def _is_source(merge: Merge, proposal: Proposal) -> bool:
    return any(one.id == proposal.id for one in case_of(merge).sources)


def _ask(
    target: Proposal, sources: list[Proposal], *, actor: Actor, reason: str, splits: Merge | None
) -> MergeCase:
    now = clock.now()
    assert actor.account_id is not None
    merge = Merge(
        public_id=new_id(),
        target_id=target.id,
        splits_id=splits.id if splits else None,
        started_by_id=actor.account_id,
        reason=clean_text(reason)[:SHORT_TEXT_LENGTH],
        created_at=now,
    )
    session.add(merge)
    session.flush()
    session.add_all(MergeSource(merge_id=merge.id, source_id=one.id) for one in sources)
    for proposal in (target, *sources):
        for account_id in proposal.author_ids:
            mine = account_id == actor.account_id
            session.add(
                MergeConsent(
                    merge_id=merge.id,
                    proposal_id=proposal.id,
                    account_id=account_id,
                    state=ConsentState.AGREED if mine else ConsentState.ASKED,
                    answered_at=now if mine else None,
                )
            )
    session.flush()
    case = case_of(merge)
    _note(case, "proposals.merge_asked", actor, merge=merge.public_id, is_split=case.is_split)
    asked = tuple(sorted(case.waits_for))
    emit(MergeAsked(merge.id, merge.public_id, target.id, asked, case.is_split))
    _settle(case, actor)
    return case


def _note(case: MergeCase, name: str, actor: Actor, **data: object) -> None:
    for proposal in case.proposals:
        audit.record(name, actor=actor, subject=("proposal", proposal.id), **data)


def answer_merge(case: MergeCase, *, actor: Actor, agree: bool) -> bool:
    """An author agrees or refuses; one no ends it. True when this was the last yes and it is done.

    Saying the same twice changes nothing. Raises NotFound for somebody who was not asked, MergeOver.
    """
    ensure(actor, "proposals.answer_merge", case)
    session.refresh(case.merge, with_for_update=True)
    mine = [one for one in case.consents if one.account_id == actor.account_id]
    wanted = ConsentState.AGREED if agree else ConsentState.REFUSED
    if mine and all(one.state is wanted for one in mine):
        return False
    if not case.merge.is_open:
        raise MergeOver
    for consent in mine:
        consent.state, consent.answered_at = wanted, clock.now()
    session.flush()
    if not agree:
        _refuse(case, actor)
        return False
    return _settle(case, actor)


def _refuse(case: MergeCase, actor: Actor) -> None:
    case.merge.refused_at = clock.now()
    _note(case, "proposals.merge_refused", actor, merge=case.merge.public_id)


def cancel_merge(case: MergeCase, *, actor: Actor) -> bool:
    """Whoever asked (or a moderator) takes the question back; False when it is over already."""
    ensure(actor, "proposals.cancel_merge", case)
    session.refresh(case.merge, with_for_update=True)
    if not case.merge.is_open:
        return False
    _refuse(case, actor)
    return True


def _settle(case: MergeCase, actor: Actor) -> bool:
    if not case.merge.is_open or any(one.state is not ConsentState.AGREED for one in case.consents):
        return False
    if case.is_split:
        _undo(case_of(session.get_one(Merge, case.merge.splits_id)), actor)
        case.merge.done_at = clock.now()
        return True
    _complete(case, actor)
    return True


def _complete(case: MergeCase, actor: Actor) -> None:
    lock(*case.proposals)
    for source in case.sources:
        _ensure_mergeable(source, case.target)
    case.merge.done_at = case.target.last_activity_at = clock.now()
    case.target.source_count += len(case.sources)
    _keep_promises(case)
    for source in case.sources:
        source.merged_into_id = case.target.id
        _set_thread(source, is_open=False)
    asked = _ask_supporters(case)
    session.flush()
    for source in case.sources:
        data = {"merge": case.merge.public_id, "target": case.target.public_id}
        audit.record("proposals.merged", actor=actor, subject=("proposal", source.id), **data)
        data = {"merge": case.merge.public_id, "source": source.public_id}
        audit.record("proposals.took_in", actor=actor, subject=("proposal", case.target.id), **data)
        emit(ProposalLeftLists(source.id))
    sources = tuple(one.id for one in case.sources)
    emit(ProposalsMerged(case.merge.id, case.target.id, sources, tuple(asked)))


def _keep_promises(case: MergeCase) -> None:
    """A day that was promised to a source holds for the target, unless it has one of its own."""
    days = [one.answer_due_on for one in case.sources if one.is_answer_due and one.answer_due_on]
    if days and case.target.answer_due_on is None:
        case.target.answer_due_on = min(days)
        if case.target.stage is Stage.COLLECTING:
            change_stage(case.target, Stage.EXAMINED, actor=SYSTEM)


def _set_thread(proposal: Proposal, *, is_open: bool) -> None:
    """The conversation goes on at the target; what was said stays readable."""
    thread = session.get(Thread, proposal.thread_id) if proposal.thread_id else None
    if thread is not None:
        (open_thread if is_open else close_thread)(thread)


def _ask_supporters(case: MergeCase) -> list[int]:
    """One row per supporter of the sources; those who are with the target anyway need not be asked."""
    with_target = {*supporter_ids(case.target), *case.target.author_ids}
    supporters = sorted({one for source in case.sources for one in supporter_ids(source)})
    now = clock.now()
    session.add_all(
        CarryOver(
            merge_id=case.merge.id,
            account_id=one,
            state=ConsentState.AGREED if one in with_target else ConsentState.ASKED,
            asked_at=now,
            answered_at=now if one in with_target else None,
        )
        for one in supporters
    )
    return [one for one in supporters if one not in with_target]


def carry_over(case: MergeCase, *, actor: Actor, agree: bool) -> bool:
    """A supporter of a source carries the support over with one tap, or leaves it. False for a second tap.

    Raises NotFound for somebody who was not asked, MergeOver when the merge was undone, NotSupportable when
    the town has decided meanwhile.
    """
    ensure(actor, "proposals.carry_over")
    session.refresh(case.merge, with_for_update=True)
    row = carry_over_of(case.merge, actor.account_id)
    if row is None:
        raise NotFound
    if row.state is not ConsentState.ASKED:
        return False
    if case.merge.undone_at is not None:
        raise MergeOver
    target = _standing(case.target)
    if agree and support_proposal(target, actor=actor):
        session.execute(
            update(Support)
            .where(Support.proposal_id == target.id, Support.account_id == actor.account_id)
            .values(merge_id=case.merge.id)
        )
    row.state = ConsentState.AGREED if agree else ConsentState.REFUSED
    row.answered_at = clock.now()
    return True


def _standing(proposal: Proposal) -> Proposal:
    """Where it went in the end, if it was put together with another one meanwhile."""
    while proposal.merged_into_id is not None:
        proposal = session.get_one(Proposal, proposal.merged_into_id)
    return proposal


def ask_split(source: Proposal, *, actor: Actor, reason: str = "") -> MergeCase:
    """Ask the authors whether a merge may be taken apart again; done when everyone has agreed.

    Raises MergeOver when it is not merged (any more), MergeAlreadyAsked.
    """
    ensure(actor, "proposals.ask_merge", source)
    merge = merge_that_took(source)
    if merge is None:
        raise MergeOver
    if any(one.splits_id == merge.id for one in open_cases_of(source)):
        raise MergeAlreadyAsked
    case = case_of(merge)
    return _ask(case.target, case.sources, actor=actor, reason=reason, splits=merge)


def undo_merge(source: Proposal, *, actor: Actor) -> bool:
    """A moderator takes a merge apart at once, in public; False when it is apart already."""
    ensure(actor, "proposals.undo_merge", source)
    merge = merge_that_took(source)
    if merge is None:
        return False
    _undo(case_of(merge), actor)
    return True


def _undo(case: MergeCase, actor: Actor) -> None:
    lock(*case.proposals)
    if case.merge.undone_at is not None:
        raise MergeOver
    case.merge.undone_at = clock.now()
    _take_back_support(case)
    case.target.source_count -= len(case.sources)
    for source in case.sources:
        source.merged_into_id = None
        _set_thread(source, is_open=True)
    session.flush()
    _close_questions(case)
    for one, others in ((case.target, case.sources), *((source, [case.target]) for source in case.sources)):
        for other in others:
            data = {"merge": case.merge.public_id, "other": other.public_id}
            audit.record("proposals.split", actor=actor, subject=("proposal", one.id), **data)
    emit(MergeUndone(case.merge.id, case.target.id, tuple(one.id for one in case.sources)))
    for source in case.sources:
        if source.is_open:
            emit(ProposalBackInLists(source.id))


def _take_back_support(case: MergeCase) -> None:
    """Carried supports leave the target (or where that went): they never left the sources."""
    gone = session.execute(
        delete(Support).where(Support.merge_id == case.merge.id).returning(Support.proposal_id)
    )
    for proposal_id, number in Counter(gone.scalars()).items():
        session.execute(
            update(Proposal)
            .where(Proposal.id == proposal_id)
            .values(support_count=Proposal.support_count - number)
            .execution_options(synchronize_session=False)
        )
        session.expire(session.get_one(Proposal, proposal_id), ["support_count"])


def _close_questions(case: MergeCase) -> None:
    """Open wishes to split what is apart now are done."""
    session.execute(
        update(Merge)
        .where(Merge.splits_id == case.merge.id, Merge.done_at.is_(None), Merge.refused_at.is_(None))
        .values(done_at=clock.now())
    )


def forget_consents(account_id: int) -> None:
    """The account is erased: it is not waited for any more; the others decide."""
    waiting = select(MergeConsent.merge_id).where(
        MergeConsent.account_id == account_id, MergeConsent.state == ConsentState.ASKED
    )
    merge_ids: Iterable[int] = list(session.scalars(waiting))
    session.execute(delete(MergeConsent).where(MergeConsent.account_id == account_id))
    session.execute(delete(CarryOver).where(CarryOver.account_id == account_id))
    session.expire_all()
    for merge_id in merge_ids:
        _go_on_without(case_of(session.get_one(Merge, merge_id)))


def _go_on_without(case: MergeCase) -> None:
    """What nobody is left to decide is not decided by silence; what all others agreed to is done."""
    if not case.merge.is_open:
        return
    try:
        if case.consents:
            _settle(case, SYSTEM)
            return
    except MergeNotPossible:
        pass
    case.merge.refused_at = clock.now()
