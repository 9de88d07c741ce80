"""A6: the walk notices when a rule is made wrong. (All of them: `make trust`.)"""

from __future__ import annotations

import pytest

from portal.core.permissions import get_permission
from tests.trust.mutants import all_mutants, is_killed, made_wrong, mutants_of
from tests.trust.world import World

SAMPLE = (
    "proposals.edit_draft",
    "discussions.edit_comment",
    "moderation.statement",
    "content.see_picture",
    "admin.change_settings",
    "proposals.judge_text",
    "moderation.open_case",
)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_wrong_rule_is_noticed(world: World, name: str) -> None:
    """Always yes and always no of some rules of every package."""
    survivors = [
        mutant.how
        for mutant in mutants_of(get_permission(name))
        if mutant.how in {"always yes", "always no"} and not is_killed(world, mutant)
    ]
    assert survivors == []


def test_a_mutant_is_put_right_again(world: World) -> None:
    """Also when the walk breaks off."""
    mutant = all_mutants()[0]
    right = get_permission(mutant.name)
    with made_wrong(mutant):
        assert get_permission(mutant.name) is mutant.wrong
    assert get_permission(mutant.name) is right
