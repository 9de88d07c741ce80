"""Groups on either database, made through the portal's own operations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import Group, GroupKind, Membership, Preset, Privacy
from portal.groups.operations import founding, joining
from portal.groups.permissions import ref_of
from tests.support.factories import actor_of, make_resident

Make = Callable[..., tuple[int, list[Actor]]]


def settled(**given: object) -> Actor:
    """A resident whose account is older than a week."""
    given.setdefault("created_at", clock.now() - timedelta(days=30))
    return actor_of(make_resident(**given))


def group(group_id: int) -> Group:
    """The group, loaded in the open transaction."""
    found = session.get(Group, group_id, populate_existing=True)
    assert found is not None
    return found


def member(group_id: int, actor: Actor) -> Membership:
    """The actor's row in the group."""
    assert actor.account_id is not None
    ref = ref_of(actor.account_id, group_id)
    found = session.query(Membership).filter_by(group_id=group_id, ref=ref).populate_existing().one()
    assert isinstance(found, Membership)
    return found


@pytest.fixture
def make(both: Flask) -> Make:
    """make(size=3, privacy=..., preset=..., founded=True) -> (group id, its members in order of joining)."""

    def made(
        size: int = 3,
        *,
        privacy: Privacy = Privacy.CLOSED,
        preset: Preset = Preset.CONTACT,
        founded: bool = True,
        name: str = "Nähcafé",
    ) -> tuple[int, list[Actor]]:
        people = [settled() for _ in range(size)]
        with transaction():
            begun = founding.begin_group(
                people[0],
                name=name,
                aim="Zusammen nähen und reparieren",
                kind=GroupKind.INITIATIVE,
                privacy=privacy,
                alias="Nadel 0",
                preset=preset,
            )
            founding.set_contact_way(begun, actor=people[0], words="Dienstags um sechs im Treff")
            founding.write_charter(begun, actor=people[0], texts={"goal": "Nähen"})
            if size > 1:
                code = joining.make_code(begun, actor=people[0], uses=size)
            for number, person in enumerate(people[1:], 1):
                joining.join_by_code(code, actor=person, alias=f"Nadel {number}")
                founding.acknowledge_charter(begun, actor=person)
            if founded:
                founding.found_group(begun, actor=people[-1])
            return begun.id, people

    return made
