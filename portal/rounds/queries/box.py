"""What may be asked of the box: one's own ballot, how many there are, and all of them when voting is over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.core.db import session
from portal.rounds.errors.box import BoxStillOpen
from portal.rounds.models import Ballot, Channel, Round, RoundState
from portal.rounds.queries.keys import ballot_key

ENDED = frozenset({RoundState.CLOSING, RoundState.CLOSED, RoundState.PUBLISHED, RoundState.VOID})


@dataclass(frozen=True)
class OwnBallot:
    """The ballot of the one who asks. `content` is None for a paper ballot."""

    tracking: str
    channel: Channel
    content: dict[str, Any] | None
    revision: int

    @property
    def is_on_paper(self) -> bool:
        """Taken at a counter; what stands on it nobody here knows."""
        return self.channel is Channel.PAPER


@dataclass(frozen=True)
class Turnout:
    """How many ballots are in the box, by channel."""

    online: int
    paper: int

    @property
    def together(self) -> int:
        """All ballots."""
        return self.online + self.paper


def has_voted(vote: Round, roll_entry_id: int) -> bool:
    """Whether a ballot of this roll entry is in the box. Only while the round's key exists; else KeyGone."""
    return own_ballot(vote, roll_entry_id) is not None


def own_ballot(vote: Round, roll_entry_id: int) -> OwnBallot | None:
    """The ballot of this roll entry, or None. Only while the round's key exists; else KeyGone."""
    row = session.execute(
        select(Ballot.tracking, Ballot.channel, Ballot.content, Ballot.revision).where(
            Ballot.round_id == vote.id, Ballot.ballot_key == ballot_key(vote, roll_entry_id)
        )
    ).one_or_none()
    if row is None:
        return None
    content = json.loads(row.content) if row.content is not None else None
    return OwnBallot(row.tracking, row.channel, content, row.revision)


def turnout(vote: Round) -> Turnout:
    """How many ballots are in the box now. The only number anybody may know before the end."""
    query = select(Ballot.channel, func.count()).where(Ballot.round_id == vote.id).group_by(Ballot.channel)
    counts = {row[0]: row[1] for row in session.execute(query)}
    return Turnout(counts.get(Channel.ONLINE, 0), counts.get(Channel.PAPER, 0))


def sorted_ballots(vote: Round) -> list[tuple[str, str]]:
    """(tracking code, content as canonical JSON) of every online ballot, by tracking code.

    The order says nothing about the order of casting. Raises BoxStillOpen while people vote: there is no way
    to interim results through the portal.
    """
    if vote.state not in ENDED:
        raise BoxStillOpen
    query = select(Ballot.tracking, Ballot.content).where(
        Ballot.round_id == vote.id, Ballot.channel == Channel.ONLINE
    )
    # Sorted here: databases sort letters by their locale, and the file must be the same everywhere.
    return sorted((row.tracking, row.content or "") for row in session.execute(query))


def commitment(vote: Round) -> tuple[int, str]:
    """(number of ballots, SHA-256 over the sorted SHA-256 of "tracking|content" in lines), for the log.

    Binds the box without telling what is in it: each ballot's hash is over a random code nobody else knows.
    """
    query = select(Ballot.tracking, Ballot.content).where(Ballot.round_id == vote.id)
    lines = sorted(
        hashlib.sha256(f"{row.tracking}|{row.content or ''}".encode()).hexdigest()
        for row in session.execute(query)
    )
    return len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()
