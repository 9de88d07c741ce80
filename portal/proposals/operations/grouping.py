"""A group as author of a proposal, and as the one who carries the result out. Both sides have to want it."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session, upsert
from portal.core.events import emit
from portal.core.permissions import ensure
from portal.core.public_id import new_id
from portal.groups.models import Group
from portal.proposals.errors import GroupCannot, TooManyGroups
from portal.proposals.events import GroupAskedAboutProposal, GroupOffersToCarry
from portal.proposals.models import OUTCOME_STAGES, GroupPart, Proposal, ProposalGroup
from portal.proposals.permissions import speaks_for
from portal.proposals.queries.groups import link_between, proposal_of

MOST_GROUPS = 5


def name_group(proposal: Proposal, group: Group, *, actor: Actor) -> ProposalGroup:
    """An author wants a group to be named as author, too.

    Whoever speaks for the group themselves has agreed with that; otherwise the group is asked. Asked twice it
    is one question. Raises GroupCannot for drafts of others and groups that rest, TooManyGroups.
    """
    ensure(actor, "proposals.invite", proposal)
    ensure(actor, "groups.see", group)
    agreed = speaks_for(actor, group)
    if group.is_discreet or not group.is_living or (proposal.is_draft and not agreed):
        raise GroupCannot
    return _link(proposal, group, GroupPart.AUTHOR, agreed=agreed, group_answers=True, actor=actor)


def offer_to_carry(proposal: Proposal, group: Group, *, actor: Actor) -> ProposalGroup:
    """A group says that it would carry the result out; those who answer for the proposal agree or not.

    Raises GroupCannot before the proposal is accepted, TooManyGroups.
    """
    ensure(actor, "groups.relate", group)
    ensure(actor, "proposals.see", proposal)
    if group.is_discreet or proposal.stage not in OUTCOME_STAGES or not proposal.is_open:
        raise GroupCannot
    return _link(proposal, group, GroupPart.CARRIES, agreed=False, group_answers=False, actor=actor)


def _link(
    proposal: Proposal, group: Group, part: GroupPart, *, agreed: bool, group_answers: bool, actor: Actor
) -> ProposalGroup:
    known = link_between(proposal, group, part)
    if known is not None:
        return known
    many = select(func.count()).where(ProposalGroup.proposal_id == proposal.id)
    if (session.scalar(many) or 0) >= MOST_GROUPS:
        raise TooManyGroups
    statement = upsert(ProposalGroup).values(
        public_id=new_id(),
        proposal_id=proposal.id,
        group_id=group.id,
        is_discreet=False,
        part=part,
        group_answers=group_answers,
        asked_on=clock.today(),
    )
    keys = ["proposal_id", "group_id", "part"]
    session.execute(statement.on_conflict_do_nothing(index_elements=keys))
    link = link_between(proposal, group, part)
    assert link is not None
    if agreed:
        _agree(link, proposal, actor)
    elif group_answers:
        emit(GroupAskedAboutProposal(proposal.id, group.id))
    else:
        emit(GroupOffersToCarry(proposal.id, actor.account_id))
    return link


def _agree(link: ProposalGroup, proposal: Proposal, actor: Actor) -> None:
    won = session.execute(
        update(ProposalGroup)
        .where(ProposalGroup.id == link.id, ProposalGroup.agreed_on.is_(None))
        .values(agreed_on=clock.today())
    )
    if won.rowcount:  # type: ignore[attr-defined]
        proposal.group_count = Proposal.group_count + 1
        session.flush()
        session.refresh(proposal, ["group_count"])
        audit.record(
            "proposals.group_joined", actor=actor, subject=("proposal", proposal.id), part=link.part.value
        )
    session.refresh(link)


def answer_group(link: ProposalGroup, says_yes: bool, *, actor: Actor) -> None:
    """The side that was asked agrees, or not; a no leaves nothing behind. Twice is once."""
    ensure(actor, "proposals.answer_group", link)
    if says_yes:
        _agree(link, proposal_of(link), actor)
    else:
        _remove(link, actor)


def end_group(link: ProposalGroup, *, actor: Actor) -> None:
    """Either side takes it back, at any time and without a reason."""
    ensure(actor, "proposals.end_group", link)
    _remove(link, actor)


def _remove(link: ProposalGroup, actor: Actor) -> None:
    proposal, part, agreed = proposal_of(link), link.part, link.agreed_on is not None
    gone = session.execute(delete(ProposalGroup).where(ProposalGroup.id == link.id))
    if not gone.rowcount or not agreed:  # type: ignore[attr-defined]
        return
    proposal.group_count = Proposal.group_count - 1
    session.flush()
    session.refresh(proposal, ["group_count"])
    audit.record("proposals.group_left", actor=actor, subject=("proposal", proposal.id), part=part.value)


def drop_group(group_id: int) -> None:
    """The group is discreet from now on: it stands behind nothing any more, as if it never had."""
    links = session.scalars(select(ProposalGroup).where(ProposalGroup.group_id == group_id)).all()
    for link in links:
        if link.agreed_on is not None:
            session.execute(
                update(Proposal)
                .where(Proposal.id == link.proposal_id)
                .values(group_count=Proposal.group_count - 1)
            )
        session.delete(link)
    session.flush()
