"""Who hears of what the office does: answers, assessments, contacts, merging, pledges, texts, the clock."""

from __future__ import annotations

from typing import Any

from portal.accounts.events import AccountErased
from portal.accounts.operations import register_export_section
from portal.accounts.queries import staff_with_role
from portal.content.events import TextVersionSaved
from portal.core.actors import StaffRole
from portal.core.events import subscribe
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.core.subjects import SubjectRef
from portal.notifications.operations import notification_kind, notify
from portal.proposals.events import (
    AnswerDueSoon,
    AnswerOverdue,
    ContactOffered,
    ContactSet,
    MergeAsked,
    MergeUndone,
    NeedDropped,
    NeedsComplete,
    ProposalAnswered,
    ProposalAssessed,
    ProposalExpired,
    ProposalsMerged,
    StageChanged,
    TranslationOffered,
)
from portal.proposals.models import DECISION_LABELS, VERDICT_LABELS, Decision, Proposal, Stage, Verdict
from portal.proposals.operations import (
    forget_consents,
    forget_contact,
    forget_translator,
    fulfil_wishes,
    note_text,
)
from portal.proposals.queries import (
    all_concerned_ids,
    export_of_help,
    follower_ids,
    proposal_by_id,
    supporter_ids,
    wishers,
)

OWN_NEWS = frozenset({Stage.IN_ROUND, Stage.UNDER_WAY, Stage.DONE})


def _answered_line(values: dict[str, Any]) -> str:
    decision = DECISION_LABELS[Decision(values["decision"])][0]
    return _("The town answered “%(title)s”: %(decision)s.", title=values["title"], decision=decision)


def _assessed_line(values: dict[str, Any]) -> str:
    verdict = VERDICT_LABELS[Verdict(values["verdict"])][0]
    return _("“%(title)s” was assessed: %(verdict)s.", title=values["title"], verdict=verdict)


def _due_line(values: dict[str, Any]) -> str:
    days = values["days"]
    if not days:
        return _("The answer to “%(title)s” is due today.", title=values["title"])
    return ngettext(
        "The answer to “%(title)s” is due in %(num)s day.",
        "The answer to “%(title)s” is due in %(num)s days.",
        days,
        title=values["title"],
    )


def _overdue_line(values: dict[str, Any]) -> str:
    return ngettext(
        "The answer to “%(title)s” is overdue by %(num)s day.",
        "The answer to “%(title)s” is overdue by %(num)s days.",
        values["days"],
        title=values["title"],
    )


def _merge_line(values: dict[str, Any]) -> str:
    if values.get("is_split"):
        return _("May “%(title)s” be taken apart again? You are asked as an author.", title=values["title"])
    return _("May a proposal go into “%(title)s”? You are asked as an author.", title=values["title"])


notification_kind(
    "proposals.answered",
    label=_l("The town answers a proposal I wrote, support or follow"),
    text=_answered_line,
    template="proposals/mail/answered",
)
notification_kind(
    "proposals.assessed",
    label=_l("A proposal I wrote or follow was assessed"),
    text=_assessed_line,
    template="proposals/mail/assessed",
)
notification_kind(
    "proposals.contact_set",
    label=_l("Contact persons of my proposals"),
    text=_l("“%(title)s” has a contact person now."),
    template="proposals/mail/contact_set",
)
notification_kind(
    "proposals.made_contact",
    label=_l("I am a contact person"),
    text=_l("You are a contact person of “%(title)s” now."),
    template="proposals/mail/made_contact",
)
notification_kind(
    "proposals.contact_offered",
    label=_l("Residents who want to be contact persons"),
    text=_l("Somebody would be the contact person of “%(title)s”."),
    grouped=True,
    staff=True,
)
notification_kind(
    "proposals.merge_asked",
    label=_l("Proposals of mine could be put together"),
    text=_merge_line,
    template="proposals/mail/merge_asked",
    required=True,
)
notification_kind(
    "proposals.merged",
    label=_l("A proposal I wrote, support or follow went into another one"),
    text=_l("A proposal you know went into “%(title)s”."),
    template="proposals/mail/merged",
)
notification_kind(
    "proposals.carry_over",
    label=_l("My support could go with a merged proposal"),
    text=_l("A proposal you support went into “%(title)s”. Does your support go with it?"),
    template="proposals/mail/carry_over",
    required=True,
)
notification_kind(
    "proposals.needs_complete",
    label=_l("Nothing is missing for my proposal any more"),
    text=_l("Everything “%(title)s” needs was pledged."),
    template="proposals/mail/needs_complete",
)
notification_kind(
    "proposals.text_offered",
    label=_l("Somebody translated my proposal"),
    text=_l("Somebody offers a translation of “%(title)s”. Please look at it."),
    template="proposals/mail/text_offered",
    grouped=True,
)
notification_kind(
    "proposals.text_there",
    label=_l("A text I asked for is there"),
    text=_l("“%(title)s” can now be read in the language you asked for."),
    template="proposals/mail/text_there",
)
notification_kind(
    "proposals.answer_due",
    label=_l("Answers that are due soon"),
    text=_due_line,
    template="proposals/mail/answer_due",
    staff=True,
)
notification_kind(
    "proposals.answer_overdue",
    label=_l("Answers that are overdue"),
    text=_overdue_line,
    template="proposals/mail/answer_overdue",
    staff=True,
    required=True,
)


def _get(proposal_id: int) -> Proposal:
    proposal = proposal_by_id(proposal_id)
    assert proposal is not None, "an event about a proposal that is not there"
    return proposal


def _everybody(proposal: Proposal) -> set[int]:
    """Authors, supporters and followers, also of what went into it: each is in here once."""
    return {
        *proposal.author_ids,
        *supporter_ids(proposal),
        *follower_ids(proposal),
        *all_concerned_ids(proposal),
    }


def _ref(proposal: Proposal) -> SubjectRef:
    return SubjectRef("proposal", proposal.id)


@subscribe(ProposalAnswered)
def tell_of_answer(event: ProposalAnswered) -> None:
    """Everybody concerned, each exactly once for this decision."""
    proposal = _get(event.proposal_id)
    notify(
        _everybody(proposal),
        "proposals.answered",
        subject=_ref(proposal),
        context={"decision": event.decision},
        actor_id=event.actor_id,
        dedupe_key=f"{event.answer_id}:{event.version}",
    )


@subscribe(ProposalAssessed)
def tell_of_assessment(event: ProposalAssessed) -> None:
    """Authors and followers; the number of supporters has no say in it."""
    proposal = _get(event.proposal_id)
    notify(
        {*proposal.author_ids, *follower_ids(proposal)},
        "proposals.assessed",
        subject=_ref(proposal),
        context={"verdict": event.verdict},
        actor_id=event.actor_id,
        dedupe_key=str(event.assessment_id),
    )


@subscribe(StageChanged)
def tell_of_stage(event: StageChanged) -> None:
    """What is news by itself; accepted and declined are told by the answer."""
    if Stage(event.target) in OWN_NEWS:
        proposal = _get(event.proposal_id)
        notify(_everybody(proposal), "proposals.moved_on", subject=_ref(proposal))


@subscribe(ContactSet)
def tell_of_contact(event: ContactSet) -> None:
    """The new contact persons, and the authors."""
    proposal = _get(event.proposal_id)
    notify(event.account_ids, "proposals.made_contact", subject=_ref(proposal), actor_id=event.actor_id)
    if proposal.contact_account_id in event.account_ids:
        others = set(proposal.author_ids) - set(event.account_ids)
        notify(others, "proposals.contact_set", subject=_ref(proposal), actor_id=event.actor_id)


@subscribe(ContactOffered)
def tell_of_offer(event: ContactOffered) -> None:
    """Moderators of the district decide."""
    proposal = _get(event.proposal_id)
    moderators = staff_with_role(StaffRole.MODERATOR, proposal.district_id)
    notify(moderators, "proposals.contact_offered", subject=_ref(proposal))


@subscribe(MergeAsked)
def ask_authors(event: MergeAsked) -> None:
    """Each author who has not agreed by asking, once."""
    notify(
        event.account_ids,
        "proposals.merge_asked",
        subject=SubjectRef("proposal", event.target_id),
        context={"merge": event.merge_public_id, "is_split": event.is_split},
        dedupe_key=str(event.merge_id),
    )


@subscribe(ProposalsMerged)
def ask_supporters(event: ProposalsMerged) -> None:
    """Supporters of the sources are asked once; all others who care hear of it."""
    target = _get(event.target_id)
    subject = _ref(target)
    key = str(event.merge_id)
    notify(event.asked_ids, "proposals.carry_over", subject=subject, dedupe_key=key)
    told = _everybody(target)
    for source_id in event.source_ids:
        told |= _everybody(_get(source_id))
    notify(told - set(event.asked_ids), "proposals.merged", subject=subject, dedupe_key=key)


@subscribe(MergeUndone)
def tell_of_split(event: MergeUndone) -> None:
    """Everybody around the proposals hears that each stands for itself again."""
    for proposal_id in (event.target_id, *event.source_ids):
        proposal = _get(proposal_id)
        notify(_everybody(proposal), "proposals.moved_on", subject=_ref(proposal))


@subscribe(NeedsComplete)
def tell_authors(event: NeedsComplete) -> None:
    """The authors can begin."""
    proposal = _get(event.proposal_id)
    notify(
        proposal.author_ids,
        "proposals.needs_complete",
        subject=_ref(proposal),
        dedupe_key=f"{proposal.id}:{event.pledge_id}",
    )


@subscribe(NeedDropped)
def tell_pledgers(event: NeedDropped) -> None:
    """What they pledged is not needed any more."""
    notify(event.account_ids, "proposals.moved_on", subject=SubjectRef("proposal", event.proposal_id))


@subscribe(TranslationOffered)
def tell_of_translation(event: TranslationOffered) -> None:
    """The authors look at it; moderators of the district where there is no author."""
    proposal = _get(event.proposal_id)
    told = list(proposal.author_ids) or staff_with_role(StaffRole.MODERATOR, proposal.district_id)
    notify(told, "proposals.text_offered", subject=_ref(proposal), actor_id=event.account_id)


@subscribe(TextVersionSaved)
def tell_those_who_wished(event: TextVersionSaved) -> None:
    """Whoever asked for it hears that it is there."""
    if event.kind != "proposal":
        return
    proposal = _get(event.object_id)
    note_text(proposal)
    notify(
        wishers(proposal.id, event.language),
        "proposals.text_there",
        subject=_ref(proposal),
        context={"text_language": event.language},
        actor_id=event.author_id,
    )
    fulfil_wishes(proposal.id, event.language)


@subscribe(ProposalExpired)
def tell_of_end(event: ProposalExpired) -> None:
    """The time is over."""
    proposal = _get(event.proposal_id)
    notify(_everybody(proposal), "proposals.moved_on", subject=_ref(proposal))


def _answering_staff(proposal: Proposal) -> set[int]:
    """Who can answer in this district, and the contact person."""
    roles = (StaffRole.PLANNER, StaffRole.MODERATOR)
    return {one for role in roles for one in staff_with_role(role, proposal.district_id)}


@subscribe(AnswerDueSoon)
def remind(event: AnswerDueSoon) -> None:
    """Once for each promised day: those who answer, and the contact person."""
    proposal = _get(event.proposal_id)
    contact = {proposal.contact_account_id} - {None}
    notify(
        {*_answering_staff(proposal), *(one for one in contact if one)},
        "proposals.answer_due",
        subject=_ref(proposal),
        context={"days": event.days},
        dedupe_key=f"{proposal.id}:{proposal.answer_due_on}",
    )


@subscribe(AnswerOverdue)
def tell_overdue(event: AnswerOverdue) -> None:
    """On the first day the contact person (without one everybody who can answer); passed on: all of them."""
    proposal = _get(event.proposal_id)
    staff = _answering_staff(proposal)
    contact = {one for one in (proposal.contact_account_id,) if one} & staff
    first = contact or staff
    key = f"{proposal.id}:{proposal.answer_due_on}"
    context = {"days": event.days}
    notify(first, "proposals.answer_overdue", subject=_ref(proposal), context=context, dedupe_key=key)
    if proposal.escalated_at is not None:
        substitute = {one for one in (proposal.substitute_account_id,) if one}
        notify(
            staff | substitute,
            "proposals.answer_overdue",
            subject=_ref(proposal),
            context={**context, "is_passed_on": True},
            dedupe_key=f"{key}:passed_on",
        )


@subscribe(AccountErased)
def forget_helper(event: AccountErased) -> None:
    """Nobody waits for, or turns to, somebody who left."""
    forget_contact(event.account_id)
    forget_consents(event.account_id)
    forget_translator(event.account_id)


register_export_section("proposals_help", export_of_help)
