"""The box after the end: ballots are written anew, so that nothing tells in which order they came."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete, insert, select

from portal.core.db import db, session
from portal.rounds.errors.box import BoxStillOpen
from portal.rounds.models import Ballot, Round
from portal.rounds.queries.box import ENDED
from portal.rounds.queries.keys import ballot_key

__all__ = ["ballot_key", "compact", "rewrite_sorted"]


def rewrite_sorted(vote: Round) -> int:
    """Write every ballot anew, sorted by tracking code, under a name made from that code; returns how many.

    On PostgreSQL all rows then carry the number of this one transaction, in an order that says nothing; on
    SQLite rows lie sorted by their key anyway. The new names keep a copy of the round's key from being of any
    use with this database, and how often somebody changed a ballot is forgotten. Done before: nothing is
    written, and 0 comes back. Raises BoxStillOpen while people vote. `compact` follows after the commit.
    """
    if vote.state not in ENDED:
        raise BoxStillOpen
    columns = (Ballot.ballot_key, Ballot.tracking, Ballot.channel, Ballot.content)
    found = session.execute(select(*columns).where(Ballot.round_id == vote.id)).all()
    rows = sorted(found, key=lambda row: row.tracking)
    names = {row.tracking: _name_after_closing(vote, row.tracking) for row in rows}
    if all(row.ballot_key == names[row.tracking] for row in rows):
        return 0
    session.execute(delete(Ballot).where(Ballot.round_id == vote.id))
    again = [
        {
            "round_id": vote.id,
            "ballot_key": names[row.tracking],
            "tracking": row.tracking,
            "channel": row.channel,
            "content": row.content,
            "revision": 1,
        }
        for row in rows
    ]
    session.execute(insert(Ballot), again)
    return len(again)


def _name_after_closing(vote: Round, tracking: str) -> str:
    return hashlib.sha256(f"closed|{vote.public_id}|{tracking}".encode()).hexdigest()


def compact() -> None:
    """Throw away what the database still keeps of earlier versions of ballots and drafts. After the commit.

    PostgreSQL writes both tables anew (VACUUM FULL; others wait meanwhile, about a second for 100,000
    ballots). SQLite overwrites deleted content by itself (secure_delete); its log is emptied here.
    Archived write-ahead logs and backups are out of reach: docs/operating.md says so.
    """
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM (FULL) ballot")
            connection.exec_driver_sql("VACUUM (FULL) ballot_draft")
        else:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
