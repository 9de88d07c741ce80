"""Everything that changes members or roles takes the group's row first: nobody waits in a ring."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Table, func, literal, select, text
from sqlalchemy.exc import OperationalError

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import Base, db, session, transaction
from portal.groups.models import (
    Group,
    GroupRole,
    Membership,
    MembershipReview,
    MemberState,
    Method,
    PairAct,
    Preset,
    ReviewState,
    Right,
    RoleClaim,
    RoleHolder,
    RoleOffer,
    RoleWay,
)
from portal.groups.operations import joining, leaving, living, offers, pairs, reminding, roles
from portal.groups.operations.deciding import closing
from portal.groups.operations.peace import reviewing
from portal.groups.operations.reshaping import RoleWish, drop_role, save_role
from tests.groups.conftest import group, member, settled
from tests.groups.deciding import ask, loaded
from tests.groups.roles import asks
from tests.support.factories_groups import make_group

ALL = list(Right)
# What stands under a group and belongs to its people, their roles, or what they vote on.
BELOW = (
    "group_membership",
    "group_role",
    "group_role_holder",
    "group_trust",
    "group_role_offer",
    "group_role_claim",
    "group_pair_act",
    "group_invite_code",
    "group_decision",
    "group_elector",
    "group_review",
    "group_review_elector",
)
PATIENCE = 20.0


class Scene:
    """A group of five with two roles, an offer, a claim, something begun by two, a code and a request."""

    def __init__(self) -> None:
        self.id, self.people = make_group(5, preset=Preset.CONTACT)
        self.guest, self.asker = settled(), asks(self.id)
        amira, berta, chris = self.people[:3]
        with transaction():
            here = group(self.id)
            for person in self.people:
                member(self.id, person).member_since = clock.today() - timedelta(days=90)
            self.code = joining.make_code(here, actor=amira, uses=3)
            wish = RoleWish("Schlüssel", tuple(ALL), is_required=True)
            self.key = save_role(None, wish, group=here, actor=amira).id
            self.contact = session.scalar(
                select(GroupRole.id).where(GroupRole.group_id == self.id, GroupRole.key == "contact")
            )
            roles.claim(self.role(self.key), group=here, actor=berta)
            pairs.start_together(here, "aim", actor=berta, words="Neu")
            offers.offer(self.role(self.contact), member(self.id, chris), group=here, actor=amira)
        self.asked = ask(self.id, amira, Method.MAJORITY)
        with transaction():
            member(self.id, self.people[4]).state = MemberState.PAUSED
            member(self.id, self.people[4]).paused_until = clock.today()
            session.get_one(RoleHolder, (self.contact, member(self.id, amira).id)).until_on = (
                clock.today() + timedelta(days=1)
            )
            loaded(self.asked).closes_at = clock.now()
        self.reviewed = 0

    def review(self) -> int:
        """One about the fourth member, whose time is over. Made when it is needed: it freezes everything."""
        row = MembershipReview(
            group_id=self.id,
            affected_id=member(self.id, self.people[3]).id,
            alias="Nadel 3",
            topic="Termine",
            state=ReviewState.VOTING,
            begun_on=clock.today() - timedelta(days=20),
            hearing_until=clock.now() - timedelta(days=10),
            closes_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row.id

    def role(self, role_id: int | None) -> GroupRole:
        return session.get_one(GroupRole, role_id)

    def row(self, actor: Actor) -> Membership:
        return member(self.id, actor)

    def only(self, kind: type[Any]) -> Any:
        return session.scalars(select(kind)).one()

    @property
    def here(self) -> Group:
        return group(self.id)


Do = Callable[[Scene], object]
TOMORROW = timedelta(days=1)
PATHS: dict[str, Do] = {
    "leave": lambda s: leaving.leave(s.here, actor=s.people[0]),
    "pause": lambda s: leaving.pause(s.here, actor=s.people[0], days=9),
    "come back": lambda s: leaving.come_back(s.here, actor=s.people[4]),
    "erase": lambda s: leaving.forget_account(s.people[0].account_id or 0),
    "lay down": lambda s: roles.lay_down(s.role(s.contact), group=s.here, actor=s.people[0]),
    "trust": lambda s: roles.give_trust(
        s.role(s.contact), s.row(s.people[1]), group=s.here, actor=s.people[2]
    ),
    "distrust": lambda s: roles.take_trust_back(
        s.role(s.contact), s.row(s.people[0]), group=s.here, actor=s.people[2]
    ),
    "claim": lambda s: roles.claim(s.role(s.key), group=s.here, actor=s.people[2]),
    "confirm claim": lambda s: roles.confirm_claim(s.only(RoleClaim), group=s.here, actor=s.people[2]),
    "object": lambda s: roles.object_to_claim(s.only(RoleClaim), group=s.here, actor=s.people[2]),
    "take claim back": lambda s: roles.take_claim_back(s.only(RoleClaim), group=s.here, actor=s.people[1]),
    "offer": lambda s: offers.offer(s.role(s.contact), s.row(s.people[3]), group=s.here, actor=s.people[0]),
    "accept offer": lambda s: offers.accept_offer(s.only(RoleOffer), group=s.here, actor=s.people[2]),
    "decline offer": lambda s: offers.decline_offer(s.only(RoleOffer), group=s.here, actor=s.people[2]),
    "change role": lambda s: save_role(
        s.role(s.key), RoleWish("Neu", tuple(ALL), is_required=True), group=s.here, actor=s.people[0]
    ),
    "drop role": lambda s: drop_role(s.role(s.key), group=s.here, actor=s.people[0]),
    "code": lambda s: joining.join_by_code(s.code, actor=s.guest, alias="Zaunkönig"),
    "accept": lambda s: joining.accept(s.row(s.asker), group=s.here, actor=s.people[0]),
    "decline": lambda s: joining.decline(s.row(s.asker), group=s.here, actor=s.people[0]),
    "take back": lambda s: joining.take_back(s.here, actor=s.asker),
    "start together": lambda s: pairs.start_together(s.here, "aim", actor=s.people[2], words="Neu"),
    "confirm together": lambda s: pairs.confirm_together(s.only(PairAct), group=s.here, actor=s.people[2]),
    "call off": lambda s: pairs.call_off(s.only(PairAct), group=s.here, actor=s.people[1]),
    "go on": lambda s: living.go_on(s.here, actor=s.people[1]),
    "ends of terms": lambda s: living.end_terms(clock.today() + 30 * TOMORROW),
    "ends of pauses": lambda s: reminding.come_back_due(clock.today()),
    "reminders": lambda s: reminding.remind_of_terms(clock.today()),
    "closing": lambda s: closing.close_decision(s.asked, now=clock.now()),
    "decided role": lambda s: roles.give(
        s.role(s.key), s.row(s.people[2]), group=s.here, how=RoleWay.DECISION
    ),
    # The last, since a review freezes the others.
    "review": lambda s: reviewing.close_review(s.reviewed),
}


@contextmanager
def held(scene: Scene) -> Iterator[Connection]:
    """Somebody else is changing this group's people: a second connection holds its row."""
    with db.engine.connect() as other:
        other.execute(
            text("SELECT id FROM neighbour_group WHERE id = :id FOR NO KEY UPDATE"), {"id": scene.id}
        )
        yield other
        other.rollback()


def waiting(other: Connection) -> bool:
    """Whether anybody waits for this connection."""
    other.execute(select(func.pg_stat_clear_snapshot()))
    query = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    return bool(other.scalar(text(query)))


def table_of(name: str) -> Table:
    """The table of this name."""
    return Base.metadata.tables[name]


class Undone(Exception):
    """The scene stays as it is for the next."""


def _worked(app: Flask, scene: Scene, work: Do, answers: list[str]) -> None:
    with app.app_context():
        try:
            with transaction():
                work(scene)
                raise Undone
        except Exception as problem:
            answers.append(repr(problem))


def test_the_group_first_then_everything_else(app_pg: Flask) -> None:
    """While another holds the group, whoever comes waits with empty hands; afterwards it is done."""
    scene = Scene()
    found: dict[str, list[str]] = {}
    for name, work in PATHS.items():
        answers = found[name] = []
        if name == "review":
            with transaction():
                scene.reviewed = scene.review()
        with held(scene) as other:
            thread = Thread(target=_worked, args=(app_pg, scene, work, answers))
            thread.start()
            until = time.monotonic() + PATIENCE
            while not waiting(other) and thread.is_alive() and time.monotonic() < until:
                time.sleep(0.005)
            assert thread.is_alive(), (name, answers)
            for table in map(table_of, BELOW):
                try:
                    other.execute(select(literal(1)).select_from(table).with_for_update(nowait=True))
                except OperationalError as problem:
                    pytest.fail(f"{name} has taken rows of {table.name} before the group: {problem.orig}")
        thread.join(PATIENCE)
    assert {name: said for name, said in found.items() if said != ["Undone()"]} == {}
