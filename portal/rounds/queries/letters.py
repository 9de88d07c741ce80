"""Batches of letters: what there is, how many still work. Nobody learns which were used."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.core.crockford import grouped
from portal.core.db import session
from portal.core.settings import current_settings, stored_secret
from portal.rounds.models import BatchState, LetterBatch, RollEntry, Round, RoundState

CODE_LETTERS = 12


def code_mac(round_id: int, code: str) -> str:
    """HMAC-SHA-256 of a code under the key `instance/keys/codes.key`: all that is kept of it.

    The round is part of it, so a code of one round means nothing in another.
    """
    key = stored_secret(current_settings().instance, "codes")
    return hmac.new(key.encode(), f"{round_id}:{code}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Letter:
    """One letter to print: its number ("3-017"), and the code as it is printed ("7K2M-9PQR-STVWX")."""

    number: str
    code: str

    @property
    def plain(self) -> str:
        """The code without dashes, for the QR code."""
        return self.code.replace("-", "")


@dataclass(frozen=True)
class BatchLine:
    """A batch with the number of its letters that still work."""

    batch: LetterBatch
    working: int


def batch_by_public_id(public_id: str) -> LetterBatch | None:
    """One batch by its public id."""
    return session.scalar(select(LetterBatch).where(LetterBatch.public_id == public_id))


def batches(vote: Round) -> list[BatchLine]:
    """The batches of a round by number, with what still works of them, in two questions."""
    rows = session.scalars(
        select(LetterBatch).where(LetterBatch.round_id == vote.id).order_by(LetterBatch.number)
    ).all()
    counts = session.execute(
        select(RollEntry.batch_id, func.count())
        .where(RollEntry.round_id == vote.id, RollEntry.batch_id.is_not(None), RollEntry.revoked_at.is_(None))
        .group_by(RollEntry.batch_id)
    )
    working = {row[0]: row[1] for row in counts}
    return [BatchLine(row, working.get(row.id, 0)) for row in rows]


def round_of_batch(batch: LetterBatch) -> Round | None:
    """The round a batch belongs to."""
    return session.get(Round, batch.round_id)


def rounds_with_letters() -> list[Round]:
    """Open rounds that people take part in with letters; the one that ends first comes first."""
    query = select(Round).where(Round.state == RoundState.OPEN, Round.level == 2)
    return list(session.scalars(query.order_by(Round.closes_at, Round.id)))


def waiting_batches() -> list[tuple[Round, LetterBatch]]:
    """Batches that somebody must approve or print, oldest first."""
    query = (
        select(Round, LetterBatch)
        .join(LetterBatch, LetterBatch.round_id == Round.id)
        .where(LetterBatch.state.in_((BatchState.REQUESTED, BatchState.READY)))
        .order_by(LetterBatch.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def batch_of_letter(vote: Round, batch_number: int) -> LetterBatch | None:
    """The batch with this number; one that replaced others points at the first of its line."""
    query = select(LetterBatch).where(LetterBatch.round_id == vote.id, LetterBatch.number == batch_number)
    found = session.scalar(query)
    if found is not None and found.replaces_number is not None:
        return batch_of_letter(vote, found.replaces_number)
    return found


def entries(batch: LetterBatch, letter_number: int | None = None) -> list[RollEntry]:
    """The entries of a batch's letters in their order, or of one letter."""
    query = select(RollEntry).where(RollEntry.batch_id == batch.id)
    if letter_number is not None:
        query = query.where(RollEntry.letter_number == letter_number)
    return list(session.scalars(query.order_by(RollEntry.letter_number)))


def letter_name(batch_number: int, letter_number: int) -> str:
    """How a letter is called on paper: `letter_name(3, 17) == "3-017"`."""
    return f"{batch_number}-{letter_number:03}"


def sealed_letters(batch: LetterBatch) -> list[Letter]:
    """The plain codes of a batch that was not printed yet; empty afterwards."""
    pairs: Sequence[tuple[str, str]] = json.loads(batch.payload) if batch.payload else []
    return [Letter(number, grouped(code)) for number, code in pairs]


def entry_of_code(vote: Round, code: str) -> RollEntry | None:
    """The entry a code opens in this round, if it was not taken back."""
    return session.scalar(
        select(RollEntry).where(
            RollEntry.round_id == vote.id,
            RollEntry.code_mac == code_mac(vote.id, code),
            RollEntry.revoked_at.is_(None),
        )
    )
