"""Being known in person: by staff, by two neighbours, with limits against chains and rings; taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core import clock, limits
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.rounds.errors.roll import (
    AlreadyKnown,
    CodeDoesNotFit,
    CodeMistyped,
    MayNotVouch,
    NobodyWithThisName,
)
from portal.rounds.models import Vouching
from portal.rounds.operations import vouching as operations
from portal.rounds.queries.known import is_known, vouched_by, vouchings_of
from tests.support.factories import make_resident, make_staff

pytestmark = pytest.mark.logic


def known(account: Account) -> bool:
    with transaction(write=False):
        return is_known(account.id)


def vouch_at_counter(staff: Account, account: Account) -> None:
    with transaction():
        actor = actor_for(session.get(Account, staff.id))
        operations.vouch_at_counter(actor, session.get_one(Account, account.id))


def wish(account: Account) -> str:
    with transaction():
        return operations.wish_to_be_known(actor_for(session.get(Account, account.id)))


def vouch(neighbour: Account, code: str) -> bool:
    with transaction():
        actor = actor_for(session.get(Account, neighbour.id))
        return operations.vouch_for_neighbour(actor, operations.wish_behind(actor, code))


def end(account: Account, of: Account) -> None:
    with transaction():
        row = session.scalars(select(Vouching).where(Vouching.account_id == of.id)).first()
        assert row is not None
        operations.end_vouching(actor_for(session.get(Account, account.id)), row)


@pytest.fixture
def staff(both: Flask) -> Account:
    return make_staff(StaffRole.PROFESSIONAL)


@pytest.fixture
def neighbours(staff: Account) -> list[Account]:
    made = [make_resident() for _ in range(3)]
    for one in made:
        vouch_at_counter(staff, one)
    return made


@pytest.mark.on_both
def test_staff_vouch_and_take_back(staff: Account) -> None:
    person = make_resident(display_name="Amira Sonne")
    assert not known(person)
    with transaction(write=False):
        assert operations.resident_named(" amira sonne ").id == person.id
        for name in ("Niemand", "", staff.display_name):
            with pytest.raises(NobodyWithThisName):
                operations.resident_named(name)
    vouch_at_counter(staff, person)
    assert known(person)
    with pytest.raises(AlreadyKnown):
        vouch_at_counter(staff, person)
    with pytest.raises(NotFound):
        end(make_resident(), person)
    with pytest.raises(NotFound):
        end(make_staff(StaffRole.ADMINISTRATOR), person)
    end(make_staff(StaffRole.MODERATOR), person)
    assert not known(person)
    vouch_at_counter(staff, person)
    assert known(person)
    for role in (StaffRole.ADMINISTRATOR, StaffRole.PLANNER):
        with pytest.raises(NotFound):
            vouch_at_counter(make_staff(role), make_resident())
    with pytest.raises(NotFound):
        vouch_at_counter(make_resident(), make_resident())


def test_two_neighbours_whom_staff_know(neighbours: list[Account]) -> None:
    one, two, three = neighbours
    person = make_resident()
    code = wish(person)
    assert vouch(one, code.lower()) is False
    assert not known(person)
    with pytest.raises(MayNotVouch):
        vouch(one, code)
    assert vouch(two, code) is True
    assert known(person)
    with pytest.raises(CodeDoesNotFit):
        vouch(three, code)
    with transaction(write=False):
        (mine,) = vouchings_of(person.id)
        assert (mine.vouching.first_voucher_id, mine.vouching.second_voucher_id) == (one.id, two.id)
        assert [row.account_id for row in vouched_by(one.id)] == [person.id]
    with pytest.raises(AlreadyKnown):
        wish(person)


def test_no_chains(neighbours: list[Account]) -> None:
    one, two, _ = neighbours
    first, second = make_resident(), make_resident()
    code = wish(first)
    vouch(one, code)
    vouch(two, code)
    assert known(first)
    with pytest.raises(MayNotVouch):
        vouch(first, wish(second))


def test_a_word_counts_only_while_the_neighbour_is_known_to_staff(neighbours: list[Account]) -> None:
    one, two, _ = neighbours
    person = make_resident()
    code = wish(person)
    vouch(one, code)
    vouch(two, code)
    end(two, two)
    assert not known(person)
    with transaction(write=False):
        (mine,) = vouchings_of(person.id)
        assert mine.counts is False


def test_three_a_year(neighbours: list[Account]) -> None:
    one, two, three = neighbours
    for _ in range(3):
        vouch(one, wish(make_resident()))
    with pytest.raises(MayNotVouch):
        vouch(one, wish(make_resident()))
    vouch(two, wish(make_resident()))
    with time_machine.travel(clock.now() + timedelta(days=366), tick=False):
        limits.start_over()
        vouch(one, wish(make_resident()))
    assert three


def test_who_shares_an_address_does_not_vouch(staff: Account) -> None:
    one = make_resident(email="familie@example.org")
    two = make_resident(email="familie@example.org")
    other = make_resident()
    for account in (one, two, other):
        vouch_at_counter(staff, account)
    child = make_resident(email="familie@example.org")
    with pytest.raises(MayNotVouch):
        vouch(one, wish(child))
    person = make_resident()
    code = wish(person)
    vouch(one, code)
    with pytest.raises(MayNotVouch):
        vouch(two, code)
    assert vouch(other, code)


def test_codes_of_wishes_end(neighbours: list[Account]) -> None:
    one = neighbours[0]
    person = make_resident()
    old, new = wish(person), wish(person)
    with pytest.raises(CodeDoesNotFit):
        vouch(one, old)
    with pytest.raises(CodeMistyped):
        vouch(one, new[:-1])
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False), pytest.raises(CodeDoesNotFit):
        vouch(one, new)
    with pytest.raises(MayNotVouch):
        vouch(person, new)
    vouch(one, new)


def test_erasing_an_account_ends_what_it_vouched_for(neighbours: list[Account]) -> None:
    one, two, _ = neighbours
    person = make_resident()
    code = wish(person)
    vouch(one, code)
    vouch(two, code)
    with transaction():
        operations.forget_person(one.id)
    assert not known(person)
    with transaction():
        operations.forget_person(person.id)
        assert vouchings_of(person.id) == []


@pytest.mark.on_both
@pytest.mark.parametrize(
    "change",
    [
        "first_voucher_id = account_id",
        "second_voucher_id = first_voucher_id",
        "first_voucher_id = NULL",
        "by_kind = 'resident'",
        "code_hash = 'x'",
    ],
)
def test_the_database_keeps_the_rules_too(staff: Account, change: str) -> None:
    vouch_at_counter(staff, make_resident())
    with pytest.raises(IntegrityError), transaction():
        session.execute(text(f"UPDATE vouching SET {change}"))  # noqa: S608
