"""The roll of the small town: letters, counters with sheets that differ, somebody who is known in person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.core import clock
from portal.core.db import session, transaction
from portal.core.public_id import new_id
from portal.rounds.models import PaperBatch, PaperSheet, SheetState
from portal.rounds.operations import letters, vouching
from tests.support.factories import actor_of, make_staff
from tests.support.factories_rounds import get_round, make_round

if TYPE_CHECKING:
    from tests.support.world import World

BALLOTS = tuple(f'{{"choices":["{number}"],"kind":"approval"}}' for number in (1, 2))


def fill_roll(world: World) -> None:
    """A vote with letters, one with counters that is over, and neighbours."""
    moderator = world.people["moderator"]
    by_letter = make_round(moderator=moderator, level=2)
    over = make_round(moderator=moderator, begins=timedelta(days=-20), lasts=timedelta(days=14))
    running = make_round(moderator=moderator)
    with transaction(write=False):
        world.words["letter_vote"] = get_round(by_letter).public_id
    world.words["known_person"] = world.people["author"].public_id
    _letters(world, by_letter)
    _counters(world, running, over)
    staff = actor_of(world.people["professional"])
    for name in ("author", "neighbour"):
        with transaction():
            vouching.vouch_at_counter(staff, session.merge(world.people[name], load=True))


def _letters(world: World, round_id: int) -> None:
    one, other = (actor_of(world.people[name]) for name in ("second", "administrator"))
    given: dict[str, Any] = {"district_id": None, "size": 3}
    with transaction():
        first = letters.ask_batch(one, get_round(round_id), language="ar", **given)
        letters.approve_batch(other, get_round(round_id), first)
        world.words["letter_code"] = letters.print_batch(one, get_round(round_id), first)[0].code
        ready = letters.ask_batch(one, get_round(round_id), language="de", **given)
        letters.approve_batch(other, get_round(round_id), ready)
        letters.ask_batch(one, get_round(round_id), language="tr", **given)


def _counters(world: World, running: int, over: int) -> None:
    mine = world.people["professional"].id
    hers, third = make_staff("professional").id, make_staff("professional").id
    until = clock.now() + timedelta(minutes=50)
    with transaction():
        open_one = _counter(running, 1, mine, witness_id=hers, confirmed_until=until, handed_out=4)
        waiting = _counter(running, 2, mine)
        ended = {"witness_id": hers, "handed_out": 3, "size": 3, "closed_at": clock.now()}
        closed = _counter(over, 1, mine, **ended, remarks="Ein Stimmzettel wurde getauscht.")
        session.flush()
        typed = {"first_by_id": hers, "first_content": BALLOTS[0], "second_by_id": third}
        agreed = {"second_content": BALLOTS[0], "state": SheetState.AGREED}
        differing = {"second_content": BALLOTS[1], "state": SheetState.DISPUTE}
        session.add(PaperSheet(batch_id=closed.id, serial=1, **typed, **agreed))
        session.add(PaperSheet(batch_id=closed.id, serial=2, **typed, **differing))
        named = {"counter": open_one, "waiting_counter": waiting, "closed_counter": closed}
        world.words |= {name: batch.public_id for name, batch in named.items()}


def _counter(round_id: int, number: int, opened_by: int, **given: Any) -> PaperBatch:
    row = {"public_id": new_id(), "round_id": round_id, "number": number, "opened_by_id": opened_by}
    batch = PaperBatch(place="Stadtteilhaus", opened_at=clock.now(), **row, **given)
    session.add(batch)
    return batch
