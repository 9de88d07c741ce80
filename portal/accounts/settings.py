"""Limits of accounts, and what upper packages tell them: districts and organisations to choose from."""

from __future__ import annotations

from collections.abc import Callable

from portal.core.limits import declare_limit

# By network (/24 or /64), in memory only. A workshop behind one router signs in one after the other.
declare_limit("accounts.ask_code", "10/5 minutes")
declare_limit("accounts.try_code", "20/5 minutes")
declare_limit("accounts.sign_up", "20/day")
declare_limit("accounts.park", "10/5 minutes")
# By account.
declare_limit("accounts.second_factor", "20/hour")
declare_limit("accounts.change_email", "5/day")

Choices = Callable[[], list[tuple[int, str]]]
_districts: Choices = list
_organizations: Choices = list


def provide_districts(choices: Choices) -> None:
    """Places stand above accounts: they say here which districts a person may choose, as (id, name)."""
    global _districts
    _districts = choices


def district_choices() -> list[tuple[int, str]]:
    """The districts to choose from, in the order they are shown."""
    return _districts()


def provide_organizations(choices: Choices) -> None:
    """Places say here which organisations a professional may belong to, as (id, name)."""
    global _organizations
    _organizations = choices


def organization_choices() -> list[tuple[int, str]]:
    """The organisations to choose from, in the order they are shown."""
    return _organizations()
