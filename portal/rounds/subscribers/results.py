"""Whoever leaves the portal takes their name along; what they objected to stays, and its answer."""

from __future__ import annotations

from portal.accounts.events import AccountErased
from portal.accounts.operations import register_export_section
from portal.core.events import subscribe
from portal.rounds.operations.objecting import forget_objector
from portal.rounds.queries.resulting import export_of_objections


@subscribe(AccountErased)
def forget(event: AccountErased) -> None:
    """Objections stay in public, without the person."""
    forget_objector(event.account_id)


register_export_section("result_objections", export_of_objections)
