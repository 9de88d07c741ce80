"""Coming into a group with a browser: at once, by asking, by a code, and what the group answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import transaction
from portal.groups.models import GroupKind, JoinWay, MemberState, Preset, Privacy
from portal.groups.operations import joining, leaving
from tests.groups.conftest import Browse
from tests.proposals.helpers import post
from tests.support.factories import actor_of, make_staff
from tests.support.factories_groups import NAME, get_group, group_pid, make_group, member_of, settled


def state_of(group_id: int, actor: object) -> MemberState:
    with transaction(write=False):
        return member_of(group_id, actor).state  # type: ignore[arg-type]


def test_asking_and_being_taken_in(browse: Browse) -> None:
    group_id, people = make_group(questions=["Können Sie nähen?"])
    base = f"/de/groups/{group_pid(group_id)}"
    new = settled()
    person, contact = browse(new), browse(people[0])
    assert "Können Sie nähen?" in person.get(f"{base}/join").text
    assert post(person, f"{base}/join", alias="Neu").status_code == 422
    for _ in range(2):
        assert post(person, f"{base}/join", alias="Neu", answer_1="Ein wenig").status_code == 303
    assert state_of(group_id, new) is MemberState.REQUESTED
    assert f"{base}/requests" in contact.get(base).text
    page = contact.get(f"{base}/requests").text
    assert "Ein wenig" in page
    request = page.split(f"{base}/requests/")[1].split('"')[0]
    for browser in (browse(people[1]), person, browse(settled())):
        assert browser.get(f"{base}/requests").status_code == 404
        assert post(browser, f"{base}/requests/{request}", answer="yes").status_code == 404
    assert post(contact, f"{base}/requests/{request}", answer="yes").status_code == 303
    assert state_of(group_id, new) is MemberState.MEMBER
    again = post(contact, f"{base}/requests/{request}", answer="yes")
    assert "schon" in contact.get(again.location).text


def test_declined_means_waiting_sixty_days(browse: Browse) -> None:
    group_id, people = make_group()
    base = f"/de/groups/{group_pid(group_id)}"
    new = settled()
    person = browse(new)
    post(person, f"{base}/join", alias="Neu")
    with transaction(write=False):
        request = member_of(group_id, new).public_id
    assert post(browse(people[0]), f"{base}/requests/{request}", answer="no").status_code == 303
    assert post(person, f"{base}/join", alias="Neu").status_code == 422


def test_a_request_is_taken_back_without_a_trace(browse: Browse) -> None:
    group_id, _people = make_group()
    base = f"/de/groups/{group_pid(group_id)}"
    person = browse(settled())
    post(person, f"{base}/join", alias="Neu")
    assert f"{base}/take-back" in person.get(base).text
    for _again in range(2):
        assert post(person, f"{base}/take-back").status_code == 303


def test_a_full_group_has_a_waiting_list(browse: Browse) -> None:
    group_id, people = make_group(join_way=JoinWay.FREE, capacity=3)
    base = f"/de/groups/{group_pid(group_id)}"
    new = settled()
    person = browse(new)
    post(person, f"{base}/join", alias="Neu")
    assert state_of(group_id, new) is MemberState.WAITING
    with transaction():
        leaving.leave(get_group(group_id), actor=people[2])
    assert state_of(group_id, new) is MemberState.MEMBER


@pytest.mark.parametrize("privacy", list(Privacy))
def test_three_words_open_a_group(app: Flask, browse: Browse, privacy: Privacy) -> None:
    group_id, people = make_group(privacy=privacy)
    with transaction():
        code = joining.make_code(get_group(group_id), actor=people[0])
    new = settled()
    person = browse(new)
    assert person.get("/de/groups/code").status_code == 200
    assert post(person, "/de/groups/code", code="wrong words here").status_code == 422
    page = post(person, "/de/groups/code", code=code.upper().replace(" ", "-"))
    assert (page.status_code, NAME in page.text) == (200, True)
    assert NAME not in page.text.split("<title>")[1].split("</title>")[0]
    assert post(person, "/de/groups/code/join", code=code, alias="").status_code == 422
    answer = post(person, "/de/groups/code/join", code=code, alias="Neu")
    assert answer.status_code == 303
    assert person.get(answer.location).status_code == 200
    # A second tap, and the same code for somebody else: it is used up.
    assert post(person, "/de/groups/code/join", code=code, alias="Neu").status_code == 303
    other = browse(settled())
    assert post(other, "/de/groups/code/join", code=code, alias="Andere").status_code == 422
    assert app.test_client().get("/de/groups/code").status_code in (302, 303)


def test_guessing_codes_ends_soon(browse: Browse) -> None:
    person = browse(settled())
    answers = [
        post(person, "/de/groups/code/join", code=f"bomi saru te{n}", alias="Neu").status_code
        for n in range(12)
    ]
    assert answers == [422] * 10 + [429] * 2


def test_whoever_waits_in_vain_or_had_a_no_sees_similar_groups(browse: Browse) -> None:
    """The nearest first, by kind and district; none that only takes codes, none of one's own, no discreet."""
    group_id, people = make_group(3, kind=GroupKind.PROJECT)
    same, _same = make_group(3, kind=GroupKind.PROJECT, name="Fahrradküche")
    make_group(3, name="Chor", kind=GroupKind.INITIATIVE)
    make_group(3, name="Nur mit Code", join_way=JoinWay.CODE)
    make_group(3, privacy=Privacy.DISCREET, name="Stiller Kreis")
    base, asker, declined = f"/de/groups/{group_pid(group_id)}", settled(), settled()
    for person, name in ((asker, "Eins"), (declined, "Zwei")):
        assert post(browse(person), f"{base}/join", alias=name).status_code == 303
    assert "Fahrradküche" not in browse(asker).get(base).text
    with transaction():
        joining.decline(member_of(group_id, declined), group=get_group(group_id), actor=people[0])
        member_of(group_id, asker).asked_on = clock.today() - timedelta(days=28)
    for person in (asker, declined):
        page = browse(person).get(base).text
        assert 0 < page.index("Fahrradküche") < page.index("Chor")
        assert "Nur mit Code" not in page
        assert "Stiller Kreis" not in page
    with transaction():
        joining.ask_to_join(get_group(same), actor=asker, alias="Eins", answers=[])
    assert "Fahrradküche" not in browse(asker).get(base).text
    assert "Fahrradküche" not in browse(people[1]).get(base).text


def test_two_members_take_somebody_in_without_a_leader(browse: Browse) -> None:
    group_id, people = make_group(4, preset=Preset.CONTACT)
    base = f"/de/groups/{group_pid(group_id)}"
    new = settled()
    post(browse(new), f"{base}/join", alias="Neu")
    member = browse(people[1])
    assert member.get(f"{base}/requests").status_code == 404
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
    page = member.get(f"{base}/requests").text
    with transaction(write=False):
        request = member_of(group_id, new).public_id
    assert f"{base}/requests/{request}/together" in page
    assert post(member, f"{base}/requests/{request}").status_code == 404
    assert post(member, f"{base}/requests/{request}/together").status_code == 303
    assert state_of(group_id, new) is MemberState.REQUESTED


def test_nobody_asks_a_discreet_group(app: Flask, browse: Browse) -> None:
    group_id, _people = make_group(privacy=Privacy.DISCREET)
    base = f"/de/groups/{group_pid(group_id)}"
    staff = [browse(actor_of(make_staff(role))) for role in ("professional", "moderator", "administrator")]
    for browser in (browse(settled()), *staff):
        for path in ("", "/join", "/requests", "/about", "/founding"):
            assert browser.get(base + path).status_code == 404
        assert post(browser, f"{base}/join", alias="Neu").status_code == 404
    assert app.test_client().get(f"{base}/join").status_code in (302, 303)


def test_a_suspended_resident_does_not_join(browse: Browse) -> None:
    group_id, _people = make_group(join_way=JoinWay.FREE)
    person = browse(settled(suspended_until=clock.now() + timedelta(days=3)))
    assert post(person, f"/de/groups/{group_pid(group_id)}/join", alias="Neu").status_code == 403
