"""What the forms of talks, reviews, relations and moves are sent with, so that whoever may succeeds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.core import clock

if TYPE_CHECKING:
    from tests.trust.world import World

TALK = {"subject_kind": "rules", "wanted": "volunteer", "words": "Reden wir?"}
REVIEW = {"topic": "Wie wir reden", "measure": "Eine Pause", "measure_days": "28", "exclusion_months": "6"}
TEXT = {"name": "Garten und Nadel", "aim": "Beides", "goal": "Zusammen"}
STEPS = {
    "asked": "yes",
    "accepted": "withdraw",
    "proposed": "accept",
    "external": "begin",
    "running": "none",
    "agreed": "publish",
    "linked": "withdraw",
}


def _whom(state: str) -> dict[str, str]:
    return {"alias": "Nadel 2" if state == "neighbour" else "Nadel 3"}


def _talk(world: World, state: str, persona: str) -> dict[str, Any]:
    return {**TALK, **_whom(state)}


def _review(world: World, state: str, persona: str) -> dict[str, Any]:
    return {**REVIEW, **_whom(state)}


def _step(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"step": STEPS.get(state, "yes")}


def _mediator(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"mediator": world.ids["mediator"], "words": "Niemand hat zugehört."}


def _date(world: World, state: str, persona: str) -> dict[str, Any]:
    day = (clock.today() + timedelta(days=9)).isoformat()
    return {"day": day, "time": "18:00", "place": "Im Treff"}


def _look(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"answer": "yes"} if state == "appealed" else {"outcome": "stands", "words": "Es war gerecht."}


def _relation(world: World, state: str, persona: str) -> dict[str, Any]:
    other = "neighbour" if state == "closed" else "closed"
    kind = "shares_room" if state == "discreet" else "partner"
    return {"other": world.things["peace group"][other]["pid"], "kind": kind}


def _words(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"code": world.ids["merge words"]}


def _group(world: World, state: str, persona: str) -> dict[str, Any]:
    return {"group": world.things["peace group"]["neighbour" if persona == "RV" else "closed"]["pid"]}


PEACE_FORMS: dict[str, Any] = {
    "/L/groups/talks/new": TALK,
    "/L/groups/<pid>/talk": _talk,
    "/L/groups/talks/<tid>/words": {"words": "Mir war das zu laut."},
    "/L/groups/talks/<tid>/step": _step,
    "/L/groups/talks/<tid>/agree": {"version": "1"},
    "/L/groups/talks/<tid>/mediator": _mediator,
    "/L/groups/talks/<tid>/date": _date,
    "/L/groups/talks/<tid>/agreement": {"agreement": "Um neun ist Schluss."},
    "/L/groups/mediators/me": {"about": "Ich höre zu.", "languages": "de, tr"},
    "/L/groups/<pid>/reviews": _review,
    "/L/groups/reviews/<rid>/statement": {"statement": "So sehe ich es.", "helper": "Oma"},
    "/L/groups/reviews/<rid>/vote": {"choice": "no_change"},
    "/L/groups/reviews/<rid>/outside": _mediator,
    "/L/groups/reviews/<rid>/look": _look,
    "/L/groups/<pid>/relations": _relation,
    "/L/groups/relations/<rid>": lambda world, state, persona: {
        "step": "accept" if state == "asked" else "end"
    },
    "/L/groups/<pid>/moves/split": TEXT,
    "/L/groups/<pid>/moves/merge": TEXT,
    "/L/groups/<pid>/moves/join": _words,
    "/L/groups/<pid>/moves/<mid>/choose": {"choice": "goes"},
    "/L/proposals/<pid>/groups": _group,
    "/L/proposals/<pid>/carry": _group,
    "/L/proposals/groups/<link>": lambda world, state, persona: {
        "step": "end" if state == "named" else "yes"
    },
}
