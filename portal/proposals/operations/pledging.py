"""Neighbours pledge what is missing; the authors keep the list."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm.attributes import set_committed_value

from portal.core import audit, clock, limits
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.text import clean_line
from portal.proposals.errors import NotPledgeable, TooMuchPledged
from portal.proposals.events import NeedDropped, NeedsComplete
from portal.proposals.models import NEED_LENGTH, PLEDGEABLE, NeedKind, Pledge, Proposal, ProposalNeed
from portal.proposals.operations.drafting import add_need, remove_need
from portal.proposals.queries.pledges import is_complete, need_by_public_id, pledge_of, pledgers_of


def is_pledgeable(proposal: Proposal) -> bool:
    """Whether help is still welcome."""
    return proposal.is_open and proposal.stage in PLEDGEABLE


def list_need(
    proposal: Proposal, *, actor: Actor, kind: NeedKind, words: str, quantity: int = 1
) -> ProposalNeed:
    """An author says that something is missing, also long after publishing. Money in cents.

    Raises NotPledgeable once it is declined or done, TooManyNeeds after twelve.
    """
    ensure(actor, "proposals.manage_needs", proposal)
    if not is_pledgeable(proposal):
        raise NotPledgeable
    return add_need(proposal, actor=actor, kind=kind, words=words, quantity=quantity)


def drop_need(proposal: Proposal, *, actor: Actor, public_id: str) -> bool:
    """An author takes something off the list; whoever pledged for it hears of it. False for unknown ids."""
    ensure(actor, "proposals.manage_needs", proposal)
    need = need_by_public_id(proposal, public_id)
    if need is None:
        return False
    told = tuple(pledgers_of(need))
    remove_need(proposal, actor=actor, public_id=public_id)
    session.flush()
    session.expunge(need)
    if told:
        emit(NeedDropped(proposal.id, told))
    return True


def pledge(
    proposal: Proposal,
    need: ProposalNeed,
    *,
    actor: Actor,
    quantity: int,
    words: str = "",
    is_named: bool = False,
) -> None:
    """Promise a part of what is missing; the same person's second pledge replaces the first.

    `words` go to the authors alone; the name is public only when `is_named`. Money in cents. When nothing
    is missing any more, the authors hear of it. Raises NotPledgeable, TooMuchPledged.
    """
    ensure(actor, "proposals.pledge", proposal)
    assert actor.account_id is not None
    if not is_pledgeable(proposal):
        raise NotPledgeable
    if quantity > need.quantity:
        raise TooMuchPledged
    limits.hit("proposals.pledge", str(actor.account_id))
    session.refresh(need, with_for_update=True)
    was_met = need.is_met
    former = pledge_of(need, actor.account_id)
    step = max(1, quantity) - (former.quantity if former else 0)
    row = {"quantity": max(1, quantity), "words": clean_line(words)[:NEED_LENGTH], "is_named": is_named}
    pledge_id = _put(need, actor.account_id, row)
    if former is not None:
        session.expire(former)
    _count(need, step)
    proposal.last_activity_at = clock.now()
    session.flush()
    if not was_met and need.is_met and is_complete(proposal):
        audit.record("proposals.needs_complete", actor=actor, subject=("proposal", proposal.id))
        emit(NeedsComplete(proposal.id, pledge_id))


def _put(need: ProposalNeed, account_id: int, row: dict[str, object]) -> int:
    """The account's one pledge for this need, written or replaced; its id."""
    statement = upsert(Pledge).values(need_id=need.id, account_id=account_id, created_at=clock.now(), **row)
    keys = ["need_id", "account_id"]
    replaced = statement.on_conflict_do_update(index_elements=keys, set_=row)
    return int(session.scalar(replaced.returning(Pledge.id)) or 0)


def _count(need: ProposalNeed, step: int) -> None:
    row = session.execute(
        update(ProposalNeed)
        .where(ProposalNeed.id == need.id)
        .values(pledged=ProposalNeed.pledged + step)
        .returning(ProposalNeed.pledged)
        .execution_options(synchronize_session=False)
    ).one()
    set_committed_value(need, "pledged", row.pledged)


def withdraw_pledge(need: ProposalNeed, *, actor: Actor) -> bool:
    """Take a pledge back, at any time and without a reason; False when there was none."""
    gone = session.execute(
        delete(Pledge)
        .where(Pledge.need_id == need.id, Pledge.account_id == actor.account_id)
        .returning(Pledge.quantity)
    ).first()
    if gone is None:
        return False
    _count(need, -gone.quantity)
    return True
