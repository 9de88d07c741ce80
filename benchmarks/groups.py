"""Groups to measure in: a lively one, one with 500 voters, and many others beside; and their rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any, cast

from flask import current_app
from sqlalchemy import Table, insert, select

from benchmarks.load import Get
from benchmarks.rows import Town, row
from benchmarks.towns import seeder
from portal.accounts.models import Account
from portal.core import clock, limits
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.public_id import new_id
from portal.core.text import render_markdown
from portal.groups.models import Group, GroupPost, JoinWay, Method, Privacy
from portal.groups.operations import joining
from portal.groups.operations.deciding import answering, closing, drafting
from portal.groups.operations.deciding.drafting import Wish
from tests.support.factories import sign_in
from tests.support.factories_groups import get_group, make_group, member_of, settled
from tests.support.people import Person

OWN, POSTS, VOTERS = 10, 200, 500
MANY = 1_000  # groups in the larger towns
SIZES = (1_000, 100_000)
TEXT = "Wir treffen uns am Samstag und bringen Werkzeug mit. Wer hat eine Leiter? " * 3


@seeder
def groups(size: int) -> dict[str, Any]:
    """One person in ten groups, half of them discreet; a board, a decision; in larger towns 1,000 groups."""
    if size not in SIZES:
        return {}
    me, others = settled(), [settled() for _ in range(4)]
    own = []
    for number in range(OWN):
        limits.start_over()  # nobody founds ten groups a day; the brake is not what is measured
        privacy = Privacy.DISCREET if number % 2 else Privacy.OPEN
        own.append(make_group(people=[me, *others], privacy=privacy, name=f"Gruppe {number}")[0])
    facts = {"board": _board(own[0], me), "decision": _decision()}
    if size > SIZES[0]:
        _copies(own, MANY - OWN)
    with transaction(write=False):
        group = get_group(own[0])
        return {"group": group.public_id, "member": _cookie(me), **facts}


def _cookie(actor: Actor) -> str:
    person = Person(current_app._get_current_object())  # type: ignore[attr-defined]
    account = session.get_one(Account, actor.account_id)
    sign_in(person.client, account)
    return person.jar()


def _board(group_id: int, me: Actor) -> str:
    """A conversation of 200 posts; returns where it is."""
    with transaction():
        group, member = get_group(group_id), member_of(group_id, me)
        common = {
            "group_id": group.id,
            "author_id": member.id,
            "alias": member.alias,
            "text": TEXT,
            "html": render_markdown(TEXT),
            "language": "de",
            "delete_on": clock.today() + timedelta(days=300),
        }
        thread = GroupPost(title="Werkzeug", **common)
        session.add(thread)
        session.flush()
        session.add_all(GroupPost(thread_id=thread.id, **common) for _ in range(POSTS - 1))
        return f"{group.public_id}/board/{thread.public_id}"


def _decision() -> str:
    """A ranking that 500 people answered; returns where it is."""
    people = [settled() for _ in range(VOTERS)]
    group_id, _ = make_group(people=people[:3], privacy=Privacy.OPEN, join_way=JoinWay.FREE)
    with transaction():
        group = get_group(group_id)
        for number, person in enumerate(people[3:]):
            joining.join_freely(group, actor=person, alias=f"Stimme {number}")
        options = ("Licht", "Bänke", "Regale", "Küche")
        wish = Wish(title="Womit anfangen?", method=Method.RANKING, options=options)
        asked = drafting.draft_decision(group, wish, actor=people[0])
        drafting.open_decision(
            asked, group=group, actor=people[0], closes_at=clock.now() + timedelta(hours=2)
        )
        for number, person in enumerate(people):
            order = [[str((number + place) % 4 + 1)] for place in range(4)]
            answering.hand_in(asked, {"order": order}, group=group, actor=person)
        session.flush()
        closing.close_decision(asked.id, now=clock.now() + timedelta(hours=3))
        return f"{group.public_id}/decisions/{asked.public_id}"


def _copies(own: list[int], many: int) -> None:
    """Other people's groups: the same rows again with ids of their own."""
    table = cast(Table, Group.__table__)
    with transaction():
        first = [dict(session.execute(select(table).where(table.c.id == one)).one()._mapping) for one in own]
        rows = [
            {name: value for name, value in first[number % len(first)].items() if name != "id"}
            | {"public_id": new_id(12)}
            for number in range(many)
        ]
        session.execute(insert(table), rows)


@row("groups, visitor", sizes=SIZES)
def directory(town: Town) -> Iterator[Get]:
    """The list of groups, not kept."""
    return (Get(f"/de/groups?n={number}") for number in count())


@row("group page, visitor", sizes=SIZES)
def group_page(town: Town) -> Iterator[Get]:
    """A group's own page, not kept."""
    return (Get(f"/de/groups/{town.facts['group']}?n={number}") for number in count())


@row("board with 200 posts, member", sizes=SIZES)
def board(town: Town) -> Get:
    """A long conversation."""
    return Get(f"/de/groups/{town.facts['board']}", {"Cookie": town.facts["member"]})


@row("decision with 500 voters, visitor", sizes=SIZES)
def decision(town: Town) -> Iterator[Get]:
    """A decision that is over, in an open group."""
    return (Get(f"/de/groups/{town.facts['decision']}?n={number}") for number in count())


@row("my groups: ten, five of them discreet", sizes=SIZES)
def my_groups(town: Town) -> Get:
    """What only I see."""
    return Get("/de/groups/mine", {"Cookie": town.facts["member"]})
