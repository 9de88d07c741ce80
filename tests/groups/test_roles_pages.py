"""Members, roles and what two do together: each button without scripts, only for those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.core import clock
from portal.core.db import session, transaction
from portal.groups.jobs import tick
from portal.groups.models import GroupRole, MemberState, PairAct, Preset, Privacy, Right, RoleClaim, RoleOffer
from portal.groups.operations import leaving
from tests.groups.conftest import Browse
from tests.groups.roles import asks, count_queries, holds, path_of, pid_in, role_data, went_to
from tests.support.factories_groups import get_group, make_group, member_of, settled

PAGES = (
    *("members", "me", "roles", "roles/new", "roles/contact", "roles/contact/change", "rights", "together"),
    *("leave", "pause", "goes-on", "invitations", "settings", "joining", "privacy", "charter", "history"),
)


@pytest.mark.parametrize("privacy", list(Privacy))
def test_every_page_opens_for_whoever_holds_the_role(app: Flask, browse: Browse, privacy: Privacy) -> None:
    group_id, people = make_group(4, privacy=privacy)
    boss, stranger = browse(people[0]), browse(settled())
    for page in PAGES:
        answer = boss.get(path_of(group_id, page))
        assert answer.status_code == 200, page
        seen = stranger.get(path_of(group_id, page)).status_code
        is_public = privacy is not Privacy.DISCREET and page == "history"
        is_open = privacy is Privacy.OPEN and page == "charter"
        assert seen == (200 if is_public or is_open else 404), page
        assert app.test_client().get(path_of(group_id, page)).status_code in (200, 302, 303, 404)


def test_a_member_without_a_role_shares_nothing_out(browse: Browse) -> None:
    group_id, people = make_group(3)
    member = browse(people[1])
    for page in ("roles/new", "roles/contact/change", "rights", "invitations", "settings", "joining"):
        assert member.get(path_of(group_id, page)).status_code == 404, page
    for page in ("roles/contact/drop", "invitations/void"):
        assert member.post(path_of(group_id, page)).status_code == 404, page


def test_a_discreet_group_names_nobody_but_oneself(browse: Browse) -> None:
    group_id, people = make_group(4, privacy=Privacy.DISCREET)
    member = browse(people[2])
    for page in ("members", "roles", "roles/contact", "together", "history", "charter"):
        text = member.get(path_of(group_id, page)).text
        for number in (0, 1, 3):
            assert f"Nadel {number}" not in text, page
    assert "Nadel 2" in member.get(path_of(group_id, "members")).text


def test_my_name_and_notices(browse: Browse) -> None:
    group_id, people = make_group(3)
    member = browse(people[1])
    taken = member.post(path_of(group_id, "me"), data={"alias": "Nadel 0", "notices": "full"})
    assert taken.status_code == 422
    answer = member.post(
        path_of(group_id, "me"), data={"alias": "Faden", "notices": "neutral", "shown_publicly": "y"}
    )
    assert went_to(answer, "/members")
    with transaction(write=False):
        row = member_of(group_id, people[1])
        assert (row.alias, row.quiet, row.shown_publicly, row.reach) == ("Faden", True, True, None)


def test_a_discreet_group_keeps_an_account_only_of_whoever_wants_notices(browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    member = browse(people[1])
    for notices, kept in (("neutral", str(people[1].account_id)), ("none", None)):
        data = {"alias": "Nadel 1", "notices": notices, "shown_publicly": "y"}
        assert went_to(member.post(path_of(group_id, "me"), data=data), "/members")
        with transaction(write=False):
            row = member_of(group_id, people[1])
            assert (row.reach, row.account_id, row.shown_publicly) == (kept, None, False)
    full = {"alias": "Nadel 1", "notices": "full"}
    assert member.post(path_of(group_id, "me"), data=full).status_code == 422


def test_without_a_leader_two_members_answer(browse: Browse) -> None:
    group_id, people = make_group(4)
    guest = asks(group_id)
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
    page = path_of(group_id, f"requests/{pid_in(group_id, guest)}/together")
    browse(people[1]).post(page)
    browse(people[1]).post(page)
    with transaction(write=False):
        (act,) = session.query(PairAct).all()
        assert (act.started_by_id, act.confirmed_by_id) == (member_of(group_id, people[1]).id, None)
    assert "Faden" in browse(people[2]).get(path_of(group_id, "together")).text
    confirm = path_of(group_id, f"together/{act.public_id}/confirm")
    browse(people[1]).post(confirm)
    with transaction(write=False):
        assert member_of(group_id, guest).state is MemberState.REQUESTED
    assert went_to(browse(people[2]).post(confirm), "/together")
    assert went_to(browse(people[3]).post(confirm), "/together")
    with transaction(write=False):
        assert member_of(group_id, guest).state is MemberState.MEMBER


def test_starting_what_another_started_confirms_it(browse: Browse) -> None:
    group_id, people = make_group(3)
    guest = asks(group_id)
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
    for person in people[1:]:
        browse(person).post(path_of(group_id, f"requests/{pid_in(group_id, guest)}/together"))
    with transaction(write=False):
        assert member_of(group_id, guest).state is MemberState.MEMBER


def test_two_members_make_an_invitation_and_change_words(browse: Browse) -> None:
    group_id, people = make_group(4)
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
    first, second = browse(people[1]), browse(people[2])
    first.post(path_of(group_id, "together/code"))
    first.post(path_of(group_id, "together/words"), data={"act": "contact", "words": "Im Hof"})
    assert first.post(path_of(group_id, "together/words"), data={"act": "contact"}).status_code == 422
    assert first.post(path_of(group_id, "together/words"), data={"act": "stop"}).status_code == 404
    with transaction(write=False):
        code, words = session.query(PairAct).order_by(PairAct.id).all()
    shown = second.post(path_of(group_id, f"together/{code.public_id}/confirm"))
    assert shown.status_code == 200
    assert "three words" in shown.text
    second.post(path_of(group_id, f"together/{words.public_id}/confirm"))
    with transaction(write=False):
        assert get_group(group_id).contact_way == "Im Hof"
        assert session.get_one(PairAct, words.id).data == "{}"


def test_what_was_started_can_be_called_off(browse: Browse) -> None:
    group_id, people = make_group(3)
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
    browse(people[1]).post(path_of(group_id, "together/code"))
    with transaction(write=False):
        (act,) = session.query(PairAct).all()
    page = path_of(group_id, f"together/{act.public_id}/call-off")
    browse(people[2]).post(page)
    with transaction(write=False):
        assert session.query(PairAct).count() == 1
    browse(people[1]).post(page)
    with transaction(write=False):
        assert session.query(PairAct).count() == 0


def test_roles_are_made_changed_and_dropped(browse: Browse) -> None:
    group_id, people = make_group(3)
    boss = browse(people[0])
    assert boss.post(path_of(group_id, "roles/new"), data=role_data(label=" ")).status_code == 422
    assert boss.post(path_of(group_id, "roles/new"), data=role_data(rights=["vote"])).status_code == 422
    made = boss.post(path_of(group_id, "roles/new"), data=role_data())
    assert made.status_code == 303
    key = made.headers["Location"].rsplit("/", 1)[1]
    boss.post(path_of(group_id, f"roles/{key}/change"), data=role_data(label="Schlüsselbund", how="rotation"))
    assert "Schlüsselbund" in boss.get(path_of(group_id, "roles")).text
    boss.post(path_of(group_id, f"roles/{key}/drop"))
    assert "Schlüsselbund" not in boss.get(path_of(group_id, "roles")).text


def test_a_group_never_locks_itself_out(browse: Browse) -> None:
    group_id, people = make_group(3)
    boss = browse(people[0])
    boss.post(path_of(group_id, "roles/contact/drop"))
    assert holds(group_id, people[0])
    change = role_data(label="Kontakt", rights=["answer_contact"], is_required="y")
    assert boss.post(path_of(group_id, "roles/contact/change"), data=change).status_code == 422
    assert went_to(boss.post(path_of(group_id, "rights"), data={"rights": ["assign_roles"]}), "/roles")
    boss.post(path_of(group_id, "roles/contact/drop"))
    with transaction(write=False):
        assert session.query(GroupRole).count() == 0
        assert get_group(group_id).member_rights == [str(Right.ASSIGN_ROLES)]
    nothing = {"csrf_token": "x"}
    assert boss.post(path_of(group_id, "rights"), data=nothing).status_code == 422


def test_handing_over_needs_a_yes(browse: Browse) -> None:
    group_id, people = make_group(3)
    boss, other = browse(people[0]), browse(people[1])
    page = path_of(group_id, "roles/contact/offer")
    assert boss.post(page, data={"member": ""}).status_code == 422
    assert browse(people[2]).post(page, data={"member": pid_in(group_id, people[1])}).status_code == 422
    assert went_to(boss.post(page, data={"member": pid_in(group_id, people[1])}), "/roles/contact")
    with transaction(write=False):
        (offer,) = session.query(RoleOffer).all()
    assert "You are asked" in other.get(path_of(group_id, "roles")).text
    yes = path_of(group_id, f"offers/{offer.public_id}/yes")
    browse(people[2]).post(yes)
    assert not holds(group_id, people[1])
    other.post(yes)
    assert holds(group_id, people[1])
    assert not holds(group_id, people[0])
    assert went_to(other.post(yes), "/roles")
    assert "You are asked" not in other.get(path_of(group_id, "roles")).text


def test_a_no_needs_no_reason(browse: Browse) -> None:
    group_id, people = make_group(3)
    browse(people[0]).post(
        path_of(group_id, "roles/contact/offer"), data={"member": pid_in(group_id, people[1])}
    )
    with transaction(write=False):
        (offer,) = session.query(RoleOffer).all()
    browse(people[1]).post(path_of(group_id, f"offers/{offer.public_id}/no"))
    assert holds(group_id, people[0])
    assert "You are asked" not in browse(people[1]).get(path_of(group_id, "roles")).text
    with transaction():
        tick()
        assert session.query(RoleOffer).count() == 0


def test_trust_is_given_and_taken_back_on_the_page(browse: Browse) -> None:
    group_id, people = make_group(4)
    with time_machine.travel(clock.now() + timedelta(days=15), tick=True):
        page, who = path_of(group_id, "roles/contact"), {"member": pid_in(group_id, people[3])}
        browse(people[1]).post(f"{page}/trust", data=who)
        assert not holds(group_id, people[3])
        browse(people[2]).post(f"{page}/trust", data=who)
        assert holds(group_id, people[3])
        browse(people[1]).post(f"{page}/distrust", data=who)
        assert not holds(group_id, people[3])


def test_distrust_of_enough_ends_any_role(browse: Browse) -> None:
    """The founder holds the role by decision, not by trust: two of four end it nevertheless."""
    group_id, people = make_group(4)
    with time_machine.travel(clock.now() + timedelta(days=15), tick=True):
        page, who = path_of(group_id, "roles/contact/distrust"), {"member": pid_in(group_id, people[0])}
        assert browse(people[0]).post(page, data=who).status_code == 422
        for _twice in range(2):
            browse(people[1]).post(page, data=who)
        assert holds(group_id, people[0])
        browse(people[2]).post(page, data=who)
        assert not holds(group_id, people[0])


def test_a_discreet_group_trusts_by_name(browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    with time_machine.travel(clock.now() + timedelta(days=15), tick=True):
        page = path_of(group_id, "roles/contact/trust")
        assert browse(people[1]).post(page, data={"alias": "Niemand"}).status_code == 422
        assert went_to(browse(people[1]).post(page, data={"alias": " nadel 2 "}), "/roles/contact")
        assert holds(group_id, people[2])


def test_an_empty_role_is_claimed_and_confirmed(browse: Browse) -> None:
    group_id, people = make_group(4)
    browse(people[0]).post(path_of(group_id, "roles/contact/lay-down"))
    assert not holds(group_id, people[0])
    browse(people[1]).post(path_of(group_id, "roles/contact/claim"))
    browse(people[1]).post(path_of(group_id, "roles/contact/claim"))
    with transaction(write=False):
        (claim,) = session.query(RoleClaim).all()
    assert "Nadel 1" in browse(people[2]).get(path_of(group_id, "roles")).text
    browse(people[1]).post(path_of(group_id, f"claims/{claim.id}/agree"))
    assert not holds(group_id, people[1])
    browse(people[2]).post(path_of(group_id, f"claims/{claim.id}/agree"))
    assert holds(group_id, people[1])
    for act in ("agree", "object", "take-back"):
        assert went_to(browse(people[3]).post(path_of(group_id, f"claims/{claim.id}/{act}")), "/roles")
    assert holds(group_id, people[1])


def test_things_of_another_group_are_not_found(browse: Browse) -> None:
    group_id, people = make_group(3)
    other_id, others = make_group(3)
    browse(others[0]).post(
        path_of(other_id, "roles/contact/offer"), data={"member": pid_in(other_id, others[1])}
    )
    with transaction(write=False):
        (offer,) = session.query(RoleOffer).all()
    assert browse(people[0]).post(path_of(group_id, f"offers/{offer.public_id}/yes")).status_code == 404
    foreign = pid_in(other_id, others[1])
    answer = browse(people[0]).post(path_of(group_id, "roles/contact/offer"), data={"member": foreign})
    assert answer.status_code == 422


def test_pages_ask_no_more_for_more_members(app: Flask, browse: Browse) -> None:
    small, few = make_group(3, preset=Preset.CIRCLE)
    large, many = make_group(9, preset=Preset.CIRCLE)
    for alias in ("Faden", "Zwirn", "Knopf"):
        asks(small, alias)
        asks(large, alias)
    for page in ("members", "roles", "roles/circle", "together", "history"):
        counts = []
        for group_id, people in ((small, few), (large, many)):
            browser = browse(people[0])
            browser.get(path_of(group_id, page))
            with app.app_context():
                counts.append(count_queries(browser, path_of(group_id, page)))
        assert counts[0] == counts[1], page
