"""Coming to a group: freely, by asking, by a code."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from portal.core import clock
from portal.core.actors import VISITOR, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import DomainError, NotAllowed, NotFound, SignInRequired
from portal.groups.errors import (
    AliasMissing,
    AliasTaken,
    AlreadyMember,
    AnswerMissing,
    AskedLately,
    CannotJoinSo,
    CodeNotValid,
    NothingToDecide,
)
from portal.groups.models import InviteCode, JoinWay, Membership, MemberState
from portal.groups.operations import joining, leaving
from portal.groups.queries import open_requests
from tests.groups.conftest import Make, group, member, settled
from tests.support.factories import actor_of, make_staff

pytestmark = pytest.mark.logic


@pytest.mark.on_both
def test_asking_waiting_being_taken_in(make: Make) -> None:
    group_id, people = make(3)
    guest = settled()
    with transaction():
        joining.set_questions(group(group_id), actor=people[0], questions=["Was nähen Sie?", " ", "Wann?"])
    with transaction():
        asked = group(group_id)
        assert asked.questions == ["Was nähen Sie?", "Wann?"]
        with pytest.raises(AnswerMissing):
            joining.ask_to_join(asked, actor=guest, alias="Faden", answers=["Hosen"])
        joining.ask_to_join(asked, actor=guest, alias="Faden", answers=["Hosen", "Abends"])
        with pytest.raises(AlreadyMember):
            joining.ask_to_join(asked, actor=guest, alias="Faden", answers=["Hosen", "Abends"])
    with transaction():
        circle = group(group_id)
        (waiting,) = open_requests(circle)
        # Who has no such right (here: the contact person has it) cannot let people in.
        with pytest.raises(NotFound):
            joining.accept(waiting, group=circle, actor=people[1])
        joining.accept(waiting, group=circle, actor=people[0])
        assert member(group_id, guest).state is MemberState.MEMBER
        assert member(group_id, guest).answers is None
        with pytest.raises(NothingToDecide):
            joining.accept(waiting, group=circle, actor=people[0])


def test_a_no_rests_for_sixty_days_and_keeps_nothing(make: Make) -> None:
    group_id, people = make(3)
    guest = settled()
    with transaction():
        circle = group(group_id)
        asked = joining.ask_to_join(circle, actor=guest, alias="Faden", answers=[])
        joining.decline(asked, group=circle, actor=people[0])
        assert (asked.alias, asked.answers, asked.state) == ("", None, MemberState.DECLINED)
    with transaction(), pytest.raises(AskedLately):
        joining.ask_to_join(group(group_id), actor=guest, alias="Faden", answers=[])
    with time_machine.travel(clock.now() + timedelta(days=60), tick=False), transaction():
        again = joining.ask_to_join(group(group_id), actor=guest, alias="Faden", answers=[])
        assert again.state is MemberState.REQUESTED


def test_taking_a_question_back_leaves_no_row(make: Make) -> None:
    group_id, _ = make(3)
    guest = settled()
    with transaction():
        joining.ask_to_join(group(group_id), actor=guest, alias="Faden", answers=[])
    with transaction():
        joining.take_back(group(group_id), actor=guest)
    with transaction(write=False):
        assert session.scalar(select(func.count()).where(Membership.group_id == group_id)) == 3


def test_full_groups_have_a_waiting_list(make: Make) -> None:
    group_id, people = make(3)
    first, second = settled(), settled()
    with transaction():
        circle = group(group_id)
        circle.capacity, circle.join_way = 4, JoinWay.FREE
        session.flush()
        assert joining.join_freely(circle, actor=first, alias="Eins").state is MemberState.MEMBER
        assert joining.join_freely(circle, actor=second, alias="Zwei").state is MemberState.WAITING
    with transaction():
        leaving.leave(group(group_id), actor=people[1])
    with transaction(write=False):
        assert member(group_id, second).state is MemberState.MEMBER


def test_each_way_only_where_the_group_wants_it(make: Make) -> None:
    group_id, _ = make(3)
    with transaction():
        with pytest.raises(CannotJoinSo):
            joining.join_freely(group(group_id), actor=settled(), alias="Faden")
        with pytest.raises(SignInRequired):
            joining.ask_to_join(group(group_id), actor=VISITOR, alias="Faden", answers=[])


@pytest.mark.parametrize("alias", ["nadel 0", "NADEL 0", "Nаdel 0"])
def test_names_that_look_the_same(make: Make, alias: str) -> None:
    """The last one has a Cyrillic а in it."""
    group_id, _ = make(3)
    with transaction(), pytest.raises(AliasTaken):
        joining.ask_to_join(group(group_id), actor=settled(), alias=alias, answers=[])


def test_a_name_is_needed(make: Make) -> None:
    group_id, _ = make(3)
    with transaction(), pytest.raises(AliasMissing):
        joining.ask_to_join(group(group_id), actor=settled(), alias="\u200b ", answers=[])


def test_codes_are_used_up(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        code = joining.make_code(group(group_id), actor=people[0], uses=2)
    for number in range(2):
        with transaction():
            joining.join_by_code(code, actor=settled(), alias=f"Gast {number}")
    with transaction(), pytest.raises(CodeNotValid):
        joining.join_by_code(code, actor=settled(), alias="Gast 3")
    with transaction(write=False):
        assert session.scalar(select(func.min(InviteCode.uses_left))) == 0


@pytest.mark.parametrize("what", ["ended", "revoked", "inviter_left"])
def test_codes_that_open_nothing(make: Make, what: str) -> None:
    group_id, people = make(3)
    with transaction():
        code = joining.make_code(group(group_id), actor=people[0])
    days = 61 if what == "ended" else 0
    with time_machine.travel(clock.now() + timedelta(days=days)):
        if what == "revoked":
            with transaction():
                # The used one of the founding circle is void, too.
                assert joining.revoke_codes(group(group_id), actor=people[0]) == 2
        if what == "inviter_left":
            with transaction():
                leaving.leave(group(group_id), actor=people[0])
        with transaction(), pytest.raises(CodeNotValid):
            joining.group_of_code(code, actor=settled())


def test_guessing_is_slow(make: Make) -> None:
    make(3)
    guesser = settled()
    refused = []
    for _ in range(6):
        with transaction():
            try:
                joining.group_of_code("bomi saru teva", actor=guesser)
            except DomainError as error:
                refused.append(type(error).__name__)
    assert refused == ["CodeNotValid"] * 5 + ["RateLimited"]


def test_professionals_may_join_and_administrators_may_not(make: Make) -> None:
    group_id, _ = make(3)
    with transaction():
        circle = group(group_id)
        asked = joining.ask_to_join(
            circle, actor=actor_of(make_staff(StaffRole.PROFESSIONAL)), alias="Fachkraft", answers=[]
        )
        assert asked.state is MemberState.REQUESTED
        with pytest.raises(NotAllowed):
            joining.ask_to_join(
                circle, actor=actor_of(make_staff(StaffRole.ADMINISTRATOR)), alias="Amt", answers=[]
            )
