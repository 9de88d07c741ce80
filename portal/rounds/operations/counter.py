"""The counter: two people of staff, one urn, paper ballots for people who are ticked off.

The first person opens it. The second confirms either in an own session, or on the same device with the own
second factor (the code of the app): a counter has one tablet, and a second signed-in device is not always at
hand, but a code only its owner can make is as good as standing there. It holds for an hour; then again.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from portal.accounts.models import Account
from portal.accounts.operations import check_typed_factor
from portal.accounts.queries import account_by_skeleton, actor_for
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.limits import declare_limit, hit
from portal.core.permissions import can, ensure
from portal.core.public_id import new_id
from portal.core.text import skeleton
from portal.rounds.errors import RoundNotOpen, SamePerson
from portal.rounds.errors.roll import (
    CodeDoesNotFit,
    CodeMistyped,
    CounterClosed,
    MayNotVote,
    NobodyWithThisName,
    NotThisCounter,
    SecondPersonNeeded,
    WrongSecondPerson,
)
from portal.rounds.models import PaperBatch, Round
from portal.rounds.operations import logbook
from portal.rounds.operations.casting import take_paper
from portal.rounds.operations.eligibility import enter
from portal.rounds.operations.letters import redeem
from portal.rounds.operations.vouching import resident_named
from portal.rounds.queries.counter import Counter
from portal.rounds.queries.eligibility import LETTER, Eligibility, entry_for

# What can be wrong about who stands at the counter.
PERSON_ERRORS = (CodeMistyped, CodeDoesNotFit, NobodyWithThisName, MayNotVote)
CONFIRMED_FOR = timedelta(hours=1)
LONGEST_PLACE = 120
LONGEST_REMARKS = 2000
declare_limit("rounds.second_person", "5/15 minutes")


def open_counter(actor: Actor, vote: Round, *, place: str) -> Counter:
    """A counter with an urn of its own; it takes nobody until a second person confirmed. RoundNotOpen."""
    ensure(actor, "rounds.counter", vote)
    if not vote.is_running:
        raise RoundNotOpen
    last = session.scalar(select(func.max(PaperBatch.number)).where(PaperBatch.round_id == vote.id))
    batch = PaperBatch(
        public_id=new_id(),
        round_id=vote.id,
        number=(last or 0) + 1,
        place=place.strip()[:LONGEST_PLACE],
        opened_by_id=actor.account_id,
        opened_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    _record("rounds.counter_opened", actor, batch)
    return Counter(batch, vote)


def confirm_in_own_session(actor: Actor, counter: Counter) -> None:
    """The second person is signed in somewhere else and stands beside. SamePerson, CounterClosed."""
    ensure(actor, "rounds.counter", counter.vote)
    _confirm(actor, counter)


def confirm_on_this_device(actor: Actor, counter: Counter, *, name: str, code: str) -> None:
    """The second person types the own name and the code of the own app. WrongSecondPerson, RateLimited."""
    _ensure_first(actor, counter)
    if counter.batch.closed_at is not None:  # before the code is looked at: it works only once
        raise CounterClosed
    hit("rounds.second_person", counter.batch.public_id)
    second = account_by_skeleton(skeleton(name)) if name.strip() else None
    if second is None or not second.is_staff or not check_typed_factor(second.id, code):
        raise WrongSecondPerson
    other = actor_for(second)
    if not can(other, "rounds.counter", counter.vote):
        raise WrongSecondPerson
    _confirm(other, counter)


def _confirm(actor: Actor, counter: Counter) -> None:
    batch = counter.batch
    if batch.closed_at is not None:
        raise CounterClosed
    if actor.account_id == batch.opened_by_id:
        raise SamePerson
    if batch.witness_id is not None and batch.witness_id != actor.account_id:
        raise WrongSecondPerson
    batch.witness_id, batch.confirmed_until = actor.account_id, clock.now() + CONFIRMED_FOR
    _record("rounds.counter_joined", actor, batch)


def find_by_code(actor: Actor, counter: Counter, typed: str, *, network: str) -> int:
    """The entry of somebody who brought the letter. CodeMistyped, CodeDoesNotFit."""
    ensure_two_people(actor, counter)
    if counter.vote.level != LETTER:
        raise MayNotVote
    return redeem(counter.vote, typed, network=network)


def find_by_name(actor: Actor, counter: Counter, name: str) -> int:
    """The entry of somebody with an account who stands here. NobodyWithThisName, or MayNotVote and why."""
    ensure_two_people(actor, counter)
    return enter(actor_for(resident_named(name)), counter.vote)


def eligibility_of(account: Account, counter: Counter) -> Eligibility:
    """Whether the resident at the counter may vote, to be said aloud."""
    return entry_for(actor_for(account), counter.vote)


def tick_off(actor: Actor, counter: Counter, entry_id: int) -> None:
    """This person gets a paper ballot; an online one is replaced, later online ones are refused.

    VotedOnPaper when a paper ballot was handed out before. Whether somebody had voted online is not said.
    """
    ensure_two_people(actor, counter)
    batch = counter.batch
    assert batch.witness_id is not None
    take_paper(counter.vote, entry_id, batch.opened_by_id, batch.witness_id)
    session.execute(
        update(PaperBatch).where(PaperBatch.id == batch.id).values(handed_out=PaperBatch.handed_out + 1)
    )


def close_counter(actor: Actor, counter: Counter, *, size: int, remarks: str) -> None:
    """The urn is opened and its sheets are counted by hand; the number goes into the public log.

    By one of its two people. After the end by anybody who works at counters: a vote must not wait for ever
    for somebody who fell ill. CounterClosed, NotThisCounter.
    """
    ensure(actor, "rounds.counter", counter.vote)
    batch = counter.batch
    if not counter.may_be_closed_by(actor.account_id):
        raise NotThisCounter
    session.refresh(batch, with_for_update=True)
    if batch.closed_at is not None:
        raise CounterClosed
    batch.size, batch.closed_at, batch.confirmed_until = size, clock.now(), None
    batch.remarks = remarks.strip()[:LONGEST_REMARKS]
    logbook.append(
        counter.vote, "paper_batch", {"number": batch.number, "handed_out": batch.handed_out, "sheets": size}
    )
    _record("rounds.counter_closed", actor, batch, handed_out=batch.handed_out, size=size)


def ensure_two_people(actor: Actor, counter: Counter) -> None:
    """The one who opened it acts, and the second has confirmed within the hour."""
    _ensure_first(actor, counter)
    if counter.batch.closed_at is not None:
        raise CounterClosed
    if not counter.is_confirmed:
        raise SecondPersonNeeded


def _ensure_first(actor: Actor, counter: Counter) -> None:
    ensure(actor, "rounds.counter", counter.vote)
    if actor.account_id != counter.batch.opened_by_id:
        raise NotThisCounter


def _record(name: str, actor: Actor, batch: PaperBatch, **more: object) -> None:
    audit.record(name, actor=actor, subject=("round", batch.round_id), number=batch.number, **more)
