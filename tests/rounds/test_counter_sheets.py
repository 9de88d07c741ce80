"""Sheets typed after the end: two type, a third decides, and the numbers fit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.rounds.errors import SamePerson
from portal.rounds.errors.box import BadBallot
from portal.rounds.errors.roll import NoSuchSheet, NothingToDecide, SheetDone, SheetsNotYet, SheetTypedBefore
from portal.rounds.models import BallotKind, SheetState
from portal.rounds.queries.counter import counter_by_public_id
from portal.rounds.queries.sheets import closing_check, next_serial, paper_ballots
from tests.rounds.counters import APPROVAL, Place
from tests.support.factories import make_resident, make_staff, sign_in

pytestmark = pytest.mark.logic


def test_sheets_wait_for_the_end(place: Place) -> None:
    place.with_sheets(1)
    with pytest.raises(SheetsNotYet):
        place.type(place.ann, 1, APPROVAL)


@pytest.mark.on_both
def test_two_type_a_third_decides_and_numbers_fit(after_the_end: Place) -> None:
    place = after_the_end
    blank: dict[str, Any] = {"kind": "approval", "choices": []}
    assert place.read(closing_check).fits is False
    assert place.type(place.ann, 1, APPROVAL) is SheetState.TYPED_ONCE
    with pytest.raises(SheetTypedBefore):
        place.type(place.ann, 1, APPROVAL)
    assert place.type(place.ben, 1, {"kind": "approval", "choices": ["1"]}) is SheetState.AGREED
    with pytest.raises(SheetDone):
        place.type(place.cem, 1, APPROVAL)
    place.type(place.ann, 2, APPROVAL)
    assert place.type(place.cem, 2, {"kind": "approval", "choices": ["2"]}) is SheetState.DISPUTE
    for one_of_the_two in (place.ann, place.cem):
        with pytest.raises(SamePerson):
            place.decide(one_of_the_two, 2, APPROVAL)
    assert place.decide(place.ben, 2, {"kind": "approval", "choices": ["2"]}) is SheetState.DECIDED
    with pytest.raises(NothingToDecide):
        place.decide(place.ben, 2, APPROVAL)
    for who in (place.ben, place.cem):
        place.type(who, 3, blank)
    place.type(place.ann, 4, {"invalid": "marked"})
    assert place.read(closing_check).fits is False
    assert place.type(place.ben, 4, {"invalid": "marked"}) is SheetState.INVALID
    check = place.read(closing_check)
    assert check.fits
    (batch,) = check.batches
    assert (batch.agreed, batch.decided, batch.invalid, batch.open) == (2, 1, 1, 0)
    found = place.read(paper_ballots)
    assert sorted(one["choices"] for one in found.contents) == [[], ["1"], ["2"]]
    assert (found.blank, found.invalid) == (1, 1)


def test_order_of_typing_leaves_no_trace_in_what_is_counted(after_the_end: Place) -> None:
    place = after_the_end
    for serial, choice in ((1, "3"), (2, "1"), (3, "2"), (4, "1")):
        for who in (place.ann, place.ben):
            place.type(who, serial, {"kind": "approval", "choices": [choice]})
    assert [one["choices"] for one in place.read(paper_ballots).contents] == [["1"], ["1"], ["2"], ["3"]]


def test_invalid_decided_by_a_third_and_a_sheet_that_never_came_back(after_the_end: Place) -> None:
    place = after_the_end
    place.type(place.ann, 1, APPROVAL)
    assert place.type(place.ben, 1, {"invalid": "unclear"}) is SheetState.DISPUTE
    assert place.decide(place.cem, 1, {"invalid": "unclear"}) is SheetState.INVALID
    for serial in (2, 3, 4):
        for who in (place.ann, place.ben):
            place.type(who, serial, {"invalid": "missing"})
    assert place.read(closing_check).fits
    assert place.read(paper_ballots).contents == ()


def test_what_breaks_the_rules_cannot_be_typed_as_valid(after_the_end: Place) -> None:
    place = after_the_end
    for content in ({"kind": "approval", "choices": ["99"]}, {"kind": "points", "points": {"1": 3}}):
        with pytest.raises(BadBallot):
            place.type(place.ann, 1, content)
    for serial in (0, -1, 5, 10**6):
        with pytest.raises(NoSuchSheet):
            place.type(place.ann, serial, APPROVAL)
    with pytest.raises(NotFound):
        place.type(make_staff(StaffRole.ADMINISTRATOR), 1, APPROVAL)
    assert place.read(lambda vote: next_serial(counter_by_public_id(place.counter).batch, place.ann.id)) == 1  # type: ignore[union-attr]
    place.type(place.ann, 1, APPROVAL)
    assert place.read(lambda vote: next_serial(counter_by_public_id(place.counter).batch, place.ann.id)) == 2  # type: ignore[union-attr]
    assert place.read(lambda vote: next_serial(counter_by_public_id(place.counter).batch, place.ben.id)) == 1  # type: ignore[union-attr]


@pytest.mark.on_both
@pytest.mark.parametrize(
    "change",
    [
        "second_by_id = first_by_id, second_content = first_content, state = 'agreed'",
        "state = 'agreed'",
        "state = 'invalid'",
        "state = 'decided'",
        "second_by_id = {ben}, second_content = 'other', state = 'agreed'",
        "second_by_id = {ben}, second_content = first_content, state = 'dispute'",
        "second_by_id = {ben}, second_content = 'y', third_by_id = {ben}, third_content = 'x',"
        " state = 'decided'",
        "third_by_id = {ben}, third_content = 'x'",
        "serial = 0",
    ],
)
def test_the_database_keeps_the_rules_of_sheets(after_the_end: Place, change: str) -> None:
    after_the_end.type(after_the_end.ann, 1, APPROVAL)
    with pytest.raises(IntegrityError), transaction():
        words = "UPDATE paper_sheet SET " + change.format(ben=after_the_end.ben.id)  # noqa: S608
        session.execute(text(words))


def test_sheets_beyond_the_ballots_handed_out_are_laid_aside(both: Flask) -> None:
    """A copied sheet, or a miscounted urn, neither adds a vote nor keeps the vote from ever ending."""
    place = Place()
    place.tick(place.entry(make_resident()))
    place.close(3)
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        browser = both.test_client()
        sign_in(browser, place.ann)
        page = browser.get(f"/en/office/counters/{place.counter}/sheets").text
        assert "The urn holds 2 sheets more than ballots were handed out." in page
        with pytest.raises(NoSuchSheet):
            place.type(place.ann, 2, APPROVAL)
        assert place.read(closing_check).fits is False
        for who in (place.ann, place.ben):
            place.type(who, 1, APPROVAL)
        check = place.read(closing_check)
        assert (check.fits, check.surplus) == (True, 2)
        assert len(place.read(paper_ballots).contents) == 1
        protocol = browser.get(f"/en/office/counters/{place.counter}/protocol").text
        assert "More than were handed out, laid aside" in protocol


def test_digits_that_are_no_numbers_are_refused_on_a_sheet(both: Flask) -> None:
    place = Place(kind=BallotKind.POINTS)
    place.with_sheets(1)
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        browser = both.test_client()
        sign_in(browser, place.ann)
        told = browser.post(
            f"/en/office/counters/{place.counter}/sheets",
            data={"serial": "1", "verdict": "as_typed", "o-1": "²"},
        )
        assert told.status_code == 422
