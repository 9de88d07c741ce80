"""People for tests, made by the portal's own operations. Needs an app context (the fixture `app` has one).

The rows that come back are loaded and detached: reading them asks nothing and holds no transaction open.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal.accounts import operations
from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.accounts.views.adapter import SEEN, TOKEN
from portal.core import clock
from portal.core.actors import Actor, StaffRole
from portal.core.db import session, transaction

_numbers = count(1)
_LETTERS = "abcdefghikmnoprstu"


def unused_name(prefix: str = "Person") -> str:
    """A display name nobody has: Person Bako, Person Bamu, …"""
    number, word = next(_numbers) + len(_LETTERS) ** 3, ""
    while number:
        number, position = divmod(number, len(_LETTERS))
        word = _LETTERS[position] + word
    return f"{prefix} {word.capitalize()}"


def make_resident(**given: Any) -> Account:
    """A resident: display_name, email, language, district_id; some columns may be given as well."""
    names = ("created_at", "suspended_until", "erase_due_at")
    columns = {name: given.pop(name) for name in names if name in given}
    given.setdefault("display_name", unused_name())
    given.setdefault("email", f"person{next(_numbers)}@example.org")
    with transaction():
        account = operations.create_resident(**given)
        for name, value in columns.items():
            setattr(account, name, value)
        return _loaded(account)


def make_staff(
    role: StaffRole | str | None = None,
    district_id: int | None = None,
    *,
    organization_id: int | None = None,
    **given: Any,
) -> Account:
    """A staff account wearing this hat (None: no hat at all)."""
    given.setdefault("display_name", unused_name("Kraft"))
    given.setdefault("email", f"staff{next(_numbers)}@example.org")
    with transaction():
        account = operations.create_staff(**given)
        if role is not None:
            operations.establish_role(
                account, StaffRole(role), district_id=district_id, organization_id=organization_id
            )
        return _loaded(account)


def _loaded(account: Account) -> Account:
    session.flush()
    session.refresh(account)
    session.expunge(account)
    return account


def actor_of(account: Account) -> Actor:
    """The account as an actor with all its hats, as after a complete sign-in."""
    with transaction(write=False):
        return actor_for(session.get(Account, account.id))


def sign_in(
    client: FlaskClient, account: Account, *, second_factor: bool = True, is_shared_device: bool = False
) -> str:
    """Open a real session for this client (staff: second factor shown). Returns its token."""
    with transaction():
        again = session.get_one(Account, account.id)
        token = operations.begin_session(
            again, is_shared_device=is_shared_device, second_factor=second_factor and again.is_staff
        )
        is_permanent = not (again.is_staff or is_shared_device)
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie[TOKEN], cookie[SEEN] = token, int(clock.now().timestamp())
        cookie.permanent = is_permanent
    return token


def signed_in_client(app: Flask, person: Account | Actor) -> FlaskClient:
    """A test client in which this person is signed in."""
    client = app.test_client()
    with transaction(write=False):
        account_id = person.account_id if isinstance(person, Actor) else person.id
        account = session.get_one(Account, account_id)
    sign_in(client, account)
    return client


def sign_out(client: FlaskClient) -> None:
    """The client is a visitor again."""
    with client.session_transaction() as cookie:
        cookie.clear()
