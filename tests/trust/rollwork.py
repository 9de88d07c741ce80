"""Letters, counters, sheets and neighbours in every state, for the walk over who may do what.

The vote of level 2 is in the north: PA serves at its counters, MO moderates it, AD and AD2 make its letters.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.accounts.models import Account, TotpSecret
from portal.core import clock, crypto
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.public_id import new_id
from portal.rounds.models import LetterBatch, PaperBatch, PaperSheet, Round, SheetState, Vouching
from portal.rounds.operations import letters, vouching
from portal.rounds.operations.eligibility import enter
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_rounds import make_round
from tests.trust.people import TOTP_SECRET

if TYPE_CHECKING:
    from tests.trust.things import Builder
    from tests.trust.world import World

CHOICE, OTHER = '{"choices":["1"],"kind":"approval"}', '{"choices":["2"],"kind":"approval"}'


def fill_roll(build: Builder) -> None:
    """Everything of the roll."""
    moderator = build.people.accounts["MO2"]
    given = {"moderator": moderator, "district_ids": (build.people.north,)}
    build.ids["letter round"] = make_round(level=2, **given)  # type: ignore[arg-type]
    build.ids["counter round"] = make_round(**given)  # type: ignore[arg-type]
    over = {"begins": timedelta(days=-20), "lasts": timedelta(days=14)}
    build.ids["paper round"] = make_round(**given, **over)  # type: ignore[arg-type]
    _letters(build)
    _counters(build)
    _neighbours(build)


def _letters(build: Builder) -> None:
    first, second, round_id = build.actor("AD2"), build.actor("AD"), build.ids["letter round"]
    ids = []
    for _ in range(3):
        with transaction():
            given = {"language": "de", "district_id": build.people.north, "size": 2}
            ids.append(letters.ask_batch(first, session.get_one(Round, round_id), **given).id)  # type: ignore[arg-type]
    for number in ids[:2]:
        with transaction():
            vote = session.get_one(Round, round_id)
            letters.approve_batch(second, vote, session.get_one(LetterBatch, number))
    with transaction():
        vote = session.get_one(Round, round_id)
        printed = letters.print_batch(second, vote, session.get_one(LetterBatch, ids[0]))
        build.ids["code"] = printed[0].code
    with transaction(write=False):
        build.put("letter round", "running", pid=session.get_one(Round, round_id).public_id)
        build.put(
            "counter round", "running", pid=session.get_one(Round, build.ids["counter round"]).public_id
        )
        for state, number in zip(("printed", "ready", "asked"), ids, strict=True):
            build.put("letter batch", state, public_id=session.get_one(LetterBatch, number).public_id)


def _counters(build: Builder) -> None:
    colleague = make_staff(StaffRole.PROFESSIONAL, build.people.north)
    third = make_staff(StaffRole.PROFESSIONAL, build.people.north)
    build.ids["PA2"] = colleague.display_name
    mine, hers = build.people.id("PA"), colleague.id
    with transaction():
        row = {"created_at": clock.now(), "confirmed_at": clock.now()}
        session.add(TotpSecret(account_id=hers, secret=TOTP_SECRET, **row))
    until = clock.now() + timedelta(minutes=50)
    running, over = build.ids["counter round"], build.ids["paper round"]
    _counter(build, "mine", running, mine, witness_id=hers, confirmed_until=until)
    _counter(build, "waiting", running, mine)
    _counter(build, "hers", running, hers)
    _counter(build, "closed", running, mine, witness_id=hers, closed_at=clock.now(), size=0)
    _counter(build, "over", over, mine, witness_id=hers, closed_at=clock.now(), size=3, handed_out=3)
    with transaction():
        session.add(_sheet(build, 1, hers, third.id, CHOICE, SheetState.AGREED))
        session.add(_sheet(build, 2, hers, third.id, OTHER, SheetState.DISPUTE))
    counter_id = build.things["counter"]["over"]["counter_id"]
    build.put("sheet", "agreed", counter_id=counter_id, serial=1)
    build.put("sheet", "disputed", counter_id=counter_id, serial=2)
    with transaction():
        vote = session.get_one(Round, running)
        build.ids["entry"] = enter(build.actor("RV"), vote)


def _counter(build: Builder, state: str, round_id: int, opened_by: int, **given: Any) -> None:
    number = len(build.things.get("counter", {})) + 1
    with transaction():
        row = {"public_id": new_id(), "round_id": round_id, "number": number, "opened_by_id": opened_by}
        batch = PaperBatch(place="Rathaus", opened_at=clock.now(), **row, **given)
        session.add(batch)
        session.flush()
        build.put("counter", state, counter_id=batch.public_id)
        build.ids[f"counter {state}"] = batch.id


def _sheet(build: Builder, serial: int, one: int, other: int, second: str, state: SheetState) -> PaperSheet:
    typed = {"first_by_id": one, "first_content": CHOICE, "second_by_id": other, "second_content": second}
    return PaperSheet(batch_id=build.ids["counter over"], serial=serial, state=state, **typed)


def _neighbours(build: Builder) -> None:
    """PA knows CO and AU; somebody else wishes to be known and has a code."""
    wisher = make_resident()
    with transaction():
        for persona in ("CO", "AU"):
            account = session.get_one(Account, build.people.id(persona))
            row = vouching.vouch_at_counter(build.actor("PA"), account)
            build.put("vouching", f"of {persona}", public_id=row.public_id)
        build.put("resident", "AU", public_id=build.people.accounts["AU"].public_id)
    actor = actor_of(wisher)
    with transaction():
        build.ids["wish"] = vouching.wish_to_be_known(actor)
        row = session.query(Vouching).filter_by(account_id=wisher.id).one()
        build.put("vouching", "wish", public_id=row.public_id)


def sealed(world: World, state: str, persona: str) -> dict[str, Any]:
    """Somebody who was found at this counter a moment ago."""
    at = int((clock.now() + timedelta(minutes=5)).timestamp())
    batch = world.ids.get(f"counter {state}", 0)
    words = json.dumps([batch, world.ids["entry"], at])
    return {"sealed": crypto.encrypt("rounds.counter", words), "consent": "y"}
