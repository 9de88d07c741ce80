"""Typing paper sheets: two different people type each one without seeing the other's; a third decides.

Sheets get their numbers when the urn is opened and its sheets are mixed, never when they are handed out.
"""

from __future__ import annotations

import json

from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.rounds.errors import SamePerson
from portal.rounds.errors.roll import NoSuchSheet, NothingToDecide, SheetDone, SheetsNotYet, SheetTypedBefore
from portal.rounds.models import PaperSheet, Round, RoundState, SheetState
from portal.rounds.operations.filling import Content, canonical, check
from portal.rounds.queries.counter import Counter
from portal.rounds.queries.sheets import is_invalid, sheet_of, sheets_to_type

# Why a sheet cannot be counted; "missing" is a ballot that was handed out and never came into the urn.
INVALID_REASONS = ("unclear", "too_much", "marked", "other_vote", "missing")


def type_sheet(actor: Actor, counter: Counter, *, serial: int, content: Content) -> PaperSheet:
    """What somebody reads on a sheet. The first time it waits, the second time both are compared.

    content: a ballot, or {"invalid": reason}. SheetsNotYet, NoSuchSheet, SheetTypedBefore, SheetDone, and
    what a ballot breaks (such a sheet is invalid: the person says so).
    """
    ensure(actor, "rounds.type_sheets", counter.vote)
    _ensure_time(counter)
    if not 1 <= serial <= sheets_to_type(counter.batch):
        raise NoSuchSheet
    words = _words(counter.vote, content)
    sheet = sheet_of(counter.batch, serial)
    if sheet is None:
        sheet = PaperSheet(
            batch_id=counter.batch.id, serial=serial, first_by_id=actor.account_id, first_content=words
        )
        session.add(sheet)
        session.flush()
        return sheet
    session.refresh(sheet, with_for_update=True)
    if sheet.state is not SheetState.TYPED_ONCE:
        raise SheetDone
    if sheet.first_by_id == actor.account_id:
        raise SheetTypedBefore
    sheet.second_by_id, sheet.second_content = actor.account_id, words
    sheet.state = SheetState.DISPUTE if words != sheet.first_content else _settled(words, SheetState.AGREED)
    session.flush()
    return sheet


def decide_sheet(actor: Actor, counter: Counter, *, serial: int, content: Content) -> PaperSheet:
    """A third person looks at the sheet and decides. SamePerson for one of the two, NothingToDecide."""
    ensure(actor, "rounds.type_sheets", counter.vote)
    _ensure_time(counter)
    sheet = sheet_of(counter.batch, serial)
    if sheet is None:
        raise NoSuchSheet
    session.refresh(sheet, with_for_update=True)
    if sheet.state is not SheetState.DISPUTE:
        raise NothingToDecide
    if actor.account_id in {sheet.first_by_id, sheet.second_by_id}:
        raise SamePerson
    words = _words(counter.vote, content)
    sheet.third_by_id, sheet.third_content = actor.account_id, words
    sheet.state = _settled(words, SheetState.DECIDED)
    session.flush()
    return sheet


def _ensure_time(counter: Counter) -> None:
    """After the end and before the count."""
    is_time = counter.vote.is_over and counter.vote.state in {RoundState.OPEN, RoundState.CLOSING}
    if not is_time or counter.batch.closed_at is None:
        raise SheetsNotYet


def _words(vote: Round, content: Content) -> str:
    if "invalid" in content:
        return json.dumps({"invalid": content["invalid"]})
    return canonical(check(vote, content))


def _settled(words: str, otherwise: SheetState) -> SheetState:
    return SheetState.INVALID if is_invalid(words) else otherwise
