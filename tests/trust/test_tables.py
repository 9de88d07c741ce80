"""No hostile input and no pitfall of the design is without a test that exists."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.rounds import test_bad_input
from tests.trust import hostile, pitfalls
from tests.trust.walk import ELSEWHERE

TESTS = Path(__file__).parents[1]


@cache
def functions_in(file: str) -> set[str]:
    """The tests of a file."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_no_hostile_input_is_forgotten() -> None:
    """Each number is tested, or waits for what does not exist yet."""
    assert set(hostile.COVERED) | set(hostile.NOT_YET) == hostile.ALL
    assert not set(hostile.COVERED) & set(hostile.NOT_YET)


def test_no_pitfall_is_forgotten() -> None:
    """P1 to P18."""
    assert set(pitfalls.COVERED) | set(pitfalls.NOT_YET) == {f"P{number}" for number in range(1, 19)}


SUCCEED_ELSEWHERE = {" ".join(route): (test,) for route, test in ELSEWHERE.items()}


@pytest.mark.parametrize(
    "table",
    [hostile.COVERED, pitfalls.COVERED, SUCCEED_ELSEWHERE, test_bad_input.ANSWERED],
    ids=["hostile", "pitfalls", "succeed elsewhere", "votes"],
)
def test_the_named_tests_exist(table: dict[str, tuple[str, ...]]) -> None:
    """A renamed or removed test is noticed here."""
    missing = [
        f"{number}: {name}"
        for number, names in table.items()
        for name in names
        if name.partition("::")[2] not in functions_in(name.partition("::")[0])
    ]
    assert missing == []
