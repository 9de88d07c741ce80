"""Putting ballots into the box. Each of these writes one row of one table, and nothing else anywhere.

The row holds no person and no time, and no other row is written in the same transaction: in PostgreSQL two
rows written together can be recognised for ever (measured: 30 of 30 voters by `xmin`). So there is no mark
"has voted", no audit row, no notice, no change of a session here.

The round's row is locked for sharing: many cast at once, and whoever closes the round waits for them and
finds every ballot that was confirmed (measured without the lock: 23 of 8,370 confirmed ballots were missing).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select

from portal.core import crockford
from portal.core.db import instant, is_writing, session, upsert
from portal.rounds.errors.box import (
    NotOnTheRoll,
    TwoPeopleNeeded,
    VotedOnPaper,
    VoteNotBegun,
    VoteNotRunning,
    VoteOver,
)
from portal.rounds.models import Ballot, Channel, RollEntry, Round, RoundState
from portal.rounds.operations.filling import Content, canonical, check
from portal.rounds.queries.box import own_ballot
from portal.rounds.queries.keys import ballot_key

TRACKING_LETTERS = 10


@dataclass(frozen=True)
class Receipt:
    """What the voter gets: the code that finds the ballot in the published file, and its revision."""

    tracking: str
    revision: int


def cast(vote: Round, roll_entry_id: int, content: Content, *, seen: int | None = None) -> Receipt:
    """Put a ballot into the box, in place of this roll entry's earlier one. Returns the new receipt.

    seen: the revision the voter knew of (0: none). If there is a newer one that says the same, this is the
    same click arriving twice: nothing is written and that receipt comes back.

    Raises VoteNotBegun, VoteOver, VoteNotRunning, NotOnTheRoll, VotedOnPaper, KeyGone, or a
    kind of BadBallot.
    """
    _lock_running(vote)
    _ensure_on_roll(vote, roll_entry_id)
    row = {"round_id": vote.id, "ballot_key": ballot_key(vote, roll_entry_id), "channel": Channel.ONLINE}
    row |= {"tracking": crockford.new_code(TRACKING_LETTERS), "revision": 1}
    row |= {"content": canonical(check(vote, content))}
    statement = upsert(Ballot).values(**row)
    changed = {
        "content": statement.excluded.content,
        "tracking": statement.excluded.tracking,
        "revision": Ballot.revision + 1,
    }
    may_change = Ballot.channel == Channel.ONLINE
    if seen is not None:
        # Asked in the statement that writes: two clicks of one instant do not see each other before it.
        may_change &= (Ballot.content != statement.excluded.content) | (Ballot.revision == seen)
    done = session.execute(
        statement.on_conflict_do_update(
            index_elements=["round_id", "ballot_key"], set_=changed, where=may_change
        ).returning(Ballot.tracking, Ballot.revision)
    ).one_or_none()
    if done is not None:
        return Receipt(done.tracking, done.revision)
    there = own_ballot(vote, roll_entry_id)
    if there is None or there.channel is Channel.PAPER:
        raise VotedOnPaper
    return Receipt(there.tracking, there.revision)


def take_paper(vote: Round, roll_entry_id: int, first_staff_id: int, second_staff_id: int) -> bool:
    """Tick somebody off who takes a paper ballot; two people of staff do it together.

    Returns whether an earlier online ballot was replaced: it is gone, and the person is told. Raises
    TwoPeopleNeeded, VotedOnPaper when they were ticked off before, and what `cast` raises of time and roll.
    """
    if first_staff_id == second_staff_id:
        raise TwoPeopleNeeded
    _lock_running(vote)
    _ensure_on_roll(vote, roll_entry_id)
    before = own_ballot(vote, roll_entry_id)
    row = {"round_id": vote.id, "ballot_key": ballot_key(vote, roll_entry_id), "channel": Channel.PAPER}
    row |= {"tracking": crockford.new_code(TRACKING_LETTERS), "content": None, "revision": 1}
    statement = upsert(Ballot).values(**row)
    changed = {
        "channel": statement.excluded.channel,
        "content": None,
        "tracking": statement.excluded.tracking,
        "revision": Ballot.revision + 1,
    }
    done = session.execute(
        statement.on_conflict_do_update(
            index_elements=["round_id", "ballot_key"], set_=changed, where=Ballot.channel == Channel.ONLINE
        ).returning(Ballot.revision)
    ).one_or_none()
    if done is None:
        raise VotedOnPaper
    return before is not None


def take_back(vote: Round, roll_entry_id: int) -> bool:
    """Take the online ballot out again while voting runs, for somebody who leaves; False when there is none.

    A paper ballot stays: its sheet is in the urn, where nobody finds it. Without its row the numbers of the
    urn would never fit, and the same person could come back and vote a second time.
    """
    _lock_running(vote)
    mine = delete(Ballot).where(
        Ballot.round_id == vote.id,
        Ballot.ballot_key == ballot_key(vote, roll_entry_id),
        Ballot.channel == Channel.ONLINE,
    )
    return session.execute(mine.returning(Ballot.revision)).one_or_none() is not None


def _lock_running(vote: Round) -> None:
    """Share the round's row until the transaction ends. Raises unless ballots are taken at this instant.

    On SQLite the writing transaction itself is the lock, so it must be one. The instant is taken after the
    lock was granted: a request that waited past the end comes too late.
    """
    if not is_writing():
        raise RuntimeError("a ballot is cast in a writing transaction")
    columns = (Round.state, Round.opens_at, Round.closes_at)
    row = session.execute(select(*columns).where(Round.id == vote.id).with_for_update(read=True)).one()
    now = instant()
    if row.state is RoundState.OPEN and row.opens_at <= now < row.closes_at:
        return
    if row.state is RoundState.OPEN and now < row.opens_at:
        raise VoteNotBegun
    raise VoteNotRunning if row.state in {RoundState.DRAFT, RoundState.VOID} else VoteOver


def _ensure_on_roll(vote: Round, roll_entry_id: int) -> None:
    """Read only. A lock on the entry would leave this transaction's number on it: a mark who voted when."""
    mine = select(RollEntry.id).where(
        RollEntry.id == roll_entry_id, RollEntry.round_id == vote.id, RollEntry.revoked_at.is_(None)
    )
    if session.scalar(mine) is None:
        raise NotOnTheRoll
