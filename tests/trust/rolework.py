"""Two closed groups whose members share their work, one of them without a leader."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import GroupRole, Privacy, RoleClaim
from portal.groups.operations import leaving, offers, pairs, roles
from portal.groups.operations.reshaping import RoleWish, save_role
from portal.groups.queries.standing import answer_token
from tests.support.factories_groups import get_group, make_group, member_of, settled

if TYPE_CHECKING:
    from tests.trust.things import Builder

MEMBERS = ("AU", "CO")


def fill_roles(build: Builder) -> None:
    """The author holds the role of the first group; the second has lost whoever did."""
    label = build.canaries.plant("what a group calls a role", set(MEMBERS))
    people = [*(build.actor(one) for one in MEMBERS), settled()]
    group_id, _people = make_group(people=people, privacy=Privacy.CLOSED, name="Werkstatt")
    with transaction():
        group = get_group(group_id)
        for person in people:
            member_of(group_id, person).member_since = clock.today() - timedelta(days=40)
        save_role(None, RoleWish(label), group=group, actor=people[0])
        role = session.query(GroupRole).filter_by(group_id=group_id, key="contact").one()
        made = offers.offer(role, member_of(group_id, people[1]), group=group, actor=people[0])
        build.put(
            "governed group",
            "closed",
            pid=group.public_id,
            key="contact",
            oid=made.public_id,
            token=answer_token(member_of(group_id, people[1])),
        )
        build.ids["third member"] = member_of(group_id, people[2]).public_id
    _leaderless(build)


def _leaderless(build: Builder) -> None:
    words = build.canaries.plant("what two members want to change", set(MEMBERS))
    people = [settled(), *(build.actor(one) for one in MEMBERS), settled()]
    group_id, _people = make_group(people=people, privacy=Privacy.CLOSED, name="Garten")
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
    with transaction():
        group = get_group(group_id)
        role = session.query(GroupRole).filter_by(group_id=group_id).one()
        claim: RoleClaim = roles.claim(role, group=group, actor=people[2])
        act = pairs.start_together(group, "aim", actor=people[2], words=words)
        build.put(
            "leaderless group", "closed", pid=group.public_id, cid=claim.id, aid=act.public_id, key=role.key
        )
