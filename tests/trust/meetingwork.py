"""Meetings and accompaniment of a closed and of a discreet group, a canary wherever only they may read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.core import clock, limits
from portal.core.actors import Actor
from portal.core.db import transaction
from portal.groups.models import Accompaniment, Grant, Group, Privacy
from portal.groups.operations.accompanying import agreeing, closing, during
from portal.groups.operations.meetings import addresses, planning
from tests.support.factories_groups import get_group, group_pid, make_group, settled

if TYPE_CHECKING:
    from tests.trust.things import Builder

MEMBERS = ("AU", "CO")
NOBODY = 10**6


def fill_meetings(build: Builder) -> None:
    """The author has the role there is, the co-author is a member, a professional accompanies them."""
    limits.start_over()  # nobody begins as many groups on one day
    people = [*(build.actor(one) for one in MEMBERS), settled()]
    groups = {}
    for privacy in (Privacy.CLOSED, Privacy.DISCREET):
        seen_by = set(MEMBERS) if privacy is Privacy.DISCREET else {*build.people.accounts, "V"}
        name = build.canaries.plant(f"name of a {privacy} group that meets", seen_by)
        groups[privacy], _ = make_group(people=people, privacy=privacy, name=name)
        build.put("meeting group", privacy, pid=group_pid(groups[privacy]))
    _dates(build, groups[Privacy.CLOSED], groups[Privacy.DISCREET])
    _agreements(build, groups[Privacy.CLOSED])
    _circle(build, people)


def _dates(build: Builder, closed: int, discreet: int) -> None:
    with transaction():
        for state, group_id in {"coming": closed, "over": closed, "hidden": discreet}.items():
            group = get_group(group_id)
            place = build.canaries.plant(f"place of a meeting, {state}", {*MEMBERS})
            day = clock.today() + timedelta(days=397 if state == "hidden" else 398)
            build.ids[f"{state} day"] = day.isoformat()
            plan = planning.Plan(day=day, starts="18:00", place=place)
            meeting = planning.plan_meeting(group, plan, actor=build.actor("AU"))
            row = planning.first_date(meeting)
            if state == "over":
                row.on = clock.today() - timedelta(days=1)
            build.put("meeting date", state, pid=group.public_id, did=row.public_id)
        token = addresses.make_group_address(get_group(discreet), actor=build.actor("CO"))
        build.put("calendar address", "fresh", token=token)


def _agreements(build: Builder, group_id: int) -> None:
    companion = build.people.accounts["PA"]
    for state in ("asked", "offered", "agreed"):
        goal = build.canaries.plant(f"goal of accompaniment, {state}", {*MEMBERS, "PA"})
        terms = agreeing.Terms(goal=goal, months=3, grants=(Grant.BOARD,))
        with transaction():
            group, author = get_group(group_id), build.actor("AU")
            if state == "offered":
                made = agreeing.offer_companion(group, terms, actor=build.actor("PA"))
            else:
                made, _ = agreeing.ask_companion(group, terms, actor=author, companion=companion)
            if state == "agreed":
                agreeing.sign_as_companion(made, group=group, actor=build.actor("PA"))
            build.put("agreement", state, **_of(build, group, made, state))
    with transaction():
        terms = agreeing.Terms(goal="Erfahrung", months=1)
        _made, build.ids["companion code"] = agreeing.ask_companion(
            get_group(group_id), terms, actor=build.actor("AU")
        )


def _circle(build: Builder, people: list[Actor]) -> None:
    """A circle that is being founded, with somebody beside it who has written a note everybody may read."""
    group_id, _ = make_group(people=people, founded=False, name="Ein Kreis")
    terms = agreeing.Terms(goal="Ein Anfang", months=3, grants=(Grant.BOARD,))
    with transaction():
        group, companion = get_group(group_id), build.people.accounts["PA"]
        made, _ = agreeing.ask_companion(group, terms, actor=build.actor("AU"), companion=companion)
        agreeing.sign_as_companion(made, group=group, actor=build.actor("PA"))
        closing.write_note(made, "Ich habe den Kreis kennengelernt.", actor=build.actor("PA"))
        build.put("agreement", "circle", pid=group.public_id, aid=made.public_id, number=_number(build, made))


def _of(build: Builder, group: Group, made: Accompaniment, state: str) -> dict[str, object]:
    values = {"pid": group.public_id, "aid": made.public_id, "number": NOBODY}
    if state == "agreed":
        for person, side in (("AU", during.Side.GROUP), ("PA", during.Side.COMPANION)):
            report = build.canaries.plant(f"closing report of {person}", {*MEMBERS, "PA"})
            closing.write_report(made, report, actor=build.actor(person), side=side)
        word = build.canaries.plant("word to the one who accompanies", {*MEMBERS, "PA"})
        during.write_word(made, word, actor=build.actor("AU"), side=during.Side.GROUP)
        values["number"] = _number(build, made)
    return values


def _number(build: Builder, made: Accompaniment) -> int:
    """Somebody who shall stand in, and waits for the group."""
    today = clock.today()
    found = during.propose_substitute(
        made,
        build.people.accounts["PX"],
        actor=build.actor("PA"),
        from_on=today,
        until_on=today + timedelta(days=3),
    )
    return found.id
