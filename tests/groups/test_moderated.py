"""Moderation and groups: a reported card, a stop that needs two, reasons for all, a third who answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock, search
from portal.core.actors import VISITOR, Actor, StaffRole
from portal.core.audit import AuditEntry
from portal.core.db import session, transaction
from portal.core.errors import DomainError, NotFound
from portal.core.permissions import can
from portal.core.subjects import SubjectRef, resolve, resolve_public
from portal.discovery.queries import find_everything
from portal.groups.models import GroupKind, GroupState, Membership, MemberState, Privacy
from portal.groups.operations import handing, living
from portal.groups.operations.profile import Profile, change_profile
from portal.groups.permissions import ref_of
from portal.groups.queries.finding import directory_page
from portal.groups.queries.moderated import decisions_to_read
from portal.moderation import operations
from portal.moderation.errors import (
    MeasureDoesNotFit,
    NobodyToAgree,
    PassageNotFound,
    StatementIncomplete,
    StopNeedsDanger,
    StopTooLong,
)
from portal.moderation.models import Appeal, Case, Category, Decision, Ground, Measure, Outcome, StopProposal
from portal.moderation.operations import Ruling
from portal.moderation.operations.fitting import fitting_measures, subject_of
from portal.moderation.queries import objections_for, queue_for
from portal.notifications.models import Notice
from tests.groups.conftest import Make, group, settled
from tests.groups.test_board import begin, post
from tests.groups.test_living import days_later
from tests.support.factories import actor_of, make_staff
from tests.support.factories_groups import AIM, NAME, card

pytestmark = pytest.mark.logic

STOP = Ruling(
    measure=Measure.STOP, ground_kind=Ground.RULE, rule=2, passage=AIM, facts="Aufruf zu Gewalt.", days=5
)
HIDE = Ruling(measure=Measure.HIDE, ground_kind=Ground.RULE, rule=2, passage=NAME, facts="Hetze im Namen.")


def moderator() -> Actor:
    return actor_of(make_staff(StaffRole.MODERATOR))


def reported(group_id: int, who: Actor = VISITOR) -> int:
    """Somebody reports the card; the id of the case."""
    with transaction():
        receipt = operations.report_subject(
            card(group_id), actor=who, category=Category.ILLEGAL, words="Bitte schaut", language="de"
        )
        return receipt.report.case_id


def case(case_id: int) -> Case:
    return session.get_one(Case, case_id, populate_existing=True)


def stopped(group_id: int, first: Actor, second: Actor, ruling: Ruling = STOP) -> int:
    """Proposed by one, agreed to by the other; the id of the decision."""
    case_id = reported(group_id)
    with transaction():
        operations.propose_stop(case(case_id), actor=first, ruling=ruling)
    with transaction():
        return operations.agree_to_stop(case(case_id), actor=second).id


def told(decision_about: str) -> list[int]:
    with transaction(write=False):
        return sorted(session.scalars(select(Notice.account_id).where(Notice.kind == decision_about)))


@pytest.mark.on_both
def test_one_proposes_and_nothing_stops_before_another_agrees(make: Make) -> None:
    group_id, people = make(3)
    first, second = moderator(), moderator()
    case_id = reported(group_id)
    with transaction():
        operations.propose_stop(case(case_id), actor=first, ruling=STOP)
        assert group(group_id).state is GroupState.ACTIVE
        assert told_of_case(case_id) == [second.account_id]
    with transaction(), pytest.raises(NotFound):
        operations.agree_to_stop(case(case_id), actor=first)
    with transaction(), pytest.raises(DomainError):
        operations.propose_stop(case(case_id), actor=first, ruling=STOP)
    assert told("groups.moderated") == []
    with transaction():
        made = operations.agree_to_stop(case(case_id), actor=second)
        assert (made.subject_kind, made.subject_id, made.author_id) == ("group", group_id, None)
        assert made.ground == "2"
        assert made.passage == AIM
        assert made.facts == "Aufruf zu Gewalt."
        assert made.redress
        assert "14" not in made.scope
    with transaction(write=False):
        found = group(group_id)
        assert found.state is GroupState.SUSPENDED
        assert not case(case_id).is_open
        assert found.suspended_until is not None
        assert timedelta(days=4, hours=23) < found.suspended_until - clock.now() <= timedelta(days=5)
        assert not can(VISITOR, "groups.see", found)
        assert can(people[1], "groups.read_board", found)
        assert not can(people[0], "groups.take_part", found)
        assert can(people[0], "groups.leave", found)
    assert told("groups.moderated") == sorted(one.account_id for one in people)  # type: ignore[type-var]
    assert days_later(6, group_id) is GroupState.ACTIVE


def told_of_case(case_id: int) -> list[int]:
    query = select(Notice.account_id).where(Notice.dedupe_key.contains(f"second:{case_id}"))
    return list(session.scalars(query))


def test_the_other_may_say_no_and_the_case_goes_on(make: Make) -> None:
    group_id, _ = make(3)
    first, second = moderator(), moderator()
    case_id = reported(group_id)
    with transaction():
        operations.propose_stop(case(case_id), actor=first, ruling=STOP)
    with transaction():
        operations.refuse_stop(case(case_id), actor=second)
    with transaction():
        assert group(group_id).state is GroupState.ACTIVE
        assert case(case_id).is_open
        with pytest.raises(DomainError):
            operations.agree_to_stop(case(case_id), actor=second)
        operations.decide_case(case(case_id), actor=second, ruling=Ruling(Measure.NONE, facts="In Ordnung."))
        assert not case(case_id).is_open


def test_a_stop_needs_a_danger_an_end_and_somebody_else(make: Make) -> None:
    group_id, _ = make(3)
    first = moderator()
    case_id = reported(group_id)
    wrong = (
        (Ruling(**{**vars(STOP), "rule": 5}), StopNeedsDanger),
        (Ruling(**{**vars(STOP), "days": 15}), StopTooLong),
        (Ruling(**{**vars(STOP), "days": None}), StopTooLong),
        (Ruling(**{**vars(STOP), "ground_kind": Ground.LAW, "law": " "}), StatementIncomplete),
        (Ruling(**{**vars(STOP), "passage": " "}), StatementIncomplete),
        (Ruling(**{**vars(STOP), "passage": "steht nicht da"}), PassageNotFound),
        (Ruling(**{**vars(STOP), "facts": "\u200b"}), StatementIncomplete),
        (STOP, NobodyToAgree),
    )
    for ruling, refusal in wrong:
        with pytest.raises(refusal), transaction():
            operations.propose_stop(case(case_id), actor=first, ruling=ruling)
    with transaction(), pytest.raises(MeasureDoesNotFit):
        operations.decide_case(case(case_id), actor=first, ruling=STOP)
    with transaction(write=False):
        assert session.scalar(select(func.count(StopProposal.id))) == 0


@pytest.mark.on_both
def test_the_database_knows_that_it_takes_two(make: Make) -> None:
    group_id, _ = make(3)
    first, _second = moderator(), moderator()
    case_id = reported(group_id)
    with transaction():
        operations.propose_stop(case(case_id), actor=first, ruling=STOP)
    with pytest.raises(IntegrityError), transaction():
        proposal = session.scalars(select(StopProposal)).one()
        proposal.answered_by, proposal.answered_at = first.account_id, clock.now()


def test_from_a_reported_post_as_well_but_never_a_discreet_group(make: Make) -> None:
    first, second = moderator(), moderator()
    for privacy in (Privacy.CLOSED, Privacy.DISCREET):
        group_id, people = make(3, privacy=privacy)
        post_id = begin(group_id, people[0])
        with transaction():
            copied = handing.hand_over_post(post(post_id), actor=people[1])
            found = resolve(SubjectRef("group_post", copied.id))
            assert found is not None
            words = copied.text
            made = operations.report_subject(
                found, actor=people[1], category=Category.THREAT, language="de"
            ).report.case_id
        ruling = Ruling(**{**vars(STOP), "passage": words[:10]})
        if privacy is Privacy.DISCREET:
            with transaction():
                fitting = fitting_measures(case(made), subject_of(case(made)), first)
                assert Measure.STOP not in fitting
                assert Measure.HIDE in fitting
                with pytest.raises(MeasureDoesNotFit):
                    operations.propose_stop(case(made), actor=first, ruling=ruling)
            continue
        with transaction():
            operations.propose_stop(case(made), actor=first, ruling=ruling)
        with transaction():
            decision = operations.agree_to_stop(case(made), actor=second)
            assert (decision.subject_kind, decision.subject_id) == ("group", group_id)
            assert group(group_id).state is GroupState.SUSPENDED


def test_nobody_decides_about_their_own_group(make: Make) -> None:
    own = moderator()
    group_id, _ = make(people=[own, settled(), settled()], kind=GroupKind.PROFESSIONALS)
    other = moderator()
    case_id = reported(group_id)
    with transaction(write=False):
        assert not can(own, "moderation.decide", case(case_id))
        assert can(other, "moderation.decide", case(case_id))
        assert not can(own, "moderation.open_case", card(group_id))
        assert can(other, "moderation.open_case", card(group_id))
        assert [len(queue_for(one)) for one in (own, other)] == [0, 1]
    # The only colleague belongs to it: there is nobody who could agree.
    with pytest.raises(NobodyToAgree), transaction():
        operations.propose_stop(case(case_id), actor=other, ruling=STOP)


def test_every_member_may_object_and_a_third_person_answers(make: Make) -> None:
    group_id, people = make(3)
    first, second, third = moderator(), moderator(), moderator()
    decision_id = stopped(group_id, first, second)
    with transaction():
        decision = session.get_one(Decision, decision_id)
        assert can(people[2], "moderation.statement", decision)
        assert can(people[2], "moderation.object", decision)
        assert not can(settled(), "moderation.statement", decision)
        assert not can(VISITOR, "moderation.statement", decision)
        assert [one.id for one in decisions_to_read(group(group_id))] == [decision_id]
        appeal_id = operations.object_to(decision, actor=people[2], words="Das war ein Zitat.").id
        named = select(func.count(AuditEntry.id)).where(AuditEntry.actor_id == people[2].account_id)
        assert session.scalar(named.where(AuditEntry.name == "moderation.objected")) == 0
    with transaction():
        appeal = session.get_one(Appeal, appeal_id)
        assert [can(one, "moderation.answer_objection", appeal) for one in (first, second, third)] == [
            False,
            False,
            True,
        ]
        assert [len(objections_for(one)) for one in (first, second, third)] == [0, 0, 1]
        operations.answer_objection(appeal, actor=third, outcome=Outcome.OVERTURNED, reply="Stimmt.")
        assert group(group_id).state is GroupState.ACTIVE
        assert group(group_id).suspended_until is None


def test_moderation_may_let_it_go_on_alone(make: Make) -> None:
    group_id, _ = make(3)
    first, second = moderator(), moderator()
    stopped(group_id, first, second)
    with transaction():
        again = operations.open_own_case(card(group_id), actor=first)
        ruling = Ruling(Measure.GO_ON, facts="Der Grund ist weg.")
        operations.decide_case(again, actor=first, ruling=ruling)
        assert group(group_id).state is GroupState.ACTIVE


def test_a_hidden_card_is_nowhere_and_members_go_on(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.OPEN)
    decider = moderator()
    case_id = reported(group_id)
    with transaction():
        operations.decide_case(case(case_id), actor=decider, ruling=HIDE)
    with transaction(write=False):
        found = group(group_id)
        assert not can(VISITOR, "groups.see", found)
        assert not can(VISITOR, "groups.read_board", found)
        assert not can(settled(), "groups.join", found)
        assert directory_page()[1] == 0
        assert find_everything(NAME, page=1, language="de").groups == []
        assert search.find(NAME, ("group",), limit=5) == []
        assert can(people[0], "groups.take_part", found)
        assert can(people[0], "moderation.reasons", card(group_id))
    assert told("groups.moderated") == sorted(one.account_id for one in people)  # type: ignore[type-var]
    # New words bring it back to moderation, which shows it again.
    with transaction():
        change_profile(group(group_id), Profile(name="Nähkreis", aim=AIM), actor=people[0])
    with transaction():
        (row,) = queue_for(decider)
        assert row.case.reason == "changed"
        assert row.case.title == "Nähkreis"
        operations.decide_case(row.case, actor=decider, ruling=Ruling(Measure.RESTORE, facts="Gut so."))
    with transaction(write=False):
        assert can(VISITOR, "groups.see", group(group_id))
        assert directory_page()[1] == 1
        assert [one.name for one in find_everything("Nähkreis", page=1, language="de").groups] == ["Nähkreis"]


def test_a_discreet_group_is_no_subject_and_takes_its_traces_along(make: Make) -> None:
    hidden_id, _ = make(2, privacy=Privacy.DISCREET)
    with transaction(write=False):
        assert resolve(SubjectRef("group", hidden_id)) is None
        assert resolve_public("group", group(hidden_id).public_id) is None
    group_id, people = make(3)
    first, second = moderator(), moderator()
    decision_id = stopped(group_id, first, second)
    with transaction():
        operations.object_to(session.get_one(Decision, decision_id), actor=people[1], words="Nein.")
    open_case = days_later(6, group_id) and reported(group_id, people[2])
    with transaction():
        living.lift(group(group_id))
        living.tighten(group(group_id), Privacy.DISCREET, actor=people[0])
    with transaction(write=False):
        cases = session.scalars(select(Case)).all()
        assert [(one.title, one.excerpt, one.is_open) for one in cases] == [("", "", False)] * 2
        assert case(open_case or 0).reports[0].reporter_id is None
        assert session.scalar(select(func.count(Appeal.id))) == 0
        assert not can(people[1], "moderation.statement", session.get_one(Decision, decision_id))
        about = select(func.count(Notice.id)).where(Notice.subject_kind.in_(("group", "decision", "case")))
        assert session.scalar(about) == 0
        assert queue_for(first) == []


def test_a_former_member_is_no_party_and_reads_no_reasons(make: Make) -> None:
    group_id, people = make(3)
    decision_id = stopped(group_id, moderator(), moderator())
    with transaction():
        ref = ref_of(people[2].account_id or 0, group_id)
        gone = session.scalars(select(Membership).where(Membership.ref == ref)).one()
        gone.state = MemberState.LEFT
    with transaction(write=False), time_machine.travel(clock.now() + timedelta(days=1)):
        assert not can(people[2], "moderation.statement", session.get_one(Decision, decision_id))
