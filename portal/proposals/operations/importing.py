"""Projects from a file, written in batches. A row that is there already is left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, literal, select, update

from portal.core import clock
from portal.core.db import session, upsert
from portal.core.public_id import new_id
from portal.core.search import documents
from portal.core.text import clean_line, clean_text, excerpt, plain_text, render_markdown
from portal.discussions.models import Thread
from portal.proposals.models import (
    PLACE_LENGTH,
    TITLE_LENGTH,
    Proposal,
    ProposalVersion,
    Stage,
    Topic,
    shuffle_of,
)
from portal.proposals.operations.writing import EXCERPT_LENGTH


@dataclass(frozen=True)
class ImportedProposal:
    """One project of a file, read and checked. `key` is unique within its source."""

    key: str
    title: str
    what: str = ""
    why: str = ""
    for_whom: str = ""
    place_words: str = ""
    topic: Topic | None = None
    district_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    language: str = "de"
    cost_cents: int | None = None
    cost_currency: str = "EUR"
    submitted_at: datetime | None = None


def import_proposals(source: str, rows: Sequence[ImportedProposal]) -> int:
    """Publish these projects, without an author, under the name of their source; returns how many are new.

    Running it again with the same source and keys adds nothing. Costs some twenty statements for 500 rows,
    so callers give some hundred at a time. Nobody is told: a list from elsewhere is no news of a person.
    """
    statement = (
        upsert(Proposal)
        .on_conflict_do_nothing(index_elements=["imported_from", "import_key"])
        .returning(Proposal.id, Proposal.import_key)
    )
    values = [_columns(source, row) for row in rows]
    new = {key: proposal_id for proposal_id, key in session.execute(statement, values)}
    if not new:
        return 0
    _number(list(new.values()))
    _open_threads(list(new.values()))
    by_key = {row.key: row for row in rows}
    session.execute(insert(ProposalVersion), [_version(new[key], by_key[key]) for key in new])
    documents.write([_document(new[key], by_key[key]) for key in new])
    return len(new)


def _columns(source: str, row: ImportedProposal) -> dict[str, object]:
    at = row.submitted_at or clock.now()
    what = clean_text(row.what)
    why, for_whom = clean_text(row.why), clean_text(row.for_whom)
    return {
        "public_id": new_id(),
        "stage": Stage.COLLECTING,
        "created_at": at,
        "edited_at": at,
        "published_at": at,
        "last_activity_at": at,
        "language": row.language,
        "title": clean_line(row.title)[:TITLE_LENGTH],
        "what_md": what,
        "what_html": render_markdown(what),
        "why_md": why,
        "why_html": render_markdown(why),
        "for_whom_md": for_whom,
        "for_whom_html": render_markdown(for_whom),
        "excerpt": excerpt(plain_text(what), EXCERPT_LENGTH),
        "topic": row.topic,
        "district_id": row.district_id,
        "lat": row.lat,
        "lon": row.lon,
        "place_words": clean_line(row.place_words)[:PLACE_LENGTH],
        "cost_cents": row.cost_cents,
        "cost_currency": row.cost_currency,
        "version_count": 1,
        "imported_from": source,
        "import_key": row.key,
    }


def _number(ids: Sequence[int]) -> None:
    session.execute(update(Proposal), [{"id": one, "shuffle": shuffle_of(one)} for one in ids])


def _open_threads(ids: Sequence[int]) -> None:
    now = clock.now()
    threads = [{"subject_kind": "proposal", "subject_id": one, "created_at": now} for one in ids]
    session.execute(insert(Thread), threads)
    thread_id = (
        select(Thread.id)
        .where(Thread.subject_kind == literal("proposal"), Thread.subject_id == Proposal.id)
        .scalar_subquery()
    )
    statement = update(Proposal).where(Proposal.id.in_(ids)).values(thread_id=thread_id)
    session.execute(statement, execution_options={"synchronize_session": False})


def _version(proposal_id: int, row: ImportedProposal) -> dict[str, object]:
    return {
        "proposal_id": proposal_id,
        "number": 1,
        "at": row.submitted_at or clock.now(),
        "language": row.language,
        "title": clean_line(row.title)[:TITLE_LENGTH],
        "what_md": clean_text(row.what),
        "why_md": clean_text(row.why),
        "for_whom_md": clean_text(row.for_whom),
        "place_words": clean_line(row.place_words)[:PLACE_LENGTH],
    }


def _document(proposal_id: int, row: ImportedProposal) -> dict[str, object]:
    words = " ".join(plain_text(text) for text in (row.what, row.why, row.for_whom) if text)
    body = f"{words} {row.place_words}"
    at = row.submitted_at or clock.now()
    return documents.row("proposal", proposal_id, row.language, row.title, body, at)
