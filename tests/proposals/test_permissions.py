"""Who may do what with a proposal, in each state. The expectations are written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.core import clock
from portal.core.actors import VISITOR, Actor
from portal.core.db import transaction
from portal.core.permissions import can
from portal.proposals.models import Stage
from portal.proposals.permissions import STAGES
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_places import make_district
from tests.support.factories_proposals import make_proposal

# V visitor, R resident, AU author, CO co-author, SU suspended resident, SA suspended author, MO moderator of
# the district, MX moderator of another, PR professional, PL planner, AD administrator
EVERYBODY = "V R AU CO SU SA MO MX PR PL AD"
SIGNED_IN = "R AU CO SU SA MO MX PR PL AD"

EXPECTED: dict[str, dict[str, str]] = {
    "draft": {
        "proposals.see": "AU CO SA",
        "proposals.open": "AU CO SA",
        "proposals.see_history": "",
        "proposals.edit_draft": "AU CO SA",
        "proposals.delete_draft": "AU SA",
        "proposals.publish": "AU CO",
        "proposals.edit": "",
        "proposals.withdraw": "",
        "proposals.invite": "AU CO",
        "proposals.support": "",
        "proposals.follow": "AU CO SA",
        "proposals.change_stage": "",
        "proposals.publish_answer": "",
    },
    "public": {
        "proposals.see": EVERYBODY,
        "proposals.open": EVERYBODY,
        "proposals.see_history": EVERYBODY,
        "proposals.edit_draft": "",
        "proposals.delete_draft": "",
        "proposals.edit": "AU CO",
        "proposals.withdraw": "AU SA",
        "proposals.invite": "AU CO",
        "proposals.support": "R AU CO",
        "proposals.follow": SIGNED_IN,
        "proposals.change_stage": "MO",
        "proposals.prepare_answer": "MO PL",
        "proposals.publish_answer": "MO PL",
        "proposals.assess": "PR",
        "proposals.set_contact": "MO",
        "proposals.offer_contact": "R AU CO",
        "proposals.step_back": "",
        "proposals.ask_merge": "MO PR",
        "proposals.undo_merge": "MO",
        "proposals.manage_needs": "AU CO",
        "proposals.pledge": "R AU CO",
        "proposals.begin": "AU CO MO",
        "proposals.translate": "R AU CO MO MX PR",
        "proposals.wish_text": "R AU CO MO MX PR PL AD",
        "proposals.judge_text": "AU CO MO",
    },
    "hidden": {
        "proposals.see": "AU CO SA MO",
        "proposals.open": EVERYBODY,
        "proposals.see_history": "AU CO SA MO",
        "proposals.edit_draft": "",
        "proposals.edit": "AU CO SA",
        "proposals.support": "AU CO",
        "proposals.follow": "AU CO SA MO",
        "proposals.change_stage": "MO",
        "proposals.prepare_answer": "",
        "proposals.publish_answer": "",
        "proposals.assess": "",
        "proposals.set_contact": "",
        "proposals.ask_merge": "",
        "proposals.begin": "",
        "proposals.pledge": "AU CO",
        "proposals.judge_text": "",
    },
    "withdrawn": {
        "proposals.see": EVERYBODY,
        "proposals.see_history": EVERYBODY,
        "proposals.edit_draft": "",
        "proposals.support": "R AU CO",
    },
}
CREATE = "R AU CO MO MX PR"


@pytest.fixture
def cast(app: Flask) -> Iterator[dict[str, Any]]:
    """Everybody, and the proposal in each state; the suspended author has proposals of their own."""
    with transaction():
        here, there = make_district().id, make_district().id
    until = clock.now() + timedelta(days=1)
    author, coauthor, suspended = make_resident(), make_resident(), make_resident(suspended_until=until)
    actors: dict[str, Actor] = {
        "V": VISITOR,
        "R": actor_of(make_resident()),
        "AU": actor_of(author),
        "CO": actor_of(coauthor),
        "SU": actor_of(make_resident(suspended_until=until)),
        "SA": actor_of(suspended),
        "MO": actor_of(make_staff("moderator", here)),
        "MX": actor_of(make_staff("moderator", there)),
        "PR": actor_of(make_staff("professional")),
        "PL": actor_of(make_staff("planner")),
        "AD": actor_of(make_staff("administrator")),
    }
    now = clock.now()
    states: dict[str, dict[str, Any]] = {
        "draft": {"published": False},
        "public": {},
        "hidden": {"hidden_at": now},
        "withdrawn": {"withdrawn_at": now, "withdrawn_reason": "other"},
    }
    with transaction():
        found: dict[str, Any] = {"actors": actors}
        for state, columns in states.items():
            own = make_proposal(author=author, coauthors=(coauthor,), district_id=here, **columns)
            found[state] = (own, make_proposal(author=suspended, district_id=here, **columns))
        yield found


@pytest.mark.parametrize("state", list(EXPECTED))
def test_every_actor_in_every_state(cast: dict[str, Any], state: str) -> None:
    proposal, of_suspended = cast[state]
    for name, allowed in EXPECTED[state].items():
        may = [
            short
            for short, actor in cast["actors"].items()
            if can(actor, name, of_suspended if short == "SA" else proposal)
        ]
        assert " ".join(may) == allowed, (state, name)


def test_who_may_begin(cast: dict[str, Any]) -> None:
    assert (
        " ".join(short for short, actor in cast["actors"].items() if can(actor, "proposals.create")) == CREATE
    )


def test_steps_belong_to_the_moderation_of_the_district(cast: dict[str, Any]) -> None:
    proposal, _ = cast["public"]
    for short, actor in cast["actors"].items():
        for source in Stage:
            targets = STAGES.targets(actor, proposal, source)
            steps = [to for (start, to) in STAGES.transitions if start is source]
            # A planner answers, and moves by that alone.
            answered = [to for to in steps if to in {Stage.ACCEPTED, Stage.DECLINED}]
            expected = {"MO": steps, "PL": answered}.get(short, [])
            assert targets == expected, (short, source)
