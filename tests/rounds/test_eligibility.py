"""Who may vote: each reason, entering twice and at once, and what the roll does not say."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from portal.accounts.models import Account
from portal.accounts.operations.own_data import erase as erase_account
from portal.accounts.queries import actor_for
from portal.core import clock
from portal.core.actors import SYSTEM, VISITOR, StaffRole
from portal.core.db import session, transaction
from portal.rounds.errors.box import VotedOnPaper
from portal.rounds.errors.roll import MayNotVote
from portal.rounds.models import RollEntry, Round, TownIdentity, Vouching
from portal.rounds.operations import casting
from portal.rounds.operations.eligibility import enter
from portal.rounds.queries.box import turnout
from portal.rounds.queries.eligibility import STEPS, WORDS, Reason, answer_for_entry, entry_for
from tests.rounds.rolls import answer_for, known_to_staff, open_round
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.factories_places import make_district
from tests.support.factories_rounds import make_round
from tests.support.people import deliver


def do_enter(account: Account, round_id: int) -> int:
    with transaction():
        return enter(actor_for(session.get(Account, account.id)), session.get_one(Round, round_id))


def change(account: Account, **columns: object) -> None:
    with transaction():
        session.execute(update(Account).where(Account.id == account.id).values(**columns))


def two_districts() -> tuple[int, int]:
    with transaction():
        return make_district("Nord").id, make_district("Süd").id


def test_an_account_by_mail_enters_once(both: Flask) -> None:
    amira, vote, other = make_resident(), open_round(), open_round()
    assert answer_for(amira, vote).reason is Reason.MAY_ENTER
    entry = do_enter(amira, vote)
    assert do_enter(amira, vote) == entry
    assert answer_for(amira, vote).entry_id == entry
    assert answer_for(amira, vote).reason is Reason.ENTERED
    assert answer_for(amira, other).entry_id is None
    do_enter(amira, other)
    do_enter(make_resident(), vote)
    with transaction(write=False):
        rows = session.scalars(select(RollEntry)).all()
        assert len(rows) == 3
        # The roll alone tells nobody: the same person looks different in every round.
        assert len({row.person_hash for row in rows}) == 3
        columns = {column.name for column in RollEntry.__table__.columns}
        assert not columns & {"account_id", "person_id", "created_at", "at"}


def test_visitors_staff_and_suspended_people_learn_what_to_do(app: Flask) -> None:
    vote = open_round()
    with transaction(write=False):
        row = session.get_one(Round, vote)
        assert entry_for(VISITOR, row).reason is Reason.SIGN_IN
        assert entry_for(SYSTEM, row).reason is Reason.STAFF_ACCOUNT
    for role in (*StaffRole, None):
        assert answer_for(make_staff(role), vote).reason is Reason.STAFF_ACCOUNT
    sascha = make_resident()
    entry = do_enter(sascha, vote)
    change(sascha, suspended_until=clock.now() + timedelta(days=1))
    answer = answer_for(sascha, vote)
    assert (answer.reason, answer.entry_id) == (Reason.SUSPENDED, None)
    with pytest.raises(MayNotVote) as refused:
        do_enter(sascha, vote)
    assert "may only read" in str(refused.value) or str(refused.value) == str(WORDS[Reason.SUSPENDED])
    change(sascha, suspended_until=clock.now() - timedelta(seconds=1))
    assert answer_for(sascha, vote).entry_id == entry


def test_districts_are_asked_anew_at_every_step(app: Flask) -> None:
    north, south = two_districts()
    vote = open_round(districts=(north,))
    person = make_resident()
    assert answer_for(person, vote).reason is Reason.DISTRICT_UNKNOWN
    change(person, district_id=south)
    assert answer_for(person, vote).reason is Reason.OTHER_DISTRICT
    change(person, district_id=north)
    entry = do_enter(person, vote)
    change(person, district_id=south)
    assert answer_for(person, vote).reason is Reason.OTHER_DISTRICT
    change(person, district_id=north)
    assert answer_for(person, vote).entry_id == entry


def test_level_one_needs_somebody_who_knows_the_person(app: Flask) -> None:
    vote, person, staff = open_round(level=1), make_resident(), make_staff(StaffRole.PROFESSIONAL)
    assert answer_for(person, vote).reason is Reason.NOT_KNOWN
    vouching = known_to_staff(person, staff)
    assert answer_for(person, vote).may_vote
    with transaction():
        session.get_one(Vouching, vouching).revoked_at = clock.now()
    assert answer_for(person, vote).reason is Reason.NOT_KNOWN


def test_level_two_takes_codes_only_and_level_three_the_town_only(app: Flask) -> None:
    person, staff = make_resident(), make_staff(StaffRole.PROFESSIONAL)
    known_to_staff(person, staff)
    letters, town = open_round(level=2), open_round(level=3)
    assert answer_for(person, letters).reason is Reason.NEEDS_CODE
    assert answer_for(person, town).reason is Reason.NO_TOWN_SIGN_IN
    with transaction():
        session.add(TownIdentity(account_id=person.id, subject_hash="a" * 64, at=clock.now()))
    assert answer_for(person, letters).reason is Reason.NEEDS_CODE
    assert answer_for(person, town).may_vote
    assert answer_for(person, open_round(level=1)).may_vote


def test_a_second_account_with_the_same_town_sign_in_finds_the_same_entry(both: Flask) -> None:
    first, second, vote = make_resident(), make_resident(), open_round(level=3)
    with transaction():
        session.add(TownIdentity(account_id=first.id, subject_hash="a" * 64, at=clock.now()))
    entry = do_enter(first, vote)
    with transaction():
        session.execute(update(TownIdentity).values(account_id=second.id))
    assert answer_for(first, vote).reason is Reason.NO_TOWN_SIGN_IN
    assert do_enter(second, vote) == entry
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(RollEntry)) == 1


def test_a_revoked_entry_says_so(app: Flask) -> None:
    person, vote = make_resident(), open_round()
    entry = do_enter(person, vote)
    with transaction():
        row = session.get_one(RollEntry, entry)
        row.revoked_at, row.revoked_reason = clock.now(), "moved"
    assert answer_for(person, vote).reason is Reason.REVOKED
    with transaction(write=False):
        assert answer_for_entry(session.get_one(Round, vote), entry).reason is Reason.REVOKED
        assert answer_for_entry(session.get_one(Round, open_round()), entry).reason is Reason.NEEDS_CODE


def test_every_no_has_words_and_a_way_on() -> None:
    assert set(WORDS) == set(Reason)
    without_way = {Reason.ENTERED, Reason.MAY_ENTER, Reason.STAFF_ACCOUNT, Reason.SUSPENDED, Reason.REVOKED}
    assert set(STEPS) == set(Reason) - without_way


def cast(round_id: int, entry: int) -> None:
    with transaction():
        casting.cast(session.get_one(Round, round_id), entry, {"kind": "approval", "choices": ["1"]})


def ballots(round_id: int) -> int:
    with transaction(write=False):
        return turnout(session.get_one(Round, round_id)).together


def erase(account: Account) -> None:
    with transaction():
        erase_account(session.get_one(Account, account.id))
    deliver()


def test_erasing_an_account_takes_its_ballot_out_while_voting_runs(both: Flask) -> None:
    amira, other, vote = make_resident(), make_resident(), make_round()
    for person in (amira, other):
        cast(vote, do_enter(person, vote))
    erase(amira)
    assert ballots(vote) == 1
    with transaction(write=False):
        reasons = list(session.scalars(select(RollEntry.revoked_reason).order_by(RollEntry.id)))
    assert reasons == ["erased", None]


def test_a_paper_ballot_stays_when_the_account_is_erased(both: Flask) -> None:
    """Its sheet is in the urn: without its row the urn would never fit, and the person could vote again."""
    first, second, vote = make_resident(), make_resident(), make_round(level=3)
    with transaction():
        session.add(TownIdentity(account_id=first.id, subject_hash="a" * 64, at=clock.now()))
    entry = do_enter(first, vote)
    with transaction():
        casting.take_paper(session.get_one(Round, vote), entry, make_staff().id, make_staff().id)
    erase(first)
    assert ballots(vote) == 1
    with transaction():
        session.add(TownIdentity(account_id=second.id, subject_hash="a" * 64, at=clock.now()))
    assert do_enter(second, vote) == entry
    with pytest.raises(VotedOnPaper):
        cast(vote, entry)


def test_one_sign_in_does_not_wander_from_account_to_account(both: Flask) -> None:
    """Where the town's sign-in stands for being known, it stays with the account until the vote is over."""
    amira, vote = make_resident(), make_round(level=1)
    with transaction():
        session.add(TownIdentity(account_id=amira.id, subject_hash="a" * 64, at=clock.now()))
    browser = both.test_client()
    sign_in(browser, amira)
    cast(vote, do_enter(amira, vote))
    told = browser.post("/en/account/town-sign-in/remove")
    assert told.status_code == 409
    assert "still running" in told.text
    with transaction(write=False):
        assert session.get(TownIdentity, amira.id) is not None
    with time_machine.travel(clock.now() + timedelta(days=20), tick=False):
        sign_in(browser, amira)
        assert browser.post("/en/account/town-sign-in/remove").status_code == 303
    with transaction(write=False):
        assert session.get(TownIdentity, amira.id) is None


def test_after_the_end_the_result_stays(both: Flask) -> None:
    amira, vote = make_resident(), make_round()
    cast(vote, do_enter(amira, vote))
    with time_machine.travel(clock.now() + timedelta(days=20), tick=False):
        erase(amira)
        assert ballots(vote) == 1


def test_with_the_towns_sign_in_the_same_person_may_come_back(both: Flask) -> None:
    first, second, vote = make_resident(), make_resident(), make_round(level=3)
    with transaction():
        session.add(TownIdentity(account_id=first.id, subject_hash="a" * 64, at=clock.now()))
    entry = do_enter(first, vote)
    cast(vote, entry)
    erase(first)
    assert ballots(vote) == 0
    with transaction():
        session.add(TownIdentity(account_id=second.id, subject_hash="a" * 64, at=clock.now()))
    assert do_enter(second, vote) == entry
    cast(vote, entry)
    assert ballots(vote) == 1
