"""Groups as authors of proposals and as those who carry results out: both sides want it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import can
from portal.groups.models import Group, Privacy
from portal.groups.operations import living
from portal.notifications.models import Notice
from portal.proposals.errors import GroupCannot
from portal.proposals.models import GroupPart, Proposal, ProposalGroup, Stage
from portal.proposals.operations import grouping
from portal.proposals.operations.outcomes import begin_outcome
from portal.proposals.queries.groups import groups_behind
from tests.support.factories_groups import browser_of, group_pid, make_group, settled
from tests.support.factories_proposals import make_proposal

TO_ANSWER = "Diese Gruppe möchte ihn umsetzen"


def written(author: Actor, **given: object) -> int:
    with transaction():
        return int(make_proposal(author=author.account_id, **given).id)


def proposal(proposal_id: int) -> Proposal:
    return session.get_one(Proposal, proposal_id, populate_existing=True)


def group(group_id: int) -> Group:
    return session.get_one(Group, group_id, populate_existing=True)


def link() -> ProposalGroup:
    return session.scalars(select(ProposalGroup)).one()


def test_a_group_is_named_once_both_want_it(both: Flask) -> None:
    author, stranger = settled(), settled()
    group_id, people = make_group(name="Garten")
    proposal_id = written(author)
    with transaction():
        for _ in range(2):
            grouping.name_group(proposal(proposal_id), group(group_id), actor=author)
        assert groups_behind(proposal(proposal_id)) == []
        for person in (stranger, people[1], author):
            with pytest.raises(NotFound):
                grouping.answer_group(link(), True, actor=person)
        grouping.answer_group(link(), True, actor=people[0])
        grouping.answer_group(link(), True, actor=people[0])
    with transaction():
        assert proposal(proposal_id).group_count == 1
        assert [one.name for one in groups_behind(proposal(proposal_id))] == ["Garten"]
        with pytest.raises(NotFound):
            grouping.end_group(link(), actor=stranger)
        grouping.end_group(link(), actor=author)
        assert proposal(proposal_id).group_count == 0


def test_who_speaks_for_the_group_need_not_be_asked(both: Flask) -> None:
    group_id, people = make_group()
    proposal_id = written(people[0])
    with transaction():
        named = grouping.name_group(proposal(proposal_id), group(group_id), actor=people[0])
        assert named.agreed_on is not None
        assert proposal(proposal_id).group_count == 1
        with pytest.raises(NotFound):
            grouping.name_group(proposal(proposal_id), group(group_id), actor=people[1])


def test_never_a_discreet_group(both: Flask) -> None:
    hidden, people = make_group(privacy=Privacy.DISCREET)
    closing, others = make_group()
    proposal_id = written(people[0])
    with transaction(), pytest.raises(GroupCannot):
        grouping.name_group(proposal(proposal_id), group(hidden), actor=people[0])
    with pytest.raises(IntegrityError), transaction():
        session.add(
            ProposalGroup(proposal_id=proposal_id, group_id=hidden, part=GroupPart.AUTHOR, group_answers=True)
        )
    with transaction():
        grouping.name_group(proposal(proposal_id), group(closing), actor=people[0])
        grouping.answer_group(link(), True, actor=others[0])
    with transaction():
        living.tighten(group(closing), Privacy.DISCREET, actor=others[0])
    with transaction(write=False):
        assert proposal(proposal_id).group_count == 0
        assert session.scalars(select(ProposalGroup)).all() == []


def accepted(author: Actor) -> int:
    proposal_id = written(author)
    with transaction():
        proposal(proposal_id).stage = Stage.ACCEPTED
        session.flush()
        begin_outcome(proposal(proposal_id))
    return proposal_id


def test_a_group_carries_a_result_out_and_tells_how_it_goes(both: Flask) -> None:
    author = settled()
    group_id, people = make_group()
    early, proposal_id = written(author), accepted(author)
    with transaction():
        with pytest.raises(GroupCannot):
            grouping.offer_to_carry(proposal(early), group(group_id), actor=people[0])
        with pytest.raises(NotFound):
            grouping.offer_to_carry(proposal(proposal_id), group(group_id), actor=people[1])
        grouping.offer_to_carry(proposal(proposal_id), group(group_id), actor=people[0])
        told = select(Notice.account_id).where(Notice.kind == "proposals.group_offers")
        assert list(session.scalars(told)) == [author.account_id]
        assert not can(people[0], "proposals.report_progress", proposal(proposal_id))
        with pytest.raises(NotFound):
            grouping.answer_group(link(), True, actor=people[0])
        grouping.answer_group(link(), True, actor=author)
    with transaction(write=False):
        found = proposal(proposal_id)
        assert can(people[0], "proposals.report_progress", found)
        assert not can(people[0], "proposals.set_responsible", found)
        for person in (people[1], author):
            assert not can(person, "proposals.report_progress", found)


def test_pages_of_authors_and_groups(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    author = settled()
    group_id, people = make_group(name="Garten")
    proposal_id, pid = accepted(author), ""
    with transaction(write=False):
        pid = proposal(proposal_id).public_id
    writer, speaker, member = (browser_of(app, one) for one in (author, people[0], people[1]))
    address = f"/de/proposals/{pid}/groups"
    assert writer.get(address).status_code == 200
    assert speaker.get(address).status_code == 404
    assert writer.post(address, data={"group": "nonsense"}).status_code == 422
    assert writer.post(address, data={"group": group_pid(group_id)}).status_code == 303
    home = f"/de/groups/{group_pid(group_id)}"
    assert pid in speaker.get(home).text
    assert pid not in member.get(home).text
    with transaction(write=False):
        answer = f"/de/proposals/groups/{link().public_id}"
    assert member.post(answer, data={"step": "yes"}).status_code == 404
    assert speaker.post(answer, data={"step": "yes"}).status_code == 303
    assert "Garten" in app.test_client().get(f"/de/proposals/{pid}").text
    assert pid in app.test_client().get(home).text
    offer = f"/de/proposals/{pid}/carry"
    assert member.get(offer).status_code == 200
    assert member.post(offer, data={"group": group_pid(group_id)}).status_code == 422
    assert speaker.post(offer, data={"group": group_pid(group_id)}).status_code == 303
    for where in (f"/de/proposals/{pid}", f"/de/proposals/{pid}/progress"):
        told = [TO_ANSWER in one.get(where).text for one in (writer, speaker, app.test_client())]
        assert told == [True, False, False]
    with transaction(write=False):
        carries = session.scalars(select(ProposalGroup).where(ProposalGroup.part == GroupPart.CARRIES)).one()
        answer = f"/de/proposals/groups/{carries.public_id}"
    assert writer.get(address).status_code == 200
    assert writer.post(answer, data={"step": "yes"}).status_code == 303
    assert speaker.get(f"/de/proposals/{pid}/progress/report").status_code == 200
    assert "Garten" in app.test_client().get(f"/de/proposals/{pid}/progress").text
