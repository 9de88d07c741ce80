"""The observers of a vote, and whether its file was opened for them."""

from __future__ import annotations

from portal.core.db import session
from portal.core.site_settings import site
from portal.rounds.models import FileRelease, Round
from portal.rounds.queries.logbook import entries

FILE_READ = "file_read"


def observers_words(vote: Round) -> str:
    """What was typed: the town's observers and the round's own, one address a line."""
    return "\n".join((site("rounds.observers"), vote.observers or ""))


def release_of(vote: Round) -> FileRelease | None:
    """The wish to open the file for the observers, approved or not."""
    return session.get(FileRelease, vote.id)


def times_read(vote: Round) -> int:
    """How often observers have taken the file; the log counts it."""
    return sum(one.kind == FILE_READ for one in entries(vote))
