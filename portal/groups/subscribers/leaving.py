"""An erased account leaves every group; a person's own export says to which groups they belong."""

from __future__ import annotations

from typing import Any

from portal.accounts.events import AccountErased, AccountSuspended, AccountUnsuspended
from portal.accounts.operations.own_data import register_export_section
from portal.core.events import subscribe
from portal.groups.operations.leaving import forget_account
from portal.groups.operations.peace.talking import forget_talker
from portal.groups.operations.roles import see_who_leads
from portal.groups.queries.own import own_memberships
from portal.groups.queries.roles import groups_led_by


@subscribe(AccountErased)
def account_erased(event: AccountErased) -> None:
    """Gone from every group, discreet ones among them."""
    forget_talker(event.account_id)
    forget_account(event.account_id)


@subscribe(AccountSuspended)
def account_locked(event: AccountSuspended) -> None:
    """Whoever may only read holds no role meanwhile."""
    see_who_leads(groups_led_by(event.account_id))


@subscribe(AccountUnsuspended)
def account_free(event: AccountUnsuspended) -> None:
    """They hold it again."""
    see_who_leads(groups_led_by(event.account_id))


def _groups_of(account_id: int) -> list[dict[str, Any]]:
    """One row per group. A discreet group stays without its name: the file may lie on a shared device."""
    return [
        {
            "group": "" if one.group.is_discreet else one.group.name,
            "discreet": one.group.is_discreet,
            "as": str(one.membership.state),
            "name_in_the_group": one.membership.alias,
            "since": one.membership.member_since.isoformat() if one.membership.member_since else None,
            "asked_on": one.membership.asked_on.isoformat() if one.membership.asked_on else None,
            "answers": one.membership.answers,
            "charter_version": one.membership.charter_version,
            "roles": "" if one.group.is_discreet else ", ".join(one.roles),
        }
        for one in own_memberships(account_id)
    ]


register_export_section("groups", _groups_of)
