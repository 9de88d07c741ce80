"""Which text a reader sees: the best of an object's versions for a language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.content.models import TextState, TextVersion
from portal.core.db import session
from portal.core.i18n import LANGUAGES
from portal.core.text import GUESSABLE_LANGUAGES, text_direction

PLAIN = "leicht"


@dataclass(frozen=True)
class TextView:
    """A version as readers see it: words as typed, safe HTML, language and direction, and its state."""

    language: str
    html_lang: str
    dir: str
    fields: dict[str, str]
    html: dict[str, str]
    state: TextState
    author_id: int | None


@dataclass(frozen=True)
class VersionState:
    """One language of an object. The original itself has `is_source`."""

    language: str
    state: TextState
    is_source: bool = False


def is_text_language(language: str) -> bool:
    """Whether we keep texts in this language: the portal's own and those we can recognise."""
    return language in LANGUAGES or language in GUESSABLE_LANGUAGES


def html_language(language: str) -> str:
    """What stands in `lang` for a text's language: plain German is "de-simple"."""
    return LANGUAGES[language].html_lang if language in LANGUAGES else language


def source_hash(source: Mapping[str, str]) -> str:
    """A fingerprint of the original's fields; equal words have equal fingerprints."""
    packed = json.dumps(dict(source), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()


def _reading_order(language: str) -> tuple[str, ...]:
    return (language, *(LANGUAGES[language].chain if language in LANGUAGES else ()))


def best_texts(
    kind: str, object_ids: Iterable[int], language: str, sources: Mapping[int, str]
) -> dict[int, TextView]:
    """For each object a better version than its original, in one query; objects not named show the original.

    sources: object id -> language of its original. The reader's language wins, then its fall-backs; nothing
    is better than an original that stands earlier in that order.
    """
    order = _reading_order(language)
    query = (
        select(TextVersion)
        .where(TextVersion.kind == kind, TextVersion.object_id.in_(list(object_ids)))
        .where(TextVersion.language.in_(order), TextVersion.state != TextState.MISSING)
    )
    best: dict[int, TextVersion] = {}
    for row in session.scalars(query):
        source = sources.get(row.object_id, "")
        rank = order.index(row.language)
        if source in order and order.index(source) <= rank:
            continue
        known = best.get(row.object_id)
        if known is None or rank < order.index(known.language):
            best[row.object_id] = row
    return {object_id: _view(row) for object_id, row in best.items()}


def best_text(kind: str, object_id: int, language: str, source_language: str) -> TextView | None:
    """The best version of one object for a reader, or None when the original is the best."""
    return best_texts(kind, [object_id], language, {object_id: source_language}).get(object_id)


def text_in(kind: str, object_id: int, language: str) -> TextView | None:
    """Exactly this language's version, or None."""
    row = version_of(kind, object_id, language)
    return _view(row) if row is not None and row.state != TextState.MISSING else None


def version_of(kind: str, object_id: int, language: str) -> TextVersion | None:
    """The row of this language, asked-for ones too."""
    return session.scalar(
        select(TextVersion).where(
            TextVersion.kind == kind,
            TextVersion.object_id == object_id,
            TextVersion.language == language,
        )
    )


def _view(row: TextVersion) -> TextView:
    html_lang = html_language(row.language)
    return TextView(
        language=row.language,
        html_lang=html_lang,
        dir=text_direction(html_lang),
        fields=dict(row.fields),
        html=dict(row.html),
        state=TextState(row.state),
        author_id=row.author_id,
    )


def version_states(kind: str, object_id: int, source_language: str) -> list[VersionState]:
    """Every language of the menu with its state (missing where there is nothing), then further languages."""
    rows = session.execute(
        select(TextVersion.language, TextVersion.state).where(
            TextVersion.kind == kind, TextVersion.object_id == object_id
        )
    )
    states = {row.language: TextState(row.state) for row in rows}
    states.pop(source_language, None)
    others = [*LANGUAGES, *sorted(set(states) - set(LANGUAGES))]
    return [
        VersionState(source_language, TextState.CURRENT, is_source=True),
        *(
            VersionState(language, states.get(language, TextState.MISSING))
            for language in others
            if language != source_language
        ),
    ]


def requested_versions(kind: str | None = None) -> list[TextVersion]:
    """What people asked for and nobody has written yet, longest waiting first."""
    query = select(TextVersion).where(TextVersion.state == TextState.MISSING)
    if kind is not None:
        query = query.where(TextVersion.kind == kind)
    return list(session.scalars(query.order_by(TextVersion.requested_at, TextVersion.id)))


def export_texts(account_id: int) -> list[dict[str, Any]]:
    """What the person wrote in other languages, for the own export."""
    rows = session.scalars(select(TextVersion).where(TextVersion.author_id == account_id))
    return [
        {"about": f"{row.kind} {row.object_id}", "language": row.language, **row.fields}
        for row in sorted(rows, key=lambda row: row.id)
    ]
