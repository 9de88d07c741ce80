"""The story of each proposal of the demo town: written, supported, talked about, examined, answered."""

from __future__ import annotations

import random
from typing import Any

from portal.core.db import session
from portal.demo.diary import Diary
from portal.demo.drawings import PICTURES, draw
from portal.demo.people import People
from portal.demo.processes import Occasion
from portal.discussions.models import Thread
from portal.discussions.operations import add_comment
from portal.places.queries import district_by_slug
from portal.proposals import operations
from portal.proposals.models import Decision, NeedKind, Proposal, ProposalNeed, Stage, Topic, Verdict
from portal.proposals.operations import Judgement, Texts, Words
from portal.proposals.queries import invitation_by_token

WAITING = {Stage.SUBMITTED: None, Stage.CHECKING: Stage.CHECKING}
TEXTS = ("what", "why", "for_whom")
# One text changes after people supported it: a version with a public difference, other languages outdated.
CHANGED = "trinkbrunnen-auepark"
ADDITION = "Nachtrag: Der Hahn soll auch vom Rollstuhl aus gut zu erreichen sein."


class Story:
    """One proposal on its way. Chance comes from its own dice, so that each town is the same."""

    def __init__(
        self, facts: dict[str, Any], people: People, diary: Diary, occasion: Occasion | None = None
    ) -> None:
        self.facts, self.people, self.diary, self.occasion = facts, people, diary, occasion
        self.dice = random.Random(facts["key"])  # noqa: S311  chance for a story, not for secrets
        self.stage = Stage(facts["stage"])
        self.born: float = facts["days_ago"]
        self.proposal: Proposal  # once it has been begun
        self.needs: list[ProposalNeed] = []
        self.comment_ids: dict[int, str] = {}

    @property
    def decided(self) -> float:
        """Days ago when supporting was over, or when the office began to look at it; 0 while it goes on."""
        office = self.facts["answer"] or self.facts["assessment"]
        return float(office["days_ago"]) if office else 0.0

    def plan(self) -> None:
        """Write every step into the diary."""
        self.diary.note(self.born, self.write_and_publish)
        self._plan_stages()
        for key in self.facts["coauthors"]:
            self.diary.note(self.born * 0.98, lambda key=key: self.join(key))  # type: ignore[misc]
        for version in self.facts["versions"]:
            self.diary.note(self.born * 0.95, lambda one=version: self.translate(one))  # type: ignore[misc]
        self._plan_support()
        for number, comment in enumerate(self.facts["comments"]):
            self._plan_comment(number, comment)
        self._plan_pledges()
        if self.facts["key"] == CHANGED:
            self.diary.note(self.born * 0.4, self.change)

    def _plan_stages(self) -> None:
        target = WAITING.get(self.stage, Stage.COLLECTING)
        if target:
            self.diary.note(self.born * 0.99, lambda: self.move(target))
        if self.facts["assessment"]:
            self.diary.note(self.facts["assessment"]["days_ago"], self.assess)
        answer = self.facts["answer"]
        if not answer:
            return
        self.diary.note(answer["days_ago"] + 1, self.prepare_answer)
        self.diary.note(answer["days_ago"], self.publish_answer)
        if self.stage in {Stage.UNDER_WAY, Stage.DONE}:
            self.diary.note(answer["days_ago"] * 0.8, lambda: self.move(Stage.UNDER_WAY))
        if self.stage is Stage.DONE:
            self.diary.note(answer["days_ago"] * 0.3, lambda: self.move(Stage.DONE))

    def _plan_support(self) -> None:
        authors = {self.facts["author"], *self.facts["coauthors"]}
        others = [key for key in (*self.people.residents, *self.people.crowd) if key not in authors]
        first, last = self.born * 0.97, self.decided + 1.5 if self.decided else 0.02
        for key in self.dice.sample(others, min(self.facts["support"], len(others))):
            # Most come in the first weeks; some find it late.
            share = self.dice.random() ** 1.7
            self.diary.note(first - (first - last) * share, lambda key=key: self.support(key))  # type: ignore[misc]
        for key in self.dice.sample([key for key in self.people.residents if key not in authors], 3):
            self.diary.note(first * 0.9, lambda key=key: self.follow(key))  # type: ignore[misc]

    def _plan_comment(self, number: int, facts: dict[str, Any]) -> None:
        self.diary.note(facts["days_ago"], lambda: self.comment(number, facts))
        for reply in facts["replies"]:
            self.diary.note(
                reply["days_ago"],
                lambda reply=reply: self.comment(-1, reply, self.comment_ids[number]),  # type: ignore[misc]
            )

    def _plan_pledges(self) -> None:
        for number, need in enumerate(self.facts["needs"]):
            for pledge in need["pledges"]:
                first, last = self.born * 0.9, self.decided + 1 if self.decided else self.born * 0.1
                at = first - (first - last) * self.dice.random()
                self.diary.note(at, lambda n=number, p=pledge: self.pledge(n, p))  # type: ignore[misc]

    def write_and_publish(self) -> None:
        """From the first word to the public page, by the author's own hand."""
        facts, author = self.facts, self.people.actor(self.facts["author"])
        process = self.occasion.process if self.occasion else None
        draft = operations.start_draft(author, title=facts["title"], process=process)
        self.proposal = draft
        for name in TEXTS:
            operations.save_text(draft, actor=author, field=name, source=facts[name])
        card = district_by_slug(facts["district"])
        operations.save_place(
            draft,
            actor=author,
            district_id=card.id if card else None,
            place_words=facts["place"],
            lat=facts["lat"],
            lon=facts["lon"],
            topic=Topic(facts["topic"]),
        )
        operations.save_language(draft, actor=author, language=facts["language"])
        for need in facts["needs"]:
            kind = NeedKind(need["kind"])
            added = operations.add_need(
                draft, actor=author, kind=kind, words=need["words"], quantity=need["quantity"]
            )
            self.needs.append(added)
        if facts["key"] in PICTURES:
            scene, alt = PICTURES[facts["key"]]
            operations.add_photo(draft, actor=author, data=draw(scene), alt=alt)
        operations.publish_proposal(draft, actor=author)

    def move(self, target: Stage) -> None:
        """A moderator of the district moves it on; from "under way" on there is a person to ask."""
        moderator = self.people.moderator_of(self.facts["district"])
        operations.move_stage(self.proposal, target, actor=moderator)
        if target is Stage.UNDER_WAY:
            contact = self.people.accounts[self.dice.choice(("brandt", "nasser"))].id
            operations.set_contact(self.proposal, actor=moderator, contact_id=contact)

    def join(self, key: str) -> None:
        """A neighbour takes the link of an author and writes with them."""
        token = operations.invite_coauthor(self.proposal, actor=self.people.actor(self.facts["author"]))
        invitation = invitation_by_token(token)
        assert invitation is not None
        operations.accept_invitation(invitation, self.proposal, actor=self.people.actor(key))

    def translate(self, version: dict[str, str]) -> None:
        """The same in another language or in plain words."""
        fields = {name: version.get(name, "") for name in ("title", *TEXTS)}
        author = self.people.actor(self.facts["author"])
        operations.write_text(self.proposal, version["language"], fields, actor=author)

    def support(self, key: str) -> None:
        """Somebody is with it."""
        operations.support_proposal(self.proposal, actor=self.people.actor(key))

    def follow(self, key: str) -> None:
        """Somebody wants to hear of it."""
        operations.follow_proposal(self.proposal, actor=self.people.actor(key))

    def comment(self, number: int, facts: dict[str, Any], reply_to: str | None = None) -> None:
        """Somebody says something to it, or answers."""
        comment = add_comment(
            session.get_one(Thread, self.proposal.thread_id),
            actor=self.people.actor(facts["author"]),
            body=facts["text"],
            stance=facts["stance"],
            reply_to=reply_to,
            language=facts["language"],
        )
        self.comment_ids[number] = comment.public_id

    def pledge(self, number: int, facts: dict[str, Any]) -> None:
        """A neighbour promises a part of what is missing."""
        operations.pledge(
            self.proposal,
            self.needs[number],
            actor=self.people.actor(facts["by"]),
            quantity=facts["quantity"],
            words=facts["words"],
            is_named=self.dice.random() < 0.6,
        )

    def change(self) -> None:
        """The author adds a sentence that a neighbour asked for."""
        one = self.proposal
        texts = Texts(
            title=one.title,
            what=f"{one.what_md}\n\n{ADDITION}",
            why=one.why_md,
            for_whom=one.for_whom_md,
            place_words=one.place_words,
            language=one.language,
            district_id=one.district_id,
            lat=one.lat,
            lon=one.lon,
            topic=one.topic,
        )
        operations.edit_proposal(one, texts, actor=self.people.actor(self.facts["author"]))

    def assess(self) -> None:
        """A professional says whether it can be done, for how much, and who would do it."""
        facts = self.facts["assessment"]
        actor = self.people.actor(facts["by"])
        judgement = Judgement(
            Verdict(facts["verdict"]),
            facts["reason"],
            facts["language"],
            facts["cost_cents"],
            facts["running_cost_cents"],
            facts["who"],
        )
        operations.prepare_assessment(self.proposal, judgement, actor=actor)
        operations.publish_assessment(self.proposal, actor=actor)

    def prepare_answer(self) -> None:
        """The town writes its answer, in peace."""
        facts = self.facts["answer"]
        words = Words(Decision(facts["decision"]), facts["text"], facts["language"])
        operations.prepare_answer(self.proposal, words, actor=self.people.actor(facts["by"]))

    def publish_answer(self) -> None:
        """Everybody can read it now."""
        operations.publish_answer(self.proposal, actor=self.people.actor(self.facts["answer"]["by"]))
