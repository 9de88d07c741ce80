"""What the moderators of the demo town had to do: a case that was decided, and others that wait."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from portal.core.actors import VISITOR, Actor
from portal.core.db import session
from portal.core.subjects import Subject, SubjectRef, resolve
from portal.demo.diary import Diary
from portal.demo.people import People
from portal.demo.stories import Story
from portal.discussions.models import Thread
from portal.discussions.operations import add_comment
from portal.moderation.models import Case, Category, Ground, Measure
from portal.moderation.operations import Ruling, decide_case, object_to, report_subject
from portal.moderation.queries import case_by_id

RUDE = "Wer gegen die Hundewiese ist, hat selbst keine Freunde. Diese Miesepeter sollen einfach wegziehen!"
INSULT = "Diese Miesepeter sollen einfach wegziehen!"
ADVERT = "Rollläden ab 199 Euro, nur diese Woche! Ruft gleich an und nennt das Wort Friedhofsbank."


@dataclass
class Cases:
    """Reports and decisions, as steps of the diary."""

    people: People
    diary: Diary
    stories: dict[str, Story]
    said: dict[str, int] = field(default_factory=dict)

    def plan(self) -> None:
        """Write every step into the diary."""
        note, rude, advert = self.diary.note, "hundewiese-suedhang", "bank-am-friedhof"
        note(121.0, lambda: self.say("rude", rude, "nachbar-27", RUDE))
        note(120.6, lambda: self.report("rude", "hannes", Category.INSULT, "Das ist beleidigend."))
        note(120.5, lambda: self.report("rude", "", Category.INSULT, "So redet man nicht miteinander."))
        note(120.2, self.decide)
        note(119.0, self.object)
        note(1.5, lambda: self.say("advert", advert, "nachbar-16", ADVERT))
        note(1.2, lambda: self.report("advert", "grace", Category.SPAM, "Das ist Werbung."))
        words = "In der Beschreibung steht die Telefonnummer eines Nachbarn, der davon nichts weiß."
        note(0.4, lambda: self.report_proposal("quartiersauto", "", Category.PRIVATE_DATA, words))

    def say(self, name: str, story: str, key: str, words: str) -> None:
        """Somebody writes what will be reported."""
        thread = session.get_one(Thread, self.stories[story].proposal.thread_id)
        comment = add_comment(thread, actor=self.people.actor(key), body=words, language="de")
        self.said[name] = comment.id

    def report(self, name: str, key: str, category: Category, words: str) -> None:
        """Somebody reports the comment; without a key it is a visitor."""
        self._report(SubjectRef("comment", self.said[name]), key, category, words)

    def report_proposal(self, story: str, key: str, category: Category, words: str) -> None:
        """Somebody reports a proposal."""
        self._report(SubjectRef("proposal", self.stories[story].proposal.id), key, category, words)

    def _report(self, ref: SubjectRef, key: str, category: Category, words: str) -> None:
        actor: Actor = self.people.actor(key) if key else VISITOR
        report_subject(_thing(ref), actor=actor, category=category, words=words, language="de")

    def decide(self) -> None:
        """The moderator of the district hides it and says why."""
        case_id = session.scalar(select(Case.id).where(Case.subject_id == self.said["rude"]).limit(1))
        case = case_by_id(case_id or 0)
        assert case is not None
        ruling = Ruling(
            measure=Measure.HIDE,
            ground_kind=Ground.RULE,
            rule=1,
            passage=INSULT,
            facts="Der Satz greift Nachbarinnen und Nachbarn an, statt etwas zum Vorschlag zu sagen.",
        )
        self.decision = decide_case(case, actor=self.people.moderator_of("suedhang"), ruling=ruling)

    def object(self) -> None:
        """The person asks for a second look; another moderator has to answer."""
        words = "Das war ein Scherz unter Nachbarn. Bitte schauen Sie noch einmal darauf."
        object_to(self.decision, actor=self.people.actor("nachbar-27"), words=words)


def _thing(ref: SubjectRef) -> Subject:
    subject = resolve(ref)
    assert subject is not None
    return subject
