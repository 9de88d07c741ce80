"""Discreet groups: the tables list nobody, and nobody outside learns of them."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, MetaData, Table, select, update
from sqlalchemy.exc import IntegrityError

from portal.core.actors import VISITOR, StaffRole
from portal.core.db import Base, session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import can, ensure
from portal.groups.errors import CodeNotValid, OnlyTighter
from portal.groups.models import Group, Membership, Privacy
from portal.groups.operations import joining, living
from portal.groups.queries import listed_groups, member_lines, members_to_tell, my_groups, shown_size
from portal.groups.queries.finding import Wanted
from tests.groups.conftest import Make, group, member, settled
from tests.support.factories import actor_of, make_staff

pytestmark = pytest.mark.logic

# As the database holds them, without the types that decrypt.
TABLES = tuple(
    Table(name, MetaData(), *[Column(column.key) for column in Base.metadata.tables[name].columns])
    for name in ("neighbour_group", "group_membership", "group_history", "group_charter", "group_role_holder")
)


def everyone_else() -> list[object]:
    hats = [actor_of(make_staff(role)) for role in StaffRole]
    return [VISITOR, settled(), *hats]


@pytest.mark.on_both
def test_nobody_outside_sees_that_it_exists(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET, name="Gruppe Kanarienvogel")
    others = everyone_else()
    with transaction(write=False):
        hidden = group(group_id)
        for person in people:
            assert can(person, "groups.see", hidden)
        for outsider in others:
            assert not can(outsider, "groups.see", hidden)  # type: ignore[arg-type]
            assert not can(outsider, "groups.read_inside", hidden)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            ensure(others[1], "groups.join", hidden)  # type: ignore[arg-type]
        assert session.execute(listed_groups()).all() == []
        assert session.execute(listed_groups(Wanted(gathering=True))).all() == []
        assert my_groups(others[1]) == []  # type: ignore[arg-type]
        assert [card.name for card in my_groups(people[1])] == ["Gruppe Kanarienvogel"]


def test_the_tables_name_nobody(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET, name="Gruppe Kanarienvogel")
    with transaction(write=False):
        rows = session.scalars(select(Membership).where(Membership.group_id == group_id)).all()
        assert len(rows) == 3
        assert {row.account_id for row in rows} == {None}
        dump = " ".join(str(tuple(row)) for table in TABLES for row in session.execute(select(table)))
        for secret in ("Kanarienvogel", "Nadel 1", "Nähen", "Dienstags", people[0].public_id):
            assert secret not in dump


@pytest.mark.on_both
def test_the_database_refuses_an_account_in_a_discreet_group(make: Make) -> None:
    group_id, people = make(2, privacy=Privacy.DISCREET)
    with pytest.raises(IntegrityError), transaction():
        session.execute(
            update(Membership).where(Membership.group_id == group_id).values(account_id=people[0].account_id)
        )


@pytest.mark.on_both
def test_the_database_refuses_a_group_that_is_only_half_discreet(make: Make) -> None:
    group_id, _ = make(3)
    with pytest.raises(IntegrityError), transaction():
        session.execute(
            update(Group).where(Group.id == group_id).values(is_discreet=True, privacy=Privacy.DISCREET)
        )


def test_members_get_no_list_and_no_number_either(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    with transaction(write=False):
        hidden = group(group_id)
        assert member_lines(hidden) == []
        assert shown_size(hidden) is None
        assert not can(people[0], "groups.see_members", hidden)
        assert members_to_tell(hidden) == []


def test_notices_only_for_those_who_switched_them_on(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    with transaction():
        member(group_id, people[1]).reach = str(people[1].account_id)
    with transaction(write=False):
        assert members_to_tell(group(group_id)) == [people[1].account_id]


def test_tightening_takes_the_accounts_out_and_there_is_no_way_back(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.OPEN)
    with transaction():
        opened = group(group_id)
        assert shown_size(opened) == 3
        living.tighten(opened, Privacy.DISCREET, actor=people[0])
    with transaction():
        hidden = group(group_id)
        rows = session.scalars(select(Membership).where(Membership.group_id == group_id)).all()
        assert [(row.account_id, row.is_discreet) for row in rows] == [(None, True)] * 3
        assert can(people[2], "groups.read_inside", hidden)
        assert not can(VISITOR, "groups.see", hidden)
        with pytest.raises(OnlyTighter):
            living.tighten(hidden, Privacy.OPEN, actor=people[0])


def test_codes_are_the_only_way_in_and_say_nothing_when_wrong(make: Make) -> None:
    group_id, people = make(2, privacy=Privacy.DISCREET)
    guest = settled()
    with transaction():
        code = joining.make_code(group(group_id), actor=people[0])
    with transaction():
        with pytest.raises(CodeNotValid) as wrong:
            joining.join_by_code("bomi saru teva", actor=guest, alias="Faden")
        joined = joining.join_by_code(code.upper().replace(" ", "-"), actor=guest, alias="Faden")
        assert joined.group_id == group_id
    with transaction():
        with pytest.raises(CodeNotValid) as used:
            joining.join_by_code(code, actor=settled(), alias="Knopf")
        assert str(wrong.value) == str(used.value)
