"""The town's answer: prepared, published, in a batch, reworded, taken back into consideration."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.core import audit, clock
from portal.core.actors import VISITOR
from portal.core.db import session, transaction
from portal.core.errors import DomainError, NotFound, SignInRequired
from portal.core.events import emit
from portal.core.state import TransitionNotAllowed
from portal.notifications.models import MailMessage
from portal.proposals import operations
from portal.proposals.errors import (
    AnswerNeeded,
    AnswerNotPossible,
    AnswerTextMissing,
    ChangedMeanwhile,
    ProposalClosed,
)
from portal.proposals.events import ProposalAnswered
from portal.proposals.models import (
    TRANSITIONS,
    Answer,
    AnswerVersion,
    Decision,
    Proposal,
    Stage,
    WithdrawnReason,
)
from portal.proposals.operations import Words, state_of
from portal.proposals.queries import answer_of, answer_versions, prepared_answers, public_answer_of
from tests.proposals.office import Office, get, make_office, publish, told
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_proposals import make_follow, make_support


def prepare(office: Office, proposal_id: int, decision: Decision, text: str = "Gut so.") -> None:
    with transaction():
        proposal = get(proposal_id)
        words = Words(decision, text, "de", seen=state_of(answer_of(proposal)))
        operations.prepare_answer(proposal, words, actor=office.planning)


def test_a_prepared_answer_stays_in_the_office(office: Office) -> None:
    pid = publish(office)
    prepare(office, pid, Decision.ACCEPTED)
    with transaction(write=False):
        assert public_answer_of(get(pid)) is None
        assert get(pid).stage is Stage.COLLECTING
        assert [p.id for _, p in prepared_answers(None)] == [pid]
    assert told("proposals.answered") == []
    assert "proposals.answer_prepared" not in [
        entry.name for entry in audit.entries_for("proposal", pid, visibilities=("public",))
    ]


def test_declined_without_a_text_is_refused(office: Office) -> None:
    pid = publish(office)
    with pytest.raises(AnswerTextMissing):
        prepare(office, pid, Decision.DECLINED, " \n ")
    with transaction(write=False):
        assert answer_of(get(pid)) is None


def test_three_answers_in_a_batch_tell_everybody_exactly_once(both: Flask) -> None:
    """Scenario 2 of the design notes, on both databases."""
    office = make_office()
    fan, coauthor = make_resident(), make_resident()
    ids = []
    for number in range(3):
        columns = {"coauthors": (coauthor,)} if number == 0 else {}
        ids.append(publish(office, supporters=2, stage=Stage.EXAMINED, **columns))
    noise = publish(office, supporters=1)
    with transaction():
        for one in ids:
            # Supporter and follower of all three: one notice for each proposal, not two.
            make_support(get(one), fan)
            make_follow(get(one), fan)
    prepare(office, ids[0], Decision.ACCEPTED)
    prepare(office, ids[1], Decision.DECLINED, "Das Grundstück gehört nicht der Stadt.")
    with pytest.raises(AnswerTextMissing):
        prepare(office, ids[2], Decision.DECLINED, "")
    prepare(office, ids[2], Decision.DECLINED, "Zu teuer.")
    for _ in range(2):
        with transaction():
            done = operations.publish_batch([get(one) for one in ids], actor=office.planning)
            published = [one.id for one in done.published]
            assert done.refused == []
    assert published == []
    for one in ids:
        with transaction(write=False):
            proposal = get(one)
            concerned = {proposal.author_id, fan.id, *_supporters(one)}
        concerned |= {coauthor.id} if one == ids[0] else set()
        assert told("proposals.answered", one) == sorted(concerned)
    assert told("proposals.answered", noise) == []
    with transaction(write=False):
        assert [get(one).stage for one in ids] == [Stage.ACCEPTED, Stage.DECLINED, Stage.DECLINED]
        mails = session.scalar(select(func.count()).where(MailMessage.kind == "proposals.answered"))
    assert mails == len(told("proposals.answered"))


def _supporters(proposal_id: int) -> list[int]:
    with transaction(write=False):
        from_table = session.connection().exec_driver_sql(
            f"SELECT account_id FROM proposal_support WHERE proposal_id = {proposal_id}"  # noqa: S608
        )
        return [row[0] for row in from_table]


def test_one_that_cannot_be_answered_does_not_stop_the_others(office: Office) -> None:
    good, gone = publish(office), publish(office)
    for one in (good, gone):
        prepare(office, one, Decision.ACCEPTED)
    with transaction():
        one = get(gone)
        one.withdrawn_at, one.withdrawn_reason = clock.now(), WithdrawnReason.OTHER
    with transaction():
        done = operations.publish_batch([get(good), get(gone)], actor=office.planning)
        assert [one.id for one in done.published] == [good]
        assert [(one.id, type(error)) for one, error in done.refused] == [(gone, ProposalClosed)]


def test_a_batch_with_a_foreign_proposal_publishes_nothing(office: Office) -> None:
    own = publish(office)
    prepare(office, own, Decision.ACCEPTED)
    foreign = publish(office, district_id=office.district_id + 1)
    prepare(office, foreign, Decision.ACCEPTED)
    with pytest.raises(NotFound), transaction():
        operations.publish_batch([get(own), get(foreign)], actor=office.moderating)
    with transaction(write=False):
        assert public_answer_of(get(own)) is None


def test_other_words_tell_nobody_and_keep_both_versions(office: Office) -> None:
    pid = publish(office, supporters=3)
    prepare(office, pid, Decision.ACCEPTED, "Wir bauen die Bank.")
    with transaction():
        operations.publish_answer(get(pid), actor=office.planning)
    before = told("proposals.answered")
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False), transaction():
        proposal = get(pid)
        words = Words(Decision.ACCEPTED, "Wir bauen **zwei** Bänke.", "de", state_of(answer_of(proposal)))
        assert operations.change_answer(proposal, words, actor=office.moderating)
        again = Words(words.decision, words.text, "de", state_of(answer_of(proposal)))
        assert not operations.change_answer(proposal, again, actor=office.moderating)
    assert told("proposals.answered") == before
    with transaction(write=False):
        answer = public_answer_of(get(pid))
        assert answer is not None
        newest, oldest = answer_versions(answer)
        assert (newest.text_md, newest.editor_role) == ("Wir bauen **zwei** Bänke.", "moderator")
        assert (oldest.text_md, oldest.editor_role) == ("Wir bauen die Bank.", "planner")
        assert newest.at - oldest.at > timedelta(days=1)
        names = [entry.name for entry in audit.entries_for("proposal", pid)]
    assert names == ["proposals.answered", "proposals.stage_changed", "proposals.answer_reworded"]


def test_another_decision_is_told_again_once(office: Office) -> None:
    pid = publish(office, supporters=1)
    prepare(office, pid, Decision.DECLINED, "Kein Geld.")
    with transaction():
        operations.publish_answer(get(pid), actor=office.planning)
    first = told("proposals.answered")
    with transaction():
        words = Words(Decision.ACCEPTED, "Doch Geld.", "de", state_of(answer_of(get(pid))))
        operations.change_answer(get(pid), words, actor=office.planning)
        assert get(pid).stage is Stage.ACCEPTED
    assert told("proposals.answered") == sorted(first * 2)


def test_examined_again_it_gets_a_new_day_and_a_new_answer(office: Office) -> None:
    pid = publish(office)
    prepare(office, pid, Decision.DECLINED, "Kein Geld.")
    with transaction():
        operations.publish_answer(get(pid), actor=office.planning)
    with transaction():
        operations.move_stage(get(pid), Stage.EXAMINED, actor=office.moderating)
        assert get(pid).answer_due_on == clock.today() + timedelta(days=60)
        assert get(pid).is_answer_due
    with transaction():
        words = Words(Decision.DECLINED, "Immer noch kein Geld.", "de", state_of(answer_of(get(pid))))
        operations.change_answer(get(pid), words, actor=office.planning)
        assert get(pid).stage is Stage.DECLINED
        assert not get(pid).is_answer_due
    assert len(told("proposals.answered")) == 2


def test_nobody_writes_over_a_colleague_unseen(office: Office) -> None:
    pid = publish(office)
    prepare(office, pid, Decision.ACCEPTED)
    with pytest.raises(ChangedMeanwhile), transaction():
        words = Words(Decision.ACCEPTED, "Ohne hinzusehen.", "de", seen="")
        operations.prepare_answer(get(pid), words, actor=office.moderating)


def test_a_prepared_answer_can_be_thrown_away_a_public_one_not(office: Office) -> None:
    pid = publish(office)
    prepare(office, pid, Decision.ACCEPTED)
    with transaction():
        assert operations.discard_answer(get(pid), actor=office.planning)
        assert not operations.discard_answer(get(pid), actor=office.planning)
    prepare(office, pid, Decision.ACCEPTED)
    with transaction():
        operations.publish_answer(get(pid), actor=office.planning)
        assert not operations.discard_answer(get(pid), actor=office.planning)


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("decision", list(Decision))
def test_every_stage_and_decision(office: Office, stage: Stage, decision: Decision) -> None:
    pid = publish(office, stage=stage)
    prepare(office, pid, decision)
    begun = decision is Decision.ACCEPTED and stage in {Stage.UNDER_WAY, Stage.DONE}
    target = Stage(decision.value)
    if (stage, target) in TRANSITIONS or stage is target:
        expected: Stage | None = target
    else:
        expected = stage if begun else None
    if expected is None:
        with pytest.raises(AnswerNotPossible), transaction():
            operations.publish_answer(get(pid), actor=office.planning)
        return
    with transaction():
        assert operations.publish_answer(get(pid), actor=office.planning)
        assert get(pid).stage is expected


def people(office: Office) -> dict[str, object]:
    """Everybody who could try."""
    return {
        "moderator": office.moderator,
        "planner": office.planner,
        "professional": office.professional,
        "moderator elsewhere": office.elsewhere,
        "administrator": make_staff("administrator"),
        "staff without a hat": make_staff(),
        "resident": make_resident(),
        "author": None,
    }


@pytest.mark.parametrize("step", ["prepare", "publish", "discard", "change"])
def test_only_planners_and_moderators_of_the_district_answer(office: Office, step: str) -> None:
    author = make_resident()
    for name, account in people(office).items():
        pid = publish(office, author=author)
        prepare(office, pid, Decision.ACCEPTED)
        if step == "change":
            with transaction():
                operations.publish_answer(get(pid), actor=office.planning)
        actor = actor_of(account or author)  # type: ignore[arg-type]
        if name in {"moderator", "planner"}:
            _try(step, pid, actor)
        else:
            with pytest.raises(NotFound):
                _try(step, pid, actor)


def _try(step: str, pid: int, actor: object) -> None:
    with transaction():
        proposal = get(pid)
        words = Words(Decision.ACCEPTED, "Neu.", "de", state_of(answer_of(proposal)))
        run = {
            "prepare": lambda: operations.prepare_answer(proposal, words, actor=actor),
            "publish": lambda: operations.publish_answer(proposal, actor=actor),
            "discard": lambda: operations.discard_answer(proposal, actor=actor),
            "change": lambda: operations.change_answer(proposal, words, actor=actor),
        }
        run[step]()


def test_visitors_are_asked_to_sign_in(office: Office) -> None:
    pid = publish(office)
    prepare(office, pid, Decision.ACCEPTED)
    with pytest.raises(SignInRequired):
        _try("publish", pid, VISITOR)


def test_a_hidden_proposal_is_not_answered(office: Office) -> None:
    pid = publish(office)
    prepare(office, pid, Decision.ACCEPTED)
    with transaction():
        get(pid).hidden_at = clock.now()
    for actor in (office.planning, office.moderating):
        with pytest.raises(NotFound), transaction():
            operations.publish_answer(get(pid), actor=actor)


@pytest.mark.parametrize("source", list(Stage))
@pytest.mark.parametrize("target", list(Stage))
def test_moves_of_a_moderator(office: Office, source: Stage, target: Stage) -> None:
    pid = publish(office, stage=source)
    move = lambda actor: operations.move_stage(get(pid), target, actor=actor)  # noqa: E731
    with pytest.raises(NotFound), transaction():
        move(office.planning)
    if source is target:
        with transaction():
            assert not move(office.moderating)
    elif target in {Stage.ACCEPTED, Stage.DECLINED}:
        with pytest.raises(AnswerNeeded), transaction():
            move(office.moderating)
    elif (source, target) in TRANSITIONS:
        with transaction():
            assert move(office.moderating)
            assert get(pid).stage is target
        assert [entry.data for entry in audit.entries_for("proposal", pid)] == [
            {"source": source.value, "target": target.value}
        ]
    else:
        with pytest.raises(TransitionNotAllowed), transaction():
            move(office.moderating)


def test_back_in_collecting_with_enough_support_the_clock_starts(office: Office) -> None:
    pid = publish(office, stage=Stage.CHECKING, support_count=50)
    with transaction():
        operations.move_stage(get(pid), Stage.COLLECTING, actor=office.moderating)
        assert get(pid).stage is Stage.EXAMINED
        assert get(pid).answer_due_on == clock.today() + timedelta(days=60)


def test_the_database_keeps_its_own_rules(both: Flask) -> None:
    office = make_office()
    pid = publish(office)
    prepare(office, pid, Decision.DECLINED, "Nein.")
    with pytest.raises(Exception, match="no_needs_a_text"), transaction():
        answer_row = answer_of(get(pid))
        assert answer_row is not None
        answer_row.text_md = ""
    with pytest.raises(Exception, match=r"proposal_answer|UNIQUE"), transaction():
        session.add(
            Answer(
                proposal_id=pid,
                decision=Decision.ACCEPTED,
                text_md="",
                text_html="",
                prepared_by_id=1,
                prepared_at=clock.now(),
            )
        )
    assert issubclass(ProposalClosed, DomainError)
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(AnswerVersion)) == 0
        assert session.scalar(select(func.count()).select_from(Proposal)) == 1


def test_the_same_answer_is_told_once_whatever_runs_twice(office: Office) -> None:
    pid = publish(office, supporters=60)
    prepare(office, pid, Decision.ACCEPTED)
    with transaction():
        operations.publish_answer(get(pid), actor=office.planning)
    first = told("proposals.answered")
    assert len(first) == 61
    with transaction():
        answer = public_answer_of(get(pid))
        assert answer is not None
        emit(ProposalAnswered(pid, answer.id, 1, "accepted", office.planner.id))
    assert told("proposals.answered") == first
