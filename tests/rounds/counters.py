"""A counter with its two people, and what they do at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.rounds.models import Round, SheetState
from portal.rounds.operations import counter, sheets
from portal.rounds.queries.counter import counter_by_public_id
from tests.support.factories import make_resident, make_staff
from tests.support.factories_rounds import make_round

APPROVAL = {"kind": "approval", "choices": ["1"]}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Place:
    """A round with a counter at which two people stand."""

    def __init__(self, **given: Any) -> None:
        self.vote = make_round(**given)
        self.ann, self.ben, self.cem = (make_staff(StaffRole.PROFESSIONAL) for _ in range(3))
        self.counter = self.open()
        self.do(self.ben, counter.confirm_in_own_session)

    def open(self) -> str:
        with transaction():
            found = counter.open_counter(
                actor_for(session.get(Account, self.ann.id)),
                session.get_one(Round, self.vote),
                place="Rathaus",
            )
            return found.batch.public_id

    def do(self, who: Account, work: Callable[..., Any], **given: Any) -> Any:
        """One unit of work by this person at the counter."""
        with transaction():
            found = counter_by_public_id(self.counter)
            assert found is not None
            return work(actor_for(session.get(Account, who.id)), found, **given)

    def read(self, work: Callable[[Round], Any]) -> Any:
        with transaction(write=False):
            return work(session.get_one(Round, self.vote))

    def entry(self, account: Account) -> int:
        return int(self.do(self.ann, lambda a, c: counter.find_by_name(a, c, account.display_name)))

    def tick(self, entry_id: int) -> None:
        self.do(self.ann, lambda a, c: counter.tick_off(a, c, entry_id))

    def type(self, who: Account, serial: int, content: dict[str, Any]) -> SheetState:
        return SheetState(
            self.do(who, lambda a, c: sheets.type_sheet(a, c, serial=serial, content=content).state)
        )

    def decide(self, who: Account, serial: int, content: dict[str, Any]) -> SheetState:
        return SheetState(
            self.do(who, lambda a, c: sheets.decide_sheet(a, c, serial=serial, content=content).state)
        )

    def close(self, size: int) -> None:
        self.do(self.ann, lambda a, c: counter.close_counter(a, c, size=size, remarks=""))

    def with_sheets(self, number: int) -> None:
        """So many ballots were handed out and came back, and the counter is closed."""
        for _ in range(number):
            self.tick(self.entry(make_resident()))
        self.close(number)
