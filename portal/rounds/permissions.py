"""Who may do what with rounds. Administrators: nothing of it. Interim results: nobody."""

from __future__ import annotations

from portal.core import audit
from portal.core.actors import Actor, ActorKind, StaffRole
from portal.core.permissions import Predicate, anyone, declare, has_role, not_suspended, predicate
from portal.core.state import StateMachine
from portal.rounds.models import TRANSITIONS, Round

STATES = StateMachine("rounds.state", TRANSITIONS)


@predicate
def is_public(actor: Actor, vote: Round) -> bool:
    """Opened at some time; what is over or void stays readable."""
    return not vote.is_draft


@predicate
def moderates(actor: Actor, vote: Round) -> bool:
    """Moderator of one of its districts; a vote of the whole town belongs to every moderator."""
    if not vote.district_ids:
        return actor.has_role(StaffRole.MODERATOR)
    return any(actor.has_role(StaffRole.MODERATOR, one) for one in vote.district_ids)


system = Predicate(lambda actor, subject: actor.kind is ActorKind.SYSTEM, "is the system")
moderator = has_role(StaffRole.MODERATOR)

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
declare("rounds.see_turnout", is_public & moderates)
# ---- closing and publishing
declare("rounds.close", moderates | system)
declare("rounds.publish", (moderates & not_suspended) | system)

audit.schema("rounds.created", visibility="staff")
audit.schema("rounds.opened", fields=("rules_sha256",), visibility="public")
audit.schema("rounds.option_withdrawn", fields=("code",), visibility="public")
audit.schema("rounds.void_asked", visibility="staff")
audit.schema("rounds.void_taken_back", visibility="staff")
audit.schema("rounds.voided", visibility="public")
