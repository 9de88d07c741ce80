"""Members, roles, two together, leaving, settings: each button without scripts, only for those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import db, session, transaction
from portal.groups.models import (
    GroupRole,
    GroupState,
    JoinWay,
    Membership,
    MemberState,
    PairAct,
    Preset,
    Privacy,
    Right,
    RoleClaim,
    RoleOffer,
)
from portal.groups.operations import joining, leaving, living
from portal.groups.queries import holders_of
from portal.groups.queries.standing import answer_token
from tests.groups.conftest import Browse
from tests.support.factories_groups import get_group, group_pid, make_group, member_of, settled

PAGES = (
    *("members", "me", "roles", "roles/new", "roles/contact", "roles/contact/change", "rights", "together"),
    *("leave", "pause", "goes-on", "invitations", "settings", "joining", "privacy", "charter", "history"),
)


def path_of(group_id: int, rest: str = "") -> str:
    """An address in a group."""
    return f"/en/groups/{group_pid(group_id)}{'/' if rest else ''}{rest}"


def pid_in(group_id: int, actor: Actor) -> str:
    """A member's public id."""
    with transaction(write=False):
        return member_of(group_id, actor).public_id


def role_id(group_id: int, key: str = "contact") -> int:
    """The role's number."""
    with transaction(write=False):
        return session.query(GroupRole.id).filter_by(group_id=group_id, key=key).scalar()


def holds(group_id: int, actor: Actor, key: str = "contact") -> bool:
    """Whether this member holds the role now."""
    with transaction(write=False):
        role = session.get_one(GroupRole, role_id(group_id, key))
        return member_of(group_id, actor) in holders_of(role)


def went_to(answer: object, ending: str) -> bool:
    """Answered by sending to an address that ends so."""
    location = str(getattr(answer, "headers", {}).get("Location", ""))
    return getattr(answer, "status_code", 0) == 303 and location.split("#")[0].endswith(ending)


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


# ---- own name and notices


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


# ---- requests


def asks(group_id: int, alias: str = "Faden") -> Actor:
    """Somebody who asks to join."""
    guest = settled()
    with transaction():
        joining.ask_to_join(get_group(group_id), actor=guest, alias=alias, answers=[])
    return guest


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


# ---- roles


def role_data(**given: object) -> dict[str, object]:
    """What the form of a role sends."""
    return {"label": "Schlüssel", "rights": ["book_room"], "how": "trust", "term_months": "6", **given}


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
    assert other.post(yes).status_code == 404


def test_a_no_needs_no_reason(browse: Browse) -> None:
    group_id, people = make_group(3)
    browse(people[0]).post(
        path_of(group_id, "roles/contact/offer"), data={"member": pid_in(group_id, people[1])}
    )
    with transaction(write=False):
        (offer,) = session.query(RoleOffer).all()
    browse(people[1]).post(path_of(group_id, f"offers/{offer.public_id}/no"))
    assert holds(group_id, people[0])
    with transaction(write=False):
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


# ---- leaving, pausing, going on


def test_leaving_is_at_once_and_twice_is_once(browse: Browse) -> None:
    group_id, people = make_group(3)
    browser = browse(people[0])
    data = {"texts": "keep", "successor": pid_in(group_id, people[1])}
    assert went_to(browser.post(path_of(group_id, "leave"), data=data), "/mine")
    assert went_to(browser.post(path_of(group_id, "leave"), data=data), "/mine")
    with transaction(write=False):
        assert member_of(group_id, people[0]).state is MemberState.LEFT
        assert get_group(group_id).leaderless_since == clock.today()
        (offer,) = session.query(RoleOffer).all()
        assert (offer.membership_id, offer.from_id) == (member_of(group_id, people[1]).id, None)
    browse(people[1]).post(path_of(group_id, f"offers/{offer.public_id}/yes"))
    assert holds(group_id, people[1])
    with transaction(write=False):
        assert get_group(group_id).leaderless_since is None


def test_leaving_a_discreet_group_shows_nothing_afterwards(browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.DISCREET)
    browser = browse(people[1])
    for _twice in range(2):
        assert went_to(browser.post(path_of(group_id, "leave"), data={"texts": "take"}), "/mine")
    assert browser.get(path_of(group_id)).status_code == 404


def test_pausing_and_coming_back(browse: Browse) -> None:
    group_id, people = make_group(3)
    browser = browse(people[1])
    assert browser.post(path_of(group_id, "pause"), data={"days": "0"}).status_code == 422
    assert went_to(browser.post(path_of(group_id, "pause"), data={"days": "10"}), "/members")
    assert browser.get(path_of(group_id, "pause")).status_code == 404
    for _twice in range(2):
        assert went_to(browser.post(path_of(group_id, "back")), "/members")
    with transaction(write=False):
        assert member_of(group_id, people[1]).state is MemberState.MEMBER


def ask_whether_it_goes_on(group_id: int) -> None:
    """The group has been silent, and was asked."""
    with transaction():
        get_group(group_id).last_sign_on = clock.today() - timedelta(days=100)
    with transaction():
        assert living.check_in(clock.today()) == 1


def test_a_lively_group_neither_rests_nor_ends_by_a_tap(browse: Browse) -> None:
    group_id, people = make_group(3)
    for answer in ("break", "stop"):
        browse(people[1]).post(path_of(group_id, "goes-on"), data={"answer": answer})
    with transaction(write=False):
        assert get_group(group_id).state is GroupState.ACTIVE
        assert session.query(PairAct).count() == 0


def test_an_asked_group_takes_a_break_and_wakes(browse: Browse) -> None:
    group_id, people = make_group(3)
    ask_whether_it_goes_on(group_id)
    for answer, state in (("break", GroupState.DORMANT), ("on", GroupState.ACTIVE)):
        browse(people[1]).post(path_of(group_id, "goes-on"), data={"answer": answer})
        with transaction(write=False):
            assert get_group(group_id).state is state


def test_two_members_end_a_silent_group(browse: Browse) -> None:
    group_id, people = make_group(3)
    ask_whether_it_goes_on(group_id)
    for _twice in range(2):
        browse(people[1]).post(path_of(group_id, "goes-on"), data={"answer": "stop"})
    with transaction(write=False):
        assert get_group(group_id).state is GroupState.ACTIVE
    browse(people[2]).post(path_of(group_id, "goes-on"), data={"answer": "stop"})
    with transaction(write=False):
        assert get_group(group_id).state is GroupState.ARCHIVED


def test_whoever_says_it_goes_on_stops_the_end(browse: Browse) -> None:
    group_id, people = make_group(3)
    ask_whether_it_goes_on(group_id)
    browse(people[1]).post(path_of(group_id, "goes-on"), data={"answer": "stop"})
    browse(people[2]).post(path_of(group_id, "goes-on"), data={"answer": "on"})
    with transaction(write=False):
        assert session.query(PairAct).count() == 0


def token_of(group_id: int, actor: Actor) -> str:
    """What stands in a mail's link."""
    with transaction(write=False):
        return answer_token(member_of(group_id, actor))


def test_the_link_of_a_mail_answers_without_signing_in(app: Flask) -> None:
    group_id, people = make_group(3)
    ask_whether_it_goes_on(group_id)
    address = f"/en/groups/answer/{token_of(group_id, people[1])}"
    visitor = app.test_client()
    assert visitor.get(address).status_code == 200
    with transaction(write=False):
        assert get_group(group_id).checkin_sent_on is not None
    assert visitor.post(address, data={"answer": "on"}).status_code == 200
    assert visitor.post(address, data={"answer": "on"}).status_code == 200
    with transaction(write=False):
        assert get_group(group_id).last_sign_on == clock.today()


def test_a_forged_or_stale_link_opens_nothing(app: Flask) -> None:
    group_id, people = make_group(3)
    discreet_id, hidden = make_group(3, privacy=Privacy.DISCREET)
    good = token_of(group_id, people[1])
    with transaction():
        leaving.leave(get_group(group_id), actor=people[1])
    forged = f"{good.split('.')[0]}.{'0' * 32}"
    for token in (good, forged, token_of(discreet_id, hidden[1]), "x", "x.y"):
        assert app.test_client().get(f"/en/groups/answer/{token}").status_code == 404


# ---- invitations, settings, privacy, charter, history


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


def count_queries(browser: FlaskClient, address: str) -> int:
    """How many questions a page asks the database."""
    asked: list[str] = []
    listen = lambda *given: asked.append(given[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    return len(asked)


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
