"""Paper sheets: what waits to be typed or decided, whether numbers agree, and what counts in the end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from portal.core.db import session
from portal.rounds.models import Ballot, Channel, PaperBatch, PaperSheet, Round, SheetState

DONE = frozenset({SheetState.AGREED, SheetState.DECIDED, SheetState.INVALID})


@dataclass(frozen=True)
class BatchCheck:
    """One urn: ballots handed out, sheets counted by hand, and how far typing has come."""

    number: int
    place: str
    handed_out: int
    counted: int | None
    agreed: int
    decided: int
    invalid: int
    disputed: int
    typed_once: int

    @property
    def done(self) -> int:
        """Sheets that are settled: agreed, decided or invalid."""
        return self.agreed + self.decided + self.invalid

    @property
    def open(self) -> int:
        """Sheets nobody has typed, that wait for the second person, or that a third must decide."""
        return self.handed_out - self.done

    @property
    def surplus(self) -> int:
        """Sheets in the urn beyond the ballots that were handed out: laid aside unread, and not counted."""
        return max((self.counted or 0) - self.handed_out, 0)

    @property
    def fits(self) -> bool:
        """The urn was opened, and as many sheets are settled as ballots were handed out."""
        return self.counted is not None and self.open == 0


@dataclass(frozen=True)
class ClosingCheck:
    """Whether paper is ready for the count: each urn, and all of them against the box."""

    batches: tuple[BatchCheck, ...]
    in_the_box: int

    @property
    def handed_out(self) -> int:
        """Ballots handed out at all counters."""
        return sum(one.handed_out for one in self.batches)

    @property
    def surplus(self) -> int:
        """Sheets beyond that number, in all urns."""
        return sum(one.surplus for one in self.batches)

    @property
    def fits(self) -> bool:
        """Every urn fits, and together they are the paper rows of the box."""
        return all(one.fits for one in self.batches) and self.handed_out == self.in_the_box


def closing_check(vote: Round) -> ClosingCheck:
    """The numbers of every urn beside the number of people ticked off, in three questions."""
    batches = session.scalars(
        select(PaperBatch).where(PaperBatch.round_id == vote.id).order_by(PaperBatch.number)
    ).all()
    counts = session.execute(
        select(PaperSheet.batch_id, PaperSheet.state, func.count())
        .join(PaperBatch, PaperBatch.id == PaperSheet.batch_id)
        .where(PaperBatch.round_id == vote.id)
        .group_by(PaperSheet.batch_id, PaperSheet.state)
    )
    by_state = {(row[0], row[1]): row[2] for row in counts}
    on_paper = select(func.count()).where(Ballot.round_id == vote.id, Ballot.channel == Channel.PAPER)
    return ClosingCheck(tuple(_checked(one, by_state) for one in batches), session.scalar(on_paper) or 0)


def _checked(batch: PaperBatch, by_state: dict[tuple[int, SheetState], int]) -> BatchCheck:
    states = {state: by_state.get((batch.id, state), 0) for state in SheetState}
    return BatchCheck(
        number=batch.number,
        place=batch.place,
        handed_out=batch.handed_out,
        counted=batch.size,
        agreed=states[SheetState.AGREED],
        decided=states[SheetState.DECIDED],
        invalid=states[SheetState.INVALID],
        disputed=states[SheetState.DISPUTE],
        typed_once=states[SheetState.TYPED_ONCE],
    )


def check_of_batch(vote: Round, batch: PaperBatch) -> BatchCheck:
    """The numbers of one urn."""
    return next(one for one in closing_check(vote).batches if one.number == batch.number)


@dataclass(frozen=True)
class PaperBallots:
    """What paper adds to the count: contents to count (blank ones too), and how many were invalid."""

    contents: tuple[dict[str, Any], ...]
    invalid: int

    @property
    def blank(self) -> int:
        """Sheets on which nothing is marked."""
        return sum(1 for one in self.contents if not any(v for k, v in one.items() if k != "kind"))


def paper_ballots(vote: Round) -> PaperBallots:
    """Settled sheets in the order of their content: nothing tells where or when one was handed out."""
    rows = session.scalars(
        select(PaperSheet)
        .join(PaperBatch, PaperBatch.id == PaperSheet.batch_id)
        .where(PaperBatch.round_id == vote.id, PaperSheet.state.in_(DONE))
    ).all()
    valid = sorted(row.content or "" for row in rows if row.state is not SheetState.INVALID)
    contents: Iterable[dict[str, Any]] = (json.loads(one) for one in valid)
    return PaperBallots(tuple(contents), len(rows) - len(valid))


def is_invalid(content: str) -> bool:
    """Whether somebody typed that the sheet cannot be counted."""
    return "invalid" in json.loads(content)


def sheet_of(batch: PaperBatch, serial: int) -> PaperSheet | None:
    """One sheet of an urn by the number stamped on it."""
    return session.scalar(
        select(PaperSheet).where(PaperSheet.batch_id == batch.id, PaperSheet.serial == serial)
    )


def disputed(batch: PaperBatch) -> list[PaperSheet]:
    """Sheets on which two people do not agree, by number."""
    query = select(PaperSheet).where(PaperSheet.batch_id == batch.id, PaperSheet.state == SheetState.DISPUTE)
    return list(session.scalars(query.order_by(PaperSheet.serial)))


def next_serial(batch: PaperBatch, account_id: int | None) -> int | None:
    """The lowest number this person can type next; None when nothing is left for them."""
    theirs = or_(PaperSheet.first_by_id == account_id, PaperSheet.state != SheetState.TYPED_ONCE)
    taken = set(session.scalars(select(PaperSheet.serial).where(PaperSheet.batch_id == batch.id, theirs)))
    return next((n for n in range(1, sheets_to_type(batch) + 1) if n not in taken), None)


def sheets_to_type(batch: PaperBatch) -> int:
    """One sheet for each ballot handed out (one that never came back is typed as missing).

    Never more: with a copied sheet in the urn somebody could vote twice, or keep the vote from ever ending.
    The sheets are mixed before they get their numbers, so it is chance which have a higher one (ADR 0019).
    """
    return batch.handed_out
