"""When an account is erased: its ballots of running votes go, nobody votes with its entries again."""

from __future__ import annotations

from typing import Any

from portal.accounts.events import AccountErased
from portal.accounts.operations import register_export_section
from portal.core.events import subscribe
from portal.core.jobs import enqueue
from portal.rounds.operations.eligibility import entries_of_account, leave_the_roll
from portal.rounds.operations.vouching import forget_person
from portal.rounds.queries.known import vouchings_of


@subscribe(AccountErased)
def leave(event: AccountErased) -> None:
    """The ballot goes by a job: in this transaction its row would carry the same mark as the account's."""
    for vote, entry_id, is_of_account in entries_of_account(event.account_id):
        if is_of_account:
            leave_the_roll(entry_id)
        enqueue("rounds.take_back", {"round_id": vote.id, "entry_id": entry_id})
    forget_person(event.account_id)


def _vouchings(account_id: int) -> list[dict[str, Any]]:
    return [
        {"by": str(one.vouching.by_kind), "since": one.vouching.counts_at, "counts": one.counts}
        for one in vouchings_of(account_id)
    ]


register_export_section("known_in_person", _vouchings)
