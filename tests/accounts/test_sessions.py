"""Sessions: they end when they should, and a copied cookie is worth nothing afterwards (B4, H89, P3)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.accounts import operations
from portal.accounts.models import Account, EmailChange, SessionRow, SignInCode
from portal.accounts.queries import actor_for, hash_token
from portal.core import clock
from portal.core.actors import SYSTEM, StaffRole
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.people import Person, deliver, mailbox


def replay(app: Flask, cookie: str) -> bool:
    """Whether a stranger with a copy of the cookie is let in."""
    stranger = app.test_client(use_cookies=False)
    browser = {"Cookie": cookie, "User-Agent": "somebody else"}
    answer = stranger.get("/de/account", headers=browser, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    return answer.status_code == 200


def end_by_sign_out(person: Person, account: Account) -> None:
    answer = person.post("/de/sign-out", page="/de/account")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"


def end_everywhere(person: Person, account: Account) -> None:
    other = Person(person.app)
    sign_in(other.client, account)
    other.post("/de/account/sessions/end", page="/de/account/sessions")


def end_from_list(person: Person, account: Account) -> None:
    with transaction(write=False):
        public_id = session.scalars(select(SessionRow.public_id)).one()
    other = Person(person.app)
    sign_in(other.client, account)
    other.post(f"/de/account/sessions/{public_id}/end", page="/de/account/sessions")


def end_by_new_address(person: Person, account: Account) -> None:
    with mailbox() as mails:
        person.post("/de/account/email", page="/de/account/email", email="anders@example.org")
        deliver(by_clock=True)
        answer = person.post("/de/sign-in/code", page="/de/account", code=mails[0].code)
    assert answer.location == "/de/account"
    assert person.get("/de/account").status_code == 200


def end_by_role(person: Person, account: Account) -> None:
    with transaction():
        operations.establish_role(session.get_one(Account, account.id), StaffRole.PLANNER)


def end_by_suspension(person: Person, account: Account) -> None:
    moderator = make_staff("moderator")
    with transaction():
        operations.suspend(
            actor_for(session.get(Account, moderator.id)),
            session.get_one(Account, account.id),
            reason="Regel 2",
            until=clock.now() + timedelta(days=3),
        )


def end_by_new_sign_in(person: Person, account: Account) -> None:
    with transaction():
        row = session.scalars(select(SessionRow)).one()
        operations.renew_session(row)


def end_by_erasure(person: Person, account: Account) -> None:
    with transaction():
        operations.erase(session.get_one(Account, account.id))


ENDINGS = [
    end_by_sign_out,
    end_everywhere,
    end_from_list,
    end_by_new_address,
    end_by_suspension,
    end_by_new_sign_in,
    end_by_erasure,
]


@pytest.mark.parametrize("end", ENDINGS, ids=lambda end: end.__name__)
def test_replay_after_the_end(app: Flask, end: Callable[[Person, Account], None]) -> None:
    """A copy of the cookie, made while it was good, opens nothing afterwards."""
    anna, person = make_resident(), Person(app)
    sign_in(person.client, anna)
    copy = person.jar()
    assert replay(app, copy)
    end(person, anna)
    assert not replay(app, copy)


def test_replay_after_a_role_changed(app: Flask) -> None:
    """The eighth ending: a hat given or taken."""
    boris, person = make_staff("moderator"), Person(app)
    sign_in(person.client, boris)
    copy = person.jar()
    assert replay(app, copy)
    end_by_role(person, boris)
    assert not replay(app, copy)


@pytest.mark.parametrize(
    ("kind", "shared", "good_for", "over_after"),
    [
        ("resident", False, timedelta(days=29), timedelta(days=31)),
        ("resident", True, timedelta(minutes=29), timedelta(minutes=31)),
        ("staff", False, timedelta(minutes=29), timedelta(minutes=31)),
    ],
)
def test_idle(app: Flask, kind: str, shared: bool, good_for: timedelta, over_after: timedelta) -> None:
    """30 days on the own device, 30 minutes on somebody else's and for staff."""
    account = make_resident() if kind == "resident" else make_staff("planner")
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        person = Person(app)
        sign_in(person.client, account, is_shared_device=shared)
        copy = person.jar()
        traveller.shift(good_for)
        assert person.get("/de/account").status_code == 200
        traveller.move_to(start + over_after)
        assert not replay(app, copy)
        # The one who used it meanwhile goes on: reading renewed the time in the cookie.
        assert person.get("/de/account").status_code == 200


@pytest.mark.parametrize(
    ("kind", "shared", "step", "over_after"),
    [
        ("resident", False, timedelta(days=20), timedelta(days=90)),
        ("resident", True, timedelta(minutes=25), timedelta(hours=12)),
        ("staff", False, timedelta(minutes=25), timedelta(hours=12)),
    ],
)
def test_absolute_end(app: Flask, kind: str, shared: bool, step: timedelta, over_after: timedelta) -> None:
    """However busy: after 90 days, for staff and on shared devices after 12 hours, one signs in again."""
    account = make_resident() if kind == "resident" else make_staff("planner")
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        person = Person(app)
        sign_in(person.client, account, is_shared_device=shared)
        while clock.now() + step < start + over_after:
            traveller.shift(step)
            assert person.get("/de/account").status_code == 200
        traveller.move_to(start + over_after + timedelta(seconds=1))
        assert person.get("/de/account").location == "/de/sign-in?next=/de/account"


def test_reading_writes_nothing(app: Flask) -> None:
    """The time of the last use is in the cookie, not in the table."""
    person = Person(app)
    sign_in(person.client, make_resident())
    with transaction(write=False):
        before = session.execute(select(SessionRow.__table__)).all()
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert "Set-Cookie" in person.get("/de/account").headers
        assert "Set-Cookie" not in person.get("/de/account").headers
    with transaction(write=False):
        assert session.execute(select(SessionRow.__table__)).all() == before


def test_shared_device_forgets_with_the_browser(app: Flask) -> None:
    """Its cookie has no end date; the own device's has one."""
    with mailbox() as mails:
        for shared, person in ((True, Person(app)), (False, Person(app))):
            make_resident(email=f"s{shared}@example.org")
            person.post("/de/sign-in", identifier=f"s{shared}@example.org")
            deliver(by_clock=True)
            fields = {"shared_device": "y"} if shared else {}
            answer = person.post("/de/sign-in/code", code=mails[-1].code, **fields)
            assert ("Expires" in answer.headers["Set-Cookie"]) is not shared


def test_list_shows_and_ends_only_own(app: Flask) -> None:
    """Somebody else's session looks like none."""
    anna, boris, person = make_resident(), make_resident(), Person(app)
    sign_in(Person(app).client, boris)
    sign_in(Person(app).client, anna, is_shared_device=True)
    sign_in(person.client, anna)
    assert person.get("/de/account/sessions").get_data(as_text=True).count('/end"') == 3
    with transaction(write=False):
        rows = session.scalars(select(SessionRow).order_by(SessionRow.id)).all()
        of_boris, of_anna = rows[0].public_id, rows[1].public_id
    page = "/de/account/sessions"
    assert person.post(f"/de/account/sessions/{of_boris}/end", page=page).status_code == 404
    assert person.post("/de/account/sessions/nothing/end", page=page).status_code == 404
    assert person.post(f"/de/account/sessions/{of_anna}/end", page=page).status_code == 303
    with transaction(write=False):
        assert len(session.scalars(select(SessionRow)).all()) == 2


def test_suspended_people_may_read(app: Flask) -> None:
    """They sign in again, see why, take their data; the flag stops writing elsewhere."""
    anna = make_resident(suspended_until=clock.now() + timedelta(days=2))
    person = Person(app)
    sign_in(person.client, anna)
    assert person.get("/de/account").status_code == 200
    assert person.post("/de/account/export", page="/de/account/export").mimetype == "application/zip"
    with transaction(write=False):
        assert actor_for(session.get(Account, anna.id)).suspended


def test_only_moderators_of_the_district_suspend(app: Flask) -> None:
    """Nobody else, nobody themselves, no staff."""
    anna, staff = make_resident(district_id=3), make_staff("planner")
    until = clock.now() + timedelta(days=1)
    for role, district, allowed in (
        ("moderator", 3, True),
        ("moderator", None, True),
        ("moderator", 4, False),
        ("administrator", None, False),
    ):
        actor = make_staff(role, district)
        with transaction(), nullcontext() if allowed else pytest.raises(NotFound):
            operations.suspend(
                actor_for(session.get(Account, actor.id)),
                session.get_one(Account, anna.id),
                reason="x",
                until=until,
            )
    with transaction(), pytest.raises(NotFound):
        operations.suspend(SYSTEM, session.get_one(Account, staff.id), reason="x", until=until)


def test_old_address_takes_the_account_back(app: Flask) -> None:
    """For seven days; everybody is signed out, and the address is the old one again."""
    anna, thief, token = make_resident(email="anna@example.org"), Person(app), "known-to-the-mail"
    sign_in(thief.client, anna)
    end_by_new_address(thief, anna)
    with transaction(write=False):
        account = session.get_one(Account, anna.id)
        assert account.email == "anders@example.org"
        assert session.scalars(select(EmailChange.old_email)).one() == "anna@example.org"
    with transaction():
        session.scalars(select(EmailChange)).one().token_hash = hash_token(token)
    anybody = Person(app)
    page = anybody.get(f"/de/account/email/undo/{token}")
    assert page.status_code == 200
    answer = anybody.post(f"/de/account/email/undo/{token}", page=f"/de/account/email/undo/{token}")
    assert answer.location == "/de/sign-in"
    with transaction(write=False):
        assert session.get_one(Account, anna.id).email == "anna@example.org"
        assert session.scalars(select(SessionRow)).all() == []
    assert anybody.get(f"/de/account/email/undo/{token}").status_code == 404


def test_pruning(app: Flask) -> None:
    """Sessions, codes and old addresses go on their date."""
    anna = make_resident()
    sign_in(Person(app).client, anna)
    with transaction():
        operations.request_code(typed="x@example.org", browser="b", language="de")
    with time_machine.travel(clock.now() + timedelta(days=100)):
        deliver(by_clock=True)
        with transaction(write=False):
            assert session.scalars(select(SessionRow)).all() == []
            assert session.scalars(select(SignInCode)).all() == []
