"""From an idea to a running group, as browsers send it: scenario 1 of the neighbourhood, without scripts."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.accounts.views.adapter import TOKEN
from portal.core.db import session, transaction
from portal.core.i18n import gettext
from portal.groups.models import Group, GroupKind, GroupState, Idea, Membership, MeToo, Preset, Privacy
from tests.groups.conftest import Browse
from tests.proposals.helpers import post
from tests.support.factories import actor_of, make_staff
from tests.support.factories_groups import get_group, group_pid, make_group, settled

pytestmark = pytest.mark.usefixtures("at_noon")

WORDS = {
    "kind": "initiative",
    "origin": "",
    "name": "Sonntagstisch",
    "aim": "Sonntags zusammen kochen",
    "alias": "Amira",
    "preset": "everyone",
    "district": "0",
    "key": "abc",
}


def only(model: type) -> object:
    with transaction(write=False):
        found = session.scalars(select(model)).one()
        session.refresh(found)
        session.expunge(found)
        return found


def begin(browser: FlaskClient, **changed: str) -> str:
    """Both steps; returns the new group's public id."""
    given = {**WORDS, "privacy": "open", **changed}
    first = post(browser, "/de/groups/new", **{n: given[n] for n in ("kind", "privacy", "origin")})
    assert first.status_code == 200, first.text
    assert f'value="{given["privacy"]}"' in first.text
    answer = post(browser, "/de/groups/new/begin", **given)
    assert answer.status_code == 303, answer.text
    return str(answer.location).split("/groups/")[1].split("/")[0]


def test_from_an_idea_to_a_group(app: Flask, browse: Browse) -> None:
    people = [browse(settled()) for _ in range(3)]
    idea = {"title": "Sonntags zusammen kochen", "text": "Für alle.", "district": "0", "key": "k1"}
    for _ in range(2):
        assert post(people[0], "/de/groups/ideas/new", **idea).status_code == 303
    wish = only(Idea)
    assert isinstance(wish, Idea)
    address, origin = f"/de/groups/ideas/{wish.public_id}", f"group_idea:{wish.public_id}"
    assert "Sonntags zusammen kochen" in app.test_client().get("/de/groups/ideas").text
    begin_link = f"/de/groups/new?origin={origin}"
    for browser in people[1:]:
        assert begin_link not in browser.get(address).text.replace("%3A", ":")
        for _ in range(2):
            assert post(browser, f"/de/groups/me-too/group_idea/{wish.public_id}").status_code == 303
    shown = people[2].get(address).text
    assert begin_link in shown.replace("%3A", ":")
    # Pressed twice, said once.
    assert shown.count(gettext("You are counted. Nobody sees who it is.")) == 1
    assert people[2].get(begin_link).status_code == 200
    pid = begin(people[2], origin=origin)
    assert begin(people[2], origin=origin) == pid  # the same form sent twice

    page = people[0].get(address).text
    assert f"/de/groups/{pid}/join" in page
    for number, browser in enumerate(people[:2]):
        assert browser.get(f"/de/groups/{pid}/join").status_code == 200
        for _ in range(2):
            assert post(browser, f"/de/groups/{pid}/join", alias=f"Nachbar {number}").status_code == 303
    found(pid, people)


def found(pid: str, people: list[FlaskClient]) -> None:
    """The checklist, step by step, until they are a group."""
    base = f"/de/groups/{pid}"
    assert post(people[0], f"{base}/found").status_code == 409
    steps = [
        ("founding/charter/1", {"goal": "Niemand isst allein", "for_whom": "Alle"}),
        ("founding/charter/3", {"confidentiality": "Was hier gesagt wird, bleibt hier", "rules": ""}),
        ("founding/contact", {"contact_way": "Sonntags um zwölf im Treff"}),
        ("founding/plan", {"place": "Treff", "time": "", "first_on": "2027-01-10", "starts": "12:00"}),
        ("founding/privacy", {"privacy": "closed"}),
    ]
    for step, fields in steps:
        assert people[0].get(f"{base}/{step}").status_code == 200
        assert post(people[0], f"{base}/{step}", **fields).status_code == 303
    for browser in people:
        assert post(browser, f"{base}/founding/agree").status_code == 303
    page = people[1].get(f"{base}/founding").text
    assert f'action="{base}/found"' in page
    for browser in (people[1], people[1], people[2]):
        assert post(browser, f"{base}/found").status_code == 303
    group = only(Group)
    assert isinstance(group, Group)
    assert (group.state, group.privacy) == (GroupState.ACTIVE, Privacy.CLOSED)
    assert people[0].get(f"{base}/founding").status_code == 404
    assert "10. Januar 2027" in people[1].get(f"{base}/meetings").text


def test_two_are_not_enough_and_outsiders_cannot_open_it(browse: Browse) -> None:
    first, second, outsider = (browse(settled()) for _ in range(3))
    post(first, "/de/groups/ideas/new", title="Chor", text="", district="0", key="k2")
    wish = only(Idea)
    assert isinstance(wish, Idea)
    post(second, f"/de/groups/me-too/group_idea/{wish.public_id}")
    given = {**WORDS, "privacy": "open", "origin": f"group_idea:{wish.public_id}"}
    for browser in (first, outsider):
        assert post(browser, "/de/groups/new/begin", **given).status_code == 422
    post(second, f"/de/groups/me-too/group_idea/{wish.public_id}", take_back="1")
    with transaction(write=False):
        assert session.scalar(select(func.count(MeToo.id))) == 1
        assert session.scalar(select(func.count(Group.id))) == 0


def test_a_discreet_circle_leaves_no_trace_on_the_idea(app: Flask, browse: Browse) -> None:
    """Two are enough, and the idea's page does not know of the group."""
    first, second = browse(settled()), browse(settled())
    post(first, "/de/groups/ideas/new", title="Trocken bleiben", text="", district="0", key="k3")
    wish = only(Idea)
    assert isinstance(wish, Idea)
    post(second, f"/de/groups/me-too/group_idea/{wish.public_id}")
    pid = begin(second, privacy="discreet", kind="self_help", origin=f"group_idea:{wish.public_id}")
    group = only(Group)
    assert isinstance(group, Group)
    assert (group.origin_kind, group.origin_id, group.min_size) == ("", None, 2)
    for browser in (first, second, app.test_client()):
        page = browser.get(f"/de/groups/ideas/{wish.public_id}").text
        assert pid not in page
        assert WORDS["name"] not in page


def test_professionals_begin_networks_only(browse: Browse) -> None:
    worker = browse(actor_of(make_staff("professional")))
    assert "professionals" in worker.get("/de/groups/new").text
    given = {**WORDS, "privacy": "closed"}
    assert post(worker, "/de/groups/new/begin", **given).status_code == 422
    assert post(worker, "/de/groups/new/begin", **{**given, "kind": "professionals"}).status_code == 303


def test_a_changed_charter_is_agreed_to_again(browse: Browse) -> None:
    group_id, people = make_group(founded=False)
    base = f"/de/groups/{group_pid(group_id)}"
    second = browse(people[1])
    assert post(second, f"{base}/founding/charter/1", goal="Nähen", for_whom="").status_code == 303
    with transaction(write=False):
        assert session.scalar(select(func.count()).where(Membership.charter_version == 1)) == 3
    post(second, f"{base}/founding/charter/1", goal="Nähen und stopfen", for_whom="")
    with transaction(write=False):
        assert session.scalar(select(func.count()).where(Membership.charter_version == 2)) == 1
    assert "founding/agree" in browse(people[0]).get(f"{base}/founding").text


@pytest.mark.parametrize("preset", [Preset.CONTACT, Preset.EVERYONE])
def test_every_founder_does_what_the_checklist_says(browse: Browse, preset: Preset) -> None:
    group_id, people = make_group(founded=False, preset=preset)
    base = f"/de/groups/{group_pid(group_id)}"
    last = browse(people[2])
    assert post(last, f"{base}/founding/contact", contact_way="Samstags").status_code == 303
    assert post(last, f"{base}/founding/privacy", privacy="discreet").status_code == 303
    with transaction(write=False):
        assert get_group(group_id).is_discreet
    assert post(last, f"{base}/founding/privacy", privacy="open").status_code in (409, 422)


def test_alone_one_may_still_choose_anything(browse: Browse) -> None:
    group_id, people = make_group(1, founded=False, privacy=Privacy.DISCREET)
    base = f"/de/groups/{group_pid(group_id)}"
    assert post(browse(people[0]), f"{base}/founding/privacy", privacy="open").status_code == 303
    with transaction(write=False):
        assert get_group(group_id).privacy is Privacy.OPEN
        assert session.scalars(select(Membership.account_id)).all() == [people[0].account_id]


def test_visitors_sign_in_before_they_say_me_too(app: Flask, browse: Browse) -> None:
    post(browse(settled()), "/de/groups/ideas/new", title="Chor", text="", district="0", key="k4")
    wish = only(Idea)
    assert isinstance(wish, Idea)
    visitor = app.test_client()
    page = visitor.get(f"/de/groups/ideas/{wish.public_id}").text
    link = re.search(r'href="(/de/groups/me-too/[^"]+)"', page)
    assert link is not None
    assert visitor.get(link[1]).status_code in (302, 303)
    assert browse(settled()).get(link[1]).status_code == 200


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("founding/charter/1", {"goal": "Niemand ist allein", "for_whom": "Alle"}),
        ("decisions/new/majority", {"title": "Niemand ist allein", "question": "Warum?"}),
        ("accompaniment/new", {"goal": "Niemand ist allein", "months": "4", "companion": ""}),
    ],
)
def test_what_was_typed_waits_until_one_is_signed_in_again(
    browse: Browse, path: str, typed: dict[str, str]
) -> None:
    group_id, people = make_group(3, founded=False)
    browser, address = browse(people[0]), f"/de/groups/{group_pid(group_id)}/{path}"
    assert browser.get(address).status_code == 200
    with browser.session_transaction() as cookie:
        token = cookie.pop(TOKEN)
    assert "/de/sign-in" in str(post(browser, address, **typed).location)
    with browser.session_transaction() as cookie:
        cookie[TOKEN] = token
    page = browser.get("/de/sign-in/waiting").text
    assert f'action="{address}"' in page
    assert "Niemand ist allein" in page


def test_kinds_of_groups_are_offered_to_those_who_may(browse: Browse) -> None:
    page = browse(settled()).get("/de/groups/new").text
    assert [kind for kind in GroupKind if f'value="{kind}"' in page] == [
        GroupKind.INITIATIVE,
        GroupKind.SELF_HELP,
        GroupKind.PROJECT,
    ]
