"""Hats: given by one, confirmed by a second, limited, ended at once; never a resident's, never one's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts import operations
from portal.accounts.errors import (
    AlreadyDecided,
    AlreadyGranted,
    LastAdministrator,
    NeedsSecondPerson,
    NotStaffAccount,
)
from portal.accounts.models import Account, StaffGrant
from portal.accounts.queries import actor_for, staff_with_role
from portal.cli import main
from portal.cli import staff as command
from portal.core import clock
from portal.core.actors import SYSTEM, StaffRole
from portal.core.audit import AuditEntry
from portal.core.db import session, transaction
from portal.core.errors import DomainError
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.people import Person
from tests.support.queries import counted_queries

DESK = "/de/staff/people"


def load(account: Account) -> Account:
    """The row in the present unit of work."""
    return session.get_one(Account, account.id)


def open_grants(account: Account) -> list[StaffGrant]:
    """Grants that have not ended."""
    query = select(StaffGrant).where(StaffGrant.account_id == account.id, StaffGrant.ended_at.is_(None))
    return list(session.scalars(query))


def test_one_administrator_grants_alone_two_need_each_other(app: Flask) -> None:
    """R8: four eyes as soon as there are four."""
    first, second, third = make_staff("administrator"), make_staff(), make_staff()
    with transaction():
        grant = operations.propose_role(actor_for(load(first)), load(second), StaffRole.ADMINISTRATOR)
        assert grant.confirmed_at is not None
    with transaction():
        grant = operations.propose_role(
            actor_for(load(first)), load(third), StaffRole.MODERATOR, district_id=4
        )
        assert grant.confirmed_at is None
    with transaction(write=False):
        assert staff_with_role(StaffRole.MODERATOR) == []
        assert actor_for(load(third)).roles == ()
    for account in (first, third):
        with transaction(), pytest.raises(NeedsSecondPerson):
            operations.confirm_role(actor_for(load(account)), open_grants(third)[0])
    with transaction():
        operations.confirm_role(actor_for(load(second)), open_grants(third)[0])
    with transaction():
        assert staff_with_role(StaffRole.MODERATOR, 4) == [third.id]
        with pytest.raises(AlreadyDecided):
            operations.confirm_role(actor_for(load(second)), open_grants(third)[0])
        names = session.scalars(select(AuditEntry.name).where(AuditEntry.subject_id == third.id))
        assert list(names) == ["accounts.role_proposed", "accounts.role_granted"]


def test_database_keeps_four_eyes(app: Flask) -> None:
    """Not even wrong code can confirm its own proposal."""
    first, second = make_staff("administrator"), make_staff()
    with pytest.raises(IntegrityError), transaction():
        session.add(
            StaffGrant(
                account_id=second.id,
                role="planner",
                valid_from=clock.now(),
                proposed_by=first.id,
                proposed_at=clock.now(),
                confirmed_by=first.id,
                confirmed_at=clock.now(),
            )
        )


def test_what_cannot_be_granted(app: Flask) -> None:
    """Residents wear no hats, nobody gives themselves one, and each only once."""
    admin, resident, staff = make_staff("administrator"), make_resident(), make_staff("planner")
    for account, role, error in (
        (resident, StaffRole.PLANNER, NotStaffAccount),
        (admin, StaffRole.PLANNER, NeedsSecondPerson),
        (staff, StaffRole.PLANNER, AlreadyGranted),
    ):
        with transaction(), pytest.raises(error):
            operations.propose_role(actor_for(load(admin)), load(account), role)


def test_the_last_administrator_stays(app: Flask) -> None:
    """Otherwise nobody could give roles."""
    first = make_staff("administrator")
    with transaction(), pytest.raises(LastAdministrator):
        operations.end_role(SYSTEM, open_grants(first)[0])
    second = make_staff("administrator")
    with transaction():
        operations.end_role(actor_for(load(second)), open_grants(first)[0])
    with transaction(), pytest.raises(LastAdministrator):
        operations.end_role(SYSTEM, open_grants(second)[0])


def test_two_administrators_ending_each_other_leave_one(both: Flask) -> None:
    """At the same time, on both databases."""
    for _ in range(5):
        pair = [make_staff("administrator"), make_staff("administrator")]

        def end_other(index: int, pair: list[Account] = pair) -> bool:
            with both.app_context():
                try:
                    with transaction():
                        operations.end_role(actor_of(pair[index]), open_grants(pair[1 - index])[0])
                except DomainError:
                    return False
                return True

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(end_other, (0, 1)))
        with transaction(write=False):
            assert staff_with_role(StaffRole.ADMINISTRATOR) != []


def test_ex_member_is_out_on_the_next_request(app: Flask) -> None:
    """A5: ended, expired: no hat, no session."""
    admin, boris, person = make_staff("administrator"), make_staff(), Person(app)
    with transaction():
        operations.propose_role(
            actor_for(load(admin)),
            load(boris),
            StaffRole.ADMINISTRATOR,
            valid_until=clock.now() + timedelta(minutes=5),
        )
    with time_machine.travel(clock.now(), tick=False) as traveller:
        sign_in(person.client, boris)
        assert person.get(DESK).status_code == 200
        traveller.shift(timedelta(minutes=6))
        assert person.get(DESK).status_code == 404
        with transaction():
            operations.establish_role(load(boris), StaffRole.ADMINISTRATOR)
        sign_in(person.client, boris)
        assert person.get(DESK).status_code == 200
        with transaction():
            operations.end_role(SYSTEM, open_grants(boris)[-1])
        assert person.get(DESK).location == f"/de/sign-in?next={DESK}"


def test_desk(app: Flask) -> None:
    """In the browser: propose, confirm by the other one, end; both fresh."""
    first, second = make_staff("administrator"), make_staff("administrator")
    make_resident(email="neu@example.org")
    one, two = Person(app), Person(app)
    sign_in(one.client, first)
    sign_in(two.client, second)
    fields = {"email": "neu@example.org", "display_name": "Berta Neu", "role": "planner"}
    assert one.post(DESK, page=DESK, **fields).status_code == 303
    assert one.post(DESK, page=DESK, **fields).status_code == 422
    with transaction(write=False):
        made = session.scalars(select(Account).where(Account.display_name == "Berta Neu")).one()
        assert (made.kind, len(open_grants(made))) == ("staff", 1)
        confirm = f"{DESK}/grants/{open_grants(made)[0].public_id}"
    assert f"{confirm}/confirm" not in one.get(DESK).get_data(as_text=True)
    assert one.post(f"{confirm}/confirm", page=DESK).status_code == 409
    assert f"{confirm}/confirm" in two.get(DESK).get_data(as_text=True)
    assert two.post(f"{confirm}/confirm", page=DESK).status_code == 303
    assert "Berta Neu" in Person(app).get("/de/team").get_data(as_text=True)
    assert two.post(f"{confirm}/end", page=DESK).status_code == 303
    assert "Berta Neu" not in Person(app).get("/de/team").get_data(as_text=True)
    assert two.post(f"{DESK}/grants/nothing/end", page=DESK).status_code == 404


def test_desk_needs_a_fresh_second_step(app: Flask) -> None:
    """After ten minutes one proves it once more."""
    person = Person(app)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        sign_in(person.client, make_staff("administrator"))
        traveller.shift(timedelta(minutes=11))
        fields = {"email": "neu@example.org", "display_name": "Berta Neu", "role": "planner"}
        assert person.post(DESK, page=DESK, **fields).location == "/de/staff/second-factor"
    with transaction(write=False):
        assert session.scalars(select(Account).where(Account.display_name == "Berta Neu")).all() == []


@pytest.mark.parametrize("role", ["moderator", "professional", "planner", None])
def test_only_administrators_see_the_desk(app: Flask, role: str | None) -> None:
    """For everybody else there is no such page."""
    person = Person(app)
    sign_in(person.client, make_staff(role) if role else make_resident())
    assert person.get(DESK).status_code == 404
    assert person.post(DESK, page="/de/account").status_code == 404


def test_desk_asks_as_often_for_one_as_for_many(app: Flask) -> None:
    """One query for all people and their hats."""
    person = Person(app)
    sign_in(person.client, make_staff("administrator"))
    numbers = []
    for _ in range(2):
        person.get(DESK)
        with counted_queries() as statements:
            person.get(DESK)
        numbers.append(len(statements))
        for _ in range(4):
            make_staff("moderator", 1)
    assert numbers[0] == numbers[1]


def test_command_line(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first administrator comes from the terminal; later ones wait for a second person."""
    monkeypatch.setattr(command, "open_app", lambda: app)

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["staff", *words])
        return result.exit_code, result.output

    assert run("grant", "a@example.org", "administrator", "--name", "Ada Amt")[0] == 0
    assert run("grant", "b@example.org", "administrator", "--name", "Bo Amt") == (
        0,
        "Granted.\nThe person signs in with this address and then sets up the second step.\n",
    )
    assert "has to confirm" in run("grant", "c@example.org", "moderator", "--district", "3")[1]
    assert run("grant", "c@example.org", "moderator", "--district", "3")[0] == 1
    assert run("grant", "not an address", "planner")[0] == 1
    code, listing = run("list")
    assert (code, listing.splitlines()[0]) == (0, "Ada Amt <a@example.org>: administrator")
    assert "moderator, district 3 (waits for confirmation)" in listing
    assert run("revoke", "a@example.org", "administrator") == (0, "Ended.\n")
    assert run("revoke", "b@example.org", "administrator")[0] == 1
    assert run("revoke", "nobody@example.org", "administrator")[0] == 1
