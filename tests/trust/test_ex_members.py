"""A5: whoever may no longer, may no longer on the very next request, whatever is open in another browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.accounts.models import Account, SessionRow, StaffGrant
from portal.accounts.operations import erase
from portal.core import clock
from portal.core.db import session, transaction
from tests.trust.expectations import OK, SIGN_IN
from tests.trust.walk import outcome_of
from tests.trust.world import World


def suspend(world: World, persona: str) -> None:
    """A moderator suspends the account."""
    with transaction():
        account = session.get_one(Account, world.people.id(persona))
        account.suspended_until = clock.now().replace(year=clock.now().year + 1)


def end_role(world: World, persona: str) -> None:
    """The administrator ends the role in the browser."""
    with transaction(write=False):
        grant = session.query(StaffGrant).filter_by(account_id=world.people.id(persona)).one().public_id
    assert outcome_of(world.ask("AD", "POST", f"/de/staff/people/grants/{grant}/end")) == OK


def sign_out_everywhere(world: World, persona: str) -> None:
    """The person signs out everywhere, in this browser's session too."""
    assert outcome_of(world.ask(persona, "POST", "/de/account/sessions/end")) == OK


def erase_account(world: World, persona: str) -> None:
    """The 14 days are over."""
    with transaction():
        erase(session.get_one(Account, world.people.id(persona)))


def end_one_session(world: World, persona: str) -> None:
    """From the list of devices, in another browser."""
    with transaction():
        session.query(SessionRow).filter_by(account_id=world.people.id(persona)).delete()


Ending = Callable[[World, str], None]


@pytest.mark.parametrize(
    ("persona", "method", "path", "ending", "outcome"),
    [
        ("RV", "POST", "/de/proposals/{worked}/support", suspend, "403"),
        ("RV", "POST", "/de/threads/{thread}/comments", suspend, "403"),
        ("RV", "GET", "/de/proposals/new", suspend, "403"),
        ("MO", "GET", "/de/moderation", end_role, SIGN_IN),
        ("MO", "GET", "/de/proposals/{hidden}", end_role, "404"),
        ("MO", "POST", "/de/moderation/cases/{case}/claim", end_role, SIGN_IN),
        ("PA", "GET", "/de/proposals/{worked}/assessment", end_role, SIGN_IN),
        ("PL", "GET", "/de/office/answers", end_role, SIGN_IN),
        ("AU", "GET", "/de/proposals/drafts/{draft}/what", sign_out_everywhere, SIGN_IN),
        ("CO", "GET", "/de/proposals/drafts/{draft}/what", end_one_session, SIGN_IN),
        ("MO", "GET", "/de/moderation", sign_out_everywhere, SIGN_IN),
        ("RV", "GET", "/de/account", erase_account, SIGN_IN),
        ("RV", "POST", "/de/proposals/{worked}/follow", erase_account, SIGN_IN),
    ],
)
def test_out_on_the_next_request(
    world: World, persona: str, method: str, path: str, ending: Ending, outcome: str
) -> None:
    """Allowed before, denied right after, and nothing is written then."""
    names = {
        "worked": world.things["proposal"]["worked"]["pid"],
        "hidden": world.things["proposal"]["hidden"]["pid"],
        "draft": world.things["proposal"]["draft"]["pid"],
        "thread": world.things["thread"]["published"]["tid"],
        "case": world.things["case"]["open"]["pid"],
    }
    address, data = path.format(**names), {"body": "Noch ein Wort"}
    assert outcome_of(world.ask(persona, method, address, data)) == OK
    world.restore()
    ending(world, persona)
    before = world.changes()
    assert outcome_of(world.ask(persona, method, address, data)) == outcome
    after = world.changes()
    after.pop("parked_post", None)  # what somebody typed waits for their sign-in
    assert after == before


def test_a_coauthor_who_left_is_out(world: World) -> None:
    """Of the draft, of the hidden text, and of the list of those who help."""
    draft = world.things["proposal"]["draft"]["pid"]
    assert outcome_of(world.ask("CO", "GET", f"/de/proposals/drafts/{draft}/what")) == OK
    assert outcome_of(world.ask("CO", "POST", f"/de/proposals/{draft}/authors/leave")) == OK
    assert outcome_of(world.ask("CO", "GET", f"/de/proposals/drafts/{draft}/what")) == "404"


def test_nothing_derived_is_left_of_an_ended_role(world: World) -> None:
    """The sessions are over, and whoever signs in again finds no row that gives the right."""
    end_role(world, "MO")
    for path in ("/de/moderation", "/de/office/proposals", "/de/office/answers", "/de/staff/cards"):
        assert outcome_of(world.ask("MO", "GET", path)) == SIGN_IN
        assert outcome_of(world.ask_anew("MO", "GET", path)) == "404"
