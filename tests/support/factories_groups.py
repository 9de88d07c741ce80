"""Groups for tests, made by the portal's own operations. Needs an app context and no open transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.subjects import Subject, SubjectRef, resolve
from portal.groups.models import Group, GroupKind, Membership, Preset, Privacy
from portal.groups.operations import founding, joining
from portal.groups.permissions import ref_of
from tests.support.factories import actor_of, make_resident, sign_in
from tests.support.prepared import prepared

# Words that stand nowhere else: a page of somebody else that shows one of them has leaked it.
NAME, AIM, WAY, ALIAS = "Nähcafé", "Zusammen nähen und reparieren", "Dienstags um sechs im Treff", "Nadel"


def settled(**given: Any) -> Actor:
    """A resident whose account is older than a week."""
    given.setdefault("created_at", clock.now() - timedelta(days=30))
    return actor_of(make_resident(**given))


def make_group(
    size: int = 3,
    *,
    privacy: Privacy = Privacy.CLOSED,
    preset: Preset = Preset.CONTACT,
    founded: bool = True,
    name: str = NAME,
    kind: GroupKind = GroupKind.INITIATIVE,
    people: list[Actor] | None = None,
    **columns: Any,
) -> tuple[int, list[Actor]]:
    """A group in a transaction of its own: (its id, its members in order of joining).

    The first member began it and holds the role there is. `founded=False` leaves it in its founding circle,
    its charter agreed to by all. Any column of the group may be given.
    """
    given = {"privacy": privacy, "preset": preset, "founded": founded, "name": name, "kind": kind, **columns}
    if people or columns:
        return _made(people or [settled() for _ in range(size)], **given)
    name_of_it = ("group", size, *sorted(given.items()))
    made: tuple[int, list[Actor]] = prepared(
        name_of_it, lambda: _made([settled() for _ in range(size)], **given)
    )
    return made[0], list(made[1])


def _made(
    people: list[Actor],
    *,
    privacy: Privacy,
    preset: Preset,
    founded: bool,
    name: str,
    kind: GroupKind,
    **columns: Any,
) -> tuple[int, list[Actor]]:
    with transaction():
        begun = founding.begin_group(
            people[0], name=name, aim=AIM, kind=kind, privacy=privacy, alias=f"{ALIAS} 0", preset=preset
        )
        founding.set_contact_way(begun, actor=people[0], words=WAY)
        founding.write_charter(begun, actor=people[0], texts={"goal": "Nähen"})
        if len(people) > 1:
            code = joining.make_code(begun, actor=people[0], uses=len(people))
        for number, person in enumerate(people[1:], 1):
            joining.join_by_code(code, actor=person, alias=f"{ALIAS} {number}")
            founding.acknowledge_charter(begun, actor=person)
        if founded:
            founding.found_group(begun, actor=people[-1])
        for column, value in columns.items():
            setattr(begun, column, value)
        return begun.id, people


def get_group(group_id: int) -> Group:
    """The group as it is stored now, in the open transaction."""
    return session.get_one(Group, group_id, populate_existing=True)


def group_pid(group_id: int) -> str:
    """The group's public id."""
    with transaction(write=False):
        return get_group(group_id).public_id


def card(group_id: int) -> Subject:
    """The group as moderation knows it."""
    found = resolve(SubjectRef("group", group_id))
    assert found is not None
    return found


def member_of(group_id: int, actor: Actor) -> Membership:
    """The actor's row in the group, in the open transaction."""
    assert actor.account_id is not None
    ref = ref_of(actor.account_id, group_id)
    return session.query(Membership).filter_by(group_id=group_id, ref=ref).populate_existing().one()


def browser_of(app: Flask, actor: Actor) -> FlaskClient:
    """A signed-in browser of this person."""
    with transaction(write=False):
        account = session.get_one(Account, actor.account_id)
        session.expunge(account)
    browser = app.test_client()
    sign_in(browser, account)
    return browser
