"""What is given away: one row per public proposal, read in stretches, so that memory stays level."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from portal.core.db import session, transaction
from portal.core.i18n import lazy_gettext as _l
from portal.places.queries import district_names
from portal.proposals.models import Answer, Proposal
from portal.proposals.queries import LISTED_TOO

ROWS_AT_ONCE = 1_000
Value = str | int | float | date | datetime | None

# Each field with its description; the order is that of the columns of the CSV file.
FIELDS = {
    "id": _l("Identifier; it never changes and stands in the address."),
    "url": _l("Address of the proposal's page."),
    "title": _l("Title, one line of plain text."),
    "what": _l("What is proposed (Markdown)."),
    "why": _l("Why it matters (Markdown)."),
    "for_whom": _l("Who would have something of it (Markdown)."),
    "language": _l("Language of the text: ISO 639-1, or “leicht” for plain German."),
    "topic": _l("Topic, one of the words below; empty when none was chosen."),
    "stage": _l("Where it stands, one of the words below."),
    "district": _l("Name of the district; empty for the whole town."),
    "place": _l("The place in the author's words."),
    "latitude": _l("Latitude in degrees (WGS 84), if a place was pointed at."),
    "longitude": _l("Longitude in degrees (WGS 84)."),
    "cost": _l("Cost that was named, in whole currency units with two decimals."),
    "currency": _l("Currency of the cost (ISO 4217)."),
    "supporters": _l("How many people support it. It is not a vote."),
    "comments": _l("How many comments can be read."),
    "published_at": _l("When it became public (UTC, ISO 8601)."),
    "edited_at": _l("When its text last changed (UTC, ISO 8601)."),
    "collecting_until": _l("Last day on which it collects support; empty means without an end."),
    "answer_due": _l("Day by which the town must answer."),
    "answered_at": _l("When the town's answer was published (UTC, ISO 8601)."),
    "decision": _l("The town's decision: accepted or declined."),
    "answer": _l("The town's answer (Markdown)."),
    "source": _l("For proposals from another list: the name of that list."),
}


@dataclass(frozen=True)
class DataState:
    """Which state this is: a fingerprint of everything public, and when something last changed."""

    fingerprint: str
    changed_at: datetime | None


@dataclass(frozen=True)
class FeedDetail:
    """What a feed shows beyond the list: the text, and when something new was to be read."""

    what_html: str
    edited_at: datetime
    answered_at: datetime | None


def data_state() -> DataState:
    """The present state. Costs one look at every row (0.1 s for 100,000), so it is for whole files only."""
    times = [
        func.max(column)
        for column in (
            Proposal.edited_at,
            Proposal.last_activity_at,
            Proposal.published_at,
            Proposal.answered_at,
        )
    ]
    numbers = (func.count(), func.sum(Proposal.support_count), func.sum(Proposal.comment_count))
    rows = session.execute(
        select(Proposal.stage, *numbers, *times)
        .where(Proposal.listed)
        .group_by(Proposal.stage)
        .order_by(Proposal.stage)
    ).all()
    answers = session.execute(
        select(func.count(), func.sum(Answer.version_count)).where(Answer.published_at.is_not(None))
    ).one()
    facts = repr([tuple(row) for row in rows]) + repr(tuple(answers)) + repr(sorted(district_names().items()))
    known: list[datetime] = [time for row in rows for time in tuple(row)[-len(times) :] if time is not None]
    return DataState(hashlib.sha256(facts.encode()).hexdigest()[:20], max(known, default=None))


def public_rows() -> Iterator[dict[str, Value]]:
    """Every public proposal as the values of FIELDS without `url`, in the order of publication's numbers.

    Each stretch is a short transaction of its own: a slow reader holds no connection, and what is hidden
    meanwhile is left out from then on.
    """
    after = 0
    while True:
        with transaction(write=False):
            names = district_names()
            rows = session.execute(_stretch(after)).all()
            values = [_values(row, names) for row in rows]
        yield from values
        if len(rows) < ROWS_AT_ONCE:
            return
        after = rows[-1].id


def _stretch(after: int) -> Select[Any]:
    answer = (Answer.proposal_id == Proposal.id) & Answer.published_at.is_not(None)
    columns: tuple[Any, ...] = (
        Proposal.id,
        Proposal.public_id,
        Proposal.title,
        Proposal.what_md,
        Proposal.why_md,
        Proposal.for_whom_md,
        Proposal.language,
        Proposal.topic,
        Proposal.stage,
        Proposal.district_id,
        Proposal.place_words,
        Proposal.lat,
        Proposal.lon,
        Proposal.cost_cents,
        Proposal.cost_currency,
        Proposal.support_count,
        Proposal.comment_count,
        Proposal.published_at,
        Proposal.edited_at,
        Proposal.collecting_until_on,
        Proposal.answer_due_on,
        Answer.published_at.label("answered_at"),
        Answer.decision,
        Answer.text_md.label("answer"),
        Proposal.imported_from,
    )
    return (
        select(*columns)
        .outerjoin(Answer, answer)
        .where(Proposal.listed, Proposal.id > after)
        .order_by(Proposal.id)
        .limit(ROWS_AT_ONCE)
    )


def _values(row: Any, names: dict[int, str]) -> dict[str, Value]:
    return {
        "id": row.public_id,
        "title": row.title,
        "what": row.what_md,
        "why": row.why_md,
        "for_whom": row.for_whom_md,
        "language": row.language,
        "topic": row.topic.value if row.topic else None,
        "stage": row.stage.value,
        "district": names.get(row.district_id or 0),
        "place": row.place_words or None,
        "latitude": row.lat,
        "longitude": row.lon,
        "cost": row.cost_cents / 100 if row.cost_cents is not None else None,
        "currency": row.cost_currency if row.cost_cents is not None else None,
        "supporters": row.support_count,
        "comments": row.comment_count,
        "published_at": row.published_at,
        "edited_at": row.edited_at,
        "collecting_until": row.collecting_until_on,
        "answer_due": row.answer_due_on,
        "answered_at": row.answered_at,
        "decision": row.decision.value if row.decision else None,
        "answer": row.answer,
        "source": row.imported_from,
    }


def feed_details(ids: Sequence[int]) -> dict[int, FeedDetail]:
    """Text and times of these public proposals, in one query."""
    query = select(Proposal.id, Proposal.what_html, Proposal.edited_at, Proposal.answered_at)
    rows = session.execute(query.where(LISTED_TOO, Proposal.id.in_(ids)))
    return {row.id: FeedDetail(row.what_html, row.edited_at, row.answered_at) for row in rows}
