"""Is this already there? Objects whose titles say much the same as a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from portal.core.search.finding import Hit
from portal.core.search.overlap import candidates
from portal.core.text import tokens

LONGEST_TEXT = 200  # characters; a title, not a body
MOST_WORDS = 10
MOST_CANDIDATES = 120
ALIKE = 0.5  # from which two titles are shown as similar; chosen on the examples in the tests
SAME_WORD = 0.8  # two words less alike than this count as different
INSIDE = 0.85  # "bank" in "sitzbank"
SHORTEST_INSIDE = 4


def similar(text: str, kind: str, limit: int = 5, exclude: Iterable[int] = ()) -> list[Hit]:
    """Objects of this kind whose title resembles the text, most alike first: hints against duplicates.

    "Sitzbank bei Kita Sonnenweg" finds "Bank vor der Kita Sonnenweg". Word order and short words hardly
    count; words may differ by a letter or two, or be part of one another.
    """
    words = tuple(dict.fromkeys(tokens(text[:LONGEST_TEXT])))
    parts = _parts(words)
    if not parts:
        return []
    best: dict[int, float] = {}
    for one in candidates([parts], [kind], MOST_CANDIDATES, list(exclude)):
        score = likeness(words, tuple(one.title.split(" ")))
        best[one.object_id] = max(score, best.get(one.object_id, 0.0))
    ordered = sorted(best.items(), key=lambda pair: (-pair[1], -pair[0]))
    return [Hit(kind, object_id) for object_id, score in ordered[:limit] if score >= ALIKE]


def _parts(words: Sequence[str]) -> list[str]:
    """What a similar title must hold one of: the longer words, and beginning and end of compounds."""
    longer = [word for word in words if len(word) >= 4] or [word for word in words if len(word) == 3]
    longer = sorted(longer, key=len, reverse=True)[:MOST_WORDS]
    parts = dict.fromkeys(longer)
    for word in longer:
        if len(word) >= 6:  # misspelt, bent or compound: "sitzbaenke", "sitzbank"
            parts |= dict.fromkeys((word[:5], word[-4:]))
    return list(parts)


def likeness(words: Sequence[str], others: Sequence[str]) -> float:
    """0 to 1: how much of each title has a counterpart in the other, long words counting more.

    Worked example: sitzbank bei kita sonnenweg / bank vor der kita sonnenweg. Of the first title's 24 letters
    8 x .85 (bank is inside) + 4 + 9 = 19.8 are met: .825; of the second's 23 letters 4 x .85 + 4 + 9 = 16.4:
    .713. Their harmonic mean is 0.76; it is low when one title is only a small part of the other.
    """
    if not words or not others:
        return 0.0
    one, other = _covered(words, others), _covered(others, words)
    return 2 * one * other / (one + other) if one else 0.0


def _covered(words: Sequence[str], others: Sequence[str]) -> float:
    met = sum(len(word) * max(_counterpart(word, other) for other in others) for word in words)
    return met / sum(len(word) for word in words)


@lru_cache(maxsize=20_000)
def _counterpart(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if min(len(word), len(other)) >= SHORTEST_INSIDE and (word in other or other in word):
        return INSIDE
    score = fuzz.ratio(word, other) / 100
    return score if score >= SAME_WORD else 0.0
