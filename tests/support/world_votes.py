"""Votes of the small town: a budget that runs, one that comes, one that is void or may become so, a draft."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.core.db import session, transaction
from portal.proposals.models import Proposal, Stage
from portal.rounds.models import BallotKind, RoundState
from portal.rounds.operations import voiding, withdrawing
from portal.rounds.operations.options import add_proposal
from tests.support.factories import actor_of
from tests.support.factories_proposals import make_proposal
from tests.support.factories_rounds import get_round, make_round, open_now

if TYPE_CHECKING:
    from tests.support.world import World

QUESTION = "Wofür soll das Nordend im nächsten Jahr 50 000 Euro ausgeben?"


def fill_votes(world: World) -> None:
    """The rounds, and their addresses in the world's words."""
    moderator = world.people["moderator"]
    ids = {"draft": _budget(world, is_running=False), "running": _budget(world)}
    open_now(ids["running"], actor_of(moderator))
    ids["coming"] = make_round(moderator=moderator, kind=BallotKind.RANKING, is_running=False)
    ids["wanted"] = make_round(moderator=moderator, kind=BallotKind.YES_NO, options=1)
    ids["void"] = make_round(moderator=moderator, kind=BallotKind.POINTS)
    _voiding(world, ids)
    with transaction():
        withdrawing.withdraw_option(
            get_round(ids["running"]), "2", actor=actor_of(moderator), reason="Das Grundstück ist verkauft."
        )
    with transaction(write=False):
        world.words |= {f"{name}_vote": get_round(one).public_id for name, one in ids.items()}


def _budget(world: World, **given: object) -> int:
    moderator = world.people["moderator"]
    round_id = make_round(
        moderator=moderator,
        state=RoundState.DRAFT,
        options=2,
        budget_cents=5_000_000,
        title="Bürgerhaushalt Nordend",
        question=QUESTION,
        level=0,
        lasts=timedelta(days=20),
        **given,  # type: ignore[arg-type]
    )
    actor = actor_of(moderator)
    with transaction():
        author = world.people["author"]
        place = {
            "district_id": author.district_id,
            "lat": 50.505,
            "lon": 8.505,
            "place_words": "Am Nordbahnhof",
        }
        made = make_proposal(
            author=author,
            title="Ein Wasserspielplatz hinter dem Stadtteilhaus",
            what="Kinder brauchen im Sommer Wasser und Schatten.\n\nDie Pumpe läuft ohne Strom.",
            stage=Stage.EXAMINED,
            cost_cents=2_400_000,
            **place,
        )
        vote = get_round(round_id)
        add_proposal(vote, session.get_one(Proposal, made.id), actor=actor)
    return round_id


def _voiding(world: World, ids: dict[str, int]) -> None:
    first, second = actor_of(world.people["moderator"]), actor_of(world.people["colleague"])
    for name in ("wanted", "void"):
        with transaction():
            voiding.ask_void(get_round(ids[name]), actor=first, reason="Im Heft stand ein falscher Betrag.")
    with transaction():
        voiding.confirm_void(get_round(ids["void"]), actor=second)
