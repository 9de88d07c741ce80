"""The town's answer: prepared in peace, published singly or in a batch, later put in better words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core import audit, clock
from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.core.errors import DomainError, NotAllowed, NotFound
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_text, render_markdown
from portal.proposals.errors import AnswerNotPossible, AnswerTextMissing, ChangedMeanwhile, ProposalClosed
from portal.proposals.events import ProposalAnswered
from portal.proposals.models import (
    ANSWERABLE,
    TEXT_LENGTH,
    TRANSITIONS,
    Answer,
    AnswerVersion,
    Decision,
    Proposal,
    Stage,
)
from portal.proposals.operations.moving import change_stage
from portal.proposals.operations.staging import lock
from portal.proposals.queries.answers import answer_of


@dataclass(frozen=True)
class Words:
    """What the town says. `seen`: the state of the answer the writer had before them ("" for none)."""

    decision: Decision
    text: str
    language: str
    seen: str = ""


@dataclass(frozen=True)
class Batch:
    """What became of a batch: answers that are public now, and those that could not be, with the reason."""

    published: list[Proposal]
    refused: list[tuple[Proposal, DomainError]]


def state_of(answer: Answer | None) -> str:
    """A mark that changes with every save, so that nobody writes over a colleague's words unseen."""
    return "" if answer is None else f"{answer.version_count}-{answer.prepared_at.timestamp():.6f}"


def prepare_answer(proposal: Proposal, words: Words, *, actor: Actor) -> Answer:
    """Keep an answer for later; nobody outside the office sees it.

    Raises AnswerTextMissing for a no without reasons, ChangedMeanwhile when a colleague saved in between,
    ProposalClosed, AnswerNotPossible for one that is published already.
    """
    ensure(actor, "proposals.prepare_answer", proposal)
    text = _checked(words)
    if not proposal.is_open:
        raise ProposalClosed
    answer = answer_of(proposal)
    if answer is not None and answer.is_published:
        raise AnswerNotPossible
    if state_of(answer) != words.seen:
        raise ChangedMeanwhile
    if answer is None:
        assert actor.account_id is not None
        answer = Answer(proposal_id=proposal.id, prepared_by_id=actor.account_id)
        session.add(answer)
    _write(answer, words, text, actor)
    session.flush()
    audit.record(
        "proposals.answer_prepared",
        actor=actor,
        subject=("proposal", proposal.id),
        decision=words.decision.value,
    )
    return answer


def _checked(words: Words) -> str:
    text = clean_text(words.text)[:TEXT_LENGTH]
    if words.decision is Decision.DECLINED and not text:
        raise AnswerTextMissing
    return text


def _write(answer: Answer, words: Words, text: str, actor: Actor) -> None:
    assert actor.account_id is not None
    answer.decision, answer.language = words.decision, words.language
    answer.text_md, answer.text_html = text, render_markdown(text)
    answer.prepared_by_id, answer.prepared_at = actor.account_id, clock.now()


def discard_answer(proposal: Proposal, *, actor: Actor) -> bool:
    """Throw a prepared answer away; False when there is none. A published one stays."""
    ensure(actor, "proposals.prepare_answer", proposal)
    answer = answer_of(proposal)
    if answer is None or answer.is_published:
        return False
    session.delete(answer)
    session.flush()
    return True


def publish_answer(proposal: Proposal, *, actor: Actor) -> bool:
    """Make the prepared answer public; everybody concerned is told once. False for a double click.

    Raises NotFound without a prepared answer, AnswerNotPossible where no answer can follow, ProposalClosed.
    """
    ensure(actor, "proposals.publish_answer", proposal)
    lock(proposal)
    answer = answer_of(proposal)
    if answer is None:
        raise NotFound
    if answer.is_published:
        return False
    _decide(proposal, answer, actor)
    return True


def publish_batch(proposals: Sequence[Proposal], *, actor: Actor) -> Batch:
    """Publish several prepared answers; one that cannot be (any more) does not stop the others.

    Raises NotFound when the actor may not answer one of them at all: then nothing is published.
    """
    for proposal in proposals:
        ensure(actor, "proposals.publish_answer", proposal)
    batch = Batch([], [])
    for proposal in sorted(proposals, key=lambda one: one.id):
        try:
            if publish_answer(proposal, actor=actor):
                batch.published.append(proposal)
        except (NotFound, NotAllowed):
            continue
        except DomainError as error:
            batch.refused.append((proposal, error))
    return batch


def change_answer(proposal: Proposal, words: Words, *, actor: Actor) -> bool:
    """Change a public answer; both versions stay readable. False when nothing changed.

    Only other words: nobody is told. Another decision, or the same one after it was examined again, is a
    new answer: everybody is told once. Raises as `prepare_answer` does, NotFound without a public answer.
    """
    ensure(actor, "proposals.publish_answer", proposal)
    lock(proposal)
    answer = answer_of(proposal)
    if answer is None or not answer.is_published:
        raise NotFound
    text = _checked(words)
    if state_of(answer) != words.seen:
        raise ChangedMeanwhile
    is_wording = words.decision is answer.decision and proposal.answered_at is not None
    if is_wording and (text, words.language) == (answer.text_md, answer.language):
        return False
    if not is_wording:
        _ensure_answerable(proposal, words.decision)
    _write(answer, words, text, actor)
    if is_wording:
        _keep_version(answer, actor)
        audit.record(
            "proposals.answer_reworded",
            actor=actor,
            subject=("proposal", proposal.id),
            version=answer.version_count,
        )
    else:
        _decide(proposal, answer, actor)
    return True


def _ensure_answerable(proposal: Proposal, decision: Decision) -> None:
    """The stage lets this answer follow: a step of the table, or a yes to what is under way or done."""
    if not proposal.is_open:
        raise ProposalClosed
    target = Stage(decision.value)
    begun = decision is Decision.ACCEPTED and proposal.stage in {Stage.UNDER_WAY, Stage.DONE}
    moves = (proposal.stage, target) in TRANSITIONS or proposal.stage is target
    if proposal.stage not in ANSWERABLE or not (begun or moves):
        raise AnswerNotPossible


def _decide(proposal: Proposal, answer: Answer, actor: Actor) -> None:
    _ensure_answerable(proposal, answer.decision)
    _keep_version(answer, actor)
    if answer.published_at is None:
        answer.published_at, answer.published_by_id = clock.now(), actor.account_id
        proposal.answer_count = 1
    proposal.answered_at = proposal.last_activity_at = clock.now()
    audit.record(
        "proposals.answered",
        actor=actor,
        subject=("proposal", proposal.id),
        decision=answer.decision.value,
        version=answer.version_count,
    )
    target = Stage(answer.decision.value)
    if (proposal.stage, target) in TRANSITIONS:
        change_stage(proposal, target, actor=actor)
    session.flush()
    emit(
        ProposalAnswered(
            proposal.id, answer.id, answer.version_count, answer.decision.value, actor.account_id
        )
    )


def _keep_version(answer: Answer, actor: Actor) -> None:
    assert actor.account_id is not None
    answer.version_count += 1
    role = StaffRole.PLANNER if actor.has_role(StaffRole.PLANNER) else StaffRole.MODERATOR
    session.add(
        AnswerVersion(
            answer_id=answer.id,
            number=answer.version_count,
            at=clock.now(),
            editor_id=actor.account_id,
            editor_role=role.value,
            decision=answer.decision,
            text_md=answer.text_md,
            language=answer.language,
        )
    )
    session.flush()
