"""What staff write about a process and about a phase, and how it is taken over into their rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import Actor, StaffRole
from portal.core.clock import UnclearTime
from portal.core.db import session
from portal.core.text import clean_line, clean_text, render_markdown
from portal.places.models import Organization
from portal.places.queries import district
from portal.processes.errors import (
    BudgetOutOfRange,
    ClocksChange,
    EndsBeforeItStarts,
    NotYourDistricts,
    TextTooLong,
    TitleMissing,
    UnknownContact,
    UnknownDistrict,
)
from portal.processes.models import (
    HIGHEST_BUDGET_CENTS,
    PHASE_TEXT_LENGTH,
    SUMMARY_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Influence,
    Phase,
    PhaseKind,
    Process,
    ProcessDistrict,
    ProcessKind,
)

MIDNIGHT = time(0, 0)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ProcessFacts:
    """Everything staff say about a process besides its phases."""

    kind: ProcessKind
    title: str
    influence: Influence
    language: str = "de"
    summary: str = ""
    body: str = ""
    level: int = 0
    budget_cents: int | None = None
    contact_account_id: int | None = None
    organization_id: int | None = None
    district_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class PhaseFacts:
    """A phase in the town's own days and times. Without a time: from the first minute, to the last."""

    kind: PhaseKind
    starts_on: date
    ends_on: date
    starts_time: time | None = None
    ends_time: time | None = None
    title: str = ""
    text: str = ""

    def span(self) -> tuple[datetime, datetime]:
        """Beginning and end as instants. Raises ClocksChange or EndsBeforeItStarts."""
        start = instant_of(self.starts_on, self.starts_time or MIDNIGHT, field="starts_time")
        if self.ends_time is None:
            end = instant_of(self.ends_on + A_DAY, MIDNIGHT, field="ends_time")
        else:
            end = instant_of(self.ends_on, self.ends_time, field="ends_time")
        if start >= end:
            raise EndsBeforeItStarts
        return start, end


def instant_of(day: date, moment: time, *, field: str) -> datetime:
    """The instant of a local time. Raises ClocksChange for the hour that comes twice or never."""
    try:
        return clock.at_local(day, moment)
    except UnclearTime:
        raise ClocksChange(field=field) from None


def write_facts(process: Process, facts: ProcessFacts, *, actor: Actor) -> None:
    """Take the facts over into the row. The row must stand in the database already for its districts."""
    title = clean_line(facts.title)
    if not any(letter.isalnum() for letter in title):
        raise TitleMissing
    texts = (("title", title, TITLE_LENGTH), ("summary", clean_text(facts.summary), SUMMARY_LENGTH))
    for field, text, most in (*texts, ("body", clean_text(facts.body), TEXT_LENGTH)):
        if len(text) > most:
            raise TextTooLong(field=field)
    if facts.budget_cents is not None and not 0 < facts.budget_cents <= HIGHEST_BUDGET_CENTS:
        raise BudgetOutOfRange
    _check_people(facts)
    process.kind, process.influence, process.level = facts.kind, facts.influence, facts.level
    process.title, process.language = title, facts.language
    process.summary, process.body_md = clean_text(facts.summary), clean_text(facts.body)
    process.body_html = render_markdown(process.body_md)
    process.budget_cents = facts.budget_cents
    process.contact_account_id, process.organization_id = facts.contact_account_id, facts.organization_id
    process.edited_at = clock.now()
    check_districts(facts.district_ids, actor=actor)


def _check_people(facts: ProcessFacts) -> None:
    contact = facts.contact_account_id
    person = session.get(Account, contact) if contact is not None else None
    if contact is not None and (person is None or not person.is_staff or person.deleted_at is not None):
        raise UnknownContact
    body = facts.organization_id
    if body is not None and session.get(Organization, body) is None:
        raise UnknownContact(field="organization")


def check_districts(district_ids: Iterable[int], *, actor: Actor) -> None:
    """Raise UnknownDistrict, or NotYourDistricts when the moderator works for none of them."""
    ids = list(district_ids)
    if any(district(one) is None for one in ids):
        raise UnknownDistrict
    if ids and not actor.has_role_in(StaffRole.MODERATOR, ids):
        raise NotYourDistricts


def write_districts(process: Process, district_ids: Iterable[int]) -> None:
    """The process is for these districts from now on; none means the whole town."""
    session.execute(delete(ProcessDistrict).where(ProcessDistrict.process_id == process.id))
    session.add_all(
        ProcessDistrict(process_id=process.id, district_id=one) for one in sorted(set(district_ids))
    )
    session.flush()
    session.expire(process, ["districts"])


def write_phase(phase: Phase, facts: PhaseFacts) -> None:
    """Take the facts over into the row. Raises TextTooLong, ClocksChange or EndsBeforeItStarts."""
    title, text = clean_line(facts.title), clean_text(facts.text)
    for field, words, most in (("title", title, TITLE_LENGTH), ("text", text, PHASE_TEXT_LENGTH)):
        if len(words) > most:
            raise TextTooLong(field=field)
    starts_at, ends_at = facts.span()
    phase.kind, phase.title, phase.text_md = facts.kind, title, text
    phase.text_html = render_markdown(text)
    phase.starts_at, phase.ends_at = starts_at, ends_at
