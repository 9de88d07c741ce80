"""Who makes a request: from the cookie to the actor, in one query."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts import operations, queries
from portal.accounts.errors import LastAdministrator
from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import ActorKind, StaffRole
from portal.core.db import session, transaction
from portal.web.access import public
from portal.web.context import current_actor
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.queries import counted_queries


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that can ask who it is."""

    @public
    def who() -> dict[str, object]:
        actor = current_actor()
        return {
            "kind": actor.kind,
            "id": actor.account_id,
            "roles": [grant.role for grant in actor.roles],
            "locked": actor.needs_second_factor,
            "suspended": actor.suspended,
            "fresh": actor.is_fresh,
        }

    app.add_url_rule("/<language:lang>/who", "who", who)
    return app.test_client()


def test_visitor_costs_no_query(client: FlaskClient) -> None:
    """Reading as a visitor sets no cookie and asks nothing."""
    with counted_queries() as statements:
        answer = client.get("/de/who")
    assert answer.json["kind"] == "visitor"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert statements == []


def test_resident_and_staff_cost_one_query(client: FlaskClient) -> None:
    """Session, account and hats come together."""
    make_resident()
    anna = make_resident()
    sign_in(client, anna)
    with counted_queries() as statements:
        assert client.get("/de/who").json["id"] == anna.id
    assert len(statements) == 1
    boris = make_staff(StaffRole.MODERATOR, 3)
    with transaction():
        operations.establish_role(session.get_one(Account, boris.id), StaffRole.PLANNER)
    sign_in(client, boris)
    with counted_queries() as statements:
        assert client.get("/de/who").json["roles"] == ["moderator", "planner"]
    assert len(statements) == 1


def test_staff_without_second_factor_wears_no_hat(client: FlaskClient) -> None:
    """Before the second step a staff account is nobody in particular."""
    boris = make_staff(StaffRole.ADMINISTRATOR)
    sign_in(client, boris, second_factor=False)
    answer = client.get("/de/who").json
    assert (answer["kind"], answer["roles"], answer["locked"], answer["fresh"]) == ("staff", [], True, False)


def test_grants_count_only_in_their_span(app: Flask) -> None:
    """Not before from, not after until, not after the end."""
    now = clock.now()
    boris, other = make_staff(), make_staff(StaffRole.ADMINISTRATOR)
    with transaction():
        account = session.get_one(Account, boris.id)
        admin = queries.actor_for(session.get_one(Account, other.id))
        operations.propose_role(
            admin,
            account,
            StaffRole.MODERATOR,
            district_id=7,
            valid_from=now + timedelta(days=1),
            valid_until=now + timedelta(days=2),
        )
    seen = []
    for days in (0, 1.5, 2.5):
        with time_machine.travel(now + timedelta(days=days), tick=False), transaction(write=False):
            seen.append(
                (
                    queries.staff_with_role(StaffRole.MODERATOR, 7),
                    queries.staff_with_role(StaffRole.MODERATOR, 8),
                )
            )
    assert seen == [([], []), ([boris.id], []), ([], [])]


def test_account_names(app: Flask) -> None:
    """Names in one query; staff with their hat, gone people without a name."""
    anna, boris = (
        make_resident(display_name="Amsel Zwei"),
        make_staff("professional", display_name="Boris Klee"),
    )
    gone = make_resident()
    with transaction():
        account = session.get_one(Account, gone.id)
        account.deleted_at, account.email, account.email_hash = clock.now(), None, None
    with transaction(write=False), counted_queries() as statements:
        cards = queries.account_names([anna.id, boris.id, gone.id, 999, None])
    assert len(statements) == 1
    assert cards[anna.id] == queries.AuthorCard("Amsel Zwei", None, anna.public_id)
    assert (cards[boris.id].name, cards[boris.id].role_label is None) == ("Boris Klee", False)
    assert cards[gone.id] == cards[999]
    assert cards[999].public_id == ""
    assert sorted(cards) == sorted([anna.id, boris.id, gone.id, 999])


def test_actor_for_jobs(app: Flask) -> None:
    """Jobs ask with all hats; a gone account is a visitor."""
    boris = make_staff("moderator", 4)
    with transaction(write=False):
        actor = queries.actor_for(session.get(Account, boris.id))
        assert (
            actor.kind,
            actor.has_role(StaffRole.MODERATOR, 4),
            actor.has_role(StaffRole.MODERATOR, 5),
        ) == (
            ActorKind.STAFF,
            True,
            False,
        )
        assert queries.actor_for(None).kind is ActorKind.VISITOR


def test_nobody_calls_a_suspended_hat(both: Flask) -> None:
    """It rests until the day is over; a second administrator counts all the same."""
    one, other = make_staff("administrator"), make_staff("administrator")
    with transaction():
        session.get_one(Account, one.id).suspended_until = clock.now() + timedelta(days=2)
    role = StaffRole.ADMINISTRATOR
    with transaction(write=False):
        assert queries.staff_with_role(role) == [other.id]
        assert queries.hats_of_role(role) == [(other.id, None)]
        assert queries.actor_for(session.get_one(Account, one.id)).roles == ()
    new = make_staff()
    with transaction():
        admin = queries.actor_for(session.get_one(Account, other.id))
        grant = operations.propose_role(admin, session.get_one(Account, new.id), StaffRole.PLANNER)
        assert grant.confirmed_at is None
        last = queries.grants_of(other.id)[0]
        with pytest.raises(LastAdministrator):
            operations.end_role(admin, last)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False), transaction(write=False):
        assert queries.staff_with_role(role) == sorted([one.id, other.id])
