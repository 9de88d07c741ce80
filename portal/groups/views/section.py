"""The section of URLs, and how views load what a URL names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.core.i18n import lazy_gettext as _l
from portal.groups.models import Group
from portal.groups.queries import group_by_public_id
from portal.web.blueprints import Section
from portal.web.navigation import register_nav

section = Section("groups", __name__)

register_nav("groups.index", _l("Groups"), icon="people", order=25)
register_nav("groups.mine", _l("My groups"), icon="people", order=25, area="account")


def load_group(pid: str) -> Group | None:
    """The group of the URL, in whatever state; the permission decides who gets it."""
    return group_by_public_id(pid)


@dataclass(frozen=True)
class InGroup:
    """Something in a group, loaded from an address that names both; permissions ask the group."""

    group: Group
    thing: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.group, name)
