"""What follows from what happens: search, notices, erased accounts, comments; and the kind "proposal"."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.events import AccountErased
from portal.accounts.operations import register_export_section
from portal.content.events import TextVersionSaved
from portal.content.operations import source_changed
from portal.content.queries import pictures_of, video_of
from portal.core import search
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.core.subjects import Copies, SubjectKind, SubjectRef, register
from portal.core.text import plain_text
from portal.discussions.events import CommentAdded, CommentRemoved, CommentRestored
from portal.moderation.operations import look_for_pattern, text_changed
from portal.notifications.operations import notification_kind, notify
from portal.proposals.events import (
    ChangeAccepted,
    ChangeSuggested,
    CoAuthorJoined,
    ProposalBackInLists,
    ProposalEdited,
    ProposalLeftLists,
    ProposalPublished,
    ProposalWithdrawn,
    SupportersAsked,
    ThresholdReached,
)
from portal.proposals.models import Proposal
from portal.proposals.operations import forget_person, hide_proposal, note_comments, restore_proposal
from portal.proposals.queries import (
    by_new_accounts,
    documents_of,
    export_of,
    follower_ids,
    proposal_by_id,
    proposal_by_public_id,
    proposals_by_ids,
    published_since,
    search_documents,
    supporter_ids,
)


def texts_of(proposal: Proposal) -> dict[str, str]:
    """The fields that have versions in other languages."""
    return {
        "title": proposal.title,
        "what": proposal.what_md,
        "why": proposal.why_md,
        "for_whom": proposal.for_whom_md,
    }


def excerpt_of(proposal: Proposal) -> str:
    """Everything the author wrote, as plain text: what a moderator must be able to read."""
    fields = [proposal.what_md, proposal.why_md, proposal.for_whom_md, proposal.place_words]
    video = video_of(SubjectRef("proposal", proposal.id)) if proposal.video_count else None
    fields += [video.text_md] if video else []
    return "\n\n".join(plain_text(field) for field in fields if field)


def pictures_to_judge(proposal: Proposal) -> list[tuple[str, str]]:
    """(address, description) of each photo, for the moderators' desk, which blurs them."""
    if not proposal.picture_count:
        return []
    return [(one.address, one.alt) for one in pictures_of(SubjectRef("proposal", proposal.id))]


register(
    SubjectKind(
        kind="proposal",
        label=_l("Proposal"),
        load=proposal_by_id,
        load_public=proposal_by_public_id,
        public_id=lambda proposal: proposal.public_id,
        title=lambda proposal: proposal.title,
        endpoint=lambda proposal: ("proposals.detail", {"pid": proposal.public_id}),
        can_see=lambda actor, proposal: can(actor, "proposals.see", proposal),
        author_id=lambda proposal: proposal.author_id,
        written_by=lambda account_id: select(Proposal.id).where(Proposal.author_id == account_id),
        district_id=lambda proposal: proposal.district_id,
        language=lambda proposal: proposal.language,
        excerpt=excerpt_of,
        pictures=pictures_to_judge,
        hide=hide_proposal,
        restore=restore_proposal,
        is_hidden=lambda proposal: proposal.is_hidden,
        load_many=proposals_by_ids,
        can_see_place=lambda actor, proposal: can(actor, "proposals.open", proposal),
        edit_endpoint=lambda proposal: ("proposals.edit", {"pid": proposal.public_id}),
        made_since=published_since,
        copies=Copies(
            recent=by_new_accounts,
            words=lambda proposal: proposal.what_md or proposal.title,
            place=lambda proposal: proposal.id,
        ),
    )
)

notification_kind(
    "proposals.published",
    label=_l("My proposal is public"),
    text=_l("Your proposal “%(title)s” is public now."),
    template="proposals/mail/published",
)
notification_kind(
    "proposals.asked",
    label=_l("A proposal I support has changed"),
    text=_l("“%(title)s” has changed. Are you still with it?"),
    template="proposals/mail/asked",
    required=True,
)
notification_kind(
    "proposals.commented",
    label=_l("Comments on my proposals and on those I follow"),
    text=_l("New comments on “%(title)s”: %(count)s"),
    template="proposals/mail/commented",
    grouped=True,
)
notification_kind(
    "proposals.change_offered",
    label=_l("Somebody suggests a change to my proposal"),
    text=_l("Somebody suggests a change to “%(title)s”. Please look at it."),
    template="proposals/mail/change_offered",
    grouped=True,
)
notification_kind(
    "proposals.moved_on",
    label=_l("News about proposals I support or follow"),
    text=_l("There is news about “%(title)s”."),
    template="proposals/mail/moved_on",
    grouped=True,
)
notification_kind(
    "proposals.coauthor_joined",
    label=_l("Somebody writes with me"),
    text=_l("“%(title)s” has one more author."),
)
notification_kind(
    "proposals.draft_ends",
    label=_l("A draft of mine is deleted soon"),
    text=_l("You have not written on a draft for a long time. It will be deleted in a month."),
    template="proposals/mail/draft_ends",
    required=True,
)


search.register_provider("proposal", search_documents)


def _index(proposal: Proposal) -> None:
    # The language may have changed: its old row must not stay.
    search.drop("proposal", proposal.id)
    for one in documents_of([proposal]):
        search.put("proposal", one.id, one.language, one.title, one.body, weight_date=one.weight_date)


def _told(proposal: Proposal) -> list[int]:
    return [*proposal.author_ids, *supporter_ids(proposal), *follower_ids(proposal)]


@subscribe(ProposalPublished)
def make_findable(event: ProposalPublished) -> None:
    """Search finds it, and its authors know that it is public."""
    proposal = _get(event.proposal_id)
    _index(proposal)
    ref = SubjectRef("proposal", proposal.id)
    notify(proposal.author_ids, "proposals.published", subject=ref)
    look_for_pattern(ref)


@subscribe(ProposalEdited)
def index_again(event: ProposalEdited) -> None:
    """Search finds the new words; versions in other languages are outdated; moderation looks again."""
    proposal = _get(event.proposal_id)
    ref = SubjectRef("proposal", proposal.id)
    if proposal.is_open:
        _index(proposal)
    elif proposal.is_hidden:
        text_changed(ref)
    source_changed(ref, texts_of(proposal))
    look_for_pattern(ref)


@subscribe(TextVersionSaved)
def index_version(event: TextVersionSaved) -> None:
    """Search finds the words of the new language, too."""
    proposal = proposal_by_id(event.object_id) if event.kind == "proposal" else None
    if proposal is not None and proposal.is_open:
        _index(proposal)


@subscribe(SupportersAsked)
def ask_supporters(event: SupportersAsked) -> None:
    """ "Still with it?": each supporter once for each change of substance."""
    notify(
        event.account_ids,
        "proposals.asked",
        subject=SubjectRef("proposal", event.proposal_id),
        context={"version": event.version},
        dedupe_key=f"{event.proposal_id}:{event.version}",
    )


@subscribe(ThresholdReached)
def tell_about_clock(event: ThresholdReached) -> None:
    """Everybody who cares hears that the town must answer now."""
    proposal = _get(event.proposal_id)
    notify(_told(proposal), "proposals.moved_on", subject=SubjectRef("proposal", proposal.id))


@subscribe(ProposalWithdrawn)
def tell_about_withdrawal(event: ProposalWithdrawn) -> None:
    """Those who supported or followed it hear that it was taken back."""
    proposal = _get(event.proposal_id)
    others = [one for one in _told(proposal) if one != proposal.author_id]
    notify(others, "proposals.moved_on", subject=SubjectRef("proposal", proposal.id))


@subscribe(CoAuthorJoined)
def greet_coauthor(event: CoAuthorJoined) -> None:
    """The other authors hear who joined."""
    proposal = _get(event.proposal_id)
    notify(
        proposal.author_ids,
        "proposals.coauthor_joined",
        subject=SubjectRef("proposal", proposal.id),
        actor_id=event.account_id,
    )


@subscribe(ChangeSuggested)
def tell_of_suggestion(event: ChangeSuggested) -> None:
    """The authors compare and decide."""
    proposal = _get(event.proposal_id)
    ref = SubjectRef("proposal", proposal.id)
    notify(proposal.author_ids, "proposals.change_offered", subject=ref, actor_id=event.account_id)


@subscribe(ChangeAccepted)
def tell_of_thanks(event: ChangeAccepted) -> None:
    """Whoever suggested it hears that the text has changed."""
    notify([event.account_id], "proposals.moved_on", subject=SubjectRef("proposal", event.proposal_id))


@subscribe(ProposalLeftLists)
def leave_search(event: ProposalLeftLists) -> None:
    """Search does not find it any more."""
    search.drop("proposal", event.proposal_id)


@subscribe(ProposalBackInLists)
def come_back_to_search(event: ProposalBackInLists) -> None:
    """Search finds it again."""
    _index(_get(event.proposal_id))


@subscribe(CommentAdded)
def count_comment(event: CommentAdded) -> None:
    """The stored number grows; authors and followers hear of it, in one notice that counts."""
    if event.subject_kind != "proposal":
        return
    proposal = _get(event.subject_id)
    note_comments(proposal, 1)
    notify(
        {*proposal.author_ids, *follower_ids(proposal)},
        "proposals.commented",
        subject=SubjectRef("proposal", proposal.id),
        actor_id=event.author_id,
    )


@subscribe(CommentRemoved)
def uncount_comment(event: CommentRemoved) -> None:
    """A text that cannot be read is not counted."""
    if event.subject_kind == "proposal":
        note_comments(_get(event.subject_id), -1)


@subscribe(CommentRestored)
def count_comment_again(event: CommentRestored) -> None:
    """It can be read again."""
    if event.subject_kind == "proposal":
        note_comments(_get(event.subject_id), 1)


@subscribe(AccountErased)
def forget_author(event: AccountErased) -> None:
    """Do with proposals and support what the person chose."""
    forget_person(event.account_id, keep_proposals=event.keep_proposals, keep_support=event.keep_support)


def _get(proposal_id: int) -> Proposal:
    proposal = proposal_by_id(proposal_id)
    assert proposal is not None, "an event about a proposal that is not there"
    return proposal


register_export_section("proposals", export_of)
