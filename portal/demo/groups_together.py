"""Turns in the life of demo groups: two become one, and one has been stopped by two moderators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.core.subjects import SubjectRef, resolve
from portal.demo.diary import Diary
from portal.demo.groups import GroupStory
from portal.demo.people import People
from portal.groups.models import Group, GroupDecision, GroupMove, MoveChoice
from portal.groups.operations import board, living
from portal.groups.operations.deciding import adopting, answering, closing, drafting, outcomes
from portal.groups.operations.together import deciding, moving
from portal.moderation.models import Case, Category, Ground, Measure
from portal.moderation.operations import Ruling, agree_to_stop, propose_stop, report_subject

DECIDED_IN, CHOSEN_IN = 7.0, 30.0  # days


def plan_turns(stories: Mapping[str, GroupStory], people: People, diary: Diary) -> None:
    """Write the turns of those groups that have one into the diary."""
    for story in stories.values():
        if "together" in story.facts:
            Merging(stories[story.facts["merges"]], story, diary).plan()
        if "stopped" in story.facts:
            _plan_stop(story, people, diary)


class Merging:
    """Two groups write one text, both decide, their members come over, and the old ones forward."""

    def __init__(self, one: GroupStory, other: GroupStory, diary: Diary) -> None:
        self.sides, self.diary = (one, other), diary
        self.facts: dict[str, Any] = other.facts["together"]
        self.move: GroupMove  # once it has been written
        self.asked: dict[str, GroupDecision] = {}

    def plan(self) -> None:
        """Write every step into the diary."""
        begun = float(self.facts["days_ago"])
        self.diary.note(begun, self.write)
        for story in self.sides:
            self.diary.note(begun - 1, lambda story=story: self.ask(story))  # type: ignore[misc]
            self.diary.note(begun - 1.1 - DECIDED_IN, lambda story=story: self.decide(story))  # type: ignore[misc]
        for story in self.sides:
            self.diary.note(begun - 2 - DECIDED_IN, lambda story=story: self.come_over(story))  # type: ignore[misc]
        self.diary.note(begun - DECIDED_IN - CHOSEN_IN, lambda: moving.settle_moves(clock.today()))
        self.diary.note(begun - DECIDED_IN - CHOSEN_IN - 8, self.meet)
        self.diary.note(2.0, lambda: living.go_on(self.target(), actor=self.founder(self.sides[0])))

    def founder(self, story: GroupStory) -> Any:
        """Who began the group."""
        return story.actor(story.members[0])

    def target(self) -> Group:
        """The new group."""
        return session.get_one(Group, self.move.target_id)

    def write(self) -> None:
        """One writes the text, the other types the three words."""
        one, other = self.sides
        text = moving.MoveText(self.facts["name"], self.facts["aim"], {"goal": self.facts["goal"]})
        self.move, words = moving.write_merge(one.group, text, actor=self.founder(one))
        moving.join_merge(other.group, words, actor=self.founder(other))

    def ask(self, story: GroupStory) -> None:
        """A group asks its members."""
        actor, title = self.founder(story), self.facts["ask"]
        made = deciding.draft_move_decision(self.move, story.group, actor=actor, title=title)
        ends = clock.now() + timedelta(days=DECIDED_IN)
        drafting.open_decision(made, group=story.group, actor=actor, closes_at=ends)
        for key in story.members:
            content = {"answers": {"1": "consent"}}
            answering.hand_in(made, content, group=story.group, actor=story.actor(key))
        self.asked[story.facts["key"]] = made

    def decide(self, story: GroupStory) -> None:
        """Nobody objected: it comes into force for this side."""
        made, actor = self.asked[story.facts["key"]], self.founder(story)
        session.flush()
        closing.close_decision(made.id, now=clock.now())
        session.refresh(made)
        agreed = outcomes.Agreed(self.facts["statement"], self.facts["who"], clock.today(), None)
        outcomes.write_outcome(made, agreed, group=story.group, actor=actor)
        adopting.carry_out(made, group=story.group, actor=actor)

    def come_over(self, story: GroupStory) -> None:
        """Each says for themselves that they come along; the last one stays at home."""
        for key in story.members[:-1]:
            moving.choose(self.move, story.group, MoveChoice.GOES, actor=story.actor(key))

    def meet(self) -> None:
        """The first evening together."""
        title, text = self.facts["post"]
        board.begin_thread(self.target(), actor=self.founder(self.sides[1]), title=title, text=text)


def _plan_stop(story: GroupStory, people: People, diary: Diary) -> None:
    facts = story.facts["stopped"]
    diary.note(facts["days_ago"] + 0.5, lambda: _report(story, people))
    diary.note(facts["days_ago"], lambda: _stop(story, people))


def _report(story: GroupStory, people: People) -> None:
    thing, facts = resolve(SubjectRef("group", story.group.id)), story.facts["stopped"]
    assert thing is not None
    actor, words = people.actor(facts["reporter"]), facts["words"]
    report_subject(thing, actor=actor, category=Category.ILLEGAL, words=words, language="de")


def _stop(story: GroupStory, people: People) -> None:
    """One moderator proposes it, a second one agrees."""
    facts = story.facts["stopped"]
    query = select(Case).where(Case.subject_kind == "group", Case.subject_id == story.group.id)
    case = session.scalars(query).one()
    ruling = Ruling(
        measure=Measure.STOP,
        ground_kind=Ground.RULE,
        rule=2,
        passage=facts["passage"],
        facts=facts["facts"],
        days=facts["days"],
    )
    propose_stop(case, actor=people.actor("aydin"), ruling=ruling)
    agree_to_stop(case, actor=people.actor("holm"))
