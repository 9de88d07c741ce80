"""Counter, sheets, help: two people, paper against online, typed twice, a third decides."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account, TotpSecret
from portal.accounts.queries import actor_for
from portal.core import audit, clock, limits
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound, RateLimited
from portal.rounds.errors import SamePerson
from portal.rounds.errors.box import VotedOnPaper
from portal.rounds.errors.roll import (
    ConsentMissing,
    CounterClosed,
    MayNotVote,
    NobodyWithThisName,
    NotThisCounter,
    SecondPersonNeeded,
    WrongSecondPerson,
)
from portal.rounds.models import AssistedSession, PaperBatch, PaperSheet, Round
from portal.rounds.operations import assisting, casting, counter
from portal.rounds.operations.eligibility import enter
from portal.rounds.queries.box import own_ballot, turnout
from portal.rounds.queries.counter import Counter, counter_by_public_id
from portal.rounds.queries.logbook import entries
from portal.rounds.queries.sheets import closing_check
from tests.rounds.counters import APPROVAL, SECRET, Place
from tests.support.factories import make_resident, make_staff, sign_in

pytestmark = pytest.mark.logic


def test_nobody_hands_out_ballots_alone(both: Flask) -> None:
    place = Place()
    place.counter = place.open()
    with pytest.raises(SecondPersonNeeded):
        place.entry(make_resident())
    with pytest.raises(SecondPersonNeeded):
        place.tick(1)
    with pytest.raises(SamePerson):
        place.do(place.ann, counter.confirm_in_own_session)
    place.do(place.ben, counter.confirm_in_own_session)
    entry = place.entry(make_resident())
    for other in (place.ben, place.cem):
        with pytest.raises(NotThisCounter):
            place.do(other, lambda a, c: counter.tick_off(a, c, entry))
    with pytest.raises(WrongSecondPerson):
        place.do(place.cem, counter.confirm_in_own_session)
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        with pytest.raises(SecondPersonNeeded):
            place.tick(entry)
        place.do(place.ben, counter.confirm_in_own_session)
        place.tick(entry)


@pytest.mark.on_both
def test_the_second_person_confirms_on_the_same_device(both: Flask) -> None:
    place = Place()
    place.counter = place.open()
    # The right code of somebody who does not work at counters is no second person.
    office = make_staff(StaffRole.ADMINISTRATOR)
    with transaction():
        for account in (place.ann, place.ben, office):
            session.add(
                TotpSecret(
                    account_id=account.id, secret=SECRET, created_at=clock.now(), confirmed_at=clock.now()
                )
            )

    def confirm(name: str, code: str) -> None:
        place.do(place.ann, lambda a, c: counter.confirm_on_this_device(a, c, name=name, code=code))

    code = pyotp.TOTP(SECRET).at(clock.now())
    for name, typed in (
        (place.ben.display_name, "000000"),
        (make_resident().display_name, code),
        ("", code),
        (office.display_name, code),
    ):
        with pytest.raises(WrongSecondPerson):
            confirm(name, typed)
    with pytest.raises(SamePerson):
        confirm(place.ann.display_name, code)
    with pytest.raises(RateLimited):
        confirm(place.ben.display_name, code)
    limits.start_over()
    confirm(place.ben.display_name, code)
    assert place.read(lambda vote: counter_by_public_id(place.counter).is_confirmed)  # type: ignore[union-attr]


@pytest.mark.on_both
def test_the_database_itself_wants_two_people_at_a_counter(place: Place) -> None:
    for change in (
        "witness_id = opened_by_id",
        "witness_id = NULL, handed_out = 1",
        "handed_out = -1",
        "size = 3",
    ):
        with pytest.raises(IntegrityError), transaction():
            session.execute(text(f"UPDATE paper_batch SET {change}"))  # noqa: S608


def test_who_works_at_counters(place: Place) -> None:
    for person in (
        make_staff(StaffRole.MODERATOR),
        make_staff(StaffRole.ADMINISTRATOR),
        make_staff(StaffRole.PLANNER),
        make_resident(),
    ):
        with pytest.raises(NotFound):
            place.do(person, lambda a, c: counter.open_counter(a, c.vote, place="x"))
        with pytest.raises(NotFound):
            place.do(person, counter.confirm_in_own_session)


def test_paper_replaces_online_and_refuses_it_afterwards(place: Place) -> None:
    amira = make_resident()
    with transaction():
        actor, vote = actor_for(session.get(Account, amira.id)), session.get_one(Round, place.vote)
        entry = enter(actor, vote)
    with transaction():
        casting.cast(session.get_one(Round, place.vote), entry, APPROVAL)
    assert place.entry(amira) == entry
    place.tick(entry)
    assert place.read(turnout).paper == 1
    assert place.read(turnout).online == 0
    with pytest.raises(VotedOnPaper), transaction():
        casting.cast(session.get_one(Round, place.vote), entry, APPROVAL)
    with pytest.raises(VotedOnPaper):
        place.tick(entry)
    assert place.read(lambda vote: own_ballot(vote, entry)).is_on_paper
    assert place.read(lambda vote: counter_by_public_id(place.counter).batch.handed_out) == 1  # type: ignore[union-attr]


def test_no_row_ties_a_person_to_a_ballot(place: Place) -> None:
    amira = make_resident()
    place.tick(place.entry(amira))
    with transaction(write=False):
        rows = session.scalars(
            select(audit.AuditEntry).where(audit.AuditEntry.name.like("rounds.counter%"))
        ).all()
        assert {row.subject_kind for row in rows} == {"round"}
        assert not any("entry" in json.dumps(row.data) for row in rows)
        assert not any(row.subject_id == amira.id and row.subject_kind == "account" for row in rows)
        for table in (PaperBatch, PaperSheet, AssistedSession):
            names = {column.name for column in table.__table__.columns}
            assert not names & {"roll_entry_id", "entry_id", "account_id", "ballot_key"}


def test_who_may_not_vote_gets_no_paper(place: Place) -> None:
    suspended = make_resident(suspended_until=clock.now() + timedelta(days=3))
    with pytest.raises(MayNotVote):
        place.entry(suspended)
    with pytest.raises(NobodyWithThisName):
        place.do(place.ann, lambda a, c: counter.find_by_name(a, c, "Niemand"))
    with pytest.raises(MayNotVote):
        place.do(place.ann, lambda a, c: counter.find_by_code(a, c, "7" * 13, network="x"))


def test_closing_a_counter_writes_the_public_log(place: Place) -> None:
    place.with_sheets(2)
    with pytest.raises(CounterClosed):
        place.close(2)
    with pytest.raises(CounterClosed):
        place.tick(1)
    with pytest.raises(CounterClosed):
        place.do(place.ben, counter.confirm_in_own_session)
    bodies = place.read(
        lambda vote: [json.loads(one.body) for one in entries(vote) if one.kind == "paper_batch"]
    )
    assert [(one["number"], one["handed_out"], one["sheets"]) for one in bodies] == [(1, 2, 2)]


def test_a_counter_is_closed_by_its_people_and_after_the_end_by_anybody_at_counters(both: Flask) -> None:
    """Nobody waits for ever for one who fell ill."""
    place = Place()
    with pytest.raises(NotThisCounter):
        place.do(place.cem, lambda a, c: counter.close_counter(a, c, size=0, remarks=""))
    browser = both.test_client()
    sign_in(browser, place.cem)
    address = f"/en/office/counters/{place.counter}"
    assert f'action="{address}/close"' not in browser.get(address).text
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        sign_in(browser, place.cem)
        assert f'action="{address}/close"' in browser.get(address).text
        assert browser.post(f"{address}/close", data={"size": "0"}).status_code == 303
    second = Place()
    second.do(second.ben, lambda a, c: counter.close_counter(a, c, size=0, remarks=""))
    assert second.read(closing_check).fits


def test_help_needs_two_people_and_a_yes_and_ends_after_ten_minutes(place: Place) -> None:
    def begin(consent: bool) -> str:
        return str(place.do(place.ann, lambda a, c: assisting.begin_help(a, c, consent=consent)))

    with pytest.raises(ConsentMissing):
        begin(False)
    token = begin(True)
    with transaction(write=False):
        assert assisting.is_helping(token, place.vote)
        assert not assisting.is_helping(token, place.vote + 1)
        assert not assisting.is_helping("x" + token, place.vote)
        row = session.scalars(select(AssistedSession)).one()
        assert (row.helper_id, row.second_helper_id) == (place.ann.id, place.ben.id)
    later = clock.now() + timedelta(minutes=10, seconds=1)
    with time_machine.travel(later, tick=False), transaction(write=False):
        assert not assisting.is_helping(token, place.vote)
    with transaction():
        assisting.end_help(token, is_used=True)
        assisting.end_help(token, is_used=False)
    with transaction(write=False):
        assert not assisting.is_helping(token, place.vote)
        assert assisting.helped_count(session.get_one(Round, place.vote)) == 1
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False), transaction():
        assert assisting.forget_old_help() == 1


def test_ticks_within_one_unit_of_work_are_counted_too(both: Flask) -> None:
    """A counter that was read before does not write its old number back."""
    place = Place()
    first, second = (place.entry(make_resident()) for _ in range(2))

    def both_and_close(actor: Any, found: Counter) -> None:
        counter.tick_off(actor, found, first)
        counter.tick_off(actor, found, second)
        counter.close_counter(actor, found, size=1, remarks="")

    place.do(place.ann, both_and_close)
    (batch,) = place.read(closing_check).batches
    assert (batch.handed_out, batch.counted, batch.open, batch.fits) == (2, 1, 2, False)


def test_a_closed_counter_gives_no_help(place: Place) -> None:
    place.close(0)
    with pytest.raises(CounterClosed):
        place.do(place.ann, lambda a, c: assisting.begin_help(a, c, consent=True))


def test_the_counter_is_asked_for_again_when_it_was_loaded(place: Place) -> None:
    found = place.read(lambda vote: counter_by_public_id(place.counter))
    assert isinstance(found, Counter)
    assert place.read(lambda vote: counter_by_public_id("unknown")) is None
