"""What happens without anybody clicking: codes are made and mailed, old things forgotten, accounts erased."""

from __future__ import annotations

import logging
from typing import Any

from portal.accounts import operations
from portal.accounts.queries import get_account
from portal.core.jobs import handler, periodic

log = logging.getLogger("portal.accounts")


@handler("accounts.make_code")
def make_code(payload: dict[str, Any]) -> None:
    """Make the code somebody asked for and have it mailed."""
    operations.make_code(payload["id"])


@periodic("accounts.prune", every_minutes=60)
def prune() -> None:
    """Forget sessions, codes, parked posts and old addresses whose time is over."""
    operations.prune_sign_in()
    operations.prune_parked()
    operations.prune_email_changes()
    operations.prune_resets()


@periodic("accounts.erase_due", every_minutes=60)
def erase_due() -> None:
    """Erase the accounts whose fourteen days are over."""
    for account_id in operations.accounts_due_for_erasure():
        account = get_account(account_id)
        if account is not None:
            operations.erase(account)
            log.info("account_erased id=%s", account_id)


@periodic("accounts.reset_second_factors", every_minutes=15)
def reset_second_factors() -> None:
    """Do the resets whose day of waiting is over."""
    operations.carry_out_resets()
