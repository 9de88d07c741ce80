"""Pages of relations, merges and splits; nobody outside the groups gets in."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.groups.jobs import peace_by_date
from portal.groups.models import GroupMove, GroupRelation, MoveState, Privacy
from portal.groups.operations.together import moving
from tests.groups.conftest import Browse, group
from tests.support.factories import actor_of, make_staff
from tests.support.factories_groups import group_pid, make_group, settled

TEXT = {"name": "Garten und Nadel", "aim": "Beides", "goal": "Zusammen"}


def test_two_groups_say_that_they_belong_together(app: Flask, browse: Browse) -> None:
    (one, ours), (other, theirs) = make_group(name="Garten"), make_group(name="Chor")
    mine, yours, member = browse(ours[0]), browse(theirs[0]), browse(ours[1])
    address = f"/de/groups/{group_pid(one)}/relations"
    assert member.get(address).status_code == 404, "who speaks for the group does this"
    assert "Chor" in mine.get(address).text
    wish = {"other": group_pid(other), "kind": "partner"}
    assert mine.post(address, data={"other": group_pid(other)}).status_code == 422
    assert mine.post(address, data=wish).status_code == 303
    assert mine.post(address, data=wish).status_code == 422
    with transaction(write=False):
        relation = session.scalars(select(GroupRelation.public_id)).one()
    answer = f"/de/groups/relations/{relation}"
    assert "Garten" in yours.get(f"/de/groups/{group_pid(other)}/relations").text
    for person in (settled(), ours[1], *[actor_of(make_staff(role)) for role in StaffRole]):
        assert browse(person).post(answer, data={"step": "accept"}).status_code == 404
    assert mine.post(answer, data={"step": "accept"}).status_code == 409
    assert yours.post(answer, data={"step": "accept"}).status_code == 303
    assert "Garten" in app.test_client().get(f"/de/groups/{group_pid(other)}").text
    assert mine.post(answer, data={"step": "end"}).status_code == 303
    assert "Garten" not in app.test_client().get(f"/de/groups/{group_pid(other)}").text


def test_a_merge_on_pages(app: Flask, browse: Browse) -> None:
    (one, ours), (other, theirs) = make_group(name="Garten"), make_group(name="Chor")
    mine, yours = browse(ours[1]), browse(theirs[1])
    here, there = f"/de/groups/{group_pid(one)}/moves", f"/de/groups/{group_pid(other)}/moves"
    assert mine.get(here).status_code == 200
    assert mine.get(f"{here}/merge").status_code == 200
    assert mine.post(f"{here}/merge", data={"name": "x"}).status_code == 422
    shown = mine.post(f"{here}/merge", data=TEXT).text
    words = shown.split('dir="ltr"><strong>')[1].split("</strong>")[0]
    with transaction(write=False):
        drafted = session.scalars(select(GroupMove.public_id)).one()
    assert mine.post(f"{here}/{drafted}/decide").status_code == 409, "the other group has not joined"
    assert yours.post(f"{there}/join", data={"code": "bala bala bala"}).status_code == 422
    assert yours.post(f"{there}/join", data={"code": words}).status_code == 303
    with transaction():
        move = session.scalars(select(GroupMove)).one()
        address, back = f"{here}/{move.public_id}", f"{there}/{move.public_id}"
    assert mine.post(f"{address}/decide").status_code == 303
    assert mine.post(f"{address}/choose", data={"choice": "goes"}).status_code == 409
    with transaction():
        move = session.scalars(select(GroupMove)).one()
        for side in (one, other):
            moving.side_decided(move, group(side), True)
    assert mine.post(f"{address}/choose", data={}).status_code == 422
    for person in ours:
        assert browse(person).post(f"{address}/choose", data={"choice": "goes"}).status_code == 303
    assert yours.get(back).status_code == 200
    assert yours.get(address).status_code == 404, "the other side stays with itself"
    assert address.rsplit("/", 1)[1] in mine.get(f"/de/groups/{group_pid(one)}").text
    for person in (settled(), *[actor_of(make_staff(role)) for role in StaffRole]):
        assert browse(person).get(address).status_code == 404
        assert browse(person).post(f"{address}/choose", data={"choice": "goes"}).status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=29), tick=False):
        with transaction():
            peace_by_date(clock.today())
            move = session.scalars(select(GroupMove)).one()
            assert move.state is MoveState.DONE
            target = group(move.target_id or 0).public_id
        visitor = app.test_client().get(f"/de/groups/{group_pid(one)}")
        assert (visitor.status_code, visitor.location) == (303, f"/de/groups/{target}")
        assert browse(ours[0]).get(f"/de/groups/{group_pid(one)}").status_code == 200


def test_a_split_lists_where_things_go(browse: Browse) -> None:
    group_id, people = make_group(4, privacy=Privacy.DISCREET)
    member = browse(people[1])
    here = f"/de/groups/{group_pid(group_id)}/moves"
    assert member.get(f"{here}/split").status_code == 200
    things = {"things_stay": "Der Schlüssel\n\nDie Töpfe", "things_go": "Die Nähmaschine"}
    page = member.post(f"{here}/split", data={**TEXT, **things}, follow_redirects=True)
    assert page.status_code == 200
    assert "Die Töpfe" in page.text
    title = page.text.split("<title>")[1].split("</title>")[0]
    assert TEXT["name"] not in title
    assert browse(settled()).get(here).status_code == 404
