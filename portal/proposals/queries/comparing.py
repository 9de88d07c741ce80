"""What changed between two versions, word by word, and whether it is more than wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.core.text import tokens
from portal.proposals.models import ProposalVersion

_PIECES = re.compile(r"\s+|\w+|[^\w\s]+")
# Beyond this many pieces the comparison goes by lines: word by word would take seconds.
MOST_PIECES = 4_000
# A change of substance: more than a tenth of the words, or the name of the thing.
SUBSTANCE_SHARE = 0.1

Part = tuple[str, str]


@dataclass(frozen=True)
class FieldChange:
    """One field's difference: its name and parts ("same" | "added" | "removed", text)."""

    field: str
    parts: tuple[Part, ...]


def _pieces(text: str) -> list[str]:
    pieces = _PIECES.findall(text)
    return pieces if len(pieces) <= MOST_PIECES else text.splitlines(keepends=True)


def word_diff(before: str, after: str) -> tuple[Part, ...]:
    """The two texts as one, in parts that stayed, came and went; joined "same" and "added" give `after`."""
    old, new = _pieces(before), _pieces(after)
    return tuple(_parts(old, new))


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            yield "same", "".join(new[new_start:new_end])
            continue
        if end > start:
            yield "removed", "".join(old[start:end])
        if new_end > new_start:
            yield "added", "".join(new[new_start:new_end])


FIELDS = ("title", "what_md", "why_md", "for_whom_md", "place_words")


def changes_between(before: ProposalVersion, after: ProposalVersion) -> list[FieldChange]:
    """The fields that differ, in the order of the page."""
    found = [(name, getattr(before, name), getattr(after, name)) for name in FIELDS]
    return [FieldChange(name, word_diff(old, new)) for name, old, new in found if old != new]


def changed_share(before: str, after: str) -> float:
    """The share of words that differ, 0 to 1: 1 - 2 * common / all (Ratcliff and Obershelp 1988).

    Four words of which one changed: 1 - 2 * 3 / 8 = 0.25.
    """
    old, new = tokens(before), tokens(after)
    if not old and not new:
        return 0.0
    return 1.0 - SequenceMatcher(None, old, new, autojunk=False).ratio()


def is_substance(before: ProposalVersion, after: ProposalVersion) -> bool:
    """Whether supporters should be asked: title, text or place say something else, not only better.

    Spelling, punctuation and capitals never count; a word in ten may change.
    """
    if tokens(before.place_words) != tokens(after.place_words):
        return True
    title = changed_share(before.title, after.title)
    what = changed_share(before.what_md, after.what_md)
    return title > 2 * SUBSTANCE_SHARE or what > SUBSTANCE_SHARE
