"""Groups on a narrow phone: the directory, founding, one's own groups, a discreet one; German and Arabic."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.groups.models import Privacy
from tests.support.axe import Viewer
from tests.support.factories import signed_in_client
from tests.support.factories_groups import group_pid, make_group

pytestmark = pytest.mark.browser
# The bar of tabs is fixed: what does not fit into it would not be scrolled to either.
TABS = """() => [...document.querySelectorAll('.nav li, .subnav li')].filter(tab => {
  const box = tab.getBoundingClientRect()
  return box.width && (box.left < 0 || box.right > document.documentElement.clientWidth)
}).map(tab => `out of reach: ${tab.textContent.trim()}`)"""


def test_pages_fit_and_are_accessible(app: Flask, viewer: Viewer) -> None:
    shown, people = make_group(privacy=Privacy.OPEN)
    hidden, _same = make_group(privacy=Privacy.DISCREET, people=people, name="Stiller Kreis")
    begun, _same = make_group(founded=False, people=people, name="Chor am Fluss")
    paths = (
        "groups",
        f"groups/{group_pid(shown)}",
        f"groups/{group_pid(shown)}/about",
        f"groups/{group_pid(hidden)}",
        "groups/mine",
        f"groups/{group_pid(begun)}/founding",
        "groups/new",
        "groups/ideas/new",
        "groups/letters/new",
        "groups/code",
    )
    found = viewer.faults_of_pages(signed_in_client(app, people[0]), paths, also=TABS)
    assert found == [], "\n".join(found)
