"""What public processes are called, in every language they have. Asked on many pages, so kept in memory."""

from __future__ import annotations

import time
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from portal.content.models import TextState, TextVersion
from portal.content.queries import html_language
from portal.core.db import db, session
from portal.core.i18n import LANGUAGES
from portal.processes.models import Process, ProcessState

# Other server processes see a new title after this time at the latest.
CACHE_SECONDS = 30.0
MOST_NAMES = 500


@dataclass(frozen=True)
class ProcessName:
    """A public process by its title. `titles` holds those in other languages."""

    id: int
    public_id: str
    language: str
    title: str
    titles: tuple[tuple[str, str], ...]

    def in_language(self, slug: str) -> tuple[str, str]:
        """(title, value of `lang`) for this reader: the own language, its fall-backs, the original."""
        known = {self.language: self.title, **dict(self.titles)}
        order = (slug, *(LANGUAGES[slug].chain if slug in LANGUAGES else ()), self.language)
        spoken = next(one for one in order if one in known)
        return known[spoken], html_language(spoken)


_kept: WeakKeyDictionary[Engine, tuple[float, dict[int, ProcessName]]] = WeakKeyDictionary()


def forget_names() -> None:
    """Read them anew at the next question."""
    _kept.pop(db.engine, None)


def process_names() -> dict[int, ProcessName]:
    """Every public process by id, newest first. Drafts are not among them."""
    kept = _kept.get(db.engine)
    if kept is None or kept[0] < time.monotonic():
        kept = _kept[db.engine] = (time.monotonic() + CACHE_SECONDS, _read())
    return kept[1]


def _read() -> dict[int, ProcessName]:
    columns = (Process.id, Process.public_id, Process.language, Process.title)
    public = select(*columns).where(Process.state != ProcessState.DRAFT)
    rows = session.execute(public.order_by(Process.id.desc()).limit(MOST_NAMES)).all()
    versions = select(TextVersion.object_id, TextVersion.language, TextVersion.fields).where(
        TextVersion.kind == "process",
        TextVersion.object_id.in_([row.id for row in rows]),
        TextVersion.state != TextState.MISSING,
    )
    titles: dict[int, list[tuple[str, str]]] = {}
    for object_id, language, fields in session.execute(versions.order_by(TextVersion.language)):
        titles.setdefault(object_id, []).append((language, fields.get("title", "")))
    return {row.id: ProcessName(*row, tuple(titles.get(row.id, ()))) for row in rows}
