"""Members, roles and what a group may change about itself, on a phone and on a desk."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.groups.models import Privacy
from tests.support.axe import Viewer
from tests.support.factories import signed_in_client
from tests.support.factories_groups import group_pid, make_group

pytestmark = pytest.mark.browser
PAGES = (
    *("members", "me", "roles", "roles/contact", "roles/contact/change", "rights", "together", "leave"),
    *("pause", "goes-on", "invitations", "settings", "joining", "privacy", "charter", "history"),
)


def test_pages_of_members_and_roles_fit_a_phone(app: Flask, viewer: Viewer) -> None:
    group_id, people = make_group(3, privacy=Privacy.CLOSED)
    paths = [f"groups/{group_pid(group_id)}/{name}" for name in PAGES]
    found = viewer.faults_of_pages(signed_in_client(app, people[0]), paths)
    assert found == [], "\n".join(found)
