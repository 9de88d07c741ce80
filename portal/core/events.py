"""Events: how a lower package tells upper ones what happened, without knowing them.

Subscribers run at once, inside the transaction of the operation that emitted the event. What leaves the
machine is an outbox row (portal.core.jobs), sent after commit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")
_subscribers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Decorator: call this function whenever such an event is emitted."""

    def register(function: Callable[[Event], None]) -> Callable[[Event], None]:
        _subscribers[event_type].append(function)
        return function

    return register


def emit(event: object) -> None:
    """Tell every subscriber, in the order of their registration. An error of one rolls back all."""
    for function in _subscribers[type(event)]:
        function(event)


def subscribers_of(event_type: type) -> list[Callable[[Any], None]]:
    """Who listens to an event type; for the generated list in docs."""
    return list(_subscribers[event_type])
