"""Who may do what with proposals. Drafts belong to their authors alone, whoever else asks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.core import audit
from portal.core.actors import Actor, StaffRole
from portal.core.db import session
from portal.core.permissions import (
    Deny,
    Predicate,
    anyone,
    declare,
    has_role,
    moderator,
    not_suspended,
    participant,
    predicate,
    resident,
    signed_in,
    staff,
    system,
)
from portal.core.state import StateMachine
from portal.groups.models import Group, Right
from portal.groups.permissions import may
from portal.proposals.models import OUTCOME_STAGES, TRANSITIONS, GroupPart, Proposal, ProposalGroup, Stage

STAGES = StateMachine("proposals.stage", TRANSITIONS)


def is_locked(proposal: Proposal) -> bool:
    """Whether the text is locked: a round that contains it is open."""
    return proposal.stage is Stage.IN_ROUND


@predicate
def is_author(actor: Actor, proposal: Proposal) -> bool:
    """Wrote it, alone or with others."""
    return actor.account_id is not None and actor.account_id in proposal.author_ids


@predicate
def has_authors(actor: Actor, proposal: Proposal) -> bool:
    """Somebody is there to say yes or no."""
    return bool(proposal.author_ids)


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
def is_of_blocked(actor: Actor, proposal: Proposal) -> bool:
    """Begun by somebody the actor does not want to read."""
    return proposal.author_id in actor.blocked


@predicate
def is_hidden(actor: Actor, proposal: Proposal) -> bool:
    """Moderation has hidden it."""
    return proposal.is_hidden


@predicate
def moderates(actor: Actor, proposal: Proposal) -> bool:
    """Moderator of the proposal's district."""
    return actor.has_role(StaffRole.MODERATOR, proposal.district_id)


@predicate
def accompanies(actor: Actor, proposal: Proposal) -> bool:
    """Professional whose hat counts for the proposal's district."""
    return actor.has_role(StaffRole.PROFESSIONAL, proposal.district_id)


@predicate
def answers(actor: Actor, proposal: Proposal) -> bool:
    """Speaks for the town: a planner, or the moderator of the district."""
    return actor.has_role(StaffRole.PLANNER, proposal.district_id) or moderates(actor, proposal)


@predicate
def is_contact(actor: Actor, proposal: Proposal) -> bool:
    """Contact person of it, or the substitute."""
    mine = {proposal.contact_account_id, proposal.substitute_account_id} - {None}
    return actor.account_id in mine


@predicate
def worker(actor: Actor, subject: object) -> bool:
    """Moderates, accompanies or plans, wherever."""
    roles = (StaffRole.MODERATOR, StaffRole.PROFESSIONAL, StaffRole.PLANNER)
    return any(actor.has_role(role) for role in roles)


@predicate
def was_asked(actor: Actor, case: Any) -> bool:
    """Author of one of the proposals that would be put together."""
    return actor.account_id is not None and actor.account_id in case.asked_ids


@predicate
def started_merge(actor: Actor, case: Any) -> bool:
    """Asked the authors."""
    return actor.account_id is not None and case.merge.started_by_id == actor.account_id


@predicate
def decides_merge(actor: Actor, case: Any) -> bool:
    """Moderates or accompanies one of the proposals."""
    return any(moderates(actor, one) or accompanies(actor, one) for one in case.proposals)


published = ~is_draft

declare("proposals.list", anyone, visitors=True)
declare("proposals.create", participant, deny=Deny.FORBIDDEN)
declare("proposals.see", (is_readable & ~is_of_blocked) | is_author | (published & moderates), visitors=True)
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
# What the town and professionals do. Nothing of it with a hidden proposal: moderation comes first.
declare("proposals.work", worker & not_suspended)
declare("proposals.prepare_answer", is_readable & answers & not_suspended)
declare("proposals.publish_answer", is_readable & answers & not_suspended)
speaks_for_town = moderator | has_role(StaffRole.PLANNER)
declare("proposals.publish_batch", speaks_for_town & not_suspended)
declare("proposals.assess", is_readable & accompanies & not_suspended)
declare("proposals.set_contact", is_readable & moderates & not_suspended)
declare("proposals.step_back", is_contact)
declare("proposals.offer_contact", resident & not_suspended, deny=Deny.FORBIDDEN, sees="proposals.see")
# What becomes of it: those who carry it out say so, and those who speak for the town.
reports = answers | accompanies | (is_contact & staff)


def speaks_for(actor: Actor, group: Group) -> bool:
    """Holds the right to say things in the name of the group, which is alive."""
    return group.is_living and not actor.suspended and may(Right.EDIT_PROFILE)(actor, group)


@predicate
def carries_out(actor: Actor, proposal: Proposal) -> bool:
    """Speaks for a group that carries the result out. Asked only where there is such a group."""
    if not (actor.is_resident and proposal.group_count and proposal.stage in OUTCOME_STAGES):
        return False
    query = (
        select(Group)
        .join(ProposalGroup, ProposalGroup.group_id == Group.id)
        .where(ProposalGroup.proposal_id == proposal.id, ProposalGroup.part == GroupPart.CARRIES)
        .where(ProposalGroup.agreed_on.is_not(None))
    )
    return any(speaks_for(actor, group) for group in session.scalars(query))


def answers_for_proposal(actor: Actor, link: ProposalGroup) -> bool:
    """The authors; about carrying it out also those who report for the town."""
    proposal = session.get(Proposal, link.proposal_id)
    if proposal is None or actor.suspended:
        return False
    return is_author(actor, proposal) or (link.part is GroupPart.CARRIES and reports(actor, proposal))


def _speaks_in(actor: Actor, link: ProposalGroup) -> bool:
    group = session.get(Group, link.group_id)
    return group is not None and speaks_for(actor, group)


def _was_asked(actor: Actor, link: ProposalGroup) -> bool:
    return _speaks_in(actor, link) if link.group_answers else answers_for_proposal(actor, link)


declare("proposals.answer_group", Predicate(_was_asked, "was asked"))
declare(
    "proposals.end_group",
    Predicate(_speaks_in, "speaks for the group") | Predicate(answers_for_proposal, "answers for it"),
)
declare("proposals.carry", resident & not_suspended & published, deny=Deny.FORBIDDEN, sees="proposals.see")
declare("proposals.set_responsible", is_readable & reports & not_suspended)
declare("proposals.report_progress", is_readable & (reports | carries_out) & not_suspended)
declare("proposals.ask_merge", is_readable & (moderates | accompanies) & not_suspended)
declare("proposals.undo_merge", is_readable & moderates & not_suspended)
declare("proposals.see_merge", was_asked | decides_merge)
declare("proposals.answer_merge", was_asked & not_suspended)
declare("proposals.cancel_merge", started_merge | decides_merge)
# Who is asked is known to nobody else: whoever is not gets the answer for a case that is not there.
declare("proposals.carry_over", resident & not_suspended)
declare("proposals.manage_needs", is_author & published & not_suspended)
declare("proposals.pledge", resident & not_suspended, deny=Deny.FORBIDDEN, sees="proposals.see")
declare("proposals.begin", is_readable & (is_author | moderates) & not_suspended)
declare("proposals.translate", participant, deny=Deny.FORBIDDEN, sees="proposals.see")
# A video in sign language comes from the authors, or from those who translate at work.
signs = is_author | (is_readable & (moderates | accompanies))
declare("proposals.sign_video", signs & (not_suspended | is_hidden))
# Who writes with the authors: everybody who may write at all, except themselves; and there must be authors.
declare(
    "proposals.suggest_change",
    participant & is_readable & has_authors & ~is_author,
    deny=Deny.FORBIDDEN,
    sees="proposals.see",
)
declare("proposals.wish_text", signed_in & not_suspended, deny=Deny.FORBIDDEN, sees="proposals.see")
declare("proposals.judge_text", is_readable & (is_author | moderates) & not_suspended)

audit.schema("proposals.published", fields=("stage",), visibility="public")
audit.schema("proposals.edited", fields=("version", "is_substance"), visibility="public")
audit.schema("proposals.stage_changed", fields=("source", "target"), visibility="public")
audit.schema("proposals.withdrawn", fields=("reason",), visibility="public")
audit.schema("proposals.threshold_reached", fields=("support_count", "answer_due_on"), visibility="public")
audit.schema("proposals.expired", visibility="public")
audit.schema("proposals.coauthor_joined", visibility="public")
audit.schema("proposals.coauthor_left", visibility="public")
audit.schema("proposals.group_joined", fields=("part",), visibility="public")
audit.schema("proposals.group_left", fields=("part",), visibility="public")
audit.schema("proposals.erased_author", visibility="public")
audit.schema("proposals.answered", fields=("decision", "version"), visibility="public")
audit.schema("proposals.answer_reworded", fields=("version",), visibility="public")
audit.schema("proposals.answer_prepared", fields=("decision",), visibility="staff")
audit.schema("proposals.assessed", fields=("verdict",), visibility="public")
audit.schema("proposals.assessment_prepared", visibility="staff")
audit.schema("proposals.contact_set", fields=("contact", "substitute"), visibility="public")
audit.schema("proposals.contact_left", visibility="public")
audit.schema("proposals.needs_complete", visibility="public")
audit.schema("proposals.merge_asked", fields=("merge", "is_split"), visibility="parties")
audit.schema("proposals.merge_refused", fields=("merge",), visibility="parties")
audit.schema("proposals.merged", fields=("merge", "target"), visibility="public")
audit.schema("proposals.took_in", fields=("merge", "source"), visibility="public")
audit.schema("proposals.split", fields=("merge", "other"), visibility="public")
audit.schema("proposals.answer_overdue", fields=("answer_due_on",), visibility="public")
audit.schema("proposals.milestone_changed", fields=("state",), visibility="public")
audit.schema("proposals.milestone_removed", visibility="public")
audit.schema("proposals.news_told", visibility="public")
audit.schema("proposals.news_removed", visibility="public")
audit.schema("proposals.responsible_set", visibility="public")
