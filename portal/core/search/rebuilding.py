"""Making the index anew, from what the packages say, in batches and while the portal runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from portal.core.db import session, transaction
from portal.core.search import ddl, documents
from portal.core.search.documents import SearchDoc
from portal.core.search.order import number_of_kind

BATCH = 500


@dataclass(frozen=True)
class Document:
    """The searchable words of one object in one language."""

    id: int
    language: str
    title: str
    body: str
    weight_date: datetime | None = None


Batches = Callable[[int, int], Sequence[Document]]
Progress = Callable[[str, int], None]
_providers: dict[str, Batches] = {}


def register_provider(kind: str, batch: Batches) -> None:
    """Say what of a kind is to be found: `batch(after_id, limit)` returns the documents of the next `limit`
    visible objects with an id above `after_id`, in the order of their ids (one per language each)."""
    if kind in _providers:
        raise ValueError(f"search has two providers of {kind}")
    if any(number_of_kind(kind) == number_of_kind(other) for other in _providers):
        raise ValueError(f"search numbers {kind} like another kind: it needs another name")
    _providers[kind] = batch


def rebuild(progress: Progress | None = None) -> dict[str, int]:
    """Make every document anew and forget those of objects that are gone; kind -> number of documents.

    Each batch is a transaction of its own, so memory stays level, the portal goes on, and the command can
    be stopped and repeated. `progress(kind, documents)` is called after each batch.
    """
    counts = {}
    for kind, batch in sorted(_providers.items()):
        counts[kind] = _rebuild_kind(kind, batch, progress)
    with transaction():
        session.execute(delete(SearchDoc).where(SearchDoc.kind.not_in(list(_providers))))
    if session.get_bind().dialect.name == "sqlite":
        with transaction():
            ddl.fill(session.connection())
    return counts


def _rebuild_kind(kind: str, batch: Batches, progress: Progress | None) -> int:
    after, count = 0, 0
    while True:
        with transaction():
            found = list(batch(after, BATCH))
            last = max((one.id for one in found), default=None)
            _forget_others(kind, after, last, found)
            documents.write([documents.row(kind, *astuple(one)) for one in found])
        count += len(found)
        if progress:
            progress(kind, len(found))
        if last is None:
            return count
        after = last


def _forget_others(kind: str, after: int, last: int | None, found: Sequence[Document]) -> None:
    """Drop documents in this stretch of ids that the provider no longer names."""
    stretch = [SearchDoc.kind == kind, SearchDoc.object_id > after]
    if last is None:
        session.execute(delete(SearchDoc).where(*stretch))
        return
    named = {(one.id, one.language) for one in found}
    rows = session.execute(
        select(SearchDoc.id, SearchDoc.object_id, SearchDoc.language).where(
            *stretch, SearchDoc.object_id <= last
        )
    )
    gone = [row.id for row in rows if (row.object_id, row.language) not in named]
    for begin in range(0, len(gone), BATCH):
        session.execute(delete(SearchDoc).where(SearchDoc.id.in_(gone[begin : begin + BATCH])))


def document_count() -> int:
    """How many documents the index holds."""
    return session.scalar(select(func.count()).select_from(SearchDoc)) or 0
