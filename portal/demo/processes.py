"""What the demo town asks: one budget that runs, one survey that is over, one question to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.core import clock
from portal.demo.diary import Diary
from portal.demo.people import People
from portal.places.queries import district_by_slug
from portal.processes import operations
from portal.processes.models import Influence, PhaseKind, Process, ProcessKind
from portal.processes.operations import PhaseFacts, ProcessFacts


@dataclass
class Occasion:
    """One process on its way; days are counted from the demo town's today."""

    facts: dict[str, Any]
    people: People
    diary: Diary
    process: Process | None = None

    def plan(self) -> None:
        """Write every step into the diary."""
        self.diary.note(self.facts["days_ago"], self.begin)
        self.diary.note(self.facts["days_ago"] - 1, self.publish)
        if self.facts["archived_days_ago"]:
            self.diary.note(self.facts["archived_days_ago"], self.archive)

    def begin(self) -> None:
        """The draft with its phases and its texts in other languages."""
        facts, actor = self.facts, self.people.actor(self.facts["by"])
        self.process = operations.new_process(actor, self._words())
        today = clock.local(self.diary.today).date()
        for phase in facts["phases"]:
            operations.add_phase(self.process, phase_facts(phase, today), actor=actor)
        for version in facts["versions"]:
            words = {name: version[name] for name in ("title", "summary", "body")}
            operations.save_texts(self.process, version["language"], words, {}, actor=actor)

    def _words(self) -> ProcessFacts:
        facts = self.facts
        districts = [district_by_slug(slug) for slug in facts["districts"]]
        return ProcessFacts(
            kind=ProcessKind(facts["kind"]),
            title=facts["title"],
            influence=Influence(facts["influence"]),
            summary=facts["summary"],
            body=facts["body"],
            level=facts["level"],
            budget_cents=facts["budget_cents"],
            contact_account_id=self.people.accounts[facts["contact"]].id,
            organization_id=self.people.organizations.get(facts["organization"] or ""),
            district_ids=tuple(card.id for card in districts if card),
        )

    def publish(self) -> None:
        """Everybody reads it from now on."""
        assert self.process is not None
        operations.publish_process(self.process, actor=self.people.actor(self.facts["by"]))

    def archive(self) -> None:
        """It is over."""
        assert self.process is not None
        operations.archive_process(self.process, actor=self.people.actor(self.facts["by"]))


def phase_facts(phase: dict[str, Any], today: date) -> PhaseFacts:
    """A phase between two days counted from today, the last one up to a time of day or to its end."""
    ends = datetime.strptime(phase["ends_at"], "%H:%M").time() if "ends_at" in phase else None  # noqa: DTZ007
    first, last = (today + timedelta(days=phase[name]) for name in ("from", "to"))
    return PhaseFacts(PhaseKind(phase["kind"]), first, last, time(0), ends)
