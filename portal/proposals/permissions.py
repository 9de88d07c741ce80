"""Who may do what with proposals. Drafts belong to their authors alone, whoever else asks."""

from __future__ import annotations

from collections.abc import Callable

from portal.core import audit
from portal.core.actors import Actor, ActorKind, StaffRole
from portal.core.permissions import (
    Deny,
    Predicate,
    anyone,
    declare,
    not_suspended,
    participant,
    predicate,
    resident,
    signed_in,
)
from portal.core.state import StateMachine
from portal.proposals.models import TRANSITIONS, Proposal, Stage

STAGES = StateMachine("proposals.stage", TRANSITIONS)
_locks: list[Callable[[Proposal], bool]] = []


def add_lock(lock: Callable[[Proposal], bool]) -> None:
    """A package that must not see a text change (a round) registers its question here, once at import."""
    _locks.append(lock)


def is_locked(proposal: Proposal) -> bool:
    """Whether the text is locked: a round that contains it is open."""
    return proposal.stage is Stage.IN_ROUND or any(lock(proposal) for lock in _locks)


@predicate
def is_author(actor: Actor, proposal: Proposal) -> bool:
    """Wrote it, alone or with others."""
    return actor.account_id is not None and actor.account_id in proposal.author_ids


@predicate
def is_first_author(actor: Actor, proposal: Proposal) -> bool:
    """Began it."""
    return actor.account_id is not None and actor.account_id == proposal.author_id


@predicate
def is_draft(actor: Actor, proposal: Proposal) -> bool:
    """Not published yet."""
    return proposal.is_draft


@predicate
def is_readable(actor: Actor, proposal: Proposal) -> bool:
    """Published and not hidden; also when it is withdrawn, merged or expired."""
    return not proposal.is_draft and not proposal.is_hidden


@predicate
def is_hidden(actor: Actor, proposal: Proposal) -> bool:
    """Moderation has hidden it."""
    return proposal.is_hidden


@predicate
def moderates(actor: Actor, proposal: Proposal) -> bool:
    """Moderator of the proposal's district."""
    return actor.has_role(StaffRole.MODERATOR, proposal.district_id)


system = Predicate(lambda actor, subject: actor.kind is ActorKind.SYSTEM, "is the system")
published = ~is_draft

declare("proposals.list", anyone, visitors=True)
declare("proposals.create", participant, deny=Deny.FORBIDDEN)
declare("proposals.see", is_readable | is_author | (published & moderates), visitors=True)
# A hidden proposal leaves a tombstone: everybody may learn that it was hidden and why.
declare("proposals.open", published | is_author, visitors=True)
declare("proposals.see_history", published, visitors=True, sees="proposals.see")
declare("proposals.edit_draft", is_author & is_draft)
declare("proposals.delete_draft", is_first_author & is_draft)
declare("proposals.publish", is_author & participant)
# A hidden text may be mended even while suspended: that is what the statement of reasons offers.
declare("proposals.edit", is_author & published & (not_suspended | is_hidden))
declare("proposals.withdraw", is_first_author & published)
declare("proposals.invite", is_author & not_suspended)
# One person, one support: staff support with their private account, if they live here.
declare("proposals.answer_invitation", participant, deny=Deny.FORBIDDEN)
declare("proposals.support", resident & not_suspended & published, deny=Deny.FORBIDDEN, sees="proposals.see")
declare("proposals.follow", signed_in, deny=Deny.FORBIDDEN, sees="proposals.see")
declare("proposals.change_stage", published & (moderates | system))
declare("proposals.publish_answer", published & moderates)

audit.schema("proposals.published", fields=("stage",), visibility="public")
audit.schema("proposals.edited", fields=("version", "is_substance"), visibility="public")
audit.schema("proposals.stage_changed", fields=("source", "target"), visibility="public")
audit.schema("proposals.withdrawn", fields=("reason",), visibility="public")
audit.schema("proposals.threshold_reached", fields=("support_count", "answer_due_on"), visibility="public")
audit.schema("proposals.expired", visibility="public")
audit.schema("proposals.coauthor_joined", visibility="public")
audit.schema("proposals.coauthor_left", visibility="public")
audit.schema("proposals.erased_author", visibility="public")
