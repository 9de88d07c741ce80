"""The box: one ballot per right to vote, changed until the end, opened only afterwards. On both databases."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError

from portal.core import clock, crockford
from portal.core.db import db, session, transaction
from portal.rounds.errors import box as errors
from portal.rounds.models import Ballot, BallotBox, Channel, RollEntry, Round, RoundState
from portal.rounds.operations import box, casting, keys
from portal.rounds.queries.box import commitment, has_voted, own_ballot, sorted_ballots, turnout
from tests.support.factories_ballots import enroll, make_box, set_state

APPROVED = {"kind": "approval", "choices": ["3", "1"]}
OTHER = {"kind": "approval", "choices": ["2"]}


def cast(vote: Round, entry: int, content: dict[str, object] = APPROVED, **more: int) -> casting.Receipt:
    with transaction():
        return casting.cast(vote, entry, content, **more)


def test_a_ballot_is_cast_and_shown_to_its_owner(both: Flask) -> None:
    vote = make_box()
    mine, other, _never = enroll(vote, 3)
    receipt = cast(vote, mine)
    cast(vote, other, OTHER)

    with transaction(write=False):
        own = own_ballot(vote, mine)
        assert own is not None
        assert own.content == {"kind": "approval", "choices": ["1", "3"]}
        assert (own.tracking, own.revision, own.channel) == (receipt.tracking, 1, Channel.ONLINE)
        assert crockford.read_code(receipt.tracking, 10) == receipt.tracking
        assert [has_voted(vote, one) for one in (mine, other, _never)] == [True, True, False]
        assert (turnout(vote).online, turnout(vote).paper) == (2, 0)


def test_casting_again_replaces_and_gives_a_new_code(both: Flask) -> None:
    vote = make_box()
    (mine,) = enroll(vote)
    first, second = cast(vote, mine), cast(vote, mine, OTHER)
    assert (first.revision, second.revision) == (1, 2)
    assert first.tracking != second.tracking
    with transaction(write=False):
        assert session.scalars(select(Ballot.tracking)).all() == [second.tracking]


def test_the_same_click_twice_is_one_ballot_with_one_code(both: Flask) -> None:
    vote = make_box()
    (mine,) = enroll(vote)
    first = cast(vote, mine, seen=0)
    assert cast(vote, mine, seen=0) == first
    # Somebody who saw the counted ballot and casts the same once more gets a new code.
    assert cast(vote, mine, seen=1).revision == 2
    # A repeated click with another content is a change: the last one counts.
    assert cast(vote, mine, OTHER, seen=1).revision == 3


def test_paper_and_online_exclude_each_other(both: Flask) -> None:
    vote = make_box()
    online_first, paper_first = enroll(vote, 2)
    cast(vote, online_first)
    with transaction():
        assert casting.take_paper(vote, online_first, 1, 2) is True
    with transaction():
        assert casting.take_paper(vote, paper_first, 1, 2) is False
    for entry in (online_first, paper_first):
        with pytest.raises(errors.VotedOnPaper):
            cast(vote, entry)
        with pytest.raises(errors.VotedOnPaper), transaction():
            casting.take_paper(vote, entry, 1, 2)
    with pytest.raises(errors.TwoPeopleNeeded), transaction():
        casting.take_paper(vote, paper_first, 1, 1)
    with transaction(write=False):
        own = own_ballot(vote, online_first)
        assert own is not None
        assert own.is_on_paper
        assert own.content is None
        assert (turnout(vote).online, turnout(vote).paper, turnout(vote).together) == (0, 2, 2)


def test_a_ballot_can_be_taken_back_while_voting_runs(both: Flask) -> None:
    vote = make_box()
    mine, other = enroll(vote, 2)
    cast(vote, mine)
    cast(vote, other)
    with transaction():
        assert casting.take_back(vote, mine) is True
        assert casting.take_back(vote, mine) is False
    with transaction(write=False):
        assert turnout(vote).together == 1
    set_state(vote, RoundState.CLOSING)
    with pytest.raises(errors.VoteOver), transaction():
        casting.take_back(vote, other)


def test_only_entries_of_this_roll_that_were_not_taken_back(both: Flask) -> None:
    vote, elsewhere = make_box(), make_box()
    mine, revoked = enroll(vote, 2)
    (foreign,) = enroll(elsewhere)
    with transaction():
        entry = session.get_one(RollEntry, revoked)
        entry.revoked_at, entry.revoked_reason = clock.now(), "moved"
    for entry_id in (revoked, foreign, 10**9):
        with pytest.raises(errors.NotOnTheRoll):
            cast(vote, entry_id)
    cast(vote, mine)


def test_the_database_refuses_what_the_code_would_never_write(both: Flask) -> None:
    vote = make_box()
    columns = {"round_id": vote.id, "ballot_key": "k" * 64, "tracking": "A", "revision": 1}
    for wrong in (
        {"channel": "paper", "content": "{}"},
        {"channel": "online", "content": None},
        {"channel": "post", "content": "{}"},
        {"channel": "online", "content": "{}", "revision": 0},
    ):
        with pytest.raises(IntegrityError), transaction():
            session.execute(Ballot.__table__.insert().values(**{**columns, **wrong}))
    right = {**columns, "channel": "online", "content": "{}"}
    with transaction():
        session.execute(Ballot.__table__.insert().values(**right))
    for again in ({"tracking": "B"}, {"ballot_key": "l" * 64}):
        with pytest.raises(IntegrityError), transaction():
            session.execute(Ballot.__table__.insert().values(**{**right, **again}))


# ---- the key


def test_the_key_is_a_file_only_the_portal_can_read(both: Flask) -> None:
    vote = make_box()
    path = keys.key_path(vote)
    assert path.parent.name == "keys"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_bytes()) == 32
    before = path.read_bytes()
    with transaction():
        keys.create_key(vote)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.glob("round-*")] == [path.name]
    with transaction(write=False):
        assert before.hex() not in str(session.execute(select(BallotBox.key_check)).all())


def test_without_its_key_the_box_takes_nothing_and_shows_nothing(both: Flask) -> None:
    vote = make_box()
    mine, other = enroll(vote, 2)
    cast(vote, mine)
    path = keys.key_path(vote)
    right = path.read_bytes()
    # A wrong key would let everybody vote a second time.
    for wrong in (b"x" * 32, b"", right[:-1]):
        path.write_bytes(wrong)
        for entry in (mine, other):
            with pytest.raises(errors.KeyGone):
                cast(vote, entry)
        with pytest.raises(errors.KeyGone), transaction(write=False):
            has_voted(vote, mine)
    with pytest.raises(errors.KeyGone), transaction():
        keys.create_key(vote)
    path.write_bytes(right)
    assert cast(vote, mine).revision == 2
    assert keys.destroy_key(vote) is True
    assert keys.destroy_key(vote) is False
    assert not path.exists()
    with pytest.raises(errors.KeyGone):
        cast(vote, mine)


# ---- time


def test_to_the_second(both: Flask) -> None:
    with time_machine.travel("2026-12-01 08:00:00+00:00", tick=False) as stopped:
        vote = make_box(lasts=timedelta(hours=10))
        mine, late = enroll(vote, 2)
        stopped.move_to(vote.opens_at - timedelta(seconds=1))
        with pytest.raises(errors.VoteNotBegun):
            cast(vote, mine)
        stopped.move_to(vote.opens_at)
        cast(vote, mine)
        stopped.move_to(vote.closes_at - timedelta(microseconds=1))
        assert cast(vote, mine).revision == 2
        for too_late in (timedelta(0), timedelta(seconds=1), timedelta(days=400)):
            stopped.move_to(vote.closes_at + too_late)
            for entry in (mine, late):
                with pytest.raises(errors.VoteOver):
                    cast(vote, entry, OTHER)
        # The clock is put back after the box was closed: it stays closed.
        set_state(vote, RoundState.CLOSING)
        stopped.move_to(vote.closes_at - timedelta(hours=1))
        with pytest.raises(errors.VoteOver):
            cast(vote, late)


@pytest.mark.parametrize(
    ("end", "last", "over"),
    [
        # Clocks go back at 03:00 summer time = 01:00 UTC: half past two comes twice, 60 minutes apart.
        ("2026-10-25 03:30:00+01:00", "2026-10-25 02:29:59+00:00", "2026-10-25 02:30:00+00:00"),
        # Clocks go forward at 02:00 winter time = 01:00 UTC.
        ("2027-03-28 03:30:00+02:00", "2027-03-28 01:29:59+00:00", "2027-03-28 01:30:00+00:00"),
    ],
)
def test_nights_in_which_clocks_are_changed(both: Flask, end: str, last: str, over: str) -> None:
    closes = clock.datetime.fromisoformat(end)
    with time_machine.travel(closes - timedelta(days=1), tick=False) as stopped:
        vote = make_box(closes_at=closes)
        (mine,) = enroll(vote)
        stopped.move_to(clock.datetime.fromisoformat(last))
        cast(vote, mine)
        stopped.move_to(clock.datetime.fromisoformat(over))
        with pytest.raises(errors.VoteOver):
            cast(vote, mine)


def test_one_clock_decides_for_all_machines(app_pg: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A web server whose clock is an hour slow takes no ballot after the end, an hour fast refuses none."""
    monkeypatch.setattr(clock, "is_the_only_one", False)
    over, running = make_box(closes_at=clock.now() - timedelta(seconds=5)), make_box()
    (late,), (early,) = enroll(over), enroll(running)
    with time_machine.travel(clock.now() - timedelta(hours=1)), pytest.raises(errors.VoteOver):
        cast(over, late)
    with time_machine.travel(running.closes_at + timedelta(minutes=1)):
        cast(running, early)


@pytest.mark.parametrize("state", [RoundState.CLOSING, RoundState.CLOSED, RoundState.PUBLISHED])
def test_no_ballot_after_the_state_says_so(both: Flask, state: RoundState) -> None:
    vote = make_box()
    (mine,) = enroll(vote)
    with transaction():
        again = session.get_one(Round, vote.id)
        again.state, again.file_sha256 = state, "1" * 64
        again.closed_at = again.published_at = clock.now()
    with pytest.raises(errors.VoteOver):
        cast(vote, mine)


def test_casting_needs_a_transaction_that_says_it_writes(both: Flask) -> None:
    vote = make_box()
    (mine,) = enroll(vote)
    with pytest.raises(RuntimeError), transaction(write=False):
        casting.cast(vote, mine, APPROVED)


# ---- nothing but the ballot


def writes(statements: list[str]) -> list[str]:
    return [one for one in statements if one.lstrip().split()[0].upper() not in {"SELECT", "BEGIN", "PRAGMA"}]


@pytest.mark.parametrize("how", ["cast", "cast again", "paper", "take back"])
def test_one_table_is_written(both: Flask, how: str) -> None:
    vote = make_box()
    (mine,) = enroll(vote)
    if how in {"cast again", "take back"}:
        cast(vote, mine)
    before, heard = counts(), []

    def hear(connection: object, cursor: object, statement: str, *rest: object) -> None:
        heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        with transaction():
            match how:
                case "paper":
                    casting.take_paper(vote, mine, 1, 2)
                case "take back":
                    casting.take_back(vote, mine)
                case _:
                    casting.cast(vote, mine, APPROVED)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    written = writes(heard)
    assert len(written) == 1, written
    assert written[0].startswith(("INSERT INTO ballot (", "DELETE FROM ballot WHERE"))
    # No trigger and no other connection wrote anything either.
    after = counts()
    changed = {table for table in after if after[table] != before[table]}
    assert changed <= {"ballot"}
    person = next(row[2] for row in after["roll_entry"] if row[0] == mine)
    assert all(person not in str(row) for row in after["ballot"])


def counts() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with transaction(write=False):
        return {
            name: [tuple(row) for row in session.execute(select(table))]
            for name, table in db.metadatas[None].tables.items()
        }


def test_a_ballot_has_no_person_no_time_and_no_row_number(both: Flask) -> None:
    assert set(Ballot.__table__.columns.keys()) == {
        "round_id",
        "ballot_key",
        "tracking",
        "channel",
        "content",
        "revision",
    }
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(Exception, match="rowid"), transaction(write=False):
            session.execute(text("SELECT rowid FROM ballot"))
        with transaction(write=False):
            assert session.scalar(text("PRAGMA secure_delete")) == 1


# ---- after the end


def test_the_box_stays_shut_while_people_vote(both: Flask) -> None:
    vote = make_box()
    entries = enroll(vote, 3)
    for entry in entries:
        cast(vote, entry)
    with transaction(write=False), pytest.raises(errors.BoxStillOpen):
        sorted_ballots(vote)
    with pytest.raises(errors.BoxStillOpen), transaction():
        box.rewrite_sorted(vote)
    with transaction():
        casting.take_paper(vote, entries[0], 1, 2)
    closing = set_state(vote, RoundState.CLOSING)
    with transaction(write=False):
        ballots = sorted_ballots(closing)
        assert len(ballots) == 2
        assert [code for code, _ in ballots] == sorted(code for code, _ in ballots)
        assert {content for _, content in ballots} == {'{"choices":["1","3"],"kind":"approval"}'}


def test_rewriting_changes_names_and_nothing_else_and_can_be_repeated(both: Flask) -> None:
    vote = make_box()
    entries = enroll(vote, 20)
    for entry in entries:
        cast(vote, entry)
    with transaction():
        casting.take_paper(vote, entries[3], 1, 2)
    closing = set_state(vote, RoundState.CLOSING)
    with transaction(write=False):
        before, counted, bound = sorted_ballots(closing), turnout(closing), commitment(closing)
        names = set(session.scalars(select(Ballot.ballot_key)))
    with transaction():
        assert box.rewrite_sorted(closing) == 20
    with transaction(write=False):
        once = session.execute(select(Ballot.__table__).order_by(Ballot.tracking)).all()
        assert names.isdisjoint(session.scalars(select(Ballot.ballot_key)))
        assert session.scalars(select(Ballot.revision).where(Ballot.channel == Channel.PAPER)).all() == [1]
    with transaction():
        box.rewrite_sorted(closing)
    box.compact()
    with transaction(write=False):
        assert session.execute(select(Ballot.__table__).order_by(Ballot.tracking)).all() == once
        assert sorted_ballots(closing) == before
        assert turnout(closing) == counted
        assert commitment(closing) == bound
        assert session.scalar(select(func.count()).select_from(Ballot)) == 20


def test_sqlite_keeps_no_trace_of_a_replaced_ballot(app: Flask) -> None:
    vote = make_box(options=3)
    (mine,) = enroll(vote)
    first = cast(vote, mine)
    cast(vote, mine, OTHER)
    session.remove()
    box.compact()
    file = Path(db.engine.url.database or "")
    stored = file.read_bytes() + file.with_name(file.name + "-wal").read_bytes()
    assert first.tracking.encode() not in stored
