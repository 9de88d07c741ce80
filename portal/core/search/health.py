"""Is the index able to work, and is nothing left in it that was deleted?"""

from __future__ import annotations

from sqlalchemy import text

from portal.core.db import session
from portal.core.jobs import periodic
from portal.core.search.ddl import FTS


def trigram_ok() -> bool:
    """Whether parts of words are found in every script: PostgreSQL needs LC_CTYPE other than C."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(text("SELECT show_trgm('я') <> '{}' AND show_trgm('مرحبا') <> '{}'")))


@periodic("search.tidy", every_minutes=24 * 60)
def tidy() -> None:
    """Merge the index, so that words of deleted texts are really gone from the file. Done once a day.

    FTS5 keeps deleted words in older parts of the index until they are merged (0.2 s for 10,000 documents);
    PostgreSQL's vacuum does the same by itself.
    """
    if session.get_bind().dialect.name == "sqlite":
        for name in FTS:
            session.execute(text(f"INSERT INTO {name}({name}) VALUES ('optimize')"))  # noqa: S608  fixed names
