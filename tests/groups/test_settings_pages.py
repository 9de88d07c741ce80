"""Words to join, what others read, privacy, charter and history of a group on pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.models import JoinWay, Membership, Privacy
from portal.groups.operations import joining, leaving
from tests.groups.conftest import Browse
from tests.groups.roles import path_of, went_to
from tests.support.factories_groups import get_group, make_group, member_of, settled

pytestmark = pytest.mark.usefixtures("at_noon")


def test_slips_are_shown_once_and_open_the_group(browse: Browse) -> None:
    group_id, people = make_group(3)
    boss = browse(people[0])
    boss.post(path_of(group_id, "invitations/void"))
    assert boss.post(path_of(group_id, "invitations"), data={"slips": "13"}).status_code == 422
    sheet = boss.post(path_of(group_id, "invitations"), data={"slips": "2"})
    assert sheet.status_code == 200
    assert sheet.headers["Cache-Control"] == "no-store"
    codes = codes_on(sheet)
    assert len(set(codes)) == 2
    guest = settled()
    with transaction():
        joining.join_by_code(codes[0], actor=guest, alias="Gast")
    assert "One person can still" in boss.get(path_of(group_id, "invitations")).text
    boss.post(path_of(group_id, "invitations/void"))
    with transaction(), pytest.raises(joining.CodeNotValid):
        joining.join_by_code(codes[1], actor=settled(), alias="Gast 2")


def test_a_sheet_sent_twice_is_one_sheet(browse: Browse) -> None:
    """The same form shows the same words again, without those used; another form is another sheet."""
    group_id, people = make_group(3)
    boss, guest = browse(people[0]), settled()
    boss.post(path_of(group_id, "invitations/void"))
    form = boss.get(path_of(group_id, "invitations")).text
    key = form.split('name="form_key"')[1].split('value="')[1].split('"')[0]
    sent = {"slips": "3", "form_key": key}
    first, again = (codes_on(boss.post(path_of(group_id, "invitations"), data=sent)) for _ in range(2))
    assert first == again
    assert len(set(first)) == 3
    other = codes_on(boss.post(path_of(group_id, "invitations"), data={**sent, "form_key": "neu"}))
    assert not set(first) & set(other)
    with transaction():
        joining.join_by_code(first[0], actor=guest, alias="Gast")
    assert codes_on(boss.post(path_of(group_id, "invitations"), data=sent)) == first[1:]
    boss.post(path_of(group_id, "invitations/void"))
    void = boss.post(path_of(group_id, "invitations"), data=sent)
    assert void.status_code == 422
    assert "used up or void" in void.text
    assert not codes_on(browse(people[1]).post(path_of(group_id, "invitations"), data=sent))


def test_open_invitations_are_shown_by_day_and_made_void_by_day(browse: Browse) -> None:
    group_id, people = make_group(3)
    with transaction():
        get_group(group_id).member_rights = [*get_group(group_id).member_rights, "accept_members"]
    browse(people[0]).post(path_of(group_id, "invitations/void"))
    old = codes_on(browse(people[0]).post(path_of(group_id, "invitations"), data={"slips": "2"}))
    with time_machine.travel(clock.now() + timedelta(days=3)):
        boss = browse(people[0])
        new = codes_on(boss.post(path_of(group_id, "invitations"), data={"slips": "1"}))
        page = boss.get(path_of(group_id, "invitations")).text
        assert "3 people can still" in page
        assert page.count("Make these void") == 2
        day = (clock.today() - timedelta(days=3)).isoformat()
        assert f'value="{day}"' in page
        assert boss.post(path_of(group_id, "invitations/void"), data={"made_on": day}).status_code == 303
        guest = settled()
        with transaction(), pytest.raises(joining.CodeNotValid):
            joining.join_by_code(old[0], actor=guest, alias="Gast")
        with transaction():
            joining.join_by_code(new[0], actor=guest, alias="Gast")


def codes_on(sheet: TestResponse) -> list[str]:
    """The words on a sheet of slips."""
    return [part.split("</strong>")[0] for part in sheet.text.split('<strong class="code ltr">')[1:]]


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
