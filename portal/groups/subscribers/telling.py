"""The kinds of notices about groups, and who is told what when something happens."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.db import session
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.core.subjects import SubjectRef
from portal.groups.events import (
    CharterWritten,
    DecisionClosed,
    DecisionOpened,
    DecisionReopened,
    GroupChangedState,
    GroupLeaderless,
    GroupTightened,
    JoinRequested,
    MemberJoined,
    RequestDeclined,
    RoleClaimed,
    RoleOffered,
    RoleTaken,
    StartedTogether,
)
from portal.groups.models import Electorate, Group, GroupDecision, GroupState, Membership, Right, RoleClaim
from portal.groups.operations.news import NEUTRAL, line_of, neutral_line
from portal.groups.operations.reaching import tell_members, tell_those_who_may
from portal.groups.permissions import fell_silent
from portal.groups.queries.electors import electors_here
from portal.moderation.operations.stopping import forget_thing
from portal.notifications.operations import forget_about, notification_kind

MAIL = "groups/mail/news"
notification_kind(
    "groups.request",
    label=_l("Somebody asks to join a group where I may answer"),
    text=line_of,
    template=MAIL,
)
notification_kind("groups.answer", label=_l("A group answers me"), text=line_of, template=MAIL)
notification_kind(
    "groups.role",
    label=_l("Roles in my groups: offered, claimed, empty, or about to end"),
    text=line_of,
    template=MAIL,
)
notification_kind(
    "groups.together",
    label=_l("Something in my group needs a second person"),
    text=line_of,
    template=MAIL,
    default_mail=False,
)
notification_kind(
    "groups.charter",
    label=_l("My group agrees on something new: charter and privacy"),
    text=line_of,
    template=MAIL,
)
notification_kind(
    "groups.life",
    label=_l("My group begins, rests, goes on or ends"),
    text=line_of,
    template=MAIL,
)
notification_kind(
    "groups.moderated",
    label=_l("Moderation decides something about my group"),
    text=line_of,
    template=MAIL,
    required=True,
)
notification_kind("groups.decision", label=_l("My group decides something"), text=line_of, template=MAIL)
notification_kind(
    NEUTRAL,
    label=_l("Notices that only say that there is something new"),
    text=neutral_line,
    template="groups/mail/neutral",
)


def _group(group_id: int) -> Group:
    group = session.get(Group, group_id)
    assert group is not None
    return group


@subscribe(JoinRequested)
def asked(event: JoinRequested) -> None:
    """Those who answer learn that somebody waits."""
    once = f"{event.membership_id}"
    tell_those_who_may(_group(event.group_id), Right.ACCEPT_MEMBERS, "groups.request", "request", once=once)


@subscribe(MemberJoined)
def joined(event: MemberJoined) -> None:
    """Whoever asked learns the answer; whoever came by a code or freely stood there themselves."""
    membership = session.get(Membership, event.membership_id)
    if membership is not None and membership.waited:
        tell_members(_group(event.group_id), "groups.answer", "welcome", to=[membership.id])


@subscribe(RequestDeclined)
def declined(event: RequestDeclined) -> None:
    """A no without reasons, and where else one can look."""
    tell_members(_group(event.group_id), "groups.answer", "declined", to=[event.membership_id])


@subscribe(RoleTaken)
def role_taken(event: RoleTaken) -> None:
    """Who holds a role knows it."""
    if event.own:
        return
    tell_members(_group(event.group_id), "groups.role", "role_taken", to=[event.membership_id])


@subscribe(RoleOffered)
def role_offered(event: RoleOffered) -> None:
    """Who is asked to take on a role can say yes or no."""
    tell_members(_group(event.group_id), "groups.role", "role_offered", to=[event.membership_id])


@subscribe(RoleClaimed)
def role_claimed(event: RoleClaimed) -> None:
    """Everybody else can agree or object."""
    claim = session.get(RoleClaim, event.claim_id)
    besides = [claim.membership_id] if claim else []
    tell_members(_group(event.group_id), "groups.role", "role_claimed", besides=besides)


@subscribe(GroupLeaderless)
def leaderless(event: GroupLeaderless) -> None:
    """From now on any two can act; nothing is taken away."""
    tell_members(_group(event.group_id), "groups.role", "leaderless")


@subscribe(StartedTogether)
def started_together(event: StartedTogether) -> None:
    """A second person is needed."""
    tell_members(_group(event.group_id), "groups.together", "together", besides=[event.membership_id])


@subscribe(CharterWritten)
def charter_written(event: CharterWritten) -> None:
    """Everybody who has not agreed to this version reads it; during the founding every change is news too."""
    group = _group(event.group_id)
    agreed = select(Membership.id).where(
        Membership.group_id == group.id, Membership.charter_version == event.version
    )
    besides = session.scalars(agreed).all()
    tell_members(group, "groups.charter", "charter", besides=besides, once=f"version-{event.version}")


@subscribe(GroupTightened)
def tightened(event: GroupTightened) -> None:
    """A group that is discreet now stands in nobody's notices any more."""
    group = _group(event.group_id)
    if group.is_discreet:
        forget_about(SubjectRef("group", group.id))
        forget_thing(SubjectRef("group", group.id))
        return
    tell_members(group, "groups.charter", "privacy")


_STATES = {
    GroupState.DORMANT: "dormant",
    GroupState.ARCHIVED: "archived",
    GroupState.MERGED: "merged",
}


@subscribe(GroupChangedState)
def state_changed(event: GroupChangedState) -> None:
    """Members learn what became of their group."""
    after, group = GroupState(event.after), _group(event.group_id)
    what = _STATES.get(after)
    if after is GroupState.ACTIVE:
        what = "founded" if event.before == GroupState.FOUNDING else "active"
    if (event.before, after) == (GroupState.FOUNDING, GroupState.ARCHIVED):
        what = "circle_ended" if fell_silent(group) else "archived"
    if (event.before, after) == (GroupState.ARCHIVED, GroupState.FOUNDING):
        what = "circle_again"
    if what is not None:
        tell_members(group, "groups.life", what)


@subscribe(DecisionOpened)
def decision_opened(event: DecisionOpened) -> None:
    """Everybody who may answer."""
    to, once = _asked_by(event.decision_id), f"opened-{event.decision_id}"
    tell_members(_group(event.group_id), "groups.decision", "decision_opened", to=to, once=once)


def _asked_by(decision_id: int) -> list[int] | None:
    """Of a decision of some members these, else None for all."""
    decision = session.get_one(GroupDecision, decision_id)
    return electors_here(decision) if decision.electorate is Electorate.NAMED_LIST else None


@subscribe(DecisionReopened)
def decision_reopened(event: DecisionReopened) -> None:
    """Their voice is asked again: longer, about a new text, or with a new option."""
    to = _asked_by(event.decision_id)
    tell_members(_group(event.group_id), "groups.decision", "decision_again", to=to)


@subscribe(DecisionClosed)
def decision_closed(event: DecisionClosed) -> None:
    """The result is there."""
    tell_members(
        _group(event.group_id), "groups.decision", "decision_closed", once=f"closed-{event.decision_id}"
    )
