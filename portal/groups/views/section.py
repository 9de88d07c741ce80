"""The section of URLs, and how views load what a URL names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from portal.core import crypto
from portal.core.i18n import lazy_gettext as _l
from portal.groups.models import Group
from portal.groups.permissions.inside import Gone
from portal.groups.queries import group_by_public_id
from portal.web.blueprints import Section
from portal.web.navigation import register_nav
from portal.web.responses import redirect_to

section = Section("groups", __name__)
# In the browser's session: what was deleted last, so that a second press is answered like the first.
DELETED = "groups_deleted"

register_nav("groups.index", _l("Groups"), icon="people", order=25)
register_nav("groups.mine", _l("My groups"), icon="people", order=25, area="account")


def or_gone(pid: str, thing: Any | None) -> Any | None:
    """What the address names, or that whoever asks has just deleted it.

    For everybody else nothing stands there and nothing ever has: pressing tells nobody what there was.
    """
    group = group_by_public_id(pid) if thing is None and was_just_deleted() else None
    return Gone(group.id, group.public_id) if group is not None else thing


def remember_deleted() -> None:
    """The address that was pressed last; its keyed hash names nothing."""
    cookie[DELETED] = _mark()


def was_just_deleted() -> bool:
    """What this address named was deleted in this browser, and nothing else since."""
    return bool(cookie.get(DELETED) == _mark())


def _mark() -> str:
    return crypto.keyed_hash("groups.deleted", request.path)[:32]


def back_in(gone: Gone, endpoint: str) -> ResponseReturnValue:
    """Pressed twice: the list where it stood."""
    return redirect_to(endpoint, pid=gone.pid)


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
