"""Accompaniment: both sides are told, and what an erased account accompanied ends."""

from __future__ import annotations

import secrets
from datetime import timedelta

from portal.accounts.events import AccountErased
from portal.core import clock, jobs
from portal.core.db import session
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.core.subjects import SubjectKind, SubjectRef, register
from portal.groups.events import AccompanimentNews, GroupTightened
from portal.groups.models import Accompaniment, Group, Side
from portal.groups.operations.accompanying.during import forget_companion, grow_discreet
from portal.groups.operations.news import line_of
from portal.groups.operations.reaching import SPREAD_SECONDS, tell_members
from portal.groups.permissions.companions import is_companion
from portal.groups.queries.accompanying import by_public_id, group_of
from portal.notifications.operations import forget_about, notification_kind, notify

KIND = "group_accompaniment"
register(
    SubjectKind(
        kind=KIND,
        label=_l("Accompaniment"),
        load=lambda one: session.get(Accompaniment, one),
        load_public=by_public_id,
        public_id=lambda made: made.public_id,
        title=lambda made: group_of(made).name,
        endpoint=lambda made: ("groups.companion", {"aid": made.public_id}),
        # The agreement with a discreet group is the subject of nothing.
        can_see=lambda actor, made: not group_of(made).is_discreet and is_companion(actor, made),
        language=lambda made: group_of(made).language,
    )
)
notification_kind(
    "groups.accompaniment",
    label=_l("Accompaniment: asked, agreed, about to end"),
    text=line_of,
    template="groups/mail/news",
)


@subscribe(AccompanimentNews)
def told(event: AccompanimentNews) -> None:
    """The side it concerns."""
    made = session.get_one(Accompaniment, event.accompaniment_id)
    group, what = session.get_one(Group, event.group_id), f"accompany_{event.what}"
    if event.side == Side.GROUP:
        tell_members(group, "groups.accompaniment", what)
    elif made.reach and group.is_discreet:
        later = clock.now() + timedelta(seconds=secrets.randbelow(SPREAD_SECONDS))
        jobs.enqueue("groups.tell_neutrally", {"account_id": int(made.reach)}, run_at=later)
    elif made.reach:
        notify(
            [int(made.reach)],
            "groups.accompaniment",
            subject=SubjectRef(KIND, made.id),
            context={"what": what},
        )


@subscribe(GroupTightened)
def tightened(event: GroupTightened) -> None:
    """Nothing that stood in notices about a group that is discreet now stays; who looked may not any more."""
    group = session.get_one(Group, event.group_id)
    if group.is_discreet:
        for accompaniment_id in grow_discreet(group):
            forget_about(SubjectRef(KIND, accompaniment_id))


@subscribe(AccountErased)
def account_erased(event: AccountErased) -> None:
    """They accompany nobody any more."""
    forget_companion(event.account_id)
