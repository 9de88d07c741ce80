"""A group's own pages, who may open them, and what they say to whom."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.groups.models import Privacy
from tests.groups.conftest import Browse
from tests.support.factories_groups import AIM, NAME, WAY, group_pid, make_group, settled
from tests.support.people import TOKEN


def without_token(text: str) -> str:
    """A page as it is for everybody: the form that signs out carries another token each time."""
    return re.sub(r'name="csrf-token" content="[^"]*"', "", TOKEN.sub("", text))


@pytest.mark.parametrize("privacy", [Privacy.OPEN, Privacy.CLOSED])
def test_everybody_reads_the_card(app: Flask, privacy: Privacy) -> None:
    group_id, _people = make_group(privacy=privacy)
    visitor = app.test_client()
    page = visitor.get(f"/de/groups/{group_pid(group_id)}")
    assert page.status_code == 200
    assert NAME in page.text
    assert AIM in page.text
    assert WAY in page.text
    assert NAME in visitor.get("/de/groups").text


def test_a_closed_group_shows_its_charter_to_members_only(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(privacy=Privacy.CLOSED)
    address = f"/de/groups/{group_pid(group_id)}/about"
    assert "charter-title" not in app.test_client().get(address).text
    assert "charter-title" in browse(people[1]).get(address).text


def test_members_of_a_closed_group_read_how_many_they_are(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.CLOSED)
    address = f"/en/groups/{group_pid(group_id)}"
    assert "5 people" in browse(settled()).get(address).text
    assert "5 people" not in browse(people[1]).get(address).text
    assert "3 people" in browse(people[1]).get(address).text


def test_a_discreet_group_is_found_by_its_members_only(app: Flask, browse: Browse) -> None:
    group_id, _people = make_group(privacy=Privacy.DISCREET)
    pid = group_pid(group_id)
    outsider = browse(settled())
    unknown = outsider.get("/de/groups/abcdefghjkmn")
    for path in (f"/de/groups/{pid}", f"/de/groups/{pid}/about"):
        assert without_token(outsider.get(path).text) == without_token(unknown.text)
        assert app.test_client().get(path).status_code == 404
    for path in ("/de/groups", "/de/groups/mine"):
        page = outsider.get(path).text
        assert NAME not in page
        assert pid not in page


def test_pages_of_a_discreet_group_keep_quiet(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(privacy=Privacy.DISCREET)
    pid = group_pid(group_id)
    member = browse(people[1])
    for path in (f"/de/groups/{pid}", f"/de/groups/{pid}/about", "/de/groups/mine"):
        answer = member.get(path)
        assert answer.status_code == 200
        title = answer.text.split("<title>")[1].split("</title>")[0]
        assert NAME not in title
        assert "data-leave" in answer.text
        assert 'rel="alternate"' not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_my_groups_are_mine(browse: Browse) -> None:
    _first, people = make_group(name="Garten")
    make_group(name="Chor")
    page = browse(people[0]).get("/de/groups/mine").text
    assert "Garten" in page
    assert "Chor" not in page
