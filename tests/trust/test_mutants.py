"""A6: the walk notices when a rule is made wrong. (All rules: `make trust`.)"""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core import permissions
from portal.core.permissions import get_permission
from tests.support.mutating import _staying, all_mutants, made_wrong, mutants_of, stay_wrong
from tests.trust.expectations import Cell, cells
from tests.trust.mutants import is_seen_walking, nearest_first, walk_and_listen
from tests.trust.world import World

# A rule of every package, and a page that asks it.
SAMPLE = {
    "proposals.edit_draft": "/L/proposals/drafts/<pid>/what",
    "discussions.edit_comment": "/L/comments/<pid>/edit",
    "moderation.statement": "/L/decisions/<pid>",
    "admin.change_settings": "/L/staff/settings/<slug>",
    "moderation.see_case": "/L/moderation/cases/<pid>",
}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_wrong_rule_is_noticed(world: World, name: str) -> None:
    """Always yes, and always no."""
    report, asking = walk_and_listen(
        world, [one for one in cells() if one.route == SAMPLE[name] and one.method == "GET"]
    )
    assert report.findings == []
    survivors = [
        mutant.how
        for mutant in mutants_of(get_permission(name))
        if mutant.how in {"always yes", "always no"} and not is_seen_walking(world, mutant, asking)
    ]
    assert survivors == []


def test_the_route_that_declares_a_rule_is_asked_first() -> None:
    """A page of staff asks for each line of its menu: thirty of them told nothing of the rule."""
    menu = [(Cell(f"/L/staff/{n}", "GET", "", "", {}), {"admin.operate"}) for n in range(40)]
    own = Cell("/L/staff/operation", "GET", "", "", {})
    everything = [*menu, (own, {"admin.operate", "admin.read_log"})]
    declared = {(own.route, own.method): "admin.operate"}
    assert nearest_first(everything, declared)["admin.operate"][0] is own


@pytest.mark.parametrize("how", ["always yes", "the other no", "visitors"])
def test_a_rule_stays_wrong_for_every_portal_of_a_process(app: Flask, how: str) -> None:
    """Else the next test has the right rule again, or fails for want of a mutant."""
    right = get_permission("admin.operate")
    try:
        for _ in range(2):
            stay_wrong(f"admin.operate={how}")
        (mutant,) = (one for one in mutants_of(right) if one.how == how)
        assert get_permission("admin.operate") == mutant.wrong
    finally:
        permissions._permissions["admin.operate"] = right
        _staying.clear()


def test_a_mutant_is_put_right_again(world: World) -> None:
    """Also when the walk breaks off."""
    mutant = all_mutants()[0]
    right = get_permission(mutant.name)
    with made_wrong(mutant):
        assert get_permission(mutant.name) is mutant.wrong
    assert get_permission(mutant.name) is right
