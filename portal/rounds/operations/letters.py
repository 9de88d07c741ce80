"""Letters with codes: asked for by one person, approved by another, printed once, taken back, replaced.

A lost letter: the moderator says its number, the old code stops at once, and a new one is asked for. It comes
by the same two pairs of eyes, and belongs to the same entry of the roll, so the ballot stays one. A letter
that is taken back cannot be used any more; a ballot cast with it before stays: nobody takes votes out of the
box.
"""

from __future__ import annotations

import json
import secrets

from sqlalchemy import delete, func, select

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.crockford import new_code, read_code
from portal.core.db import session
from portal.core.errors import RateLimited
from portal.core.i18n import LANGUAGES
from portal.core.limits import declare_limit, hit, peek
from portal.core.permissions import ensure
from portal.core.public_id import new_id
from portal.rounds.errors import ReasonMissing, SamePerson, UnknownDistrictOfRound
from portal.rounds.errors.roll import (
    BatchNotWaiting,
    CodeDoesNotFit,
    CodeMistyped,
    NoLettersForThisVote,
    NoSuchLetter,
    TooManyLetters,
)
from portal.rounds.models import BatchState, LetterBatch, RollEntry, Round, RoundState
from portal.rounds.operations.logbook import append
from portal.rounds.queries import letters as asked
from portal.rounds.queries.eligibility import LETTER
from portal.rounds.queries.letters import CODE_LETTERS, Letter, code_mac
from portal.rounds.queries.roll import entries_in_roll

MOST_LETTERS = 500
EVERYWHERE = "everywhere"
# Wrong codes only. Whoever types the right code at a shared computer does not use up the others' tries.
declare_limit("rounds.wrong_code", "5/hour")
# 60 bits make guessing hopeless; the brake is for floods: it stops all codes until the hour has moved on.
declare_limit("rounds.wrong_codes_everywhere", "1000/hour")


def ask_batch(actor: Actor, vote: Round, *, language: str, district_id: int | None, size: int) -> LetterBatch:
    """Ask for letters. NoLettersForThisVote, TooManyLetters, UnknownDistrictOfRound."""
    ensure(actor, "rounds.ask_letters", vote)
    _ensure_has_letters(vote)
    if not 1 <= size <= MOST_LETTERS:
        raise TooManyLetters
    if vote.district_ids and district_id not in vote.district_ids:
        raise UnknownDistrictOfRound(field="district")
    batch = _new_batch(actor, vote, language=language, district_id=district_id, size=size)
    _record("rounds.letters_asked", actor, batch, size=size)
    return batch


def approve_batch(actor: Actor, vote: Round, batch: LetterBatch) -> None:
    """The second pair of eyes: now the codes are made and sealed. SamePerson, BatchNotWaiting."""
    ensure(actor, "rounds.approve_letters", batch)
    _ensure_has_letters(vote)
    _ensure_state(batch, BatchState.REQUESTED)
    if actor.account_id == batch.requested_by_id:
        raise SamePerson
    pairs = _replace_codes(vote, batch) if batch.replaces_number is not None else _make_codes(vote, batch)
    batch.approved_by_id, batch.approved_at = actor.account_id, clock.now()
    batch.payload, batch.state = json.dumps(pairs), BatchState.READY
    _record("rounds.letters_approved", actor, batch, size=len(pairs))
    _log_the_roll(vote, batch)


def print_batch(actor: Actor, vote: Round, batch: LetterBatch) -> list[Letter]:
    """The letters with their codes, this once: afterwards nobody can read them here. BatchNotWaiting."""
    ensure(actor, "rounds.print_letters", batch)
    _ensure_has_letters(vote)
    _ensure_state(batch, BatchState.READY)
    printed = asked.sealed_letters(batch)
    batch.payload, batch.state = None, BatchState.DOWNLOADED
    batch.downloaded_at, batch.downloaded_by_id = clock.now(), actor.account_id
    _record("rounds.letters_printed", actor, batch, size=len(printed))
    return printed


def drop_batch(actor: Actor, batch: LetterBatch) -> None:
    """Give up a batch nobody has printed. Its codes were never seen; new entries of the roll go with it."""
    ensure(actor, "rounds.approve_letters", batch)
    _ensure_state(batch, BatchState.REQUESTED, BatchState.READY)
    had_entries = batch.state is BatchState.READY and batch.replaces_number is None
    if had_entries:
        session.execute(delete(RollEntry).where(RollEntry.batch_id == batch.id))
    batch.payload, batch.state = None, BatchState.VOID
    _record("rounds.letters_voided", actor, batch)
    if had_entries:
        _log_the_roll(session.get_one(Round, batch.round_id), batch)


def replace_letters(
    actor: Actor, vote: Round, *, batch_number: int, letter_number: int | None, language: str
) -> LetterBatch:
    """A letter was lost (or a whole batch, without a letter's number): old codes stop now, new are asked for.

    NoSuchLetter when there is none that was printed.
    """
    ensure(actor, "rounds.replace_letters", vote)
    _ensure_has_letters(vote)
    batch, found = _printed(vote, batch_number, letter_number)
    for entry in found:
        entry.code_mac = secrets.token_hex(32)  # the MAC of no code
    asked_for = _new_batch(actor, vote, language=language, district_id=batch.district_id, size=len(found))
    asked_for.replaces_number, asked_for.replaces_letter = batch.number, letter_number
    _record("rounds.letters_replaced", actor, batch, size=len(found))
    return asked_for


def revoke_letters(
    actor: Actor, vote: Round, *, batch_number: int, letter_number: int | None, reason: str
) -> int:
    """Take the right to vote of a letter (or a batch) back. Returns how many. ReasonMissing, NoSuchLetter."""
    ensure(actor, "rounds.revoke_letters", vote)
    _ensure_has_letters(vote)
    if not reason.strip():
        raise ReasonMissing
    batch, found = _printed(vote, batch_number, letter_number)
    for entry in found:
        entry.revoked_at, entry.revoked_reason = clock.now(), reason.strip()
    _record("rounds.letters_revoked", actor, batch, size=len(found), reason=reason.strip())
    return len(found)


def redeem(vote: Round, typed: str, *, network: str) -> int:
    """The entry of the roll a typed code opens. Writes nothing: a code can be used again until the end.

    CodeMistyped for a slip (its check letter does not fit; it does not count as a try). CodeDoesNotFit for a
    code that is unknown, taken back or of another vote. RateLimited after five of those an hour in one
    network, or a thousand everywhere; then the right code has to wait too.
    """
    code = read_code(typed, CODE_LETTERS)
    if code is None:
        raise CodeMistyped
    if peek("rounds.wrong_code", network) < 1 or peek("rounds.wrong_codes_everywhere", EVERYWHERE) < 1:
        raise RateLimited(retry_after=15 * 60)
    entry = asked.entry_of_code(vote, code)
    if entry is None:
        hit("rounds.wrong_code", network)
        hit("rounds.wrong_codes_everywhere", EVERYWHERE)
        raise CodeDoesNotFit
    return entry.id


def _log_the_roll(vote: Round, batch: LetterBatch) -> None:
    """How many numbers the roll holds now, for everybody: codes nobody asked for in public stand out."""
    session.flush()
    append(vote, "roll", {"batch": batch.number, "entries": entries_in_roll(vote)})


def _ensure_has_letters(vote: Round) -> None:
    if vote.level != LETTER or vote.state is not RoundState.OPEN or vote.is_over:
        raise NoLettersForThisVote


def _ensure_state(batch: LetterBatch, *states: BatchState) -> None:
    """Asked with the row locked, so that two clicks cannot make or read the codes twice."""
    session.refresh(batch, with_for_update=True)
    if batch.state not in states:
        raise BatchNotWaiting


def _new_batch(
    actor: Actor, vote: Round, *, language: str, district_id: int | None, size: int
) -> LetterBatch:
    last = session.scalar(select(func.max(LetterBatch.number)).where(LetterBatch.round_id == vote.id))
    batch = LetterBatch(
        public_id=new_id(),
        round_id=vote.id,
        number=(last or 0) + 1,
        language=language if language in LANGUAGES else vote.language,
        district_id=district_id,
        size=size,
        requested_by_id=actor.account_id,
        requested_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    return batch


def _make_codes(vote: Round, batch: LetterBatch) -> list[tuple[str, str]]:
    pairs = []
    for number in range(1, batch.size + 1):
        code = new_code(CODE_LETTERS)
        session.add(
            RollEntry(
                round_id=vote.id,
                code_mac=code_mac(vote.id, code),
                batch_id=batch.id,
                letter_number=number,
                district_id=batch.district_id,
                level=LETTER,
            )
        )
        pairs.append((asked.letter_name(batch.number, number), code))
    return pairs


def _replace_codes(vote: Round, batch: LetterBatch) -> list[tuple[str, str]]:
    """New codes on the same entries, under the same letter numbers."""
    first, found = _printed(vote, batch.replaces_number or 0, batch.replaces_letter)
    pairs = []
    for entry in found:
        code = new_code(CODE_LETTERS)
        entry.code_mac = code_mac(vote.id, code)
        pairs.append((asked.letter_name(first.number, entry.letter_number or 0), code))
    return pairs


def _printed(
    vote: Round, batch_number: int, letter_number: int | None
) -> tuple[LetterBatch, list[RollEntry]]:
    """The batch and those of its entries that may still vote. NoSuchLetter when nothing is left of it."""
    batch = asked.batch_of_letter(vote, batch_number)
    if batch is None or batch.state is not BatchState.DOWNLOADED:
        raise NoSuchLetter
    found = [one for one in asked.entries(batch, letter_number) if not one.is_revoked]
    if not found:
        raise NoSuchLetter
    return batch, found


def _record(name: str, actor: Actor, batch: LetterBatch, **more: object) -> None:
    audit.record(name, actor=actor, subject=("round", batch.round_id), number=batch.number, **more)
