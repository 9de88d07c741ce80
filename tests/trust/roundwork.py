"""Votes in every state that moderators make, with a canary wherever only they may read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.core import clock
from portal.core.actors import SYSTEM
from portal.core.db import session, transaction
from portal.rounds.models import Round, RoundOption, RoundState
from portal.rounds.operations import closing, objecting, publishing, releasing, voiding
from tests.support.factories_rounds import get_round, make_round

if TYPE_CHECKING:
    from tests.trust.things import Builder

# Moderators of the north; MX moderates the south.
READERS = ("MO", "MO2")


def fill_rounds(build: Builder) -> None:
    """A draft, and rounds that come, run, have ended, are void or are wanted to be void; all in the north."""
    _draft(build)
    for state, given in {
        "coming": {"is_running": False},
        "running": {},
        "ended": {"begins": timedelta(days=-20), "lasts": timedelta(days=14)},
        "wanted": {},
        "void": {},
    }.items():
        _put(build, state, _made(build, **given))
    _void(build)
    _results(build)
    _small(build)


def _made(build: Builder, **given: object) -> int:
    moderator = build.people.accounts["MO2"]
    return make_round(moderator=moderator, district_ids=(build.people.north,), **given)  # type: ignore[arg-type]


def _put(build: Builder, state: str, round_id: int) -> None:
    with transaction(write=False):
        pid = get_round(round_id).public_id
    build.put("round", state, pid=pid)
    build.put("round option", state, pid=pid, code="1")
    build.ids[f"round {state}"] = round_id


def _results(build: Builder) -> None:
    """One counted and not public yet, one that waits for a draw, one that is public, with an objection."""
    tied = {"options": 2, "costs": (60_000, 60_000), "rule": "greedy"}
    for state, rules in {"closed": {}, "tied": tied, "published": {}}.items():
        ended = {"begins": timedelta(days=-3), "lasts": timedelta(days=1)}
        over = clock.today() - timedelta(days=1)
        round_id = _made(build, **ended, **rules, file_threshold=0, lottery_on=over)
        assert closing.close_round(round_id) is RoundState.CLOSED
        with transaction():
            vote = get_round(round_id)
            build.put("result", state, pid=vote.public_id, code="1")
            if state == "published":
                publishing.publish(vote, actor=SYSTEM)
                made = objecting.object_to_result(
                    vote, "Da stimmt etwas nicht.", actor=build.actor("RV"), language="de"
                )
                build.put("objection to a result", "open", pid=vote.public_id, oid=made.public_id)


def _small(build: Builder) -> None:
    """Few ballots: the file is closed, wanted for the observers, open for them. No persona is one."""
    for state in ("closed", "wanted", "open"):
        address = f"{build.canaries.plant('observer of a small vote', READERS)}@example.org"
        ended = {"begins": timedelta(days=-3), "lasts": timedelta(days=1)}
        round_id = _made(build, **ended, file_threshold=50, observers=address)
        closing.close_round(round_id)
        with transaction():
            vote = get_round(round_id)
            publishing.publish(vote, actor=SYSTEM)
            build.put("small vote", state, pid=vote.public_id)
            if state != "closed":
                releasing.ask_release(vote, actor=build.actor("MO2"))
        if state == "open":
            with transaction():
                releasing.approve_release(get_round(round_id), actor=build.actor("MO"))


def _draft(build: Builder) -> None:
    round_id = _made(build, state=RoundState.DRAFT, is_running=False)
    with transaction():
        vote = session.get_one(Round, round_id)
        for name in ("title", "question", "intro_md", "lottery_source"):
            setattr(vote, name, build.canaries.plant(f"draft of a vote: {name}", READERS))
        vote.intro_html = f"<p>{vote.intro_md}</p>"
        vote.observers = f"{build.canaries.plant('observer of a vote', READERS)}@example.org"
        for option in session.query(RoundOption).filter_by(round_id=round_id):
            option.title = build.canaries.plant("draft of a vote: option", READERS)
            option.plain_text = build.canaries.plant("draft of a vote: plain text", READERS)
    _put(build, "draft", round_id)


def _void(build: Builder) -> None:
    with transaction():
        wanted = get_round(build.ids["round wanted"])
        reason = build.canaries.plant("reason of a vote that may become void", READERS)
        voiding.ask_void(wanted, actor=build.actor("MO2"), reason=reason)
    with transaction():
        void = get_round(build.ids["round void"])
        voiding.ask_void(void, actor=build.actor("MO2"), reason="Ein falscher Betrag")
        voiding.confirm_void(void, actor=build.actor("MO"))
