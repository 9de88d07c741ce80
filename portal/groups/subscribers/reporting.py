"""What moderation sees of groups: the public card, and the copy of a post that a member handed over."""

from __future__ import annotations

from portal.core.db import session
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.core.subjects import Stopping, SubjectKind, SubjectRef, register
from portal.groups.events import GroupProfileChanged
from portal.groups.models import Group
from portal.groups.operations.handing import hide_post, restore_post
from portal.groups.operations.living import lift, suspend
from portal.groups.operations.moderated import hide_card, restore_card
from portal.groups.operations.reaching import tell_members
from portal.groups.permissions import is_member
from portal.groups.queries import excerpts, moderated
from portal.moderation.events import DecisionMade
from portal.moderation.models import Decision, Measure
from portal.moderation.operations import text_changed

register(
    SubjectKind(
        kind="group",
        label=_l("Group"),
        load=moderated.known_group,
        load_many=moderated.known_groups,
        load_public=moderated.known_group_by_public_id,
        public_id=lambda group: group.public_id,
        title=lambda group: group.name,
        endpoint=lambda group: ("groups.detail", {"pid": group.public_id}),
        can_see=lambda actor, group: can(actor, "groups.see", group),
        can_see_place=is_member,
        district_id=lambda group: group.district_id,
        language=lambda group: group.language,
        excerpt=moderated.card_words,
        hide=hide_card,
        restore=restore_card,
        is_hidden=lambda group: group.hidden_on is not None,
        edit_endpoint=lambda group: ("groups.settings", {"pid": group.public_id}),
        made_since=moderated.founded_since,
        speaks_for=is_member,
        belonging=moderated.members_among,
        stopping=Stopping(
            can_stop=lambda group: group.is_living,
            is_stopped=lambda group: group.suspended_until is not None,
            stop=lambda group, actor, days: suspend(group, actor=actor, days=days),
            go_on=lift,
        ),
        scopes={
            Measure.HIDE: _l(
                "The page of your group cannot be seen by others, and it is in no list. "
                "You can all read and write as before."
            ),
            Measure.RESTORE: _l("Everybody can see the page of your group again."),
            Measure.ASK_CHANGE: _l("The page of your group stays visible. We ask you to change its words."),
            Measure.STOP: _l(
                "Your group stands still until %(day)s: nobody can write in it, and others do not see it. "
                "You can all read everything, take it with you, leave, and object."
            ),
            Measure.GO_ON: _l("Your group goes on as before."),
        },
    )
)


@subscribe(GroupProfileChanged)
def words_changed(event: GroupProfileChanged) -> None:
    """A hidden page with new words comes back to moderation."""
    text_changed(SubjectRef("group", event.group_id))


@subscribe(DecisionMade)
def decided(event: DecisionMade) -> None:
    """Its members are told what moderation decided about their group, and how they can object."""
    decision = session.get_one(Decision, event.decision_id)
    if decision.subject_kind != "group" or decision.measure == Measure.NONE:
        return
    group = session.get_one(Group, decision.subject_id)
    tell_members(group, "groups.moderated", "moderated", to=moderated.all_members(group))


# The post itself is no subject of anything.
register(
    SubjectKind(
        kind="group_post",
        label=_l("Post in a group"),
        load=excerpts.excerpt_by_id,
        load_many=excerpts.excerpts_by_id,
        load_public=excerpts.excerpt_by_public_id,
        public_id=lambda excerpt: excerpt.public_id,
        title=excerpts.heading_of,
        endpoint=lambda excerpt: ("groups.handed_over", {"excerpt": excerpt.public_id}),
        can_see=excerpts.shows_in,
        author_id=excerpts.author_of_excerpt,
        written_by=excerpts.excerpts_written_by,
        district_id=excerpts.district_of_excerpt,
        language=lambda excerpt: excerpt.language,
        excerpt=lambda excerpt: excerpt.text,
        hide=hide_post,
        restore=restore_post,
        is_hidden=excerpts.is_post_hidden,
        can_see_place=excerpts.shows_in,
        made_since=excerpts.posts_since,
        names_reporters=excerpts.names_reporters,
        belonging=moderated.members_behind,
        stands_in=excerpts.stands_in,
    )
)
