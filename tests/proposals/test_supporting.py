"""Support: one per person whatever happens at once, a number that is always right, and the answer clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.actors import SYSTEM
from portal.core.audit import entries_for
from portal.core.db import session, transaction
from portal.core.errors import NotAllowed, NotFound
from portal.core.site_settings import change
from portal.proposals import operations
from portal.proposals.errors import NotSupportable, OwnProposal
from portal.proposals.models import Follow, Proposal, Stage, Support
from portal.proposals.queries import relation_of
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_proposals import make_proposal, make_support


def make() -> int:
    with transaction():
        make_proposal()
        proposal_id = make_proposal().id
        make_proposal()
    return proposal_id


def numbers(proposal_id: int) -> tuple[int, int]:
    """The stored number, and the rows it stands for."""
    session.rollback()
    stored = session.scalar(select(Proposal.support_count).where(Proposal.id == proposal_id))
    rows = session.scalar(select(func.count()).where(Support.proposal_id == proposal_id))
    return stored or 0, rows or 0


def test_support_and_revoke(both: Flask) -> None:
    proposal_id = make()
    actor = actor_of(make_resident())
    with transaction():
        proposal = session.get_one(Proposal, proposal_id)
        assert operations.support_proposal(proposal, actor=actor) is True
        assert operations.support_proposal(proposal, actor=actor) is False
        assert proposal.support_count == 1
        assert relation_of(actor.account_id, proposal).supports
    assert numbers(proposal_id) == (1, 1)
    with transaction():
        proposal = session.get_one(Proposal, proposal_id)
        assert operations.revoke_support(proposal, actor=actor) is True
        assert operations.revoke_support(proposal, actor=actor) is False
    assert numbers(proposal_id) == (0, 0)
    others = session.scalars(select(Proposal.support_count).where(Proposal.id != proposal_id)).all()
    assert others == [0, 0]


def at_once(app: Flask, work: list[Callable[[], object]]) -> list[str]:
    """Run all at the same moment, each in its own thread and transaction; the names of what went wrong."""
    start, wrong = threading.Barrier(len(work)), []

    def run(job: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    job()
            except Exception as error:
                wrong.append(type(error).__name__)
            finally:
                session.remove()

    threads = [threading.Thread(target=run, args=(job,)) for job in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_a_double_tap_from_many_threads_is_one_support(both: Flask) -> None:
    proposal_id = make()
    actors = [actor_of(make_resident()) for _ in range(3)]

    def tap(actor: object) -> Callable[[], object]:
        return lambda: operations.support_proposal(session.get_one(Proposal, proposal_id), actor=actor)  # type: ignore[arg-type]

    wrong = at_once(both, [tap(actor) for actor in actors for _ in range(4)])
    assert wrong == []
    assert numbers(proposal_id) == (3, 3)


def test_supporting_and_revoking_at_once_keeps_the_number_right(both: Flask) -> None:
    proposal_id = make()
    actors = [actor_of(make_resident()) for _ in range(4)]
    with transaction():
        proposal = session.get_one(Proposal, proposal_id)
        for actor in actors[:2]:
            make_support(proposal, actor.account_id)

    def support(actor: object) -> object:
        return operations.support_proposal(session.get_one(Proposal, proposal_id), actor=actor)  # type: ignore[arg-type]

    def revoke(actor: object) -> object:
        return operations.revoke_support(session.get_one(Proposal, proposal_id), actor=actor)  # type: ignore[arg-type]

    jobs: list[Callable[[], object]] = [lambda a=a: revoke(a) for a in actors[:2]]  # type: ignore[misc]
    jobs += [lambda a=a: support(a) for a in actors[2:]]  # type: ignore[misc]
    assert at_once(both, jobs) == []
    assert numbers(proposal_id) == (2, 2)


def test_a_withdrawal_that_came_first_wins(both: Flask) -> None:
    proposal_id = make()
    actor = actor_of(make_resident())
    with transaction():
        stale = session.get_one(Proposal, proposal_id)
        session.expunge(stale)
        row = session.get_one(Proposal, proposal_id)
        row.withdrawn_at, row.withdrawn_reason = clock.now(), "other"  # type: ignore[assignment]
    # The page was loaded before: the object still says that it can be supported.
    with pytest.raises(NotSupportable), transaction():
        operations.support_proposal(stale, actor=actor)
    assert numbers(proposal_id) == (0, 0)


@pytest.mark.parametrize("stage", list(Stage))
def test_support_ends_when_the_town_decides(app: Flask, stage: Stage) -> None:
    actor = actor_of(make_resident())
    with transaction():
        proposal = make_proposal(stage=stage)
        if stage in {Stage.SUBMITTED, Stage.CHECKING, Stage.COLLECTING, Stage.EXAMINED}:
            assert operations.support_proposal(proposal, actor=actor)
        else:
            with pytest.raises(NotSupportable):
                operations.support_proposal(proposal, actor=actor)


def test_who_cannot_support(app: Flask) -> None:
    author, coauthor = make_resident(), make_resident()
    suspended = actor_of(make_resident(suspended_until=clock.now() + timedelta(days=1)))
    staff = [actor_of(make_staff(role)) for role in ("moderator", "professional", "planner", "administrator")]
    stranger, writers = actor_of(make_resident()), [actor_of(author), actor_of(coauthor)]
    with transaction():
        proposal = make_proposal(author=author, coauthors=(coauthor,))
        hidden = make_proposal(hidden_at=clock.now())
        draft = make_proposal(published=False)
        for actor in writers:
            with pytest.raises(OwnProposal):
                operations.support_proposal(proposal, actor=actor)
        for actor in (suspended, *staff):
            with pytest.raises(NotAllowed):
                operations.support_proposal(proposal, actor=actor)
        for invisible in (hidden, draft):
            with pytest.raises(NotFound):
                operations.support_proposal(invisible, actor=stranger)
        assert proposal.support_count == 0


def test_enough_support_starts_the_clock_once(both: Flask) -> None:
    with transaction():
        change("proposals.support_threshold", 2, actor=SYSTEM)
        change("proposals.answer_days", 30, actor=SYSTEM)
    proposal_id = make()
    actors = [actor_of(make_resident()) for _ in range(3)]
    for actor, stage in zip(actors, [Stage.COLLECTING, Stage.EXAMINED, Stage.EXAMINED], strict=True):
        with transaction():
            proposal = session.get_one(Proposal, proposal_id)
            operations.support_proposal(proposal, actor=actor)
            assert proposal.stage is stage
    with transaction():
        proposal = session.get_one(Proposal, proposal_id)
        assert proposal.answer_due_on == clock.today() + timedelta(days=30)
        operations.revoke_support(proposal, actor=actors[0])
        operations.revoke_support(proposal, actor=actors[1])
        assert proposal.stage is Stage.EXAMINED
        assert proposal.answer_due_on is not None
    names = [entry.name for entry in entries_for("proposal", proposal_id)]
    assert names == ["proposals.threshold_reached", "proposals.stage_changed"]


def test_follow_and_unfollow(both: Flask) -> None:
    proposal_id = make()
    resident, worker = actor_of(make_resident()), actor_of(make_staff("moderator"))
    with transaction():
        proposal = session.get_one(Proposal, proposal_id)
        assert [operations.follow_proposal(proposal, actor=resident) for _ in range(2)] == [True, False]
        assert operations.follow_proposal(proposal, actor=worker)
        assert proposal.follow_count == 2
        assert [operations.unfollow_proposal(proposal, actor=worker) for _ in range(2)] == [True, False]
        assert proposal.follow_count == 1
        assert session.scalars(select(Follow.account_id)).all() == [resident.account_id]
