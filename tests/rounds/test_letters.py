"""Letters with codes: four eyes, printed once, typed in many ways, lost, taken back, guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core import audit, limits
from portal.core.actors import StaffRole
from portal.core.crockford import new_code
from portal.core.db import session, transaction
from portal.core.errors import NotFound, RateLimited
from portal.rounds.errors import ReasonMissing, SamePerson, UnknownDistrictOfRound
from portal.rounds.errors.roll import (
    BatchNotWaiting,
    CodeDoesNotFit,
    CodeMistyped,
    NoLettersForThisVote,
    NoSuchLetter,
    TooManyLetters,
)
from portal.rounds.models import BatchState, LetterBatch, RollEntry, Round
from portal.rounds.operations import letters
from portal.rounds.queries import letters as asked
from tests.rounds.rolls import open_round
from tests.support.factories import make_resident, make_staff
from tests.support.factories_places import make_district

pytestmark = pytest.mark.logic


@pytest.fixture
def ann(both: Flask) -> Account:
    return make_staff(StaffRole.ADMINISTRATOR)


@pytest.fixture
def ben(both: Flask) -> Account:
    return make_staff(StaffRole.ADMINISTRATOR)


@pytest.fixture
def mod(both: Flask) -> Account:
    return make_staff(StaffRole.MODERATOR)


def doing(account: Account, round_id: int, work: Callable[[Any, Round], Any]) -> Any:
    """One unit of work by this person."""
    with transaction():
        return work(actor_for(session.get(Account, account.id)), session.get_one(Round, round_id))


def ask(account: Account, vote: int, size: int = 3, language: str = "tr", district: int | None = None) -> int:
    made = doing(
        account,
        vote,
        lambda actor, row: (
            letters.ask_batch(actor, row, language=language, district_id=district, size=size).id
        ),
    )
    assert isinstance(made, int)
    return made


def approve(account: Account, vote: int, batch: int) -> None:
    doing(account, vote, lambda a, row: letters.approve_batch(a, row, session.get_one(LetterBatch, batch)))


def print_it(account: Account, vote: int, batch: int) -> list[asked.Letter]:
    found = doing(
        account, vote, lambda a, row: letters.print_batch(a, row, session.get_one(LetterBatch, batch))
    )
    assert isinstance(found, list)
    return found


def printed(ann: Account, ben: Account, vote: int, size: int = 3) -> list[asked.Letter]:
    batch = ask(ann, vote, size)
    approve(ben, vote, batch)
    return print_it(ann, vote, batch)


def redeem(vote: int, typed: str, network: str = "home") -> int:
    with transaction():
        return letters.redeem(session.get_one(Round, vote), typed, network=network)


@pytest.mark.on_both
def test_two_people_make_letters_and_the_plain_codes_go(ann: Account, ben: Account) -> None:
    vote = open_round(level=2)
    batch = ask(ann, vote)
    with pytest.raises(SamePerson):
        approve(ann, vote, batch)
    approve(ben, vote, batch)
    with pytest.raises(BatchNotWaiting):
        approve(ben, vote, batch)
    with transaction(write=False):
        sealed = session.scalar(text("SELECT payload FROM letter_batch"))
        assert isinstance(sealed, str)
        assert "1-001" not in sealed
    found = print_it(ben, vote, batch)
    assert [one.number for one in found] == ["1-001", "1-002", "1-003"]
    assert all(re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", one.code) for one in found)
    with pytest.raises(BatchNotWaiting):
        print_it(ben, vote, batch)
    with transaction(write=False):
        row = session.get_one(LetterBatch, batch)
        assert (row.payload, row.state) == (None, BatchState.DOWNLOADED)
        everything = json.dumps(
            [[str(one) for one in line] for line in session.execute(select(RollEntry.__table__))]
        )
        assert not any(one.plain in everything or one.code in everything for one in found)
        rows = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.id)).all()
        assert [one.name for one in rows][-3:] == [
            "rounds.letters_asked",
            "rounds.letters_approved",
            "rounds.letters_printed",
        ]


@pytest.mark.on_both
def test_the_database_itself_wants_two_people(ann: Account) -> None:
    vote = open_round(level=2)
    batch = ask(ann, vote)
    for change in (
        "approved_by_id = requested_by_id, approved_at = requested_at",
        "state = 'ready'",
        "state = 'downloaded'",
        "payload = 'x'",
        "size = 501",
    ):
        with pytest.raises(IntegrityError), transaction():
            session.execute(text(f"UPDATE letter_batch SET {change} WHERE id = :id"), {"id": batch})  # noqa: S608


def test_only_administrators_make_letters_and_only_those_two_print_them(ann: Account, ben: Account) -> None:
    vote = open_round(level=2)
    others = [make_staff(StaffRole.MODERATOR), make_staff(StaffRole.PROFESSIONAL), make_resident()]
    batch = ask(ann, vote)
    approve(ben, vote, batch)
    for person in others:
        with pytest.raises(NotFound):
            ask(person, vote)
    for person in [*others, make_staff(StaffRole.ADMINISTRATOR)]:
        with pytest.raises(NotFound):
            print_it(person, vote, batch)


def test_letters_belong_to_votes_of_level_two_and_to_its_districts(ann: Account) -> None:
    with transaction():
        north, south = make_district("Nord").id, make_district("Süd").id
    with pytest.raises(NoLettersForThisVote):
        ask(ann, open_round(level=1))
    vote = open_round(level=2, districts=(north,))
    for size in (0, 501, -1):
        with pytest.raises(TooManyLetters):
            ask(ann, vote, size=size, district=north)
    for district in (south, None):
        with pytest.raises(UnknownDistrictOfRound):
            ask(ann, vote, district=district)
    ask(ann, vote, district=north)


@pytest.mark.parametrize(
    "spelling",
    [
        str,
        str.lower,
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", "").replace("0", "O").replace("1", "i"),
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ],
)
def test_codes_are_read_as_people_type_them(
    ann: Account, ben: Account, spelling: Callable[[str], str]
) -> None:
    vote = open_round(level=2)
    found = printed(ann, ben, vote)
    entries = [redeem(vote, spelling(one.code)) for one in found]
    assert len(set(entries)) == 3
    assert entries == [redeem(vote, one.code) for one in found]


def test_unknown_taken_back_and_of_another_vote_say_the_same(
    ann: Account, ben: Account, mod: Account
) -> None:
    vote, other = open_round(level=2), open_round(level=2)
    first, second, _ = printed(ann, ben, vote)
    elsewhere = printed(ann, ben, other)[0]
    count = doing(
        mod,
        vote,
        lambda a, row: letters.revoke_letters(
            a, row, batch_number=1, letter_number=1, reason="returned by the post"
        ),
    )
    assert count == 1
    words = set()
    for number, code in enumerate((first.code, elsewhere.code, new_code(12))):
        with pytest.raises(CodeDoesNotFit) as refused:
            redeem(vote, code, network=f"network {number}")
        words.add(str(refused.value))
    assert len(words) == 1
    assert redeem(vote, second.code)


def test_a_slip_is_no_guess_and_five_guesses_are_enough(ann: Account, ben: Account) -> None:
    vote = open_round(level=2)
    good = printed(ann, ben, vote)[0]
    slip = good.code[:-1] + ("0" if good.code[-1] != "0" else "2")
    for typed in (slip, "", "abc", "7" * 500) * 5:
        with pytest.raises(CodeMistyped):
            redeem(vote, typed)
    for _ in range(5):
        with pytest.raises(CodeDoesNotFit):
            redeem(vote, new_code(12))
    with pytest.raises(RateLimited):
        redeem(vote, good.code)
    assert redeem(vote, good.code, network="somebody else's")


def test_right_codes_do_not_give_tries_back_and_do_not_use_them_up(ann: Account, ben: Account) -> None:
    vote = open_round(level=2)
    good = printed(ann, ben, vote)[0]
    for _ in range(20):
        redeem(vote, good.code)
    for _ in range(5):
        with pytest.raises(CodeDoesNotFit):
            redeem(vote, new_code(12))
        if limits.peek("rounds.wrong_code", "home"):
            redeem(vote, good.code)
    with pytest.raises(RateLimited):
        redeem(vote, new_code(12))


def test_the_brake_stops_a_flood_from_many_networks(
    ann: Account, ben: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote = open_round(level=2)
    good = printed(ann, ben, vote)[0]
    for _ in range(1000):
        limits.hit("rounds.wrong_codes_everywhere", letters.EVERYWHERE)
    with pytest.raises(RateLimited):
        redeem(vote, good.code, network="a quiet home")


@pytest.mark.on_both
def test_a_lost_letter_gets_a_new_code_on_the_same_entry(ann: Account, ben: Account, mod: Account) -> None:
    vote = open_round(level=2)
    lost, kept, _ = printed(ann, ben, vote)
    entry = redeem(vote, lost.code)
    again = doing(
        mod,
        vote,
        lambda a, row: (
            letters.replace_letters(a, row, batch_number=1, letter_number=1, language="ar").public_id
        ),
    )
    with pytest.raises(CodeDoesNotFit):
        redeem(vote, lost.code)
    with transaction(write=False):
        batch = asked.batch_by_public_id(again)
        assert batch is not None
        assert (batch.number, batch.size, batch.language) == (2, 1, "ar")
        number = batch.id
    approve(ann, vote, number)
    (letter,) = print_it(ann, vote, number)
    assert letter.number == "1-001"
    assert redeem(vote, letter.code) == entry
    assert redeem(vote, kept.code) != entry
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(RollEntry)) == 3
        lines = asked.batches(session.get_one(Round, vote))
        assert [(line.batch.number, line.working) for line in lines] == [(1, 3), (2, 0)]


def test_a_whole_batch_can_be_replaced_when_printing_failed(ann: Account, ben: Account, mod: Account) -> None:
    vote = open_round(level=2)
    before = printed(ann, ben, vote)
    entries = [redeem(vote, one.code) for one in before]
    number = doing(
        mod,
        vote,
        lambda a, row: letters.replace_letters(a, row, batch_number=1, letter_number=None, language="de").id,
    )
    approve(ben, vote, number)
    after = print_it(ben, vote, number)
    assert [redeem(vote, one.code) for one in after] == entries
    assert not {one.code for one in before} & {one.code for one in after}


def test_who_may_replace_and_revoke(ann: Account, ben: Account, mod: Account) -> None:
    vote = open_round(level=2)
    printed(ann, ben, vote)
    for person in (ann, make_staff(StaffRole.PROFESSIONAL), make_resident()):
        with pytest.raises(NotFound):
            doing(
                person,
                vote,
                lambda a, row: letters.revoke_letters(a, row, batch_number=1, letter_number=1, reason="x"),
            )
    with pytest.raises(ReasonMissing):
        doing(
            mod,
            vote,
            lambda a, row: letters.revoke_letters(a, row, batch_number=1, letter_number=1, reason="  "),
        )
    for batch, letter in ((1, 4), (7, 1), (0, None)):
        with pytest.raises(NoSuchLetter):
            doing(
                mod,
                vote,
                lambda a, row, b=batch, n=letter: letters.replace_letters(
                    a, row, batch_number=b, letter_number=n, language="de"
                ),
            )


def test_a_batch_nobody_printed_can_be_dropped(ann: Account, ben: Account) -> None:
    vote = open_round(level=2)
    batch = ask(ann, vote)
    approve(ben, vote, batch)
    doing(ben, vote, lambda a, row: letters.drop_batch(a, session.get_one(LetterBatch, batch)))
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(RollEntry)) == 0
        assert session.get_one(LetterBatch, batch).payload is None
    with pytest.raises(BatchNotWaiting):
        print_it(ann, vote, batch)
