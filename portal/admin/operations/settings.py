"""Changing what a town decides, and its logo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.admin.errors import UnreadableColours
from portal.admin.queries.settings import problem_words, unreadable
from portal.content.models import Picture
from portal.content.operations import add_picture, remove_pictures_of
from portal.core import audit
from portal.core.actors import Actor
from portal.core.permissions import ensure
from portal.core.site_settings import change, cleaned, site
from portal.core.subjects import SubjectRef

# What the town's own pictures belong to (registered in subscribers.py).
SITE = SubjectRef("site", 1)


def change_settings(actor: Actor, values: Mapping[str, Any]) -> list[str]:
    """Set what differs from before; returns the keys that changed. All or nothing.

    Raises the error of a setting's kind (core.site_settings), and UnreadableColours with the measured ratio
    when a colour would leave words unreadable by day or at night.
    """
    ensure(actor, "admin.change_settings")
    wanted = {key: cleaned(key, value) for key, value in values.items()}
    for pair in unreadable(wanted):
        raise UnreadableColours(problem_words(pair), field=pair.setting)
    changed = [key for key, value in wanted.items() if value != site(key)]
    for key in changed:
        change(key, wanted[key], actor=actor)
    return changed


def set_logo(actor: Actor, data: bytes, address: Callable[[Picture], str]) -> Picture:
    """Take in a picture as the town's logo; the one before goes. `address` says where it is served.

    Raises core's PictureRefused. Only pixels are kept; what was transparent becomes white.
    """
    ensure(actor, "admin.change_settings")
    remove_pictures_of(SITE)
    picture = add_picture(actor, data, site("site.name"), SITE)
    change("site.logo_url", address(picture), actor=actor)
    audit.record("admin.logo_changed", actor=actor, subject=("picture", picture.id))
    return picture


def remove_logo(actor: Actor) -> None:
    """Back to the portal's own sign."""
    ensure(actor, "admin.change_settings")
    remove_pictures_of(SITE)
    change("site.logo_url", "", actor=actor)
    audit.record("admin.logo_changed", actor=actor, subject=("picture", 0))
