"""What was changed in a comment, version by version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from sqlalchemy import select

from portal.core.db import session
from portal.discussions.models import Comment, CommentVersion


@dataclass(frozen=True)
class Change:
    """One version of a comment and what it changed; parts as `ui.usertext.diff` wants them."""

    number: int
    written_at: datetime
    language: str
    direction: str
    parts: tuple[tuple[str, str], ...]


def versions(comment: Comment) -> list[CommentVersion]:
    """What the comment said before, oldest first; the present text is not among them."""
    query = select(CommentVersion).where(CommentVersion.comment_id == comment.id)
    return list(session.scalars(query.order_by(CommentVersion.number)))


def changes(comment: Comment) -> list[Change]:
    """Every version with what it changed, latest first; the last entry is the first text."""
    texts = [(one.body_md, one.written_at, one.language, one.direction) for one in versions(comment)]
    written = comment.edited_at or comment.created_at
    texts.append((comment.body_md, written, comment.language, comment.direction))
    found = [
        Change(number, at, language, direction, word_diff(texts[number - 2][0] if number > 1 else text, text))
        for number, (text, at, language, direction) in enumerate(texts, start=1)
    ]
    return found[::-1]


def word_diff(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Parts ("same" | "added" | "removed", text) that lead from one text to the other, word by word."""
    old, new = _words(before), _words(after)
    parts: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(old[a:b])))
            continue
        if b > a:
            parts.append(("removed", "".join(old[a:b])))
        if d > c:
            parts.append(("added", "".join(new[c:d])))
    return tuple(parts)


def _words(text: str) -> list[str]:
    # A word with the space behind it; popular words are not compared, which keeps long texts fast.
    return re.findall(r"^\s+|\S+\s*", text)
