"""What views of groups share: an operation whose "no" is said on the next page, and what an address names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, url_for

from portal.core.errors import DomainError, NotAllowed, NotFound, RateLimited, SignInRequired
from portal.groups.models import GroupRole, PairAct, RoleClaim, RoleOffer
from portal.groups.queries import group_by_public_id
from portal.groups.queries.shared_out import act_of, claim_of, offer_of, role_of
from portal.groups.views.section import InGroup
from portal.web.requests import take_back
from portal.web.responses import flash_error, flash_success


def tried(operation: Callable[[], Any], said: str) -> bool:
    """Do it and say so on the next page; or say there why not. Pressed twice, that is plain too.

    What was refused is taken back: it would be committed half with the redirect.
    """
    try:
        operation()
    except (NotFound, NotAllowed, SignInRequired, RateLimited):
        raise
    except DomainError as error:
        why = str(error)
        take_back()
        flash_error(why)
        return False
    flash_success(said)
    return True


def link(endpoint: str, **values: Any) -> str | None:
    """The address of a page of another part of this package, None where that part is not there."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def _within(pid: str, found: Callable[..., Any], key: str) -> InGroup | None:
    group = group_by_public_id(pid)
    thing = found(group, key) if group is not None else None
    return InGroup(group, thing) if group is not None and thing is not None else None


def load_role(pid: str, key: str) -> InGroup | None:
    """A role of the group of the address."""
    return _within(pid, role_of, key)


def load_offer(pid: str, oid: str) -> InGroup | None:
    """A question to take on a role."""
    return _within(pid, offer_of, oid)


def load_claim(pid: str, cid: int) -> InGroup | None:
    """A claim of an empty role."""
    return _within(pid, claim_of, str(cid))


def load_act(pid: str, aid: str) -> InGroup | None:
    """What a member started and a second confirms."""
    return _within(pid, act_of, aid)


def role_in(place: InGroup) -> GroupRole:
    """The role the address names."""
    assert isinstance(place.thing, GroupRole)
    return place.thing


def offer_in(place: InGroup) -> RoleOffer:
    """The offer the address names."""
    assert isinstance(place.thing, RoleOffer)
    return place.thing


def claim_in(place: InGroup) -> RoleClaim:
    """The claim the address names."""
    assert isinstance(place.thing, RoleClaim)
    return place.thing


def act_in(place: InGroup) -> PairAct:
    """The act the address names."""
    assert isinstance(place.thing, PairAct)
    return place.thing
