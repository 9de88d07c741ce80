"""What groups do when something happens below: an erased account leaves everywhere."""

from __future__ import annotations

from portal.accounts.events import AccountErased
from portal.core.events import subscribe
from portal.groups.operations.leaving import forget_account


@subscribe(AccountErased)
def account_erased(event: AccountErased) -> None:
    """Gone from every group, discreet ones among them."""
    forget_account(event.account_id)
