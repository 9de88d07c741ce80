"""Who may do what with rounds. Administrators: nothing of it. Interim results: nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.accounts.models import Account
from portal.accounts.queries import address_hash
from portal.core import audit
from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.core.permissions import (
    Deny,
    Predicate,
    administrator,
    anyone,
    can,
    declare,
    has_role,
    moderator,
    not_suspended,
    predicate,
    resident,
    signed_in,
    system,
)
from portal.core.state import StateMachine
from portal.rounds.models import TRANSITIONS, FileRelease, LetterBatch, Round, RoundResult, RoundState

STATES = StateMachine("rounds.state", TRANSITIONS)


@predicate
def is_public(actor: Actor, vote: Round) -> bool:
    """Opened at some time; what is over or void stays readable."""
    return not vote.is_draft


def is_moderated(actor: Actor, district_ids: Iterable[int]) -> bool:
    """Moderator of one of these districts; a vote of the whole town (no districts) is every moderator's."""
    return actor.has_role_in(StaffRole.MODERATOR, district_ids)


@predicate
def moderates(actor: Actor, vote: Round) -> bool:
    """Moderator of one of its districts."""
    return is_moderated(actor, vote.district_ids)


declare("rounds.list", anyone, visitors=True)
declare("rounds.see", is_public | moderates, visitors=True)
# ---- drafting, opening, voiding, withdrawing
declare("rounds.work", moderator & not_suspended)
declare("rounds.create", moderator & not_suspended)
# An open round answers 409 (RoundFrozen) to those who could edit its draft, and 404 to everybody else.
declare("rounds.edit", moderates & not_suspended)
declare("rounds.open", moderates & not_suspended)
declare("rounds.void", is_public & moderates & not_suspended)
declare("rounds.withdraw_option", is_public & moderates & not_suspended)
# ---- closing and publishing
declare("rounds.close", moderates | system)
declare("rounds.publish", (moderates & not_suspended) | system)

audit.schema("rounds.created", visibility="staff")
audit.schema("rounds.opened", fields=("rules_sha256",), visibility="public")
audit.schema("rounds.option_withdrawn", fields=("code",), visibility="public")
audit.schema("rounds.void_asked", visibility="staff")
audit.schema("rounds.void_taken_back", visibility="staff")
audit.schema("rounds.voided", visibility="public")

# ---- the roll: letters with codes, being known, counters and paper. Nobody sees who voted.


@predicate
def serves_at_counter(actor: Actor, vote: Round) -> bool:
    """Social work of one of its districts; a vote of the whole town belongs to all of them."""
    return actor.has_role_in(StaffRole.PROFESSIONAL, vote.district_ids)


@predicate
def vouches(actor: Actor, vouching: Any) -> bool:
    """One of those who vouched, or the person itself: either may take it back."""
    row = getattr(vouching, "vouching", vouching)
    return actor.account_id in {row.account_id, row.first_voucher_id, row.second_voucher_id}


@predicate
def of_batch(actor: Actor, batch: LetterBatch) -> bool:
    """Asked for the batch or approved it: they print it."""
    return actor.account_id in {batch.requested_by_id, batch.approved_by_id}


counter_staff = (has_role(StaffRole.PROFESSIONAL) | moderator) & not_suspended

declare("rounds.letters", administrator)
declare("rounds.ask_letters", is_public & administrator)
declare("rounds.approve_letters", administrator)
declare("rounds.print_letters", administrator & of_batch)
declare("rounds.replace_letters", is_public & moderates & not_suspended)
declare("rounds.revoke_letters", is_public & moderates & not_suspended)
declare("rounds.vouch_at_counter", counter_staff)
declare("rounds.vouch_for_neighbour", resident & not_suspended)
declare("rounds.end_vouching", vouches | moderator)
declare("rounds.counter_desk", counter_staff)
declare("rounds.counter", is_public & serves_at_counter & not_suspended)
declare("rounds.type_sheets", is_public & (serves_at_counter | moderates) & not_suspended)
# The same, asked of a counter or of a sheet in its urn.
works_there = Predicate(lambda actor, at: can(actor, "rounds.counter", at.vote), "works at this counter")
types_there = Predicate(lambda actor, at: can(actor, "rounds.type_sheets", at.vote), "types its sheets")
declare("rounds.work_at", works_there)
declare("rounds.type_at", types_there)

audit.schema("rounds.letters_asked", fields=("number", "size"), visibility="staff")
audit.schema("rounds.letters_approved", fields=("number", "size"), visibility="staff")
audit.schema("rounds.letters_printed", fields=("number", "size"), visibility="staff")
audit.schema("rounds.letters_voided", fields=("number",), visibility="staff")
audit.schema("rounds.letters_replaced", fields=("number", "size"), visibility="staff")
audit.schema("rounds.letters_revoked", fields=("number", "size", "reason"), visibility="staff")
audit.schema("rounds.vouched", fields=("by",), visibility="parties")
audit.schema("rounds.vouching_ended", fields=("by",), visibility="parties")
audit.schema("rounds.town_sign_in_shown", visibility="parties")
audit.schema("rounds.town_sign_in_removed", visibility="parties")
audit.schema("rounds.counter_opened", fields=("number",), visibility="staff")
audit.schema("rounds.counter_joined", fields=("number",), visibility="staff")
audit.schema("rounds.counter_closed", fields=("number", "handed_out", "size"), visibility="staff")

# ---- result: before it is public nobody sees it, whatever the role


@predicate
def has_public_result(actor: Actor, vote: Round) -> bool:
    """Published; also when it was declared void afterwards."""
    return vote.published_at is not None and vote.state in {RoundState.PUBLISHED, RoundState.VOID}


@predicate
def is_large_enough(actor: Actor, vote: Round) -> bool:
    """Enough ballots that nobody can be guessed from the file; elections of other towns are public."""
    result = session.get(RoundResult, vote.id)
    return result is not None and not result.is_small(vote)


@predicate
def is_observer(actor: Actor, vote: Round) -> bool:
    """Signed in with an address on the list that two people of staff approved."""
    release = session.get(FileRelease, vote.id)
    account = session.get(Account, actor.account_id) if actor.account_id is not None else None
    if release is None or release.approved_at is None or account is None or account.email_hash is None:
        return False
    return account.email_hash in {address_hash(one) for one in release.addresses}


@predicate
def is_counted(actor: Actor, vote: Round) -> bool:
    """Voting is over: closing, closed, or published."""
    return vote.state in {RoundState.CLOSING, RoundState.CLOSED, RoundState.PUBLISHED}


declare("rounds.see_result", has_public_result, visitors=True)
declare("rounds.see_file", has_public_result & is_large_enough, visitors=True)
# Below the threshold two people of staff open the file for the observers, and for nobody else.
declare("rounds.release_file", has_public_result & ~is_large_enough & moderates & not_suspended)
declare("rounds.see_file_as_observer", has_public_result & ~is_large_enough & is_observer & not_suspended)
declare("rounds.check", is_counted & moderates & not_suspended)
declare("rounds.answer_result", has_public_result & moderates & not_suspended)
declare("rounds.object", signed_in & not_suspended, deny=Deny.FORBIDDEN, sees="rounds.see_result")
declare("rounds.answer_objection", has_public_result & moderates & not_suspended)

audit.schema("rounds.published", fields=("file_sha256",), visibility="public")
audit.schema("rounds.objected", visibility="public")
audit.schema("rounds.release_asked", visibility="staff")
audit.schema("rounds.release_taken_back", visibility="staff")
audit.schema("rounds.released", fields=("observers",), visibility="public")
audit.schema("rounds.read_by_observer", visibility="staff")
audit.schema("rounds.objection_answered", visibility="public")

# ---- the ballot: with a letter's code nobody needs an account, so visitors get in; the roll decides
declare("rounds.fill", is_public, visitors=True)
