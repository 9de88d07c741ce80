"""Keeping the promise: steps with dates, news, and who is responsible for an accepted proposal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update

from portal.content.operations import add_picture, remove_pictures_of
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.public_id import new_id
from portal.core.subjects import SubjectRef
from portal.core.text import clean_line, clean_text, render_markdown
from portal.proposals.errors import MilestoneWithoutTitle, NewsWithoutText, NotAnOutcome, TooManyMilestones
from portal.proposals.events import OutcomeMoved
from portal.proposals.models import (
    MILESTONE_LENGTH,
    TEXT_LENGTH,
    Milestone,
    MilestoneState,
    Outcome,
    OutcomeNews,
    Proposal,
)
from portal.proposals.queries.outcomes import milestones_of, outcome_of

MOST_MILESTONES = 30
NEWS = "proposal_news"


@dataclass(frozen=True)
class Step:
    """A milestone as it was filled in."""

    title: str
    due_on: date | None
    state: MilestoneState
    language: str


@dataclass(frozen=True)
class Photo:
    """A photo with its description."""

    data: bytes
    alt: str


def begin_outcome(proposal: Proposal) -> None:
    """An accepted proposal gets its progress page; one that has it already keeps it, with fresh news."""
    now = clock.now()
    values = {
        "proposal_id": proposal.id,
        "accepted_at": now,
        "news_at": now,
        "step_count": 0,
        "done_count": 0,
    }
    statement = upsert(Outcome).values(**values)
    session.execute(statement.on_conflict_do_update(index_elements=["proposal_id"], set_={"news_at": now}))


def save_milestone(
    proposal: Proposal, step: Step, *, actor: Actor, milestone: Milestone | None = None
) -> Milestone:
    """Add a step or change one. Raises MilestoneWithoutTitle, TooManyMilestones, NotAnOutcome.

    A step that becomes done gets today's date; the percentage follows. Everybody concerned is told in one
    grouped notice.
    """
    outcome = _ensure(proposal, actor)
    title = clean_line(step.title)[:MILESTONE_LENGTH]
    if not title:
        raise MilestoneWithoutTitle
    if milestone is None:
        if len(milestones_of(proposal)) >= MOST_MILESTONES:
            raise TooManyMilestones
        milestone = Milestone(public_id=new_id(), proposal_id=proposal.id)
        session.add(milestone)
    is_news = _change(milestone, title, step)
    session.flush()
    if is_news:
        _note(outcome, proposal, actor, "proposals.milestone_changed", state=step.state.value)
    return milestone


def _change(milestone: Milestone, title: str, step: Step) -> bool:
    before = (milestone.title, milestone.due_on, milestone.state, milestone.language)
    milestone.title, milestone.due_on, milestone.language = title, step.due_on, step.language
    if step.state is MilestoneState.DONE and milestone.state is not MilestoneState.DONE:
        milestone.done_on = clock.today()
    elif step.state is not MilestoneState.DONE:
        milestone.done_on = None
    milestone.state = step.state
    return before != (title, step.due_on, step.state, step.language)


def remove_milestone(proposal: Proposal, milestone: Milestone, *, actor: Actor) -> None:
    """Take a step out that was written by mistake; one that will not come is better marked as dropped."""
    outcome = _ensure(proposal, actor)
    session.delete(milestone)
    session.flush()
    _count(outcome)
    audit.record("proposals.milestone_removed", actor=actor, subject=("proposal", proposal.id))


def tell_news(
    proposal: Proposal, text: str, *, actor: Actor, language: str, photo: Photo | None = None
) -> OutcomeNews:
    """Say publicly how it goes, with a photo if there is one. Raises NewsWithoutText, NotAnOutcome."""
    outcome = _ensure(proposal, actor)
    words = clean_text(text)[:TEXT_LENGTH]
    if not words:
        raise NewsWithoutText
    news = OutcomeNews(
        public_id=new_id(),
        proposal_id=proposal.id,
        at=clock.now(),
        author_id=actor.account_id,
        text_md=words,
        text_html=render_markdown(words),
        language=language,
    )
    session.add(news)
    session.flush()
    if photo is not None:
        add_picture(actor, photo.data, photo.alt, SubjectRef(NEWS, news.id), language=language)
        news.picture_count = 1
    _note(outcome, proposal, actor, "proposals.news_told")
    return news


def remove_news(proposal: Proposal, news: OutcomeNews, *, actor: Actor) -> None:
    """Take back news that was wrong; that it was taken back stays in the history."""
    _ensure(proposal, actor)
    remove_pictures_of(SubjectRef(NEWS, news.id))
    session.delete(news)
    session.flush()
    audit.record("proposals.news_removed", actor=actor, subject=("proposal", proposal.id))


def set_responsible(proposal: Proposal, organization_id: int | None, *, actor: Actor) -> bool:
    """Say which organisation carries it out; False when nothing changed."""
    ensure(actor, "proposals.set_responsible", proposal)
    outcome = _ensure(proposal, actor)
    if outcome.organization_id == organization_id:
        return False
    outcome.organization_id = organization_id
    audit.record("proposals.responsible_set", actor=actor, subject=("proposal", proposal.id))
    return True


def forget_reporter(account_id: int) -> None:
    """Somebody left: what they told stays, without their name."""
    session.execute(update(OutcomeNews).where(OutcomeNews.author_id == account_id).values(author_id=None))


def _ensure(proposal: Proposal, actor: Actor) -> Outcome:
    ensure(actor, "proposals.report_progress", proposal)
    outcome = outcome_of(proposal)
    if outcome is None or not proposal.is_open:
        raise NotAnOutcome
    return outcome


def _note(outcome: Outcome, proposal: Proposal, actor: Actor, name: str, **fields: str) -> None:
    """Counters, the clock of silence, the public history and those who follow."""
    _count(outcome)
    outcome.news_at = proposal.last_activity_at = clock.now()
    audit.record(name, actor=actor, subject=("proposal", proposal.id), **fields)
    emit(OutcomeMoved(proposal.id, actor.account_id))


def _count(outcome: Outcome) -> None:
    """Both counters from the rows themselves."""
    query = select(Milestone.state, func.count()).where(Milestone.proposal_id == outcome.proposal_id)
    counts = {row[0]: row[1] for row in session.execute(query.group_by(Milestone.state))}
    outcome.step_count = sum(
        number for state, number in counts.items() if state is not MilestoneState.DROPPED
    )
    outcome.done_count = counts.get(MilestoneState.DONE, 0)
    session.flush()
