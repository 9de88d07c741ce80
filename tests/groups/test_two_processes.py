"""The same second in two processes, each with its own connections: leaving, claims, the end of a vote."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import db, session, transaction
from portal.core.errors import DomainError
from portal.groups.models import (
    ClaimState,
    GroupRole,
    Membership,
    MemberState,
    Method,
    NamedBallot,
    Preset,
    RoleClaim,
    RoleHolder,
    SecretTally,
    Status,
)
from portal.groups.operations import joining, leaving, roles
from portal.groups.operations.deciding import answering, closing
from tests.groups.conftest import Make, group, member, settled
from tests.groups.deciding import ask, loaded, say, word

Work = Callable[[], Any]
FORK = multiprocessing.get_context("fork")
PATIENCE = 60


def _alone(app: Flask, work: Work, gate: Barrier, told: Queue[Any], number: int) -> None:
    """In another process: its own connections, one transaction; once more where it collides."""
    with app.app_context():
        db.engine.dispose(close=False)
        gate.wait(PATIENCE)
        try:
            answer = _once(work)
        except IntegrityError:
            answer = _once(work)
        told.put((number, answer))


def _once(work: Work) -> Any:
    try:
        with transaction():
            return work()
    except DomainError as problem:
        return type(problem).__name__


def processes(app: Flask, *works: Work) -> list[Any]:
    """Each in a process of its own, all at the same moment; what it gives back, or the refusal's name."""
    session.remove()
    db.engine.dispose()
    gate, told = FORK.Barrier(len(works)), FORK.Queue()
    started = [
        FORK.Process(target=_alone, args=(app, work, gate, told, number)) for number, work in enumerate(works)
    ]
    for one in started:
        one.start()
    answers = dict(told.get(timeout=PATIENCE) for _ in works)
    for one in started:
        one.join(PATIENCE)
        assert one.exitcode == 0
    return [answers[number] for number in range(len(works))]


def leave(group_id: int, person: Actor) -> str:
    leaving.leave(group(group_id), actor=person)
    return "left"


def test_the_last_two_coordinators_leave_in_the_same_second(both: Flask, make: Make) -> None:
    """Neither is held back, the group knows that nobody leads it, and it knows it once."""
    for _ in range(2):
        group_id, (amira, berta, *_others) = make(4, preset=Preset.CONTACT)
        with transaction():
            role = session.scalars(select(GroupRole).where(GroupRole.group_id == group_id)).one()
            role.max_holders = 2
            theirs = select(Membership).where(Membership.group_id == group_id).order_by(Membership.id)
            second = session.scalars(theirs).all()[1]
            roles.give(role, second, group=group(group_id), how=role.how)
        assert processes(both, partial(leave, group_id, amira), partial(leave, group_id, berta)) == [
            "left",
            "left",
        ]
        with transaction(write=False):
            circle = group(group_id)
            assert circle.leaderless_since == clock.today()
            states = session.scalars(select(Membership.state).where(Membership.group_id == group_id)).all()
            assert sorted(states).count(MemberState.LEFT) == 2
            holders = (
                select(func.count())
                .select_from(RoleHolder)
                .join(GroupRole, GroupRole.id == RoleHolder.role_id)
                .where(GroupRole.group_id == group_id)
            )
            assert session.scalar(holders) == 0


def claim(group_id: int, person: Actor) -> str:
    role = session.scalars(select(GroupRole).where(GroupRole.group_id == group_id)).one()
    roles.claim(role, group=group(group_id), actor=person)
    return "claimed"


def confirm(group_id: int, claim_id: int, person: Actor) -> str:
    made = session.get_one(RoleClaim, claim_id)
    roles.confirm_claim(made, group=group(group_id), actor=person)
    return "confirmed"


def test_two_claims_at_once_give_the_role_to_one(both: Flask, make: Make) -> None:
    for _ in range(2):
        group_id, (amira, berta, chris, dora, emil) = make(5, preset=Preset.CONTACT)
        with transaction():
            leaving.leave(group(group_id), actor=amira)
        assert processes(both, partial(claim, group_id, berta), partial(claim, group_id, chris)) == [
            "claimed",
            "claimed",
        ]
        with transaction(write=False):
            made = session.scalars(
                select(RoleClaim)
                .join(GroupRole, GroupRole.id == RoleClaim.role_id)
                .where(GroupRole.group_id == group_id)
                .order_by(RoleClaim.id)
            ).all()
            ids = [one.id for one in made]
        assert len(ids) == 2
        answers = processes(
            both, partial(confirm, group_id, ids[0], dora), partial(confirm, group_id, ids[1], emil)
        )
        assert answers.count("confirmed") == 1, answers
        with transaction(write=False):
            states = session.scalars(select(RoleClaim.state).where(RoleClaim.id.in_(ids))).all()
            assert sorted(states) == sorted([ClaimState.EFFECTIVE, ClaimState.WITHDRAWN])
            role = select(GroupRole.id).where(GroupRole.group_id == group_id).scalar_subquery()
            held = select(func.count()).select_from(RoleHolder).where(RoleHolder.role_id == role)
            assert session.scalar(held) == 1


def answer(group_id: int, asked: int, person: Actor, wait: float = 0.0) -> str:
    time.sleep(wait)
    answering.hand_in(loaded(asked), word("yes"), group=group(group_id), actor=person)
    return "counted"


def close_when_over(asked: int) -> str:
    """Another process closes as soon as the time is over."""
    while not closing.close_decision(asked, now=clock.now()):
        session.rollback()
        time.sleep(0.002)
    return "closed"


def test_votes_at_the_closing_second(both: Flask, make: Make) -> None:
    """Whoever was told that it counts is in the result; everybody else was told that it was too late."""
    middle = 0
    for secret in (False, True):
        group_id, people = make(6)
        asked = ask(group_id, people[0], Method.MAJORITY, secret=secret)
        for person in people[:2]:
            say(group_id, asked, person, word("no"))
        with transaction():
            loaded(asked).closes_at = clock.now() + timedelta(milliseconds=600)
        works = [
            partial(answer, group_id, asked, person, 0.2 * number) for number, person in enumerate(people[2:])
        ]
        *told, closed = processes(both, *works, partial(close_when_over, asked))
        assert closed == "closed"
        assert set(told) <= {"counted", "TooLate"}
        middle += 0 < told.count("counted") < len(told)
        with transaction(write=False):
            counted = told.count("counted")
            if secret:
                rows = dict(session.execute(select(SecretTally.key, SecretTally.count)).all())
                assert (rows["1=yes"], rows["1=no"]) == (counted, 2)
            else:
                assert session.scalar(select(func.count(NamedBallot.id))) == counted + 2
                facts = json.loads(loaded(asked).result or "{}")["facts"]
                assert (facts["yes"], facts["no"]) == (counted, 2)
            expected = Status.ADOPTED if counted > 2 else Status.NOT_ADOPTED
            assert loaded(asked).status is expected


def join(group_id: int, code: str, person: Actor, name: str) -> str:
    joining.join_by_code(code, actor=person, alias=name)
    return "in"


def accept(group_id: int, who: Actor, by: Actor) -> str:
    asked = member(group_id, who)
    joining.accept(asked, group=group(group_id), actor=by)
    return str(asked.state)


def test_two_are_taken_in_at_once_and_one_place_is_free(both: Flask, make: Make) -> None:
    """One comes in, the other onto the waiting list: never one more than the group wants."""
    for _ in range(3):
        group_id, people = make(3)
        askers = [settled(), settled()]
        with transaction():
            group(group_id).capacity = 4
            for number, person in enumerate(askers):
                joining.ask_to_join(group(group_id), actor=person, alias=f"Gast {number}", answers=[])
        answers = processes(both, *(partial(accept, group_id, one, people[0]) for one in askers))
        assert sorted(answers) == ["member", "waiting"]


def test_one_place_left_and_two_processes(both: Flask, make: Make) -> None:
    """A code for one is used by two; a member joins once although two of their own taps arrive."""
    group_id, people = make(3)
    first, second = settled(), settled()
    with transaction():
        code = joining.make_code(group(group_id), actor=people[0], uses=1)
    both_come = [
        partial(join, group_id, code, one, name) for one, name in ((first, "Eins"), (second, "Zwei"))
    ]
    answers = processes(both, *both_come)
    assert answers.count("in") == 1, answers
    with transaction():
        code = joining.make_code(group(group_id), actor=people[0], uses=5)
    late = settled()
    processes(both, partial(join, group_id, code, late, "Drei"), partial(join, group_id, code, late, "Vier"))
    with transaction(write=False):
        members = select(func.count()).where(
            Membership.group_id == group_id, Membership.state == MemberState.MEMBER
        )
        assert session.scalar(members) == 5
