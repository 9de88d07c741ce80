"""One decision of a group in a test: asked, answered, closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import GroupDecision, Method
from portal.groups.operations.deciding import answering, closing, drafting
from tests.groups.conftest import group

WEEK = timedelta(days=7)


def ask(group_id: int, actor: Actor, method: Method, *, last: timedelta = WEEK, **wish: Any) -> int:
    """A decision that runs now; returns its id."""
    with transaction():
        wanted = drafting.Wish(title="Neue Tische?", method=method, **wish)
        made = drafting.draft_decision(group(group_id), wanted, actor=actor)
        drafting.open_decision(made, group=group(group_id), actor=actor, closes_at=clock.now() + last)
        return made.id


def loaded(decision_id: int) -> GroupDecision:
    found = session.get(GroupDecision, decision_id, populate_existing=True)
    assert found is not None
    return found


def say(group_id: int, decision_id: int, actor: Actor, content: dict[str, Any], reason: str = "") -> None:
    with transaction():
        answering.hand_in(loaded(decision_id), content, group=group(group_id), actor=actor, reason=reason)


def word(said: str) -> dict[str, Any]:
    return {"answers": {"1": said}}


def close(decision_id: int, *, after: timedelta = WEEK) -> GroupDecision:
    with time_machine.travel(clock.now() + after):
        for _ in range(2):
            with transaction():
                closing.close_due(clock.now())
        with transaction(write=False):
            found = loaded(decision_id)
            session.refresh(found)
            session.expunge(found)
            return found
