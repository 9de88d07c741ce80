"""What a request knows: its actor and its intent. Accounts plug in how an actor is found."""

from __future__ import annotations

from collections.abc import Callable

from flask import g, has_request_context

from portal.core.actors import VISITOR, Actor

_load_actor: Callable[[], Actor] = lambda: VISITOR  # noqa: E731  accounts replace it at start


def use_actor_loader(loader: Callable[[], Actor]) -> None:
    """Accounts say how the request's actor is found (from the session cookie)."""
    global _load_actor
    _load_actor = loader


def current_actor() -> Actor:
    """Who makes this request; looked up once."""
    if not has_request_context():
        return VISITOR
    if "actor" not in g:
        g.actor = _load_actor()
    actor: Actor = g.actor
    return actor


def forget_actor() -> None:
    """Look the actor up again at the next question (after sign-in, sign-out, a retried request)."""
    g.pop("actor", None)
