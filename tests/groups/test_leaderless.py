"""The last contact person leaves, and the group goes on: scenario 3 of the neighbourhood."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.accounts.models import Account
from portal.accounts.operations import suspending
from portal.core import clock
from portal.core.actors import Actor, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.groups.errors import NeedsTwo, NothingToDecide, NotYetTrusted, RoleFull, RoleNotEmpty, TooLate
from portal.groups.jobs import tick
from portal.groups.models import (
    ClaimState,
    GroupRole,
    InviteCode,
    Membership,
    MemberState,
    PairAct,
    Preset,
    Privacy,
    RoleClaim,
    RoleHolder,
)
from portal.groups.operations import joining, leaving, living, pairs, roles
from portal.groups.queries import history_of, holders_of, role_lines
from tests.groups.conftest import Make, group, member, settled
from tests.support.factories import actor_of, make_staff

pytestmark = [pytest.mark.logic, pytest.mark.usefixtures("at_noon")]


def contact_role(group_id: int) -> GroupRole:
    return session.scalars(select(GroupRole).where(GroupRole.group_id == group_id)).one()


@pytest.mark.on_both
def test_the_last_one_leaves_and_the_group_goes_on(make: Make) -> None:
    group_id, (amira, berta, chris, dora) = make(4)
    guest = settled()
    with transaction():
        asked = joining.ask_to_join(group(group_id), actor=guest, alias="Faden", answers=[])
        asked_id = asked.id
    with transaction():
        leaving.leave(group(group_id), actor=amira)
    with transaction():
        circle = group(group_id)
        assert circle.leaderless_since == clock.today()
        started = pairs.start_together(circle, "accept", actor=berta, membership_id=asked_id)
        with pytest.raises(NeedsTwo):
            pairs.confirm_together(started, group=circle, actor=berta)
        pairs.confirm_together(started, group=circle, actor=chris)
        assert member(group_id, guest).state is MemberState.MEMBER
        with pytest.raises(TooLate):
            pairs.confirm_together(started, group=circle, actor=dora)
    with transaction():
        made = roles.claim(contact_role(group_id), group=group(group_id), actor=dora)
        assert roles.claim(contact_role(group_id), group=group(group_id), actor=dora).id == made.id
        with pytest.raises(NotYetTrusted):
            roles.confirm_claim(made, group=group(group_id), actor=dora)
    for days, holders in ((6, 0), (7, 1)):
        with time_machine.travel(clock.now() + timedelta(days=days)), transaction():
            living.end_terms(clock.today())
            assert len(holders_of(contact_role(group_id))) == holders
    with transaction(write=False):
        circle = group(group_id)
        assert circle.leaderless_since is None
        (holder,) = holders_of(contact_role(group_id))
        assert holder.alias == "Nadel 3"
        told = [line.name for line in reversed(history_of(circle, for_members=True))]
        wanted = ["left", "leaderless", "joined", "done_together", "role_claimed", "has_leader", "role_taken"]
        assert [name for name in told if name in wanted][-7:] == [
            "leaderless",
            "left",
            "joined",
            "done_together",
            "role_claimed",
            "has_leader",
            "role_taken",
        ]


def test_two_claims_and_the_first_confirmed_wins(make: Make) -> None:
    group_id, (amira, berta, chris, dora) = make(4)
    with transaction():
        leaving.leave(group(group_id), actor=amira)
    with transaction():
        circle, role = group(group_id), contact_role(group_id)
        first = roles.claim(role, group=circle, actor=berta)
        second = roles.claim(role, group=circle, actor=chris)
        roles.confirm_claim(second, group=circle, actor=dora)
        assert (first.state, second.state) == (ClaimState.WITHDRAWN, ClaimState.EFFECTIVE)
        with pytest.raises(RoleNotEmpty):
            roles.claim(role, group=circle, actor=berta)
        with pytest.raises(TooLate):
            roles.object_to_claim(second, group=circle, actor=berta)


def test_an_objection_stops_a_claim(make: Make) -> None:
    group_id, (amira, berta, chris) = make(3)
    with transaction():
        leaving.leave(group(group_id), actor=amira)
    with transaction():
        made = roles.claim(contact_role(group_id), group=group(group_id), actor=berta)
        roles.object_to_claim(made, group=group(group_id), actor=chris)
    with time_machine.travel(clock.now() + timedelta(days=30)), transaction():
        living.end_terms(clock.today())
        assert holders_of(contact_role(group_id)) == []
        assert session.scalars(select(RoleClaim.state)).all() == [ClaimState.OBJECTED]


def test_nothing_is_done_together_while_somebody_leads(make: Make) -> None:
    group_id, people = make(3)
    with transaction(), pytest.raises(NothingToDecide):
        pairs.start_together(group(group_id), "contact", actor=people[1], words="Hier")


def test_leaving_ends_roles_and_codes_and_keeps_no_name(make: Make) -> None:
    group_id, (amira, *_rest) = make(3)
    with transaction():
        joining.make_code(group(group_id), actor=amira)
    with transaction():
        leaving.leave(group(group_id), actor=amira)
    with transaction(write=False):
        gone = member(group_id, amira)
        assert (gone.state, gone.alias, gone.alias_skeleton, gone.charter_version) == (
            MemberState.LEFT,
            "",
            None,
            0,
        )
        assert session.scalars(select(RoleHolder)).all() == []
        assert session.scalars(select(InviteCode).where(InviteCode.revoked_on.is_(None))).all() == []
    with transaction(), pytest.raises(NotFound):
        leaving.leave(group(group_id), actor=amira)


def test_everybody_leaves_and_the_group_is_archived_after_a_month(make: Make) -> None:
    group_id, people = make(3)
    for person in people:
        with transaction():
            leaving.leave(group(group_id), actor=person)
    for days, state in ((29, "active"), (30, "archived")):
        with time_machine.travel(clock.now() + timedelta(days=days)), transaction():
            living.archive_silent(clock.today())
            assert group(group_id).state == state


def test_a_group_of_one_works(make: Make) -> None:
    group_id, people = make(3)
    for person in people[1:]:
        with transaction():
            leaving.leave(group(group_id), actor=person)
    with transaction():
        circle = group(group_id)
        assert circle.leaderless_since is None
        assert joining.make_code(circle, actor=people[0]).count(" ") == 2


def test_an_erased_account_leaves_everywhere(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        leaving.forget_account(people[0].account_id or 0)
    with transaction(write=False):
        assert group(group_id).leaderless_since == clock.today()
        rows = session.scalars(select(Membership).where(Membership.group_id == group_id)).all()
        assert len(rows) == 2


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_a_locked_account_leads_nobody_until_it_is_free(make: Make, privacy: Privacy) -> None:
    """Locked: the group has no leader from that moment. Free again, by hand or by date: it has one."""
    group_id, people = make(3, privacy=privacy)
    moderator = actor_of(make_staff(StaffRole.MODERATOR))

    def lock(person: Actor) -> None:
        account, until = session.get_one(Account, person.account_id), clock.now() + timedelta(days=3)
        suspending.suspend(moderator, account, reason="", until=until)

    with transaction():
        lock(people[0])
        assert group(group_id).leaderless_since == clock.today()
        assert holders_of(contact_role(group_id)) == []
    with transaction():
        suspending.unsuspend(moderator, session.get_one(Account, people[0].account_id))
        assert group(group_id).leaderless_since is None
    with transaction():
        lock(people[1])
        assert group(group_id).leaderless_since is None
        lock(people[0])
        assert group(group_id).leaderless_since == clock.today()
    for days, leaderless in ((2, True), (4, False)):
        with time_machine.travel(clock.now() + timedelta(days=days)), transaction():
            tick()
            assert (group(group_id).leaderless_since is not None) is leaderless


def test_trust_gives_a_role_and_takes_it(make: Make) -> None:
    """Four members: two have to trust. Only those here for fourteen days may."""
    group_id, (amira, berta, chris, _dora) = make(4)
    with transaction():
        leaving.leave(group(group_id), actor=amira)
        circle, role = group(group_id), contact_role(group_id)
        with pytest.raises(NotYetTrusted):
            roles.give_trust(role, member(group_id, berta), group=circle, actor=chris)
    with time_machine.travel(clock.now() + timedelta(days=14)):
        with transaction():
            circle, role, receiver = group(group_id), contact_role(group_id), member(group_id, berta)
            with pytest.raises(NotYetTrusted):
                roles.give_trust(role, receiver, group=circle, actor=berta)
            assert roles.give_trust(role, receiver, group=circle, actor=chris)
            assert not roles.give_trust(role, receiver, group=circle, actor=chris)
        with transaction():
            circle, role, receiver = group(group_id), contact_role(group_id), member(group_id, berta)
            assert [line.holders[0][0] for line in role_lines(circle)] == ["Nadel 1"]
            roles.take_trust_back(role, receiver, group=circle, actor=chris)
            assert holders_of(role) == []
            assert circle.leaderless_since == clock.today()


def test_terms_end_by_themselves(make: Make) -> None:
    group_id, _ = make(3)
    year = roles.end_of_term(clock.today(), 12)
    for day, holders in ((year - timedelta(days=1), 1), (year, 0)):
        moment = clock.now() + (day - clock.today())
        with time_machine.travel(moment), transaction():
            living.end_terms(clock.today())
            assert len(holders_of(contact_role(group_id))) == holders


@pytest.mark.parametrize(
    ("begin", "months", "end"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_the_end_of_a_term(begin: date, months: int, end: date) -> None:
    assert roles.end_of_term(begin, months) == end


def test_roles_are_full(make: Make) -> None:
    group_id, people = make(4)
    with transaction():
        circle, role = group(group_id), contact_role(group_id)
        roles.give(role, member(group_id, people[1]), group=circle, how=role.how)
        with pytest.raises(RoleFull):
            roles.give(role, member(group_id, people[2]), group=circle, how=role.how)


def test_without_roles_nobody_leads_and_nothing_is_missing(make: Make) -> None:
    group_id, people = make(3, preset=Preset.EVERYONE)
    with transaction():
        leaving.leave(group(group_id), actor=people[0])
    with transaction():
        assert group(group_id).leaderless_since is None
        assert joining.make_code(group(group_id), actor=people[2])


def test_pausing_counts_as_not_holding(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        leaving.pause(group(group_id), actor=people[0], days=30)
    with transaction():
        assert group(group_id).leaderless_since == clock.today()
        leaving.come_back(group(group_id), actor=people[0])
        assert group(group_id).leaderless_since is None


def test_what_was_started_by_somebody_who_left_is_gone(make: Make) -> None:
    group_id, (amira, berta, chris) = make(3)
    with transaction():
        leaving.leave(group(group_id), actor=amira)
        pairs.start_together(group(group_id), "contact", actor=berta, words="Im Hof")
        assert len(pairs.open_acts(group(group_id))) == 1
    with transaction():
        leaving.leave(group(group_id), actor=berta)
    with transaction(write=False):
        assert session.scalars(select(PairAct)).all() == []
        assert chris.account_id is not None
