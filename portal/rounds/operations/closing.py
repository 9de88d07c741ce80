"""Closing a round: by time, step by step, each step safe to repeat.

open -> closing (one UPDATE, one winner) -> the sealed file, made from the sorted box -> the count -> closed,
with the file's hash in the log -> the key destroyed -> the ballots written anew in the order of their codes.
Whoever repeats a step makes the same bytes, or raises FileChanged and changes nothing.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import instant, session, transaction
from portal.core.events import emit
from portal.rounds.errors import FileChanged, NotOverYet, SheetsMissing
from portal.rounds.events import RoundClosed
from portal.rounds.models import Round, RoundFile, RoundResult, RoundState
from portal.rounds.operations import box, keys
from portal.rounds.operations.counting import in_words_of_json, result_of
from portal.rounds.operations.drafts import forget_round
from portal.rounds.operations.logbook import append
from portal.rounds.queries import counting
from portal.rounds.queries.box import turnout
from portal.rounds.queries.logbook import entries
from portal.rounds.queries.roll import entries_in_roll
from portal.rounds.queries.sheets import closing_check, paper_ballots
from portal.voting import Election, run
from portal.voting.lottery import lottery_order, lottery_seed
from portal.voting.pabulib.writing import content_of

Step = Callable[[Round], bool]


def begin(vote: Round) -> bool:
    """open -> closing, once the end has passed. True for the one who did it. Raises NotOverYet."""
    now = instant()  # by the clock that also says which ballot comes too late
    if vote.state is RoundState.OPEN and vote.closes_at is not None and now < vote.closes_at:
        raise NotOverYet
    over = (Round.id == vote.id, Round.state == RoundState.OPEN, Round.closes_at <= now)
    statement = update(Round).where(*over).values(state=RoundState.CLOSING).returning(Round.id)
    won = session.scalar(statement) is not None
    session.refresh(vote)
    if won:
        online = turnout(vote)
        roll = {"entries": entries_in_roll(vote)}
        append(vote, "closing", {"online": online.online, "paper": online.paper, "roll": roll})
    return won


def seal(vote: Round) -> bool:
    """The box as a file: written once, afterwards only compared. Raises SheetsMissing, FileChanged."""
    if vote.state is not RoundState.CLOSING:
        return False
    if not closing_check(vote).fits:
        raise SheetsMissing
    data = sealed_bytes(vote)
    digest = hashlib.sha256(data).hexdigest()
    known = session.get(RoundFile, vote.id)
    if known is not None:
        if known.file_sha256 != digest:
            raise FileChanged(vote.public_id)
        return False
    session.add(RoundFile(round_id=vote.id, content=zlib.compress(data, 6), file_sha256=digest))
    append(vote, "sealed", {"file_sha256": digest})
    return True


def sealed_bytes(vote: Round) -> bytes:
    """The file as it is before the count: every ballot, no winners. The same box gives the same bytes."""
    return content_of(
        counting.head_of(vote),
        counting.projects_of(vote),
        counting.ballots_of(vote),
        columns=counting.columns_of(vote),
    ).encode()


def provisional_order(vote: Round, digest: str) -> tuple[str, ...]:
    """The order of the lottery: from the sealed file and, once it is entered, the public draw."""
    ids = [project.id for project in counting.projects_of(vote)]
    return lottery_order(lottery_seed(digest, vote.lottery_draw or ""), ids)


def count(vote: Round) -> bool:
    """Count the sealed box. Raises FileChanged when a second count says something else."""
    sealed = session.get(RoundFile, vote.id)
    if vote.state is not RoundState.CLOSING or sealed is None:
        return False
    election = counting.election_of(vote)
    order = provisional_order(vote, sealed.file_sha256)
    found = in_words_of_json(election, run(vote.rule.value, election, order, counting.terms_of(vote)))
    found["needs_draw"] = bool(vote.lottery_source) and _depends_on_lottery(vote, election, found, order)
    row = result_of(vote, found, file_sha256=sealed.file_sha256, turnout=_turnout(vote, election.blank))
    known = session.get(RoundResult, vote.id)
    if known is not None:
        if known.outcome_sha256 != row.outcome_sha256:
            raise FileChanged(vote.public_id)
        return False
    session.add(row)
    session.flush()
    append(vote, "counted", {"engine": row.engine})
    return True


def _depends_on_lottery(
    vote: Round, election: Election, found: dict[str, Any], order: tuple[str, ...]
) -> bool:
    """Whether another draw could elect others: an equal one lost, or the order turned round elects others."""
    tied = {one for tie in found["ties"] if tie["decided_by"] == "lottery" for one in tie["projects"]}
    if not tied:
        return False
    other = run(vote.rule.value, election, order[::-1], counting.terms_of(vote))
    return bool(tied - set(found["winners"])) or set(other.winners) != set(found["winners"])


def _turnout(vote: Round, blank: int) -> dict[str, int]:
    box, paper = turnout(vote), paper_ballots(vote)
    return {
        "online": box.online,
        "paper": len(paper.contents),
        "invalid": paper.invalid,
        "blank": blank,
        "ballots": box.online + len(paper.contents),
    }


def finish(vote: Round) -> bool:
    """closing -> closed, with the hash of the sealed file in the log."""
    sealed = session.get(RoundFile, vote.id)
    if vote.state is not RoundState.CLOSING or sealed is None or session.get(RoundResult, vote.id) is None:
        return False
    ready = update(Round).where(Round.id == vote.id, Round.state == RoundState.CLOSING)
    values = {"state": RoundState.CLOSED, "closed_at": clock.now(), "file_sha256": sealed.file_sha256}
    if session.scalar(ready.values(**values).returning(Round.id)) is None:
        return False
    session.refresh(vote)
    append(vote, "closed", {"file_sha256": sealed.file_sha256})
    emit(RoundClosed(vote.id))
    return True


def forget_key(vote: Round) -> bool:
    """Destroy the key: from now on nobody, not even the operator, finds out whose ballot is whose."""
    if vote.state is not RoundState.CLOSED:
        return False
    keys.destroy_key(vote)
    if any(entry.kind == "key_destroyed" for entry in entries(vote)):
        return False
    append(vote, "key_destroyed", {})
    return True


def shuffle_box(vote: Round) -> bool:
    """Write the ballots anew in the order of their codes, so that their place in the table tells nothing.

    The old names go as well: an HMAC whose key is gone is only a number. Drafts of this round are deleted.
    """
    if vote.state is not RoundState.CLOSED:
        return False
    forget_round(vote.id)
    return box.rewrite_sorted(vote) > 0


STEPS: tuple[Step, ...] = (begin, seal, count, finish, forget_key, shuffle_box)


def close_round(round_id: int) -> RoundState:
    """All steps, each in its own transaction; stops quietly where paper is missing. Returns the state.

    Killed anywhere and called again it goes on where it stopped. Raises FileChanged.
    """
    shuffled = False
    for step in STEPS:
        with transaction():
            vote = session.scalars(select(Round).where(Round.id == round_id).with_for_update()).one()
            session.refresh(vote)
            try:
                shuffled = step(vote) and step is shuffle_box
            except SheetsMissing:
                break
    if shuffled:
        box.compact()  # what the database still keeps of the ballots as they came
    with transaction(write=False):
        return session.get_one(Round, round_id, populate_existing=True).state
