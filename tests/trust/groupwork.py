"""Groups in every privacy, what people asked and wrote to them, with canaries where only few may read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from portal.core import clock, limits
from portal.core.db import transaction
from portal.groups.models import JoinWay, Privacy, Topic
from portal.groups.operations import joining, leaving, letters, wishing
from portal.groups.queries.letters import thread_of
from portal.moderation import operations
from portal.moderation.models import Ground, Measure
from portal.moderation.operations import Ruling, agree_to_stop, decide_case, open_own_case
from tests.support.factories_groups import card, get_group, group_pid, make_group, member_of, settled

if TYPE_CHECKING:
    from tests.trust.things import Builder

MEMBERS = ("AU", "CO")
# A step of the charter and a language, for addresses that name one.
BESIDE = {"number": 1, "slug": "tr"}


def fill_groups(build: Builder) -> None:
    """The author holds the role there is, the co-author is a member; nobody else belongs to them."""
    everybody = set(build.people.accounts) | {"V"}
    for state, privacy, founded in (
        ("closed", Privacy.CLOSED, True),
        ("founding", Privacy.CLOSED, False),
        ("discreet", Privacy.DISCREET, True),
        ("founding discreet", Privacy.DISCREET, False),
    ):
        readers = set(MEMBERS) if privacy is Privacy.DISCREET else everybody
        name = build.canaries.plant(f"name of a group, {state}", readers)
        group_id = _made(build, name, privacy=privacy, founded=founded)
        build.put("group", state, pid=group_pid(group_id), **BESIDE)
    _ideas(build)
    _requests(build)
    _letters(build)
    _moderated(build)


def _moderated(build: Builder) -> None:
    """MO2 has hidden one group's page, proposed to stop another, and a third is stopped by two."""
    everybody, plant = set(build.people.accounts) | {"V"}, build.canaries.plant
    wait = Ruling(Measure.STOP, Ground.RULE, rule=2, facts="Aufruf zur Gewalt.", days=5)
    for state in ("hidden", "proposed", "stopped"):
        readers = everybody if state == "proposed" else {*MEMBERS, "MO"}
        # Its members' mails go on naming it; what it is for stands on its page only.
        name, aim = f"Gruppe {state}", plant(f"aim of a group, {state}", readers)
        group_id = _made(build, name, aim=aim, district_id=build.people.north, privacy=Privacy.OPEN)
        with transaction():
            case = open_own_case(card(group_id), actor=build.actor("MO2"))
            if state == "hidden":
                facts = plant("reasons for hiding a group", {*MEMBERS, "MO"})
                ruling = Ruling(Measure.HIDE, Ground.RULE, rule=2, passage=name, facts=facts)
                decision = decide_case(case, actor=build.actor("MO2"), ruling=ruling)
            else:
                operations.propose_stop(case, actor=build.actor("MO2"), ruling=replace(wait, passage=name))
                build.put("case", f"group {state}", pid=case.public_id)
            if state == "stopped":
                decision = agree_to_stop(case, actor=build.actor("S2"))
            if state != "proposed":
                build.put("decision", f"group {state}", pid=decision.public_id)
        build.put("group", state, pid=group_pid(group_id), **BESIDE)
        build.put("subject", f"group {state}", kind="group", pid=group_pid(group_id))


def _made(build: Builder, name: str, **given: Any) -> int:
    people = [*(build.actor(one) for one in MEMBERS), settled()]
    # One person may begin three a day, and come into ten an hour.
    for person in people:
        for name_of_limit in ("groups.begin", "groups.code_used"):
            limits.forget(name_of_limit, str(person.account_id))
    return make_group(people=people, name=name, **given)[0]


def _ideas(build: Builder) -> None:
    for state in ("shown", "hidden"):
        with transaction():
            readers = {"AU"} if state == "hidden" else set(build.people.accounts) | {"V"}
            title = build.canaries.plant(f"idea, {state}", readers)
            idea = wishing.write_idea(build.actor("AU"), title=title)
            idea.hidden_at = clock.now() if state == "hidden" else None
            build.put("group idea", state, iid=idea.public_id)
            build.put("wish", state, kind="group_idea", public_id=idea.public_id)


def _requests(build: Builder) -> None:
    for state in ("asked", "leaderless"):
        group_id = _made(build, f"Gruppe {state}")
        asker = build.actor("RV")
        with transaction():
            group = get_group(group_id)
            group.questions = ["Warum?"]
            answer = build.canaries.plant(f"answer to a question, {state}", {"RV", *MEMBERS})
            joining.ask_to_join(group, actor=asker, alias="Rafik", answers=[answer])
            if state == "leaderless":
                leaving.pause(group, actor=build.actor("AU"), days=30)
        with transaction(write=False):
            mid = member_of(group_id, asker).public_id
        build.put("group request", state, pid=group_pid(group_id), mid=mid)


def _letters(build: Builder) -> None:
    """The resident RV writes about a topic; a discreet group of the author's answers."""
    hidden = _made(
        build, build.canaries.plant("name of a group with letters", set(MEMBERS)), privacy=Privacy.DISCREET
    )
    asked = _made(build, "Gruppe mit Briefkasten", join_way=JoinWay.CONTACT)
    with transaction():
        text = build.canaries.plant("letter", {"RV", "AU"})
        reply = build.canaries.plant("answer to a letter", {"RV", "AU"})
        letters.take_letters(get_group(hidden), actor=build.actor("AU"), topic=Topic.GRIEF)
        letter = letters.write_letter(build.actor("RV"), name="Rosa", text=text, topic=Topic.GRIEF)
        letters.answer_letter(letter, group=get_group(hidden), actor=build.actor("AU"), text=reply)
        lid, thread = letter.public_id, thread_of(letter, hidden)
    build.put("group letter", "answered", lid=lid)
    build.things["group letter"]["answered"]["thread"] = thread
    build.put("letter to a group", "answered", pid=group_pid(hidden), lid=lid)
    build.put("group with a contact", "closed", pid=group_pid(asked))
