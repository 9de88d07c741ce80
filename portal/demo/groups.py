"""The groups of the demo town: founded by neighbours, with a year of decisions; one rests, one is over.

How two became one, and why one stands still: `groups_together`.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.demo.diary import Diary
from portal.demo.people import People
from portal.groups.models import (
    Answer,
    Group,
    GroupDecision,
    GroupKind,
    JoinWay,
    MeetingDate,
    Method,
    Preset,
    Privacy,
    Repeats,
)
from portal.groups.operations import board, founding, joining, living, minutes, tasks
from portal.groups.operations.deciding import answering, closing, drafting, outcomes
from portal.groups.operations.deciding.drafting import CHOOSING, Wish
from portal.groups.operations.meetings import attending, planning
from portal.groups.permissions import membership_of
from portal.places.queries import district_by_slug

DECIDES_IN = 7.0  # days
# How a friendly neighbourhood leans: mostly yes.
SAYS = {
    Method.CONSENT: ("consent", "consent", "consent", "concern"),
    Method.CONSENSUS: ("yes", "yes", "yes", "abstain"),
    Method.MAJORITY: ("yes", "yes", "yes", "no", "abstain"),
}


class GroupStory:
    """One group on its way. Chance comes from its own dice, so that each town is the same."""

    def __init__(self, facts: dict[str, Any], people: People, diary: Diary) -> None:
        self.facts, self.people, self.diary = facts, people, diary
        self.dice = random.Random(facts["key"])  # noqa: S311  chance for a story, not for secrets
        self.born: float = facts["days_ago"]
        others = [*facts["members"], *self.dice.sample(people.crowd, facts["crowd"])]
        self.members = [facts["founder"], *others]
        self.group: Group  # once it has been begun
        self.decisions: dict[int, GroupDecision] = {}

    def plan(self) -> None:
        """Write every step into the diary."""
        self.diary.note(self.born, self.begin)
        ready = self.members[1 : 3 if not self.facts.get("founding") else 2]
        for number, key in enumerate(ready):
            self.diary.note(self.born - 1 - number, lambda key=key: self.join(key))  # type: ignore[misc]
        if self.facts.get("founding"):
            return
        self.diary.note(self.born - 6, self.found)
        for number, key in enumerate(self.members[3:]):
            self.diary.note(self.born - 10 - 2 * number, lambda key=key: self.join(key))  # type: ignore[misc]
        for number, facts in enumerate(self.facts["decisions"]):
            self._plan_decision(number, facts)
        self._plan_inside()
        if "rests" in self.facts:
            self.diary.note(self.facts["rests"], self.rest)
        if "archived" in self.facts:
            self.diary.note(self.facts["archived"], self.close_down)
        elif not any(name in self.facts for name in ("rests", "merges", "stopped")):
            self.diary.note(2.0, lambda: living.go_on(self.group, actor=self.actor(self.members[0])))

    def _plan_decision(self, number: int, facts: dict[str, Any]) -> None:
        begun = float(facts["days_ago"])
        lasts = begun + facts["running"] if "running" in facts else DECIDES_IN
        self.diary.note(begun, lambda: self.open(number, facts, lasts))
        voters = self.members[:4] if "running" in facts else self.members
        for place, key in enumerate(voters):
            at = begun - min(lasts, begun) * (place + 1) / (len(voters) + 2)
            self.diary.note(at, lambda key=key: self.answer(number, key))  # type: ignore[misc]
        if "running" in facts:
            return
        self.diary.note(begun - lasts - 0.01, lambda: self.close(number))
        self.diary.note(begun - lasts - 1, lambda: self.tell(number, facts))

    def _plan_inside(self) -> None:
        for days_ago, key, title, text, answers in self.facts["posts"]:
            self.diary.note(days_ago, lambda post=(key, title, text, answers): self.talk(*post))  # type: ignore[misc]
        for days_ago, *sheet in self.facts["minutes"]:
            self.diary.note(days_ago, lambda sheet=sheet: self.write_minutes(*sheet))  # type: ignore[misc]
        for days_ago, *task in self.facts["tasks"]:
            self.diary.note(days_ago, lambda task=task: self.take_on(*task))  # type: ignore[misc]
        meeting = self.facts.get("meeting")
        if meeting:
            self.diary.note(meeting["first"], lambda: self.plan_meeting(meeting))
            self.diary.note(0.5, self.look_at_meetings)

    def actor(self, key: str) -> Actor:
        """The person as an actor."""
        return self.people.actor(key)

    def alias(self, key: str) -> str:
        """Under which name this person is known in the group."""
        named: str | None = self.facts.get("aliases", {}).get(key)
        return named or self.people.accounts[key].display_name

    def begin(self) -> None:
        """The founding circle opens, with its charter."""
        facts, founder = self.facts, self.actor(self.facts["founder"])
        card = district_by_slug(facts["district"]) if "district" in facts else None
        self.group = founding.begin_group(
            founder,
            name=facts["name"],
            aim=facts["aim"],
            kind=GroupKind(facts["kind"]),
            privacy=Privacy(facts["privacy"]),
            alias=self.alias(facts["founder"]),
            preset=Preset(facts["preset"]),
            district_id=card.id if card else None,
            language=facts["language"],
        )
        if self.group.join_way is JoinWay.REQUEST:
            self.group.join_way = JoinWay.FREE
        founding.write_charter(self.group, actor=founder, texts=facts["charter"])
        founding.set_contact_way(self.group, actor=founder, words=facts["contact"])

    def join(self, key: str) -> None:
        """One more, by an open door or by a code; the first ones also agree to the charter."""
        actor = self.actor(key)
        if self.group.join_way is JoinWay.FREE:
            joining.join_freely(self.group, actor=actor, alias=self.alias(key))
        else:
            code = joining.make_code(self.group, actor=self.actor(self.members[0]))
            joining.join_by_code(code, actor=actor, alias=self.alias(key))
        founding.acknowledge_charter(self.group, actor=actor)

    def found(self) -> None:
        """The founders decide to be a group."""
        founding.found_group(self.group, actor=self.actor(self.members[0]))

    def open(self, number: int, facts: dict[str, Any], lasts: float) -> None:
        """A question to everybody."""
        asker, method = self.actor(self.members[number % len(self.members)]), Method(facts["method"])
        today = clock.today()
        wish = Wish(
            title=facts["title"],
            method=method,
            options=tuple(facts.get("options", ())),
            local_starts=tuple(
                f"{today + timedelta(days=day)}T{hour}" for day, hour in facts.get("slots", ())
            ),
            secret=facts.get("secret", False),
            majority=facts.get("majority", "simple"),
            max_choices=1 if method is Method.CHOICE else None,
            points_total=6 if method is Method.DOTS else None,
            points_each=3 if method is Method.DOTS else None,
        )
        made = drafting.draft_decision(self.group, wish, actor=asker)
        ends = clock.now() + timedelta(days=lasts)
        drafting.open_decision(made, group=self.group, actor=asker, closes_at=ends)
        self.decisions[number] = made

    def answer(self, number: int, key: str) -> None:
        """One member's answer."""
        decision, actor = self.decisions[number], self.actor(key)
        if decision.method is Method.LOTS:
            answering.add_lot_word(decision, self.dice.choice(WORDS), group=self.group, actor=actor)
            return
        content = self._content(decision)
        answering.hand_in(decision, content, group=self.group, actor=actor, reason="")

    def _content(self, decision: GroupDecision) -> dict[str, Any]:
        numbers = [option.number for option in decision.options]
        match decision.method:
            case Method.CHOICE:
                return {"choices": [self.dice.choice([numbers[0], *numbers])]}
            case Method.RANKING:
                return {"order": [[n] for n in self.dice.sample(numbers, len(numbers))]}
            case Method.DOTS:
                first, second = self.dice.sample(numbers, 2)
                return {"points": {first: 3, second: self.dice.choice([2, 3])}}
            case Method.SCORE:
                return {"points": {n: self.dice.randint(1, 5) for n in numbers}}
            case Method.RESISTANCE:
                last = len(numbers) - 1
                return {
                    "points": {
                        n: self.dice.randint(0, 9 if at == last else 6) for at, n in enumerate(numbers)
                    }
                }
            case Method.DATE:
                return {"points": {n: self.dice.choice([0, 1, 2, 2]) for n in numbers}}
            case _:
                return {"answers": {"1": self.dice.choice(SAYS[decision.method])}}

    def close(self, number: int) -> None:
        """The last hour is over."""
        session.flush()
        closing.close_decision(self.decisions[number].id, now=clock.now())
        session.refresh(self.decisions[number])

    def tell(self, number: int, facts: dict[str, Any]) -> None:
        """Who does what by when, and whether it still holds in half a year."""
        day = clock.today()
        asker = self.actor(self.members[number % len(self.members)])
        decision = self.decisions[number]
        again = day + timedelta(days=180) if decision.method in CHOOSING else None
        agreed = outcomes.Agreed(facts["statement"], facts["who"], day + timedelta(days=30), again)
        outcomes.write_outcome(decision, agreed, group=self.group, actor=asker)

    def talk(self, key: str, title: str, text: str, answers: list[list[str]]) -> None:
        """A conversation on the board."""
        thread = board.begin_thread(self.group, actor=self.actor(key), title=title, text=text)
        for other, words in answers:
            board.answer(thread, actor=self.actor(other), text=words)

    def write_minutes(
        self, key: str, title: str, present: str, text: str, decisions: list[str], lines: list[list[Any]]
    ) -> None:
        """What was talked about, what was decided, and who does what."""
        today = clock.today()
        sheet = minutes.Sheet(
            met_on=today,
            title=title,
            present=present,
            text=text,
            decisions=tuple(decisions),
            tasks=tuple(
                minutes.TaskLine(what, today + timedelta(days=days), self.member_id(doer))
                for what, days, doer in lines
            ),
        )
        minutes.write_minutes(self.group, actor=self.actor(key), sheet=sheet)

    def take_on(self, key: str, what: str, days: int) -> None:
        """Somebody says what they will do."""
        task = tasks.add_task(
            self.group, actor=self.actor(key), what=what, due_on=clock.today() + timedelta(days=days)
        )
        tasks.take_task(task, actor=self.actor(key))

    def member_id(self, key: str) -> str:
        """The public id of a membership."""
        membership = membership_of(self.actor(key), self.group)
        assert membership is not None
        return membership.public_id

    def plan_meeting(self, facts: dict[str, Any]) -> None:
        """The group meets, once or again and again."""
        day = clock.today() + timedelta(days=facts.get("ahead", 3))
        if "weekday" in facts:
            day += timedelta(days=(facts["weekday"] - day.weekday()) % 7)
        plan = planning.Plan(
            day=day,
            starts=facts["hour"],
            minutes=facts["minutes"],
            repeats=Repeats(facts["rhythm"]),
            title=facts["title"],
            place=facts["place"],
        )
        planning.plan_meeting(self.group, plan, actor=self.actor(self.members[0]))

    def look_at_meetings(self) -> None:
        """The last one took place, and some come to the next."""
        planning.extend_series()
        found = session.scalars(select(MeetingDate).where(MeetingDate.group_id == self.group.id))
        dates = sorted(found, key=lambda row: row.on)
        past, coming = (
            [row for row in dates if (row.on > clock.today()) is later] for later in (False, True)
        )
        if past and past[-1].on < clock.today():
            attending.took_place(past[-1], actor=self.actor(self.members[0]), people=len(self.members))
        if coming and self.group.privacy is not Privacy.DISCREET:
            for number, key in enumerate(self.members[:5]):
                answer = Answer.MAYBE if number == 3 else Answer.YES
                attending.answer_date(coming[0], answer, actor=self.actor(key))

    def rest(self) -> None:
        """Nobody has time: a pause."""
        living.rest(self.group)

    def close_down(self) -> None:
        """It has done what it was for."""
        living.archive(self.group)


WORDS = ("Apfel", "Brücke", "Kiesel", "Lampe", "Möwe", "Regen", "Wurzel", "Zimt")
