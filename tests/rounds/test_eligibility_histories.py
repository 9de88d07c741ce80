"""C5 of the trust notes: random histories of lives against a reference model of forty lines.

PORTAL_TEST_HISTORIES sets how many histories are tried (the notes ask for 10,000; each is a dozen steps);
unsaid it is 10 by day and 25 with WHOLE=1.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from sqlalchemy import delete, select, update

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.core.public_id import new_id
from portal.rounds.models import LetterBatch, RollEntry, Round, TownIdentity, VouchedBy, Vouching
from portal.rounds.operations.eligibility import enter
from portal.rounds.queries.eligibility import answer_for_entry, entry_for
from portal.rounds.queries.letters import code_mac, entry_of_code
from tests.rounds.rolls import open_round
from tests.support.factories import make_resident, make_staff
from tests.support.factories_places import make_district
from tests.support.whole import WHOLE

HISTORIES = int(os.environ.get("PORTAL_TEST_HISTORIES", "25" if WHOLE else "10"))
STEPS = 12


# ---- the reference model: what the product promises, in plain Python, without a database


@dataclass
class Person:
    """What is true of somebody."""

    district: str | None = None
    suspended: bool = False
    erased: bool = False
    known: bool = False
    town: str | None = None


@dataclass
class Model:
    """Forty lines that say who may vote in which round."""

    rounds: dict[str, tuple[int, frozenset[str]]]
    people: list[Person]
    entered: dict[tuple[str, str], int] = field(default_factory=dict)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)  # code -> round, state

    def reason(self, who: int, name: str) -> str:
        """The reason the portal must give."""
        person, (level, districts) = self.people[who], self.rounds[name]
        if level == 2:
            return "needs_code"
        if person.erased:
            return "sign_in"
        if person.suspended:
            return "suspended"
        if level == 3 and person.town is None:
            return "no_town_sign_in"
        if level == 1 and not person.known and person.town is None:
            return "not_known"
        if districts and person.district not in districts:
            return "other_district" if person.district else "district_unknown"
        return "entered" if self.key(who, name) in self.entered else "may_enter"

    def key(self, who: int, name: str) -> tuple[str, str]:
        """Level 3 counts sign-ins of the town, the others count accounts."""
        town = self.people[who].town if self.rounds[name][0] == 3 else None
        return (name, f"town {town}" if town else f"account {who}")

    def opens(self, code: str, name: str) -> bool:
        """Whether a code opens a ballot in this round."""
        return self.codes.get(code) == (name, "good")


# ---- the portal, driven by the same steps


class Life:
    """Three people, four rounds, and what happens to them."""

    def __init__(
        self, rng: random.Random, rounds: dict[str, int], districts: dict[str, int], staff: int
    ) -> None:
        self.rng, self.rounds, self.districts, self.staff = rng, rounds, districts, staff
        self.accounts = [make_resident().id for _ in range(3)]
        self.model = Model(
            {
                "mail": (0, frozenset()),
                "known": (1, frozenset({"N"})),
                "letter": (2, frozenset()),
                "town": (3, frozenset()),
            },
            [Person() for _ in self.accounts],
        )
        self.run = new_id()

    def step(self) -> None:
        """Something happens to somebody."""
        who = self.rng.randrange(len(self.accounts))
        lives = (
            self.move,
            self.suspend,
            self.erase,
            self.vouch,
            self.unvouch,
            self.show_town,
            self.hide_town,
        )
        votes = (
            self.show_town,
            self.hide_town,
            self.enter,
            self.enter,
            self.enter,
            self.code,
            self.lose_code,
            self.revoke_code,
        )
        happening = self.rng.choice((*lives, *votes))
        with transaction():
            happening(who, self.model.people[who], self.accounts[who])

    def move(self, who: int, person: Person, account: int) -> None:
        person.district = self.rng.choice(["N", "S", None])
        self._set(account, district_id=self.districts.get(person.district or ""))

    def suspend(self, who: int, person: Person, account: int) -> None:
        person.suspended = not person.suspended
        until = clock.now() + timedelta(days=1) if person.suspended else None
        self._set(account, suspended_until=until)

    def erase(self, who: int, person: Person, account: int) -> None:
        if self.rng.random() < 0.3 and not person.erased:
            person.erased, person.town, person.known = True, None, False
            self._set(account, deleted_at=clock.now(), email=None, email_hash=None, name_skeleton=None)
            session.execute(delete(TownIdentity).where(TownIdentity.account_id == account))
            session.execute(delete(Vouching).where(Vouching.account_id == account))

    def vouch(self, who: int, person: Person, account: int) -> None:
        if not person.known and not person.erased:
            person.known, now = True, clock.now()
            given = {"by_kind": VouchedBy.STAFF, "first_voucher_id": self.staff, "at": now, "counts_at": now}
            session.add(Vouching(public_id=new_id(), account_id=account, **given))

    def unvouch(self, who: int, person: Person, account: int) -> None:
        person.known = False
        session.execute(update(Vouching).where(Vouching.account_id == account).values(revoked_at=clock.now()))

    def show_town(self, who: int, person: Person, account: int) -> None:
        town = self.rng.choice(["A", "B"])
        taken = any(one.town == town for one in self.model.people)
        if person.town is None and not taken and not person.erased:
            person.town = town
            hashed = f"{self.run}-{town}"
            session.add(TownIdentity(account_id=account, subject_hash=hashed, at=clock.now()))

    def hide_town(self, who: int, person: Person, account: int) -> None:
        person.town = None
        session.execute(delete(TownIdentity).where(TownIdentity.account_id == account))

    def enter(self, who: int, person: Person, account: int) -> None:
        name = self.rng.choice(list(self.rounds))
        if self.model.reason(who, name) in {"entered", "may_enter"}:
            entry = enter(actor_for(session.get(Account, account)), self._round(name))
            assert self.model.entered.setdefault(self.model.key(who, name), entry) == entry

    def code(self, who: int, person: Person, account: int) -> None:
        code = f"{self.run}{len(self.model.codes)}"
        vote = self._round("letter")
        batch = session.scalars(select(LetterBatch)).first()
        assert batch is not None
        number = self.rng.randrange(10**9)
        given = {"batch_id": batch.id, "letter_number": number, "level": 2}
        session.add(RollEntry(round_id=vote.id, code_mac=code_mac(vote.id, code), **given))
        self.model.codes[code] = ("letter", "good")

    def lose_code(self, who: int, person: Person, account: int) -> None:
        if (code := self._some_good_code()) is not None:
            entry = entry_of_code(self._round("letter"), code)
            assert entry is not None
            entry.code_mac = code_mac(entry.round_id, code + "new")
            self.model.codes[code] = ("letter", "lost")
            self.model.codes[code + "new"] = ("letter", "good")

    def revoke_code(self, who: int, person: Person, account: int) -> None:
        if (code := self._some_good_code()) is not None:
            entry = entry_of_code(self._round("letter"), code)
            assert entry is not None
            entry.revoked_at, entry.revoked_reason = clock.now(), "moved"
            self.model.codes[code] = ("letter", "revoked")

    def differences(self) -> list[str]:
        """Where the portal says something else than the model."""
        found = []
        with transaction(write=False):
            for who, account in enumerate(self.accounts):
                actor = actor_for(session.get(Account, account))
                for name in self.rounds:
                    answer, said = entry_for(actor, self._round(name)), self.model.reason(who, name)
                    entry = self.model.entered.get(self.model.key(who, name)) if said == "entered" else None
                    if (answer.reason, answer.entry_id) != (said, entry):
                        found.append(f"{who} {name}: {answer.reason} {answer.entry_id} / {said} {entry}")
            found += [f"code {code}" for code in self.model.codes if self._code_differs(code)]
        return found

    def _code_differs(self, code: str) -> bool:
        for name in self.rounds:
            vote = self._round(name)
            entry = entry_of_code(vote, code)
            opens = entry is not None and answer_for_entry(vote, entry.id).may_vote
            if opens != self.model.opens(code, name):
                return True
        return False

    def _some_good_code(self) -> str | None:
        good = [code for code, state in self.model.codes.items() if state[1] == "good"]
        return self.rng.choice(good) if good else None

    def _round(self, name: str) -> Round:
        return session.get_one(Round, self.rounds[name])

    def _set(self, account: int, **columns: object) -> None:
        session.execute(update(Account).where(Account.id == account).values(**columns))


def test_random_lives_against_the_model(app: Flask) -> None:
    with transaction():
        districts = {"N": make_district("Nord").id, "S": make_district("Süd").id}
    staff, administrator = make_staff(StaffRole.PROFESSIONAL).id, make_staff(StaffRole.ADMINISTRATOR).id
    rounds = {
        "mail": open_round(level=0),
        "known": open_round(level=1, districts=(districts["N"],)),
        "letter": open_round(level=2),
        "town": open_round(level=3),
    }
    with transaction():
        given = {"requested_by_id": administrator, "requested_at": clock.now(), "language": "de", "size": 1}
        session.add(LetterBatch(public_id=new_id(), round_id=rounds["letter"], number=1, **given))
    for seed in range(HISTORIES):
        life = Life(random.Random(seed), rounds, districts, staff)
        for number in range(STEPS):
            life.step()
            assert life.differences() == [], f"history {seed}, step {number}"
