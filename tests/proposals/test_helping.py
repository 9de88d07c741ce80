"""Contact persons, and neighbours who pledge what a proposal needs."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.actors import VISITOR, Actor
from portal.core.db import session, transaction
from portal.core.errors import NotAllowed, NotFound, SignInRequired
from portal.proposals import operations
from portal.proposals.errors import (
    NotAContact,
    NotPledgeable,
    SameContact,
    StillSomethingMissing,
    TooMuchPledged,
)
from portal.proposals.models import PLEDGEABLE, NeedKind, Pledge, ProposalNeed, Stage
from portal.proposals.queries import contact_candidates, is_complete, public_pledges
from tests.proposals.office import Office, get, make_office, persons, publish, told
from tests.support.factories import actor_of, make_resident


def test_a_contact_person_and_a_substitute(office: Office) -> None:
    volunteer, author = make_resident(), make_resident()
    pid = publish(office, author=author)
    helper = actor_of(volunteer)
    with pytest.raises(NotAContact), transaction():
        operations.set_contact(get(pid), actor=office.moderating, contact_id=volunteer.id)
    for expected in (True, False):
        with transaction():
            assert operations.offer_contact(get(pid), actor=helper) is expected
    assert told("proposals.contact_offered") == [office.moderator.id]
    with transaction(write=False):
        names = [one.account_id for one in contact_candidates(get(pid))]
    assert names[0] == volunteer.id
    assert set(names[1:]) == {office.moderator.id, office.professional.id}
    with pytest.raises(SameContact), transaction():
        operations.set_contact(
            get(pid), actor=office.moderating, contact_id=volunteer.id, substitute_id=volunteer.id
        )
    for expected in (True, False):
        with transaction():
            assert expected is operations.set_contact(
                get(pid),
                actor=office.moderating,
                contact_id=volunteer.id,
                substitute_id=office.professional.id,
            )
    assert told("proposals.made_contact") == sorted([volunteer.id, office.professional.id])
    assert told("proposals.contact_set") == [author.id]
    with transaction():
        operations.step_back(get(pid), actor=helper)
    with transaction(write=False):
        assert get(pid).contact_account_id == office.professional.id
        assert get(pid).substitute_account_id is None
    with pytest.raises(NotFound), transaction():
        operations.step_back(get(pid), actor=helper)


def test_a_refused_offer_is_no_candidate(office: Office) -> None:
    pid, volunteer = publish(office), make_resident()
    with transaction(write=False):
        pass
    helper = actor_of(volunteer)
    with transaction():
        operations.offer_contact(get(pid), actor=helper)
        assert operations.refuse_offer(get(pid), actor=office.moderating, account_id=volunteer.id)
    with pytest.raises(NotAContact), transaction():
        operations.set_contact(get(pid), actor=office.moderating, contact_id=volunteer.id)


def test_only_moderators_of_the_district_set_contacts(office: Office) -> None:
    author = make_resident()
    pid = publish(office, author=author)
    for name, actor in persons(office, actor_of(author)).items():
        if name == "moderator":
            continue
        with pytest.raises(NotFound), transaction():
            operations.set_contact(get(pid), actor=actor, contact_id=office.professional.id)


def test_whoever_leaves_the_portal_is_nobodys_contact(office: Office) -> None:
    pid = publish(
        office, contact_account_id=office.professional.id, substitute_account_id=office.moderator.id
    )
    with transaction():
        operations.forget_contact(office.professional.id)
    with transaction(write=False):
        assert get(pid).contact_account_id == office.moderator.id


def need(pid: int, office: Office, author: Actor, kind: NeedKind, quantity: int) -> int:
    with transaction():
        return operations.list_need(get(pid), actor=author, kind=kind, words="", quantity=quantity).id


def pledge(pid: int, need_id: int, actor: Actor, quantity: int, **more: object) -> None:
    with transaction():
        row = session.get_one(ProposalNeed, need_id)
        operations.pledge(get(pid), row, actor=actor, quantity=quantity, **more)  # type: ignore[arg-type]


def amounts(need_id: int) -> tuple[int, int]:
    """(stored, summed)"""
    with transaction(write=False):
        row = session.get_one(ProposalNeed, need_id, populate_existing=True)
        total = session.scalar(select(func.sum(Pledge.quantity)).where(Pledge.need_id == need_id))
        return row.pledged, int(total or 0)


def test_neighbours_pledge_until_nothing_is_missing(both: Flask) -> None:
    office = make_office()
    author = make_resident()
    writer, one, two = (
        actor_of(author),
        actor_of(make_resident()),
        actor_of(make_resident(display_name="Ayla Nord")),
    )
    pid = publish(office, author=author)
    hands, money = (
        need(pid, office, writer, NeedKind.HANDS, 3),
        need(pid, office, writer, NeedKind.MONEY, 10_000),
    )
    pledge(pid, hands, one, 1)
    pledge(pid, hands, one, 2)
    assert amounts(hands) == (2, 2)
    pledge(pid, hands, two, 1, is_named=True, words="Samstags")
    with transaction(write=False):
        seen = public_pledges(get(pid), one.account_id)[hands]
        assert (seen.count, seen.names, seen.mine) == (2, ("Ayla Nord",), 2)
        assert not is_complete(get(pid))
    with pytest.raises(StillSomethingMissing), transaction():
        operations.begin_without_vote(get(pid), actor=writer)
    assert told("proposals.needs_complete") == []
    pledge(pid, money, two, 10_000)
    assert told("proposals.needs_complete") == [author.id]
    for expected in (True, False):
        with transaction():
            assert operations.begin_without_vote(get(pid), actor=writer) is expected
    with transaction(write=False):
        assert get(pid).stage is Stage.UNDER_WAY
    with transaction():
        row = session.get_one(ProposalNeed, hands)
        assert operations.withdraw_pledge(row, actor=one)
        assert not operations.withdraw_pledge(row, actor=one)
    assert amounts(hands) == (1, 1)


@pytest.mark.parametrize("stage", list(Stage))
def test_pledges_in_every_stage(office: Office, stage: Stage) -> None:
    author = make_resident()
    writer, helper = actor_of(author), actor_of(make_resident())
    pid = publish(office, author=author)
    tools = need(pid, office, writer, NeedKind.TOOLS, 2)
    with transaction():
        get(pid).stage = stage
    if stage in PLEDGEABLE:
        pledge(pid, tools, helper, 1)
        assert amounts(tools) == (1, 1)
        return
    with pytest.raises(NotPledgeable):
        pledge(pid, tools, helper, 1)
    with pytest.raises(NotPledgeable):
        need(pid, office, writer, NeedKind.TOOLS, 2)


def test_who_pledges_and_how_much(office: Office) -> None:
    author = make_resident()
    pid = publish(office, author=author)
    tools = need(pid, office, actor_of(author), NeedKind.TOOLS, 2)
    for name, actor in persons(office, actor_of(author)).items():
        if name in {"author", "resident"}:
            pledge(pid, tools, actor, 1)
        else:
            with pytest.raises(NotAllowed):
                pledge(pid, tools, actor, 1)
    with pytest.raises(SignInRequired):
        pledge(pid, tools, VISITOR, 1)
    with pytest.raises(TooMuchPledged):
        pledge(pid, tools, actor_of(make_resident()), 3)


def test_dropping_a_need_tells_those_who_pledged(office: Office) -> None:
    author = make_resident()
    writer, helper = actor_of(author), make_resident()
    pid = publish(office, author=author)
    tools = need(pid, office, writer, NeedKind.TOOLS, 2)
    pledge(pid, tools, actor_of(helper), 1)
    with transaction(write=False):
        public_id = session.get_one(ProposalNeed, tools).public_id
    with pytest.raises(NotFound), transaction():
        operations.drop_need(get(pid), actor=office.moderating, public_id=public_id)
    for expected in (True, False):
        with transaction():
            assert operations.drop_need(get(pid), actor=writer, public_id=public_id) is expected
    assert told("proposals.moved_on") == [helper.id]
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(Pledge)) == 0
        assert get(pid).need_count == 0
