"""Words to join, what others read, privacy, charter and history of a group on pages."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core.db import session, transaction
from portal.groups.models import JoinWay, Membership, Privacy
from portal.groups.operations import joining, leaving
from tests.groups.conftest import Browse
from tests.groups.roles import path_of, went_to
from tests.support.factories_groups import get_group, make_group, member_of, settled


def test_slips_are_shown_once_and_open_the_group(browse: Browse) -> None:
    group_id, people = make_group(3)
    boss = browse(people[0])
    boss.post(path_of(group_id, "invitations/void"))
    assert boss.post(path_of(group_id, "invitations"), data={"slips": "13"}).status_code == 422
    sheet = boss.post(path_of(group_id, "invitations"), data={"slips": "2"})
    assert sheet.status_code == 200
    assert sheet.headers["Cache-Control"] == "no-store"
    codes = [part.split("</strong>")[0] for part in sheet.text.split('<strong class="code ltr">')[1:]]
    assert len(set(codes)) == 2
    guest = settled()
    with transaction():
        joining.join_by_code(codes[0], actor=guest, alias="Gast")
    assert "One person can still" in boss.get(path_of(group_id, "invitations")).text
    boss.post(path_of(group_id, "invitations/void"))
    with transaction(), pytest.raises(joining.CodeNotValid):
        joining.join_by_code(codes[1], actor=settled(), alias="Gast 2")


def test_slips_of_a_discreet_group_do_not_say_for_what(browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET, name="Kanarienvogel")
    sheet = browse(people[0]).post(path_of(group_id, "invitations"), data={"slips": "1"})
    assert "Kanarienvogel" not in sheet.text
    assert 'class="code ltr"' in sheet.text


def test_what_others_read_is_changed(browse: Browse) -> None:
    group_id, people = make_group(3)
    boss = browse(people[0])
    data = {"name": "Nähtreff", "aim": "Nähen", "languages": ["de", "ar"], "meeting_interval_days": "14"}
    assert boss.post(path_of(group_id, "settings"), data={**data, "name": " "}).status_code == 422
    assert went_to(boss.post(path_of(group_id, "settings"), data=data), "/about")
    joins = {"join_way": "free", "capacity": "2", "question_1": "Warum?"}
    assert boss.post(path_of(group_id, "joining"), data=joins).status_code == 422
    assert went_to(boss.post(path_of(group_id, "joining"), data={**joins, "capacity": "5"}), "/about")
    with transaction(write=False):
        group = get_group(group_id)
        assert (group.name, group.languages, group.capacity) == ("Nähtreff", ["de", "ar"], 5)
        assert (group.join_way, group.questions) == (JoinWay.FREE, ["Warum?"])


def test_a_discreet_group_is_never_joined_by_asking(browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    answer = browse(people[0]).post(path_of(group_id, "joining"), data={"join_way": "free"})
    assert answer.status_code == 422


def test_more_private_at_once_and_never_less(browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.OPEN)
    boss, member = browse(people[0]), browse(people[1])
    sure = {"privacy": "discreet", "sure": "y"}
    assert boss.post(path_of(group_id, "privacy"), data={"privacy": "discreet"}).status_code == 422
    assert member.post(path_of(group_id, "privacy"), data=sure).status_code == 404
    assert went_to(boss.post(path_of(group_id, "privacy"), data=sure), "/privacy")
    loose = {"privacy": "open", "sure": "y"}
    assert boss.post(path_of(group_id, "privacy"), data=loose).status_code == 422
    with transaction(write=False):
        rows = session.query(Membership).filter_by(group_id=group_id).all()
        assert [row.account_id for row in rows] == [None] * 3
    assert browse(settled()).get(path_of(group_id)).status_code == 404
    assert member.get(path_of(group_id)).status_code == 200


def test_the_charter_is_agreed_to_once(browse: Browse) -> None:
    group_id, people = make_group(3)
    with transaction():
        member_of(group_id, people[1]).charter_version = 0
    member = browse(people[1])
    assert "have not agreed" in member.get(path_of(group_id, "charter")).text
    for _twice in range(2):
        assert went_to(member.post(path_of(group_id, "charter/agree")), "/charter")
    assert "have not agreed" not in member.get(path_of(group_id, "charter")).text


def test_history_names_nobody_and_outsiders_read_only_public_lines(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
    inside = browse(people[1]).get(path_of(group_id, "history")).text
    assert "Somebody left" in inside
    assert "Contact person" in inside
    assert "Nadel" not in inside
    outside = app.test_client().get(path_of(group_id, "history")).text
    assert "The group was founded" in outside
    assert "Somebody left" not in outside
