"""State machines know only their table; site settings know their limits."""

from __future__ import annotations

from enum import StrEnum

import pytest
from flask import Flask

from portal.core import permissions, site_settings
from portal.core.actors import SYSTEM, VISITOR, Actor, ActorKind
from portal.core.db import transaction
from portal.core.errors import SignInRequired
from portal.core.site_settings import ValueOutOfRange, site
from portal.core.state import StateMachine, TransitionNotAllowed


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


permissions.declare("test.switch", permissions.resident)
MACHINE = StateMachine("light", {(Light.RED, Light.GREEN): "test.switch"})
RESIDENT = Actor(kind=ActorKind.RESIDENT, account_id=1)
site_settings.declare(
    "test.number", kind="int", default=5, label="Number", group="test", minimum=1, maximum=9
)


def test_only_steps_of_the_table_are_possible() -> None:
    MACHINE.check(RESIDENT, None, Light.RED, Light.GREEN)
    with pytest.raises(TransitionNotAllowed):
        MACHINE.check(RESIDENT, None, Light.GREEN, Light.RED)
    with pytest.raises(SignInRequired):
        MACHINE.check(VISITOR, None, Light.RED, Light.GREEN)
    assert MACHINE.targets(RESIDENT, None, Light.RED) == [Light.GREEN]
    assert MACHINE.targets(VISITOR, None, Light.RED) == []


def test_a_setting_has_its_default_until_it_is_changed(both: Flask) -> None:
    site_settings.forget()
    assert site("test.number") == 5
    with transaction():
        site_settings.change("test.number", 7, actor=SYSTEM)
    assert site("test.number") == 7
    with transaction():
        site_settings.change("test.number", "8", actor=SYSTEM)
    assert site("test.number") == 8


def test_a_rolled_back_change_is_forgotten(app: Flask) -> None:
    site_settings.forget()
    with pytest.raises(ZeroDivisionError), transaction():
        site_settings.change("test.number", 2, actor=SYSTEM)
        raise ZeroDivisionError
    site_settings.forget()
    assert site("test.number") == 5


@pytest.mark.parametrize("value", [0, 10, -3])
def test_numbers_beyond_the_limits_are_refused(app: Flask, value: int) -> None:
    with pytest.raises(ValueOutOfRange):
        site_settings.change("test.number", value, actor=SYSTEM)
