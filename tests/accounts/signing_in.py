"""Typing an address, and counting what is stored."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.events import SignInCodeMade
from portal.core.db import session, transaction
from tests.support.people import Person, deliver

Codes = list[SignInCodeMade]


def ask(person: Person, identifier: str) -> None:
    """Type an address into the one field, and let the worker send the mail."""
    answer = person.post("/de/sign-in", identifier=identifier)
    assert (answer.status_code, answer.location) == (303, "/de/sign-in/code")
    deliver()


def count(table: type, *conditions: object) -> int:
    """Rows in the database now."""
    with transaction(write=False):
        return len(session.scalars(select(table).where(*conditions)).all())  # type: ignore[arg-type]
