"""People and steps that tests of opening and of ending a round share."""

from __future__ import annotations

from portal.core.actors import Actor
from portal.core.db import transaction
from tests.support.factories import actor_of, make_staff
from tests.support.factories_places import make_district


def moderator(district_id: int | None = None) -> Actor:
    return actor_of(make_staff("moderator", district_id))


def places() -> tuple[int, int]:
    with transaction():
        return make_district("Nordend").id, make_district("Südend").id
