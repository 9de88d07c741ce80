"""From the closed count to the public result: the draw where it is needed, the checks, the published file."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import select

from portal.core import audit, clock, jobs
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.text import clean_line
from portal.rounds.errors import DrawDiffers, DrawNotNeeded, DrawTooEarly, NotReadyToPublish
from portal.rounds.events import RoundPublished
from portal.rounds.models import Round, RoundFile, RoundResult, RoundState
from portal.rounds.operations.closing import provisional_order, sealed_bytes
from portal.rounds.operations.counting import explanation_of, in_words_of_json, keep_explanation
from portal.rounds.operations.logbook import append
from portal.rounds.permissions import STATES
from portal.rounds.queries import counting, logbook
from portal.rounds.queries.box import turnout
from portal.rounds.queries.logbook import canonical
from portal.rounds.queries.sheets import closing_check, paper_ballots
from portal.voting import run
from portal.voting.lottery import lottery_seed
from portal.voting.pabulib.writing import content_of


class Typing(Enum):
    """What became of the words of a draw that somebody typed."""

    WAITS = "for a second person"
    DIFFERS = "from what somebody else typed"
    COUNTS = "two people typed the same"


@dataclass(frozen=True)
class Checks:
    """What staff look at before a result is public. No votes and no winners are in it."""

    is_closed: bool
    online: int
    paper_handed_out: int
    paper_surplus: int
    paper_valid: int
    paper_invalid: int
    sheets_complete: bool
    sums_match: bool
    file_matches: bool
    log_unbroken: bool
    draw_needed: bool

    @property
    def is_ready(self) -> bool:
        """Everything is as it should be."""
        good = self.sheets_complete and self.sums_match and self.file_matches and self.log_unbroken
        return self.is_closed and good and not self.draw_needed


def checks_of(vote: Round) -> Checks:
    """Every number computed again from the tables, not from what was stored at the count."""
    box, paper, sheets = turnout(vote), paper_ballots(vote), closing_check(vote)
    result, sealed = session.get(RoundResult, vote.id), session.get(RoundFile, vote.id)
    is_closed = vote.state is RoundState.CLOSED
    same = sealed is not None and hashlib.sha256(sealed_bytes(vote)).hexdigest() == sealed.file_sha256
    ballots = result.turnout["ballots"] if result is not None else -1
    return Checks(
        is_closed=is_closed,
        online=box.online,
        paper_handed_out=sheets.in_the_box,
        paper_surplus=sheets.surplus,
        paper_valid=len(paper.contents),
        paper_invalid=paper.invalid,
        sheets_complete=sheets.fits,
        sums_match=ballots == box.online + len(paper.contents),
        file_matches=same,
        log_unbroken=logbook.is_unbroken(vote),
        draw_needed=result is not None and needs_draw(vote, result),
    )


def needs_draw(vote: Round, result: RoundResult) -> bool:
    """Whether a tie reached the lottery and the public draw is not entered yet."""
    return '"needs_draw":true' in result.outcome and vote.lottery_draw is None


def enter_draw(vote: Round, draw: str, *, actor: Actor) -> Typing:
    """What was drawn counts as soon as two people have typed the same words.

    Every typing is committed to the log as a hash, so that a slip of one person is typed again and not the
    end. Then the lottery order is fixed and everything counted with it. Raises DrawTooEarly, DrawNotNeeded,
    and DrawDiffers for other words than those that are fixed.
    """
    session.execute(select(Round.id).where(Round.id == vote.id).with_for_update())
    session.refresh(vote)
    STATES.check(actor, vote, RoundState.CLOSED, RoundState.PUBLISHED)
    words = clean_line(draw)
    if vote.lottery_draw is not None:
        if words != vote.lottery_draw:
            raise DrawDiffers
        return Typing.COUNTS
    if not needs_draw(vote, session.get_one(RoundResult, vote.id)):
        raise DrawNotNeeded
    if vote.lottery_on is not None and clock.today() < vote.lottery_on:
        raise DrawTooEarly
    mine = {"sha256": hashlib.sha256(f"{vote.public_id}|{words}".encode()).hexdigest(), "by": _mark(actor)}
    typed = [json.loads(one.body) for one in logbook.entries(vote) if one.kind == "draw_committed"]
    others = {one["sha256"] for one in typed if one["by"] != mine["by"]}
    if mine["sha256"] in others:
        _fix_draw(vote, words)
        return Typing.COUNTS
    if not any(mine.items() <= one.items() for one in typed):
        append(vote, "draw_committed", mine)
    return Typing.DIFFERS if others else Typing.WAITS


def _fix_draw(vote: Round, words: str) -> None:
    vote.lottery_draw = words
    session.flush()
    seed = lottery_seed(vote.file_sha256 or "", words)
    append(vote, "draw", {"draw": words, "source": vote.lottery_source, "seed": seed})
    _count_again(vote)


def _mark(actor: Actor) -> str:
    """Tells two people apart in the log without naming them."""
    return hashlib.sha256(f"draw|{actor.account_id}".encode()).hexdigest()[:16]


def _count_again(vote: Round) -> None:
    """The count with the order that was drawn."""
    result, sealed = session.get_one(RoundResult, vote.id), session.get_one(RoundFile, vote.id)
    order = provisional_order(vote, sealed.file_sha256)
    election = counting.election_of(vote)
    found = in_words_of_json(election, run(vote.rule.value, election, order, counting.terms_of(vote)))
    found["needs_draw"] = False
    result.outcome = canonical(found)
    result.outcome_sha256 = hashlib.sha256(result.outcome.encode()).hexdigest()
    session.flush()
    append(vote, "counted", {"engine": result.engine})


def publish(vote: Round, *, actor: Actor) -> bool:
    """closed -> published; False for a double click. Raises NotReadyToPublish.

    The published file is the sealed one with the winners marked; both hashes stand in the log.
    """
    session.execute(select(Round.id).where(Round.id == vote.id).with_for_update())
    session.refresh(vote)
    if vote.state is RoundState.PUBLISHED:
        return False
    STATES.check(actor, vote, vote.state, RoundState.PUBLISHED)
    if not checks_of(vote).is_ready:
        raise NotReadyToPublish
    digest = _write_published_file(vote)
    vote.state, vote.published_at = RoundState.PUBLISHED, clock.now()
    session.flush()
    result = session.get_one(RoundResult, vote.id)
    append(vote, "result", _result_for_the_log(vote, result))
    append(vote, "published", {"file_sha256": digest, "sealed_sha256": vote.file_sha256})
    content = explanation_of(vote.id, what_ifs=False)
    if content is not None:
        keep_explanation(vote.id, content)
    audit.record("rounds.published", actor=actor, subject=("round", vote.id), file_sha256=digest)
    jobs.enqueue("rounds.explain", {"id": vote.id}, unique_key=f"rounds.explain:{vote.id}")
    emit(RoundPublished(vote.id))
    return True


def _result_for_the_log(vote: Round, result: RoundResult) -> dict[str, Any]:
    """The winners and the hash of all that was found; of few ballots one could try what fits it."""
    winners = {"winners": json.loads(result.outcome)["winners"]}
    return winners if result.is_small(vote) else {**winners, "outcome_sha256": result.outcome_sha256}


def _write_published_file(vote: Round) -> str:
    """The same ballots, the winners marked, the order of the lottery in the comment."""
    sealed, result = session.get_one(RoundFile, vote.id), session.get_one(RoundResult, vote.id)
    order = provisional_order(vote, sealed.file_sha256)
    outcome = run(vote.rule.value, counting.election_of(vote), order, counting.terms_of(vote))
    notes = [f"Sealed before the count with SHA-256 {sealed.file_sha256}"]
    if vote.lottery_draw:
        notes.append(f"Public draw: {vote.lottery_draw}")
    data = content_of(
        counting.head_of(vote, *notes),
        counting.projects_of(vote),
        counting.ballots_of(vote),
        columns=counting.columns_of(vote),
        outcome=outcome,
        lottery=order,
    ).encode()
    digest = hashlib.sha256(data).hexdigest()
    sealed.content, sealed.file_sha256 = zlib.compress(data, 6), digest
    result.file_sha256 = digest
    session.flush()
    return digest


def due_to_publish() -> list[int]:
    """Closed rounds that publish themselves by now."""
    query = select(Round).where(Round.state == RoundState.CLOSED, Round.publish_after_hours.is_not(None))
    now = clock.now()
    return [
        one.id
        for one in session.scalars(query)
        if one.closed_at and (now - one.closed_at).total_seconds() >= (one.publish_after_hours or 0) * 3600
    ]
