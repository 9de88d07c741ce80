"""Addresses and rows of roles in a test."""

from __future__ import annotations

from flask.testing import FlaskClient

from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import GroupRole
from portal.groups.operations import joining
from portal.groups.queries import holders_of
from tests.support.factories_groups import get_group, group_pid, member_of, settled
from tests.support.queries import counted_queries


def path_of(group_id: int, rest: str = "") -> str:
    """An address in a group."""
    return f"/en/groups/{group_pid(group_id)}{'/' if rest else ''}{rest}"


def pid_in(group_id: int, actor: Actor) -> str:
    """A member's public id."""
    with transaction(write=False):
        return member_of(group_id, actor).public_id


def role_id(group_id: int, key: str = "contact") -> int:
    """The role's number."""
    with transaction(write=False):
        return session.query(GroupRole.id).filter_by(group_id=group_id, key=key).scalar()


def holds(group_id: int, actor: Actor, key: str = "contact") -> bool:
    """Whether this member holds the role now."""
    with transaction(write=False):
        role = session.get_one(GroupRole, role_id(group_id, key))
        return member_of(group_id, actor) in holders_of(role)


def went_to(answer: object, ending: str) -> bool:
    """Answered by sending to an address that ends so."""
    location = str(getattr(answer, "headers", {}).get("Location", ""))
    return getattr(answer, "status_code", 0) == 303 and location.split("#")[0].endswith(ending)


def asks(group_id: int, alias: str = "Faden") -> Actor:
    """Somebody who asks to join."""
    guest = settled()
    with transaction():
        joining.ask_to_join(get_group(group_id), actor=guest, alias=alias, answers=[])
    return guest


def role_data(**given: object) -> dict[str, object]:
    """What the form of a role sends."""
    return {"label": "Schlüssel", "rights": ["book_room"], "how": "trust", "term_months": "6", **given}


def count_queries(browser: FlaskClient, address: str) -> int:
    """How many questions a page asks the database."""
    with counted_queries() as asked:
        assert browser.get(address).status_code == 200
    return len(asked)
