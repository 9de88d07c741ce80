"""Groups on either database, made through the portal's own operations, and browsers for their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.core.actors import Actor
from portal.groups.models import Group, Membership
from tests.support.factories_groups import browser_of, get_group, make_group, member_of, settled
from tests.support.tokens import without_tokens  # noqa: F401 - a fixture

Make = Callable[..., tuple[int, list[Actor]]]
Browse = Callable[[Actor], FlaskClient]

__all__ = ["Browse", "Make", "group", "member", "settled"]


def group(group_id: int) -> Group:
    """The group, loaded in the open transaction."""
    return get_group(group_id)


def member(group_id: int, actor: Actor) -> Membership:
    """The actor's row in the group."""
    return member_of(group_id, actor)


@pytest.fixture
def make(both: Flask) -> Make:
    """make(size=3, privacy=..., preset=..., founded=True) -> (group id, its members in order of joining).

    Runs on SQLite and on PostgreSQL; pages need one of them only and take `make_group` with `app`.
    """
    return make_group


@pytest.fixture
def browse(app: Flask) -> Browse:
    """browse(actor) -> a browser in which this person is signed in."""

    def opened(actor: Actor) -> FlaskClient:
        return browser_of(app, actor)

    return opened


@pytest.fixture
def on_a_tuesday() -> Iterator[time_machine.Traveller]:
    """It is Tuesday 6 October 2026, noon; the clocks of the town change before the month is over."""
    with time_machine.travel("2026-10-06 10:00:00+00:00", tick=False) as traveller:
        yield traveller
