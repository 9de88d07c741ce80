"""The number of a document: where it stands among all others. Both databases sort and stop by it alone.

A row's id says, from the highest bit on: which kind, when (minutes since 1970; no date comes last), which
object, which language. So the newest documents of a kind are the highest ids of a stretch: FTS5 reads them
in that order and stops after one page, PostgreSQL walks its primary key, and neither looks at a row to know
what it found.
"""

from __future__ import annotations

from datetime import datetime
from zlib import crc32

LANGUAGE_BITS, OBJECT_BITS, MINUTE_BITS, KIND_BITS = 5, 26, 26, 6
MOST_OBJECTS = 1 << OBJECT_BITS
# The kind a town has very many of stands below all others: these are one stretch, too.
MANY = "proposal"
_LANGUAGES = {slug: number for number, slug in enumerate(("de", "leicht", "en", "tr", "uk", "ar"), 1)}
_DATE_SHIFT = OBJECT_BITS + LANGUAGE_BITS
_KIND_SHIFT = MINUTE_BITS + _DATE_SHIFT
HIGHEST = (1 << (KIND_BITS + _KIND_SHIFT)) - 1

Stretch = tuple[int, int]  # lowest and highest id


def number_of_kind(kind: str) -> int:
    """1 to 62, the same on every machine; providers whose kinds share one are refused."""
    return 1 if kind == MANY else 2 + crc32(kind.encode()) % 61


def document_id(kind: str, object_id: int, language: str, weight_date: datetime | None) -> int:
    """The id of the document of an object in a language. ValueError beyond 67 million objects of a kind."""
    if not 0 <= object_id < MOST_OBJECTS:
        raise ValueError(f"search cannot number {kind} {object_id}")
    minutes = int(weight_date.timestamp() // 60) if weight_date else 0
    minutes = min(max(minutes, 0), (1 << MINUTE_BITS) - 1)
    spoken = _LANGUAGES.get(language) or 8 + crc32(language.encode()) % 24
    spot = (minutes << OBJECT_BITS | object_id) << LANGUAGE_BITS | spoken
    return number_of_kind(kind) << _KIND_SHIFT | spot


def stretch_of(kind: str) -> Stretch:
    """All ids of a kind."""
    number = number_of_kind(kind)
    return number << _KIND_SHIFT, ((number + 1) << _KIND_SHIFT) - 1


def stretch_beside() -> Stretch:
    """All ids of all kinds but the one there are very many of."""
    return 2 << _KIND_SHIFT, HIGHEST


def read_id(document: int) -> tuple[int, int, int]:
    """(number of the kind, minutes, object id) out of a document's id."""
    minutes = document >> _DATE_SHIFT & (1 << MINUTE_BITS) - 1
    return document >> _KIND_SHIFT, minutes, document >> LANGUAGE_BITS & MOST_OBJECTS - 1
