"""Ideas and groups as search and moderation know them; what an erased account wished for."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.events import AccountErased
from portal.core import search, subjects
from portal.core.db import session
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.core.subjects import SubjectRef
from portal.groups.events import GroupBegun, GroupChangedState, GroupProfileChanged
from portal.groups.models import Group, GroupState, Idea
from portal.groups.operations.indexing import documents, reindex
from portal.groups.operations.letters import forget_letters
from portal.groups.operations.news import line_of
from portal.groups.operations.wishing import IDEA, forget_wishes, hide_idea, restore_idea
from portal.groups.permissions import fell_silent, ref_of
from portal.groups.queries.members import refs_in, who_asked
from portal.groups.queries.wishes import idea_by_public_id, ideas_by_new_accounts, who_would_take_part
from portal.notifications.operations import notification_kind, notify

notification_kind(
    "groups.circle",
    label=_l("A founding circle has begun of what I said “me too” to"),
    text=line_of,
    template="groups/mail/news",
)


@subscribe(GroupBegun)
def circle_begun(event: GroupBegun) -> None:
    """Whoever would take part learns that it begins. A discreet circle has no origin: nobody is told."""
    _tell_interested(session.get_one(Group, event.group_id), "circle", f"circle-{event.group_id}")


def _tell_interested(group: Group, what: str, once: str | None) -> None:
    """Those who would take part and are not in it, and those who asked to join."""
    if group.is_discreet:
        return
    wished = []
    if group.origin_id is not None:
        wished = who_would_take_part(SubjectRef(group.origin_kind, group.origin_id))
    here = refs_in(group)
    told = {one for one in wished if ref_of(one, group.id) not in here} | set(who_asked(group))
    place = SubjectRef("group", group.id)
    notify(sorted(told), "groups.circle", subject=place, context={"what": what}, dedupe_key=once)


@subscribe(AccountErased)
def wishes_forgotten(event: AccountErased) -> None:
    """Nobody is counted who is gone; their ideas stand without a name."""
    forget_wishes(event.account_id)
    forget_letters(event.account_id)


@subscribe(GroupChangedState)
def state_changed(event: GroupChangedState) -> None:
    """Search finds what is alive and public; who would take part learns that a circle ended or goes on."""
    reindex(event.group_id)
    group = session.get_one(Group, event.group_id)
    if (event.before, event.after) == (GroupState.FOUNDING, GroupState.ARCHIVED) and fell_silent(group):
        _tell_interested(group, "circle_ended", None)
    if (event.before, event.after) == (GroupState.ARCHIVED, GroupState.FOUNDING):
        _tell_interested(group, "circle_again", None)


@subscribe(GroupProfileChanged)
def profile_changed(event: GroupProfileChanged) -> None:
    """Search finds the new words."""
    reindex(event.group_id)


search.register_provider("group", documents)
subjects.register(
    subjects.SubjectKind(
        kind=IDEA,
        label=_l("Idea"),
        load=lambda idea_id: session.get(Idea, idea_id),
        load_public=idea_by_public_id,
        public_id=lambda idea: idea.public_id,
        title=lambda idea: idea.title,
        endpoint=lambda idea: ("groups.idea", {"iid": idea.public_id}),
        can_see=lambda actor, idea: can(actor, "groups.see_idea", idea),
        author_id=lambda idea: idea.author_id,
        written_by=lambda account_id: select(Idea.id).where(Idea.author_id == account_id),
        district_id=lambda idea: idea.district_id,
        language=lambda idea: idea.language,
        excerpt=lambda idea: f"{idea.title}\n\n{idea.text}",
        hide=hide_idea,
        restore=restore_idea,
        is_hidden=lambda idea: idea.hidden_at is not None,
        copies=subjects.Copies(
            recent=ideas_by_new_accounts,
            words=lambda idea: idea.text or idea.title,
            place=lambda idea: idea.id,
        ),
    )
)
