"""A group decides that it is over, in its own way, and takes that back the same way until it is erased."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import can
from portal.groups.errors.deciding import ErasedBefore, NothingToCarryOut, NoTimeLeft
from portal.groups.models import DecisionState, GroupState, Method, Privacy, QuorumKind, Status, Target
from portal.groups.operations import board, living
from portal.groups.operations.deciding import adopting, again, collecting, drafting
from portal.groups.operations.deciding.closing import MOST_ROUNDS
from portal.notifications.models import Notice
from tests.groups.circles import Circle
from tests.groups.conftest import Browse, Make, group
from tests.groups.deciding import WEEK, ask, close, loaded, say, word


def ended(group_id: int, people: list[Actor]) -> int:
    """The group has decided its end, and it is in force; returns the decision."""
    asked = ask(group_id, people[0], Method.CONSENT, target=Target.END)
    put_into_force(group_id, people, asked)
    return asked


def put_into_force(group_id: int, people: list[Actor], asked: int) -> None:
    for one in people:
        say(group_id, asked, one, word("consent"))
    close(asked)
    with transaction():
        adopting.carry_out(loaded(asked), group=group(group_id), actor=people[0])


def taken_back(group_id: int, actor: Actor, asked: int) -> int:
    with transaction():
        undo = adopting.take_back(loaded(asked), group=group(group_id), actor=actor, title="Doch nicht")
        drafting.open_decision(undo, group=group(group_id), actor=actor, closes_at=clock.now() + WEEK)
        return undo.id


@pytest.mark.parametrize("resting", [False, True])
@pytest.mark.parametrize("privacy", [Privacy.OPEN, Privacy.DISCREET])
def test_a_group_ends_and_goes_on_by_decision(make: Make, privacy: Privacy, resting: bool) -> None:
    group_id, people = make(3, privacy=privacy)
    if resting:
        with transaction():
            living.rest(group(group_id))
    asked = ended(group_id, people)
    with transaction():
        found, kept = group(group_id), 30 if privacy is Privacy.DISCREET else 365
        assert found.state is GroupState.ARCHIVED
        assert found.purge_on == clock.today() + timedelta(days=kept)
        if privacy is Privacy.OPEN:
            told = [one.context["what"] for one in session.query(Notice).filter_by(kind="groups.life")]
            assert told.count("archived") == 3
    # Nothing else can be done in it.
    with pytest.raises(NotFound), transaction():
        board.begin_thread(group(group_id), actor=people[1], title="Noch", text="etwas")
    with pytest.raises(NotFound), transaction():
        drafting.draft_decision(
            group(group_id), drafting.Wish(title="Neu?", method=Method.CONSENT), actor=people[1]
        )
    put_into_force_by(group_id, people, taken_back(group_id, people[1], asked))
    with transaction(write=False):
        found = group(group_id)
        assert (found.state, found.archived_at, found.purge_on) == (GroupState.ACTIVE, None, None)
        assert not adopting.can_take_back(loaded(asked))


def put_into_force_by(group_id: int, people: list[Actor], asked: int) -> None:
    """The second one began it, and leads it."""
    put_into_force(group_id, [people[1], people[0], people[2]], asked)


def test_other_votes_stop_with_the_group(make: Make) -> None:
    """Running ones and those in the middle of a rewriting; what was over, and drafts, stay as they are."""
    group_id, people = make(3)
    running, over = ask(group_id, people[0], Method.MAJORITY), ask(group_id, people[0], Method.MAJORITY)
    rewritten = ask(group_id, people[0], Method.CONSENT)
    for one, answer in zip(people, ("consent", "consent", "objection"), strict=True):
        say(group_id, rewritten, one, word(answer), "Zu teuer")
    with transaction():
        for one in (running, over):
            loaded(one).closes_at = clock.now() + 3 * WEEK
    close(rewritten)
    with transaction():
        loaded(over).closes_at = clock.now()
        draft = drafting.draft_decision(
            group(group_id), drafting.Wish(title="Bald?", method=Method.CONSENT), actor=people[1]
        ).id
        living.archive(group(group_id))
    with pytest.raises(NotFound):
        say(group_id, running, people[1], word("yes"))
    with transaction(write=False):
        states = [loaded(one).state.value for one in (running, rewritten, over, draft)]
        assert states == ["cancelled", "cancelled", "open", "draft"]
        assert loaded(running).cancel_reason == "Die Gruppe hat aufgehört."
        assert (
            not session.query(Notice)
            .filter_by(kind="groups.decision", is_shown=True)
            .filter(Notice.context["what"].as_string() == "decision_cancelled")
            .all()
        )


def test_the_way_back_ends_before_the_group_is_erased(make: Make) -> None:
    group_id, people = make(3, privacy=Privacy.DISCREET)
    asked = ended(group_id, people)
    with transaction():
        group(group_id).purge_on = clock.today() + timedelta(days=3)
        found = group(group_id)
        undo = adopting.take_back(loaded(asked), group=found, actor=people[1], title="Doch nicht").id
    for days, fits in ((7, False), (3, False), (2, True)):
        with suppress(ErasedBefore), transaction():
            end = clock.now() + timedelta(days=days)
            drafting.open_decision(loaded(undo), group=group(group_id), actor=people[1], closes_at=end)
            assert fits


def erased_in(group_id: int, days: int) -> datetime:
    """The group is erased on that day; returns the last minute before it."""
    day = clock.today() + timedelta(days=days)
    with transaction():
        group(group_id).purge_on = day
    return datetime.combine(day, time(), tzinfo=clock.zone()).astimezone(UTC) - timedelta(minutes=1)


def end_of(asked: int) -> datetime | None:
    with transaction(write=False):
        return loaded(asked).closes_at


def test_what_runs_on_ends_before_the_group_is_erased(make: Make) -> None:
    """Asked for by two, for a missed quorum, for another way, for a new suggestion: never beyond that day."""
    group_id, people = make(4)
    longer, missed, without, resistance = (
        ask(group_id, people[0], Method.MAJORITY),
        ask(group_id, people[0], Method.MAJORITY, quorum_kind=QuorumKind.PEOPLE, quorum=3),
        ask(group_id, people[0], Method.CONSENT, fallback_method=Method.MAJORITY),
        ask(group_id, people[0], Method.RESISTANCE, options=("A", "B")),
    )
    with transaction():
        loaded(without).round = MOST_ROUNDS
    say(group_id, without, people[1], word("objection"), "Nein")
    last = erased_in(group_id, 10)
    for person in people[:2]:
        with transaction():
            again.ask_longer(loaded(longer), group=group(group_id), actor=person)
    with time_machine.travel(clock.now() + timedelta(days=5)), transaction():
        collecting.add_option_late(loaded(resistance), "C", group=group(group_id), actor=people[1])
    assert close(missed).state is DecisionState.OPEN
    assert close(without).method is Method.MAJORITY
    assert [end_of(one) for one in (longer, missed, without, resistance)] == [last] * 4


def test_where_no_day_is_left_nobody_is_asked_for_longer(make: Make) -> None:
    group_id, people = make(4)
    longer = ask(group_id, people[0], Method.MAJORITY, quorum_kind=QuorumKind.PEOPLE, quorum=3)
    without = ask(group_id, people[0], Method.CONSENT, fallback_method=Method.MAJORITY)
    with transaction():
        loaded(without).round = MOST_ROUNDS
    say(group_id, without, people[1], word("objection"), "Nein")
    last = erased_in(group_id, 6)
    with transaction():
        loaded(longer).closes_at = loaded(without).closes_at = last
    with pytest.raises(NoTimeLeft), transaction():
        again.ask_longer(loaded(longer), group=group(group_id), actor=people[0])
    with transaction():
        draft = drafting.draft_decision(
            group(group_id),
            drafting.Wish(title="Was?", method=Method.RESISTANCE, collecting=True),
            actor=people[0],
        )
        with pytest.raises(ErasedBefore):
            collecting.begin_collecting(
                draft, group=group(group_id), actor=people[0], until=last - WEEK / 2, closes_at=last + WEEK
            )
    after = last - clock.now() + timedelta(seconds=1)
    missed, objected = (close(one, after=after) for one in (longer, without))
    assert (missed.status, missed.extended) == (Status.NO_QUORUM, False)
    assert objected.status is Status.NOT_ADOPTED


def test_what_ended_otherwise_has_no_way_back(make: Make) -> None:
    group_id, people = make(3)
    asked = ended(group_id, people)
    undo = taken_back(group_id, people[1], asked)
    put_into_force_by(group_id, people, undo)
    with transaction():
        living.archive(group(group_id))
    with pytest.raises(NotFound), transaction():
        adopting.take_back(loaded(asked), group=group(group_id), actor=people[1], title="Noch einmal")


def test_what_else_a_group_decided_leads_to_no_way_back(make: Make) -> None:
    """It ended by itself: that it once decided about a pause opens nothing."""
    group_id, people = make(3)
    data = {"until": (clock.today() + timedelta(days=40)).isoformat()}
    put_into_force(
        group_id, people, ask(group_id, people[0], Method.CONSENT, target=Target.PAUSE, target_data=data)
    )
    with transaction():
        living.archive(group(group_id))
        assert not can(people[1], "groups.take_end_back", group(group_id))


def test_erased_is_erased(make: Make) -> None:
    group_id, people = make(3)
    asked = ended(group_id, people)
    with transaction():
        group(group_id).purge_on = clock.today()
    with pytest.raises(NotFound), transaction():
        adopting.take_back(loaded(asked), group=group(group_id), actor=people[1], title="Zu spät")


def test_a_circle_still_being_founded_has_no_end_to_decide(make: Make, browse: Browse) -> None:
    group_id, people = make(3, founded=False)
    asked = ask(group_id, people[0], Method.CONSENT, target=Target.END)
    for one in people:
        say(group_id, asked, one, word("consent"))
    close(asked)
    with pytest.raises(NothingToCarryOut), transaction():
        adopting.carry_out(loaded(asked), group=group(group_id), actor=people[0])
    with transaction(write=False):
        pid = group(group_id).public_id
    browser = browse(people[0])
    assert "/new/end" not in browser.get(f"/en/groups/{pid}/decisions/new").text
    assert browser.get(f"/en/groups/{pid}/decisions/new/end").status_code == 303


def test_the_end_and_the_way_back_on_pages(app: Flask, browse: Browse) -> None:
    circle = Circle(browse)
    with transaction():
        group(circle.group_id).default_method = "majority"
    circle.begin("end", title="Wir hören auf")
    assert "For 365 days you can read everything" in circle.of(1).get(circle.url()).text
    for number in range(3):
        circle.say(number, answer="yes")
    circle.close()
    assert circle.of(0).post(circle.url("/steps/carry-out")).status_code == 303
    page = circle.of(1).get(circle.url()).text
    assert f"/groups/{circle.pid}/export" in page
    assert "the group is erased" in page
    assert circle.of(2).get(f"/en/groups/{circle.pid}/export").status_code == 200
    back = circle.of(1).post(circle.url("/steps/take-back"))
    circle.did = back.location.split("/decisions/")[1]
    end = {"closes_on": clock.today() + WEEK, "closes_hour": "20"}
    assert circle.of(1).post(circle.url("/open"), data=end).status_code == 303
    for number in range(3):
        circle.say(number, answer="yes")
    circle.close()
    assert circle.of(1).post(circle.url("/steps/carry-out")).status_code == 303
    with transaction(write=False):
        assert group(circle.group_id).state is GroupState.ACTIVE
