"""Shaky fingers: buttons of belonging and of roles pressed twice end on the page that says so, done once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import GroupHistory, GroupLetter, MemberState, PairAct, Privacy, RoleClaim, Topic
from portal.groups.operations import board, files, leaving, letters, minutes, offers, roles
from portal.groups.operations.minutes import Sheet
from tests.groups.conftest import Browse
from tests.groups.papers import PDF
from tests.groups.roles import asks, holds, path_of, pid_in, role_id
from tests.support.factories_groups import get_group, make_group, member_of, settled


class Twice:
    """A group, and buttons that are pressed twice."""

    def __init__(self, browse: Browse, size: int = 4) -> None:
        self.browse = browse
        self.id, self.people = make_group(size)
        with transaction():
            for person in self.people:
                member_of(self.id, person).member_since = clock.today() - timedelta(days=90)

    def press(self, person: Actor, path: str, *, by: FlaskClient | None = None, **data: str) -> None:
        browser = by or self.browse(person)
        for time in ("first", "second"):
            sent = browser.post(path_of(self.id, path), data=data)
            assert sent.status_code == 303, (path, time, sent.status_code)
            assert browser.get(sent.location).status_code == 200, (path, time)

    def offer(self, to: Actor) -> str:
        with transaction():
            role = session.get_one(roles.GroupRole, role_id(self.id))
            made = offers.offer(role, member_of(self.id, to), group=get_group(self.id), actor=self.people[0])
            return made.public_id

    def told(self) -> Counter[str]:
        """How often which line stands in the history."""
        with transaction(write=False):
            query = select(GroupHistory.name).where(GroupHistory.group_id == self.id)
            return Counter(session.scalars(query))


def test_pausing_leaving_and_answering(app: Flask, browse: Browse) -> None:
    twice = Twice(browse)
    amira, berta, chris, dora = twice.people
    twice.press(dora, "pause", days="9")
    twice.press(dora, "back")
    eins, zwei = asks(twice.id, "Eins"), asks(twice.id, "Zwei")
    before = twice.told()
    twice.press(amira, f"requests/{pid_in(twice.id, eins)}", answer="yes")
    twice.press(amira, f"requests/{pid_in(twice.id, zwei)}", answer="no")
    guest = settled()
    for _again in range(2):
        assert browse(guest).post(path_of(twice.id, "join"), data={"alias": "Drei"}).status_code == 303
    twice.press(amira, "invitations/void")
    twice.press(berta, "goes-on", answer="on")
    twice.press(dora, "leave", texts="keep")
    with transaction(write=False):
        assert member_of(twice.id, eins).state is MemberState.MEMBER
        assert member_of(twice.id, zwei).state is MemberState.DECLINED
        assert member_of(twice.id, guest).state is MemberState.REQUESTED
        assert member_of(twice.id, chris).state is MemberState.MEMBER
    new = twice.told() - before
    assert (new["joined"], new["left"]) == (1, 1)


def test_roles_go_from_hand_to_hand_once(app: Flask, browse: Browse) -> None:
    twice = Twice(browse)
    amira, berta, chris, dora = twice.people
    twice.press(berta, f"offers/{twice.offer(berta)}/no")
    assert holds(twice.id, amira)
    taken = twice.told()["role_taken"]
    twice.press(berta, f"offers/{twice.offer(berta)}/yes")
    assert twice.told()["role_taken"] == taken + 1
    assert holds(twice.id, berta)
    twice.press(berta, "roles/contact/lay-down")
    assert twice.told()["role_laid_down"] == 1
    twice.press(chris, "roles/contact/trust", member=pid_in(twice.id, dora))
    twice.press(chris, "roles/contact/distrust", member=pid_in(twice.id, dora))
    twice.press(dora, "roles/contact/claim")
    with transaction(write=False):
        claim_id = session.scalars(select(RoleClaim.id)).one()
    twice.press(chris, f"claims/{claim_id}/agree")
    assert holds(twice.id, dora)
    twice.press(dora, f"claims/{claim_id}/take-back")
    assert holds(twice.id, dora)


def test_two_together_do_it_once(app: Flask, browse: Browse) -> None:
    twice = Twice(browse)
    _amira, berta, chris, dora = twice.people
    eins = asks(twice.id, "Eins")
    with transaction():
        leaving.leave(get_group(twice.id), actor=twice.people[0])
    twice.press(berta, f"requests/{pid_in(twice.id, eins)}/together")
    twice.press(berta, "together/words", act="aim", words="Nähen")
    with transaction(write=False):
        acts = {one.act: one.public_id for one in session.scalars(select(PairAct))}
    assert sorted(acts) == ["accept", "aim"]
    twice.press(chris, f"together/{acts['accept']}/confirm")
    twice.press(dora, f"together/{acts['aim']}/confirm")
    with transaction(write=False):
        assert member_of(twice.id, eins).state is MemberState.MEMBER
        assert get_group(twice.id).aim == "Nähen"
    assert twice.told()["done_together"] == 2


def test_what_is_deleted_twice_is_gone_twice(app: Flask, browse: Browse) -> None:
    """A letter, a file, minutes, a conversation nobody answered, one's own request."""
    twice = Twice(browse)
    boss, guest = twice.people[0], asks(twice.id, "Eins")
    twice.press(guest, "take-back")
    with transaction():
        sheet = Sheet(met_on=clock.today(), title="Treffen", present="Alle", text="Kurz")
        written = minutes.write_minutes(get_group(twice.id), actor=boss, sheet=sheet).public_id
        spoken = board.begin_thread(get_group(twice.id), actor=boss, title="Kabel", text="Wer?").public_id
        added = files.add_file(get_group(twice.id), actor=boss, data=PDF, name="Plan.pdf").public_id
        letter = letters.write_letter(guest, name="Rosa", text="Hallo", topic=Topic.GRIEF).public_id
    for path in (f"minutes/{written}/remove", f"board/{spoken}/remove", f"files/{added}/remove"):
        outsider = browse(settled()).post(path_of(twice.id, path))
        assert outsider.status_code == 404
        twice.press(boss, path, by=(own := browse(boss)))
        # Whoever did not delete it learns nothing: it never was there, in this group and in any other.
        for other in (browse(settled()), browse(twice.people[1])):
            assert other.post(path_of(twice.id, path)).status_code == 404
        assert own.post(path_of(twice.id, path.replace("/", "/x", 1))).status_code == 404
    writer = browse(guest)
    for _again in range(2):
        sent = writer.post(f"/en/groups/letters/{letter}/delete")
        assert sent.status_code == 303
        assert writer.get(sent.location).status_code == 200
    assert browse(guest).post(f"/en/groups/letters/{letter}/delete").status_code == 404


def test_nobody_takes_back_or_deletes_for_somebody_else(app: Flask, browse: Browse) -> None:
    twice = Twice(browse)
    guest, other = asks(twice.id, "Eins"), settled()
    with transaction():
        letter = letters.write_letter(guest, name="Rosa", text="Hallo", topic=Topic.GRIEF).public_id
    for person in (other, twice.people[1]):
        assert browse(person).post(path_of(twice.id, "take-back")).status_code == 303
        assert browse(person).post(f"/en/groups/letters/{letter}/delete").status_code == 404
    with transaction(write=False):
        assert member_of(twice.id, guest).state is MemberState.REQUESTED
        assert member_of(twice.id, twice.people[1]).state is MemberState.MEMBER
        assert session.scalar(select(GroupLetter.public_id)) == letter
    hidden, _people = make_group(3, privacy=Privacy.DISCREET)
    assert browse(other).post(path_of(hidden, "take-back")).status_code == 404
