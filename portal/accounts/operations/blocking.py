"""Blocking a person: one reads and hears nothing of her any more. She is not told, and sees no sign of it."""

from __future__ import annotations

from portal.accounts.errors import TooManyBlocked
from portal.accounts.events import PersonBlocked
from portal.accounts.models import Account
from portal.accounts.queries import get_account
from portal.core.actors import Actor
from portal.core.events import emit
from portal.core.permissions import ensure

MOST_BLOCKED = 200


def block_person(person: Account, *, actor: Actor) -> None:
    """From now on for this actor alone; a second time changes nothing. Raises TooManyBlocked.

    Nothing is written to the audit: it is nobody else's business whom somebody does not want to read.
    """
    ensure(actor, "accounts.block", person)
    mine = get_account(actor.account_id) if actor.account_id is not None else None
    if mine is None or person.id in mine.blocked:
        return
    if len(mine.blocked) >= MOST_BLOCKED:
        raise TooManyBlocked
    mine.blocked = [*mine.blocked, person.id]
    emit(PersonBlocked(mine.id, person.id))


def unblock_person(public_id: str, *, account: Account, known: dict[str, int]) -> None:
    """Read this person again; `known` are the blocked ones by public id, others change nothing."""
    account.blocked = [one for one in account.blocked if one != known.get(public_id)]
