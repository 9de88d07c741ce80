"""A7, CSRF: nothing is written in somebody else's name, for somebody else's thing, or by reading."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core.db import session
from portal.proposals.models import Proposal
from tests.support.whole import WHOLE
from tests.trust.expectations import OK, Cell, cells
from tests.trust.forms import form_of
from tests.trust.walk import path_of
from tests.trust.world import World

# Mail programs post here without a token of ours; the token in the address is the proof (RFC 8058).
WITHOUT_TOKEN = {"/L/unsubscribe/<token>"}
VARIANTS: dict[str, dict[str, str]] = {
    "no token": {},
    "another person's token": {},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "Origin null": {"Origin": "null"},
    "Origin of somebody else": {"Origin": "https://evil.example"},
    "text/plain": {},
}


def posts() -> list[tuple[Cell, str]]:
    """One cell of each route that writes, with somebody who may."""
    found: dict[str, tuple[Cell, str]] = {}
    for cell in cells():
        allowed = [persona for persona, outcome in cell.outcomes.items() if outcome == OK]
        if cell.method == "POST" and allowed:
            found.setdefault(cell.route, (cell, allowed[-1]))
    return list(found.values())


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_other_site_writes_in_my_name(world: World, variant: str) -> None:
    """Every route that writes refuses, and the database stays as it was.

    By day each route is asked without a token, and in two of the six other ways, in turns.
    """
    wrong = []
    turn = list(VARIANTS).index(variant)
    for number, (cell, persona) in enumerate(posts()):
        if turn and number % 3 != turn % 3 and not WHOLE:
            continue
        if cell.route in WITHOUT_TOKEN and variant in {"no token", "another person's token", "text/plain"}:
            continue
        things = world.things[cell.on]
        values = things[cell.state] if cell.state != "*" else next(iter(things.values()))
        answer = send(world, variant, persona, path_of(cell.route, values), fields(world, cell, persona))
        if answer.status_code not in {400, 403} or world.is_changed:
            wrong.append(f"{cell.route}: {answer.status_code}, written: {world.is_changed}")
            world.restore()
    assert wrong == []


def fields(world: World, cell: Cell, persona: str) -> dict[str, Any]:
    """What the form is sent with."""
    return form_of(world, cell.route, cell.state, persona)


def send(world: World, variant: str, persona: str, path: str, data: dict[str, Any]) -> Any:
    """The request as another site would make it."""
    headers = VARIANTS[variant]
    if variant == "text/plain":
        plain = "&".join(f"{name}={value}" for name, value in data.items() if isinstance(value, str))
        token = f"&csrf_token={world.tokens[persona]}"
        given = {"Cookie": world.cookies[persona]}
        return world.client.post(path, data=plain + token, content_type="text/plain", headers=given)
    if variant == "another person's token":
        data["csrf_token"] = world.tokens["RV" if persona != "RV" else "AU"]
    return world.ask(persona, "POST", path, data, headers, token="token" not in variant)


def tables(world: World) -> set[str]:
    """The tables something was written to."""
    return set(world.changes()) if world.is_changed else set()


def own_draft(world: World) -> str:
    """R begins a draft; its id."""
    answer = world.ask("R", "POST", "/de/proposals/new", {"title": "Ein eigener Wunsch"})
    return str(answer.location).split("/drafts/")[1].split("/")[0]


@pytest.mark.parametrize(
    ("step", "field", "kind", "state"),
    [
        ("needs", "remove", "need", "draft"),
        ("photos", "remove", "picture", "draft"),
        ("photos/describe", "picture", "picture", "pending"),
        ("similar", "support", "proposal", "draft"),
        ("similar", "follow", "proposal", "draft"),
        ("similar", "support", "proposal", "hidden"),
        ("similar", "follow", "proposal", "objected"),
    ],
)
def test_ids_of_others_in_a_form_of_my_own(
    world: World, step: str, field: str, kind: str, state: str
) -> None:
    """My draft, your need, picture or proposal: nothing of yours changes."""
    mine = own_draft(world)
    before = rows_of_others(world)
    value = world.things[kind][state]
    data = {field: value.get("nid") or value.get("public_id") or value["pid"], "alt": "Das war ich"}
    world.ask("R", "POST", f"/de/proposals/drafts/{mine}/{step}", data)
    assert rows_of_others(world) == before


def rows_of_others(world: World) -> dict[str, set[tuple[Any, ...]]]:
    """What has changed so far, without what R's own draft is made of."""
    changed = world.changes()
    kept = ("proposal_need", "picture", "proposal_support", "proposal_follow", "proposal_seen_similar")
    return {name: changed.get(name, set()) for name in kept}


@pytest.mark.parametrize(
    ("persona", "path", "data"),
    [
        ("R", "/de/threads/{published}/comments", {"body": "Antwort", "reply_to": "{hidden_comment}"}),
        ("R", "/de/threads/{submitted}/comments", {"body": "Antwort", "reply_to": "{comment}"}),
        ("MX", "/de/office/answers/publish", {"answer": "{worked}"}),
        ("MO", "/de/proposals/{published_proposal}/merge", {"target": "{hidden}", "reason": "So"}),
        ("MO", "/de/proposals/{published_proposal}/merge", {"target": "{draft}", "reason": "So"}),
        ("MO", "/de/proposals/{published_proposal}/contact", {"contact": "{R}", "substitute": "0"}),
        ("R", "/de/sign-in/choose", {"account": "{AU}"}),
        ("V", "/de/sign-in/choose", {"account": "{AU}"}),
    ],
)
def test_ids_of_others_in_fields(world: World, persona: str, path: str, data: dict[str, str]) -> None:
    """Hidden fields that name what is somebody else's change nothing at all."""
    names = {
        "published": world.things["thread"]["published"]["tid"],
        "submitted": world.things["thread"]["submitted"]["tid"],
        "hidden_comment": world.things["comment"]["hidden"]["pid"],
        "comment": world.things["comment"]["visible"]["pid"],
        "worked": world.things["proposal"]["worked"]["pid"],
        "published_proposal": world.things["proposal"]["published"]["pid"],
        "hidden": world.things["proposal"]["hidden"]["pid"],
        "draft": world.things["proposal"]["draft"]["pid"],
        "R": str(world.people.id("R")),
        "AU": world.people.accounts["AU"].public_id,
    }
    given = {name: value.format(**names) for name, value in data.items()}
    world.ask(persona, "POST", path.format(**names), given)
    assert tables(world) == set()


EXTRA = {
    "role": "administrator",
    "kind": "staff",
    "is_verified": "1",
    "suspended_until": "",
    "author_id": "4",
    "account_id": "4",
    "stage": "accepted",
    "support_count": "999",
    "published_at": "2026-01-01",
    "hidden_at": "",
    "closed": "0",
}


def test_extra_fields_are_ignored(world: World) -> None:
    """Mass assignment: what the form does not ask for is not taken."""
    world.ask("R", "POST", "/de/proposals/new", {"title": "Ein eigener Wunsch", **EXTRA})
    made = session.query(Proposal).filter_by(title="Ein eigener Wunsch").one()
    facts = (made.author_id, made.stage, made.support_count, made.published_at)
    session.rollback()
    assert facts == (world.people.id("R"), "submitted", 0, None)
    world.restore()
    world.ask("R", "POST", "/de/account", {"display_name": "Lene neu", "language": "de", **EXTRA})
    assert tables(world) <= {"account", "audit"}


def test_the_address_decides_and_not_the_body(world: World) -> None:
    """An id in the body that differs from the one in the address is not looked at."""
    path = f"/de/proposals/{world.things['proposal']['published']['pid']}/follow"
    other = world.ids["proposal worked"]
    world.ask("R", "POST", path, {"pid": world.things["proposal"]["worked"]["pid"], "proposal_id": other})
    followed = {row[1] for row in world.changes()["proposal_follow"]}
    assert followed == {world.ids["proposal published"]}
