"""A founding circle that fell silent: who is told, and who may open it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.actors import Actor, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import can
from portal.core.subjects import SubjectRef
from portal.groups.errors import CircleExists, GroupOver
from portal.groups.jobs import tick
from portal.groups.models import Group, GroupKind, GroupState, Idea, Membership, MemberState, Privacy
from portal.groups.operations import founding, joining, leaving, living, wishing
from portal.groups.operations.wishing import IDEA
from portal.notifications.models import Notice
from tests.groups.conftest import Browse, Make, group, member, settled
from tests.support.factories import actor_of, make_staff
from tests.support.factories_groups import make_group

pytestmark = pytest.mark.logic

SILENT = timedelta(days=90)
WORDS = "https://example.org"


def circle(privacy: Privacy = Privacy.CLOSED) -> tuple[int, list[Actor], str]:
    """(group, [who began it, who said "me too" and is not in it, another such], the idea's public id)."""
    people = [settled() for _ in range(3)]
    with transaction():
        idea = wishing.write_idea(people[0], title="Chor im Hof")
        wish = SubjectRef(IDEA, idea.id)
        for one in people[1:]:
            wishing.say_me_too(wish, actor=one)
        made = founding.begin_group(
            people[0],
            name="Chor",
            aim="Singen",
            kind=GroupKind.INITIATIVE,
            privacy=privacy,
            alias="Amsel",
            origin=wish,
        )
        return made.id, people, idea.public_id


def told(person: Actor) -> list[str]:
    """What notices about circles this person has, oldest first."""
    query = select(Notice).where(Notice.account_id == person.account_id).order_by(Notice.id)
    return [one.context["what"] for one in session.scalars(query) if "circle" in str(one.context)]


def silence() -> None:
    with transaction():
        tick()


@pytest.mark.on_both
def test_whoever_would_take_part_is_told_and_opens_it_again(both: Flask) -> None:
    group_id, (amira, berta, chris), _iid = circle()
    with transaction(write=False):
        assert told(berta) == ["circle"]
    with time_machine.travel(clock.now() + SILENT):
        silence()
        with transaction(write=False):
            assert group(group_id).state is GroupState.ARCHIVED
            assert told(amira) == ["circle_ended"]
            assert told(berta) == told(chris) == ["circle", "circle_ended"]
        with transaction():
            wishing.join_circle(group(group_id), actor=berta, alias="Buchfink")
        with transaction(write=False):
            again = group(group_id)
            assert (again.state, again.archived_at, again.purge_on) == (GroupState.FOUNDING, None, None)
            assert member(group_id, berta).state is MemberState.MEMBER
            assert member(group_id, amira).state is MemberState.MEMBER
            assert told(amira) == ["circle_ended", "circle_again"]
            assert told(chris)[-1] == "circle_again"
        silence()
        with transaction(write=False):
            assert group(group_id).state is GroupState.FOUNDING
    with time_machine.travel(clock.now() + 2 * SILENT):
        silence()
        with transaction(write=False):
            assert group(group_id).state is GroupState.ARCHIVED
            assert told(chris) == ["circle", "circle_ended", "circle_again", "circle_ended"]


def test_nobody_else_sees_it_or_opens_it(both: Flask) -> None:
    group_id, (amira, berta, _chris), _iid = circle(Privacy.OPEN)
    others = [settled(), *(actor_of(make_staff(one)) for one in StaffRole)]
    with time_machine.travel(clock.now() + SILENT):
        silence()
        with transaction():
            ended = group(group_id)
            for person in others:
                assert not can(person, "groups.see", ended)
                assert not can(person, "groups.read_inside", ended)
                with pytest.raises(NotFound):
                    wishing.join_circle(ended, actor=person, alias="Elster")
                with pytest.raises(NotFound):
                    living.go_on(ended, actor=person)
            assert can(berta, "groups.open_again", ended)
            wishing.take_me_too_back(SubjectRef(ended.origin_kind, ended.origin_id or 0), actor=berta)
            assert not can(berta, "groups.see", ended)
        with transaction():
            living.go_on(group(group_id), actor=amira)
            assert group(group_id).state is GroupState.FOUNDING


def test_whoever_asked_to_join_is_told_and_may_open_it(both: Flask, make: Make) -> None:
    group_id, _people = make(2, founded=False)
    asker, removed = settled(), settled()
    with transaction():
        for person, name in ((asker, "Dohle"), (removed, "Elster")):
            joining.ask_to_join(group(group_id), actor=person, alias=name, answers=[])
        member(group_id, removed).state = MemberState.REMOVED
    with time_machine.travel(clock.now() + SILENT):
        silence()
        with transaction():
            assert told(asker) == ["circle_ended"]
            assert not can(removed, "groups.open_again", group(group_id))
            wishing.join_circle(group(group_id), actor=asker, alias="Dohle")
            assert member(group_id, asker).state is MemberState.MEMBER


def test_what_its_people_ended_is_theirs_alone(both: Flask) -> None:
    """Ended by those in it: no notice outside, only they may open it again."""
    group_id, (amira, berta, _chris), _iid = circle()
    with transaction():
        living.archive(group(group_id))
    with transaction():
        assert told(berta) == ["circle"]
        assert not can(berta, "groups.see", group(group_id))
        living.go_on(group(group_id), actor=amira)
        assert group(group_id).state is GroupState.FOUNDING


def test_a_group_that_was_one_does_not_come_back(both: Flask, make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        living.archive(group(group_id))
        with pytest.raises(GroupOver):
            living.go_on(group(group_id), actor=people[0])


def test_working_on_the_list_is_no_silence(both: Flask, make: Make) -> None:
    """Each step counts: written, chosen, agreed to, or somebody came in."""
    guest = settled()
    for work in (
        lambda circle, person: founding.set_contact_way(circle, actor=person, words=WORDS),
        lambda circle, person: founding.set_plan(circle, actor=person, place="Hof", time="", first_on=None),
        lambda circle, person: founding.choose_privacy(circle, Privacy.CLOSED, actor=person),
        lambda circle, person: founding.write_charter_part(circle, actor=person, texts={"goal": "Neu"}),
        lambda circle, person: founding.acknowledge_charter(circle, actor=person),
        lambda circle, person: joining.come_in(
            joining.make_code(circle, actor=person), actor=guest, alias="Neu"
        ),
    ):
        group_id, people = make(2, founded=False)
        with time_machine.travel(clock.now() + timedelta(days=89)), transaction():
            work(group(group_id), people[0])
        with time_machine.travel(clock.now() + SILENT):
            silence()
            with transaction(write=False):
                assert group(group_id).state is GroupState.FOUNDING
        with transaction():
            session.delete(group(group_id))


def test_a_discreet_circle_is_opened_again_by_its_members_alone(both: Flask) -> None:
    group_id, (amira, berta, _chris), _iid = circle(Privacy.DISCREET)
    with time_machine.travel(clock.now() + SILENT + timedelta(days=7)):
        silence()
        with transaction():
            ended = group(group_id)
            assert ended.state is GroupState.ARCHIVED
            assert session.scalar(select(func.count(Notice.id))) == 0
            assert not can(berta, "groups.see", ended)
            living.go_on(ended, actor=amira)
            assert ended.state is GroupState.FOUNDING


def test_not_beside_another_circle_of_the_same_wish(both: Flask) -> None:
    group_id, (amira, berta, chris), _iid = circle()
    with time_machine.travel(clock.now() + SILENT):
        silence()
        with transaction():
            idea = session.scalars(select(Idea)).one()
            other = founding.begin_group(
                chris,
                name="Chor zwei",
                aim="Singen",
                kind=GroupKind.INITIATIVE,
                privacy=Privacy.CLOSED,
                alias="Star",
                origin=SubjectRef(IDEA, idea.id),
            )
            assert other.id != group_id
        for person in (amira, berta):
            with transaction(), pytest.raises(CircleExists):
                if person is amira:
                    living.go_on(group(group_id), actor=person)
                else:
                    wishing.join_circle(group(group_id), actor=person, alias="Buchfink")


def test_everybody_left_and_somebody_who_wished_for_it_begins_alone(both: Flask) -> None:
    group_id, (amira, berta, _chris), _iid = circle()
    with time_machine.travel(clock.now() + SILENT):
        silence()
        with transaction():
            leaving.leave(group(group_id), actor=amira)
        with transaction():
            wishing.join_circle(group(group_id), actor=berta, alias="Buchfink")
        silence()
        with transaction(write=False):
            assert group(group_id).state is GroupState.FOUNDING
            members = select(func.count(Membership.id)).where(Membership.state == MemberState.MEMBER)
            assert session.scalar(members) == 1


def test_the_pages_without_scripts(app: Flask, browse: Browse) -> None:
    """From the idea to the ended circle, to its open list; pressed twice it is once."""
    group_id, (amira, berta, chris), iid = circle()
    with transaction(write=False):
        pid = session.get_one(Group, group_id).public_id
    with time_machine.travel(clock.now() + SILENT):
        silence()
        page = browse(berta).get(f"/en/groups/ideas/{iid}").text
        assert f"/en/groups/{pid}" in page
        assert "Begin a new one" in page
        seen = browse(berta).get(f"/en/groups/{pid}").text
        assert f"/en/groups/{pid}/join" in seen
        assert browse(settled()).get(f"/en/groups/{pid}").status_code == 404
        own = browse(amira).get(f"/en/groups/{pid}/goes-on").text
        assert "Open it again" in own
        assert "We take a break</span>" not in own
        form = browse(berta).get(f"/en/groups/{pid}/join").text
        assert "With you it is open again" in form
        for _ in range(2):
            sent = browse(berta).post(f"/en/groups/{pid}/join", data={"alias": "Buchfink"})
            assert sent.status_code == 303, sent.text
        late = browse(chris).post(f"/en/groups/{pid}/join", data={"alias": "Star"})
        assert late.status_code == 303
        with transaction(write=False):
            assert group(group_id).state is GroupState.FOUNDING
        for _ in range(2):
            assert browse(amira).post(f"/en/groups/{pid}/goes-on", data={"answer": "on"}).status_code == 303


def test_a_button_of_an_ended_group_is_answered_in_words(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    with transaction():
        living.archive(group(group_id))
        pid = group(group_id).public_id
    for answer in ("on", "break", "stop"):
        sent = browse(people[0]).post(f"/en/groups/{pid}/goes-on", data={"answer": answer})
        assert sent.status_code == 200
        assert "has ended or stands still" in sent.text
        assert "Good. The group goes on." not in sent.text
