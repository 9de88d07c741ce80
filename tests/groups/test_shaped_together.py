"""Nobody holds the role: two members together change what others read and how people join."""

from __future__ import annotations

import re

import pytest

from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.groups.errors import AimMissing, CapacityTooSmall, NothingToDecide
from portal.groups.models import JoinWay, PairAct
from portal.groups.operations import leaving, pairs
from portal.groups.operations.profile import Profile, change_profile, changes_in, profile_of_group
from tests.groups.conftest import Browse, Make, group
from tests.groups.roles import path_of
from tests.support.factories_groups import get_group, make_group


def test_two_change_only_what_they_saw(make: Make) -> None:
    """What is changed otherwise in the meantime stays."""
    group_id, people = make(4)
    with transaction():
        leaving.leave(group(group_id), actor=people[0])
    wish = Profile(name="Neu", aim="Neues Ziel", languages=("de", "tr"), capacity=9, questions=("Woher?",))
    with transaction():
        found = group(group_id)
        begun = pairs.start_together(found, "profile", actor=people[1], **changes_in(found, wish))
        act = begun.id
        aim = pairs.start_together(found, "aim", actor=people[1], words="Ein anderes")
        pairs.confirm_together(aim, group=found, actor=people[2])
        assert group(group_id).name != "Neu"
    with transaction():
        pairs.confirm_together(session.get_one(PairAct, act), group=group(group_id), actor=people[3])
        now = profile_of_group(group(group_id))
        assert (now.name, now.aim, now.languages) == ("Neu", "Neues Ziel", ("de", "tr"))
        assert (now.capacity, now.questions, now.join_way) == (9, ("Woher?",), JoinWay.REQUEST)
        assert session.get_one(PairAct, act).data == "{}"
    with transaction():
        found = group(group_id)
        late = pairs.start_together(found, "profile", actor=people[1], name="Später")
        words = pairs.start_together(found, "contact", actor=people[1], words="Am Tor")
        pairs.confirm_together(words, group=found, actor=people[2])
        pairs.confirm_together(late, group=found, actor=people[2])
        assert (group(group_id).name, group(group_id).contact_way) == ("Später", "Am Tor")


def test_what_is_wrong_is_said_before_a_second_is_asked(make: Make) -> None:
    group_id, people = make(3)
    with transaction():
        leaving.leave(group(group_id), actor=people[0])
    for wish, error in (
        (Profile(name="Neu", aim=" "), AimMissing),
        (Profile(name="Neu", aim="Ziel", capacity=1), CapacityTooSmall),
    ):
        with transaction(), pytest.raises(error):
            changes_in(group(group_id), wish)
    with transaction(), pytest.raises(NotFound):
        change_profile(group(group_id), Profile(name="Allein", aim="Ziel"), actor=people[1])


def test_where_somebody_holds_the_role_nobody_else_begins_it(make: Make) -> None:
    group_id, people = make(3)
    with transaction(), pytest.raises(NothingToDecide):
        pairs.start_together(group(group_id), "profile", actor=people[1], name="Neu")


def test_what_cannot_be_done_any_more_is_not_half_done(browse: Browse) -> None:
    """The second yes is taken back with it: the first one can still call it off."""
    group_id, people = make_group(3)
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
        began = pairs.start_together(get_group(group_id), "profile", actor=people[1], capacity=4)
        act = began.id
    with transaction():
        get_group(group_id).min_size = 5
    browser = browse(people[2])
    (address,) = re.findall(r'action="([^"]+/confirm)"', browser.get(path_of(group_id, "together")).text)
    assert browser.post(address).status_code == 303
    assert "needs room for at least as many people" in browser.get(path_of(group_id, "together")).text
    with transaction(write=False):
        assert session.get_one(PairAct, act).confirmed_by_id is None


def test_two_change_it_on_the_pages(browse: Browse) -> None:
    group_id, people = make_group(3)
    one, two = browse(people[1]), browse(people[2])
    assert one.get(path_of(group_id, "settings")).status_code == 404
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
    page = one.get(path_of(group_id, "settings")).text
    assert "A second member has to confirm it." in page
    said = {"name": "Nadel", "aim": "Wir nähen", "languages": ["de", "uk"], "district": ""}
    assert one.post(path_of(group_id, "settings"), data={**said, "aim": ""}).status_code == 422
    assert one.post(path_of(group_id, "settings"), data=said).status_code == 303
    joins = {"join_way": "request", "capacity": "12", "question_1": "Was nähen Sie?"}
    assert one.post(path_of(group_id, "joining"), data=joins).status_code == 303
    with transaction(write=False):
        assert get_group(group_id).name != "Nadel"
    shown = two.get(path_of(group_id, "together")).text
    assert "Name of the group: Nadel" in shown
    assert "Room for how many people? 12" in shown
    assert "Was nähen Sie?" in shown
    for address in re.findall(r'action="([^"]+/confirm)"', shown):
        assert two.post(address).status_code == 303
    with transaction(write=False):
        found = get_group(group_id)
        assert (found.name, found.languages, found.capacity) == ("Nadel", ["de", "uk"], 12)
        assert found.questions == ["Was nähen Sie?"]
