"""The demo town's data: whole, believable, and within the rules that real people meet."""

import json
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

import portal
from portal.core.actors import StaffRole
from portal.core.geometry import in_polygon, polygons_of, ring_area
from portal.core.i18n import LANGUAGES
from portal.core.mailsafe import valid_address
from portal.core.names import check_display_name, skeleton
from portal.core.text import guess_language, plain_text, render_markdown
from portal.core.town_map import svg_path, town_map
from portal.discussions.models import Stance
from portal.proposals.models import Decision, NeedKind, Stage, Topic, Verdict
from portal.proposals.models.types import NEED_LENGTH, PLACE_LENGTH, SHORT_TEXT_LENGTH, TITLE_LENGTH

FOLDER = Path(portal.__file__).parent / "demo" / "data"
PLAIN = "leicht"


def _load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


TOWN = _load("districts.geojson")
PEOPLE = _load("people.json")
PROPOSALS: list[dict[str, Any]] = _load("proposals.json")
GEOMETRIES = {feature["properties"]["slug"]: feature["geometry"] for feature in TOWN["features"]}
RESIDENTS = {person["key"]: person for person in PEOPLE["residents"]}
STAFF = {person["key"]: person for person in PEOPLE["staff"]}
EVERYBODY = [*PEOPLE["residents"], *PEOPLE["staff"], *PEOPLE["crowd"]]


def _ring(slug: str) -> list[tuple[float, float]]:
    return polygons_of(GEOMETRIES[slug])[0][0]


# --- the town -------------------------------------------------------------------------------------


def test_eight_districts_with_believable_borders() -> None:
    assert len(GEOMETRIES) == 8
    for feature in TOWN["features"]:
        (rings,) = polygons_of(feature["geometry"])
        (ring,) = rings
        assert 40 <= len(ring) <= 150
        assert ring[0] == ring[-1]
        assert len(set(ring)) == len(ring) - 1
        assert ring_area(ring) > 0  # counter-clockwise, RFC 7946 section 3.1.6
        assert in_polygon(*feature["properties"]["label"], rings)


def test_neighbours_share_their_borders_point_by_point() -> None:
    sides = Counter(frozenset(pair) for slug in GEOMETRIES for pair in pairwise(_ring(slug)))
    assert set(sides.values()) == {1, 2}
    shared = [
        (one, other)
        for one, other in combinations(GEOMETRIES, 2)
        if {frozenset(pair) for pair in pairwise(_ring(one))}
        & {frozenset(pair) for pair in pairwise(_ring(other))}
    ]
    assert len(shared) >= 11
    # All common borders belong to exactly two districts, so the parts make up the whole.
    outer = [tuple(side) for side, count in sides.items() if count == 1]
    ends = Counter(point for side in outer for point in side)
    assert set(ends.values()) == {2}


def _turn(a: Any, b: Any, c: Any) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def test_no_borders_cross() -> None:
    sides = {tuple(sorted(pair)) for slug in GEOMETRIES for pair in pairwise(_ring(slug))}
    for (a, b), (c, d) in combinations(sorted(sides), 2):
        if len({a, b, c, d}) == 4:
            crosses = _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0
            assert not crosses


def test_river_runs_along_borders() -> None:
    river = [tuple(point) for point in TOWN["river"]["coordinates"]]
    banks = {point for slug in GEOMETRIES for point in _ring(slug)}
    assert len(river) > 60
    assert set(river) <= banks


def test_map_is_small_enough_for_a_slow_line() -> None:
    town = town_map(GEOMETRIES)
    assert sum(len(area.path) for area in town.areas) < 5_000
    names = {feature["properties"]["slug"]: feature["properties"]["name"] for feature in TOWN["features"]}
    assert sum(area.fits(names[area.key], 26) for area in town.areas) >= 6
    river = svg_path(
        [[town.projection.point(*point) for point in TOWN["river"]["coordinates"]]], closed=False
    )
    assert river.startswith("M")


# --- the people -----------------------------------------------------------------------------------


def test_people_are_as_many_as_promised() -> None:
    assert len(PEOPLE["residents"]) == 14
    roles = Counter(role["role"] for person in PEOPLE["staff"] for role in person["roles"])
    assert roles == {"moderator": 3, "professional": 2, "planner": 1, "administrator": 2}
    assert {person["language"] for person in PEOPLE["residents"]} == set(LANGUAGES)
    assert {person["district"] for person in PEOPLE["residents"]} == set(GEOMETRIES)


def test_every_name_passes_the_rules_and_no_two_look_alike() -> None:
    for person in EVERYBODY:
        assert check_display_name(person["name"]) == person["name"]
    assert len({skeleton(person["name"]) for person in EVERYBODY}) == len(EVERYBODY)
    assert len({person["key"] for person in EVERYBODY}) == len(EVERYBODY)


def test_addresses_lead_nowhere() -> None:
    addresses = [
        valid_address(person["email"]).canonical for person in [*PEOPLE["residents"], *PEOPLE["staff"]]
    ]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith("lindental.example") for address in addresses)
    for organization in PEOPLE["organizations"]:
        assert organization["website"].startswith("https://")
        assert organization["website"].endswith(".example")


def test_roles_have_a_scope_that_exists() -> None:
    organizations = {organization["key"] for organization in PEOPLE["organizations"]}
    for person in PEOPLE["staff"]:
        for role in person["roles"]:
            StaffRole(role["role"])
            assert set(role["districts"]) <= set(GEOMETRIES)
            assert (role["organization"] in organizations) == (role["role"] == "professional")


# --- the proposals --------------------------------------------------------------------------------


def test_proposals_are_as_many_and_as_mixed_as_promised() -> None:
    assert len(PROPOSALS) == 36
    assert len({proposal["key"] for proposal in PROPOSALS}) == 36
    assert len({proposal["title"] for proposal in PROPOSALS}) == 36
    assert {proposal["language"] for proposal in PROPOSALS} == {"de", "tr", "uk", "ar", "en"}
    assert {proposal["district"] for proposal in PROPOSALS} == set(GEOMETRIES)
    assert {proposal["author"] for proposal in PROPOSALS} == set(RESIDENTS)
    assert {Stage(proposal["stage"]) for proposal in PROPOSALS} == set(Stage) - {Stage.IN_ROUND}
    versions = Counter(version["language"] for proposal in PROPOSALS for version in proposal["versions"])
    assert versions[PLAIN] >= 8
    assert min(versions[language] for language in ("en", "tr", "ar", "uk", "de")) >= 3
    assert sum(3 <= len(proposal["comments"]) <= 8 for proposal in PROPOSALS) >= 25
    kinds = {need["kind"] for proposal in PROPOSALS for need in proposal["needs"]}
    assert kinds == set(NeedKind)


@pytest.mark.parametrize("proposal", PROPOSALS, ids=[proposal["key"] for proposal in PROPOSALS])
def test_proposal_is_whole(proposal: dict[str, Any]) -> None:
    Topic(proposal["topic"])
    assert in_polygon(proposal["lon"], proposal["lat"], polygons_of(GEOMETRIES[proposal["district"]])[0])
    assert set(proposal["coauthors"]) <= set(RESIDENTS) - {proposal["author"]}
    assert 1 <= proposal["support"] <= len(RESIDENTS) + len(PEOPLE["crowd"]) - 1 - len(proposal["coauthors"])
    assert len(proposal["place"]) <= PLACE_LENGTH
    _assert_words(proposal)
    for version in proposal["versions"]:
        assert version["language"] != proposal["language"]
        assert version["language"] in LANGUAGES
        _assert_words(version)
    languages = [version["language"] for version in proposal["versions"]]
    assert len(set(languages)) == len(languages)


def _assert_words(words: dict[str, Any]) -> None:
    """Titles and texts are there, not too long, in the language they say, and survive the sanitiser whole."""
    assert 8 <= len(words["title"]) <= TITLE_LENGTH
    for field in ("what", "why", "for_whom"):
        assert 8 <= len(words[field]) <= SHORT_TEXT_LENGTH
        assert "&lt;" not in render_markdown(words[field])
    language = "de" if words["language"] == PLAIN else words["language"]
    assert guess_language(plain_text(words["what"]), "?") == language


@pytest.mark.parametrize("proposal", PROPOSALS, ids=[proposal["key"] for proposal in PROPOSALS])
def test_needs_and_pledges_add_up(proposal: dict[str, Any]) -> None:
    for need in proposal["needs"]:
        NeedKind(need["kind"])
        assert need["words"]
        assert len(need["words"]) <= NEED_LENGTH
        assert need["quantity"] > 0
        assert sum(pledge["quantity"] for pledge in need["pledges"]) <= need["quantity"]
        helpers = [pledge["by"] for pledge in need["pledges"]]
        assert len(set(helpers)) == len(helpers)
        assert set(helpers) <= {*RESIDENTS, *STAFF}


@pytest.mark.parametrize("proposal", PROPOSALS, ids=[proposal["key"] for proposal in PROPOSALS])
def test_comments_come_from_demo_people_in_time(proposal: dict[str, Any]) -> None:
    for comment in proposal["comments"]:
        assert 0 < comment["days_ago"] < proposal["days_ago"]
        for reply in comment["replies"]:
            assert 0 < reply["days_ago"] < comment["days_ago"]
        for said in (comment, *comment["replies"]):
            assert said["author"] in RESIDENTS
            assert said["language"] in LANGUAGES
            assert said["text"]
            assert said["stance"] is None or Stance(said["stance"])


@pytest.mark.parametrize("proposal", PROPOSALS, ids=[proposal["key"] for proposal in PROPOSALS])
def test_answers_fit_the_stage(proposal: dict[str, Any]) -> None:
    answered = {Stage.ACCEPTED, Stage.DECLINED, Stage.UNDER_WAY, Stage.DONE}
    assert (proposal["answer"] is not None) == (proposal["stage"] in answered)
    if proposal["answer"] is not None:
        declined = Decision(proposal["answer"]["decision"]) == Decision.DECLINED
        assert declined == (proposal["stage"] == Stage.DECLINED)
        assert len(proposal["answer"]["text"]) > 80
        assert 0 < proposal["answer"]["days_ago"] < proposal["days_ago"]
        assert STAFF[proposal["answer"]["by"]]["roles"][0]["role"] == "planner"
    if proposal["assessment"] is not None:
        assert Verdict(proposal["assessment"]["verdict"])
        assert proposal["assessment"]["reason"]
        assert STAFF[proposal["assessment"]["by"]]["roles"][0]["role"] == "professional"
    assert proposal["stage"] != Stage.EXAMINED or proposal["assessment"] is not None


def test_money_is_in_cents_and_plausible() -> None:
    amounts = [need["quantity"] for p in PROPOSALS for need in p["needs"] if need["kind"] == NeedKind.MONEY]
    assert len(amounts) >= 8
    assert all(10_000 <= amount <= 10_000_000 for amount in amounts)


# --- what the town asks ---------------------------------------------------------------------------

PROCESSES: list[dict[str, Any]] = _load("processes.json")


def test_one_process_runs_one_is_over_one_comes() -> None:
    spans = {
        one["key"]: (min(p["from"] for p in one["phases"]), max(p["to"] for p in one["phases"]))
        for one in PROCESSES
    }
    assert sorted((first <= 0 <= last, last < 0, first > 0) for first, last in spans.values()) == [
        (False, False, True),
        (False, True, False),
        (True, False, False),
    ]


def test_proposals_of_a_process_were_made_while_it_took_them() -> None:
    born = {one["key"]: -one["days_ago"] for one in PROPOSALS}
    for process in PROCESSES:
        open_ = [p for p in process["phases"] if p["kind"] == "proposals"]
        for key in process["proposals"]:
            assert any(p["from"] < born[key] <= p["to"] for p in open_), key


def test_processes_keep_the_rules_of_people() -> None:
    for process in PROCESSES:
        for text in (process, *process["versions"]):
            assert len(text["title"]) <= TITLE_LENGTH
            assert len(text["summary"]) <= 400
            assert plain_text(text["body"])
        assert process["by"] in STAFF
        assert process["contact"] in STAFF
        assert {version["language"] for version in process["versions"]} <= set(LANGUAGES) - {"de"}
