"""The worked examples in the docstrings are right."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import portal.voting

MODULES = [name for _, name, _ in pkgutil.walk_packages(portal.voting.__path__, "portal.voting.")]


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_the_worked_examples_are_right(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
