"""Somebody with the whole database tries to match voters with ballots: by order, row mark, size, leftovers.

Voters enter the roll and vote one after the other, the worst case. While voting runs the database alone shows
the order (the page of the vote says so); after the end nothing is left.
"""

import hashlib
import hmac
import random
import re
from pathlib import Path

from flask import Flask
from sqlalchemy import select, text

from portal.core.db import db, session, transaction
from portal.rounds.models import Ballot, BallotDraft, RollEntry, Round, RoundState
from portal.rounds.operations import box, casting, drafts, keys
from tests.support.factories_ballots import enroll, make_box, set_state

VOTERS = 40
# Guessing blindly matches one voter on average; more than six of forty by chance is 1 in 12,000.
CHANCE = 6


def people_vote(vote: Round) -> dict[int, str]:
    """One after the other: into the roll, a draft or two, the ballot. entry -> tracking code, the truth."""
    truth, coin = {}, random.Random(7)
    for number in range(VOTERS):
        (entry,) = enroll(vote)
        browser = drafts.new_browser_key()
        for _ in range(coin.randint(1, 2)):
            with transaction():
                drafts.save(vote, browser, entry, {str(number % 5 + 1): 1})
        with transaction():
            content = {"kind": "approval", "choices": [str(number % 5 + 1)]}
            truth[entry] = casting.cast(vote, entry, content).tracking
        with transaction():
            drafts.forget(vote, browser, entry)
    return truth


def matches(truth: dict[int, str], roll: list[int], ballots: list[str]) -> int:
    """How many are right if the n-th of the roll is said to have cast the n-th ballot."""
    return sum(truth[entry] == code for entry, code in zip(roll, ballots, strict=True))


def column(query: str) -> list[str]:
    with transaction(write=False):
        return [str(one) for one in session.scalars(text(query))]


def end(vote: Round) -> None:
    """What closing does with the box."""
    closing = set_state(vote, RoundState.CLOSING)
    keys.destroy_key(closing)
    with transaction():
        box.rewrite_sorted(closing)
    session.remove()
    box.compact()


def test_nothing_matches_by_order(both: Flask) -> None:
    vote = make_box()
    truth = people_vote(vote)
    is_postgres = db.engine.dialect.name == "postgresql"
    as_it_lies = "SELECT tracking FROM ballot"
    by_place = "SELECT tracking FROM ballot ORDER BY ctid" if is_postgres else as_it_lies
    roll = list(truth)
    if is_postgres:
        # The attempt works while voting runs: this test can see what it looks for.
        assert matches(truth, roll, column(by_place)) == VOTERS
        by_mark = "SELECT tracking FROM ballot ORDER BY xmin::text::bigint"
        assert matches(truth, roll, column(by_mark)) == VOTERS
    end(vote)
    orders = {by_place, as_it_lies, "SELECT tracking FROM ballot ORDER BY ballot_key"}
    if is_postgres:
        orders |= {"SELECT tracking FROM ballot ORDER BY xmin::text::bigint, ctid"}
    for query in orders:
        found = column(query)
        assert len(found) == VOTERS
        assert matches(truth, roll, found) <= CHANCE, query
        assert matches(truth, roll[::-1], found) <= CHANCE, query


def test_no_transaction_wrote_a_ballot_and_something_of_a_person(app_pg: Flask) -> None:
    """xmin and xmax of every table against those of the ballots, before and after the end."""
    vote = make_box()
    people_vote(vote)
    assert shared_marks() == {"ballot"}
    end(vote)
    assert shared_marks() == {"ballot"}
    assert len(set(column("SELECT xmin::text FROM ballot"))) == 1


def shared_marks() -> set[str]:
    """Tables with a row that carries the number of a transaction which wrote a ballot, or locked its row."""
    marks = set(column("SELECT xmin::text FROM ballot"))
    found = set()
    for table in db.metadatas[None].tables:
        rows = column(f'SELECT xmin::text FROM "{table}" UNION ALL SELECT xmax::text FROM "{table}"')  # noqa: S608
        # The round's own row is locked for sharing by every voter alike; it names nobody.
        if table != "voting_round" and marks.intersection(rows):
            found.add(table)
    return found


def test_a_kept_copy_of_the_key_opens_nothing_after_the_end(both: Flask) -> None:
    vote = make_box()
    truth = people_vote(vote)
    copy = keys.key_path(vote).read_bytes()
    with transaction(write=False):
        before = [keys_name(copy, vote, entry) for entry in truth]
        assert set(session.scalars(select(Ballot.ballot_key))) == set(before)
    end(vote)
    with transaction(write=False):
        assert set(session.scalars(select(Ballot.ballot_key))).isdisjoint(before)
        assert session.scalar(select(BallotDraft.key_hash).limit(1)) is None


def keys_name(key: bytes, vote: Round, entry: int) -> str:
    """The name of a ballot, computed by somebody who kept the key."""
    return hmac.new(key, f"{vote.public_id}:{entry}".encode(), hashlib.sha256).hexdigest()


def test_sqlite_files_hold_no_trace_of_names_or_drafts_after_the_end(app: Flask) -> None:
    """Free pages and the write-ahead log too: secure_delete, and the log is emptied."""
    vote = make_box()
    people_vote(vote)
    with transaction(write=False):
        names = [str(one).encode() for one in session.scalars(select(Ballot.ballot_key))]
        hashes = [str(one).encode() for one in session.scalars(select(RollEntry.person_hash))]
    end(vote)
    session.remove()
    file = Path(str(db.engine.url.database))
    stored = b"".join(path.read_bytes() for path in file.parent.glob(file.name + "*"))
    assert not any(name in stored for name in names)
    assert all(hashed in stored for hashed in hashes), "the search looks in the wrong place"
    # And beside no ballot there stands a person of the roll.
    for found in re.finditer(rb'\{"choices"', stored):
        beside = stored[max(0, found.start() - 300) : found.end() + 300]
        assert not any(hashed in beside for hashed in hashes)


def test_entries_and_ballots_have_no_size_in_common(both: Flask) -> None:
    """Nothing about an entry of the roll depends on what was chosen or whether it was used."""
    vote = make_box()
    people_vote(vote)
    enroll(vote, 5)
    with transaction(write=False):
        rows = [tuple(row) for row in session.execute(select(RollEntry.__table__))]
    shapes = {tuple(type(cell) for cell in row[1:]) for row in rows}
    assert len(shapes) == 1
