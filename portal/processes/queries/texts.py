"""A process's words in the reader's language, and what search finds of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from portal.content.models import TextState, TextVersion
from portal.content.queries import TextView, best_texts
from portal.core.db import session
from portal.core.search import Document
from portal.core.text import plain_text
from portal.processes.models import Phase, Process, ProcessState


def source_of(process: Process) -> dict[str, str]:
    """The fields of a process that have versions in other languages."""
    return {"title": process.title, "summary": process.summary, "body": process.body_md}


def source_of_phase(phase: Phase) -> dict[str, str]:
    """The fields of a phase that have versions in other languages."""
    return {"title": phase.title, "text": phase.text_md}


def process_texts(processes: Sequence[Process], language: str) -> dict[int, TextView]:
    """Better versions for this reader by process id; no query when all are in the reader's language."""
    return _foreign("process", {one.id: one.language for one in processes}, language)


def phase_texts(phases: Sequence[Phase], source: Mapping[int, str], language: str) -> dict[int, TextView]:
    """Better versions by phase id; source: process id -> its language. Phases without words need none."""
    spoken = {one.id: source[one.process_id] for one in phases if one.title or one.text_md}
    return _foreign("process_phase", spoken, language)


def _foreign(kind: str, sources: Mapping[int, str], language: str) -> dict[int, TextView]:
    foreign = {one: spoken for one, spoken in sources.items() if spoken != language}
    return best_texts(kind, foreign, language, foreign) if foreign else {}


def search_documents(after_id: int, limit: int) -> list[Document]:
    """Everything findable of the next `limit` public processes after this id, in the order of their ids."""
    query = select(Process).where(Process.state != ProcessState.DRAFT, Process.id > after_id)
    found = list(documents_of(list(session.scalars(query.order_by(Process.id).limit(limit)))))
    session.expunge_all()
    return found


def documents_of(processes: Sequence[Process]) -> Iterator[Document]:
    """The documents of these processes, one per language of each; one query for all versions."""
    query = select(TextVersion).where(
        TextVersion.kind == "process",
        TextVersion.object_id.in_([one.id for one in processes]),
        TextVersion.state != TextState.MISSING,
    )
    versions: dict[int, list[TextVersion]] = {}
    for row in session.scalars(query.order_by(TextVersion.language)):
        versions.setdefault(row.object_id, []).append(row)
    for one in processes:
        words = [(one.language, source_of(one)), *((v.language, v.fields) for v in versions.get(one.id, []))]
        for language, fields in words:
            body = "\n".join(plain_text(fields.get(name, "")) for name in ("summary", "body"))
            yield Document(one.id, language, fields.get("title", one.title), body, one.published_at)
