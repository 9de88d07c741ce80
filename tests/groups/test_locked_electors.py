"""Accounts that may only read: not asked, no quorum waits for them, nothing of theirs is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.groups.errors import NotAnElector
from portal.groups.models import Electorate, Method, Privacy, QuorumKind, Status, Target
from portal.groups.operations.deciding import again, answering, closing
from tests.groups.conftest import Make, group
from tests.groups.deciding import WEEK, ask, close, loaded, say, word

HALF: dict[str, Any] = {"quorum_kind": QuorumKind.PERCENT, "quorum": 50}


def lock(actor: Actor, days: int = 30) -> Actor:
    """The account may only read; the person as the portal sees them then."""
    with transaction():
        account = session.get_one(Account, actor.account_id)
        account.suspended_until = clock.now() + timedelta(days=days)
        session.flush()
        return actor_for(account)


def asked(decision_id: int) -> int:
    with transaction(write=False):
        return closing.turnout(loaded(decision_id))[1]


@pytest.mark.parametrize("privacy", [Privacy.CLOSED, Privacy.DISCREET])
def test_locked_before_the_opening_nobody_waits_for_it(make: Make, privacy: Privacy) -> None:
    """Two of four are enough; with the locked one it would need three of five."""
    group_id, people = make(5, privacy=privacy)
    locked = lock(people[4])
    decision = ask(group_id, people[0], Method.MAJORITY, **HALF)
    assert asked(decision) == 4
    for one in people[:2]:
        say(group_id, decision, one, word("yes"))
    with pytest.raises(NotFound):
        say(group_id, decision, locked, word("no"))
    assert close(decision).status is Status.ADOPTED


def test_free_again_during_the_vote_changes_nothing(make: Make) -> None:
    group_id, people = make(3)
    lock(people[2])
    decision = ask(group_id, people[0], Method.MAJORITY)
    with transaction():
        session.get_one(Account, people[2].account_id).suspended_until = None
    with pytest.raises(NotAnElector):
        say(group_id, decision, people[2], word("no"))
    assert asked(decision) == 2


def test_locked_during_the_vote_the_electorate_stays_and_so_does_the_answer(make: Make) -> None:
    group_id, people = make(3)
    decision = ask(group_id, people[0], Method.MAJORITY)
    say(group_id, decision, people[2], word("yes"))
    locked = lock(people[2])
    with pytest.raises(NotFound):
        say(group_id, decision, locked, word("no"))
    with transaction(), pytest.raises(NotFound):
        again.ask_longer(loaded(decision), group=group(group_id), actor=locked)
    with transaction(), pytest.raises(NotFound):
        answering.save_draft(loaded(decision), word("no"), group=group(group_id), actor=locked)
    assert asked(decision) == 3
    assert close(decision).status is Status.ADOPTED


def test_locked_at_the_end_of_a_poll_of_dates(make: Make) -> None:
    group_id, people = make(4)
    lock(people[3])
    dates = {"local_starts": ("2027-01-12T18:00",), "electorate": Electorate.AT_CLOSING}
    decision = ask(group_id, people[0], Method.DATE, **dates, quorum_kind=QuorumKind.PERCENT, quorum=100)
    for one in people[:3]:
        say(group_id, decision, one, {"points": {"1": 2}})
    assert close(decision, after=WEEK).status is not None
    assert asked(decision) == 3


def test_less_privacy_still_needs_everybody(make: Make) -> None:
    group_id, people = make(5)
    lock(people[4])
    decision = ask(group_id, people[0], Method.MAJORITY, target=Target.PRIVACY, secret=True, majority="all")
    assert asked(decision) == 5
