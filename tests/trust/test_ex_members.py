"""A5: whoever may no longer, may no longer on the very next request, whatever is open in another browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.accounts.models import Account, SessionRow, StaffGrant
from portal.accounts.operations import erase
from portal.core import clock
from portal.core.db import session, transaction
from tests.trust.expectations import OK, SIGN_IN, cells
from tests.trust.forms import form_of
from tests.trust.walk import outcome_of, path_of
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


WITH_A_HAT = ("MO", "PA", "PL", "AD")
# What is one's own and takes nothing from anybody: a passkey, stepping back as contact or as voucher.
OWN = {
    "/L/staff/second-factor/passkeys/<public_id>/remove",
    "/L/proposals/<pid>/contact/leave",
    "/L/vouchings/<public_id>/end",
}


def test_the_hats_of_a_suspended_account_rest(world: World) -> None:
    """Whatever only staff may do, a suspended one may not: every such route, none of them named here."""
    staff_only = {
        (cell.route, cell.method, persona): cell
        for cell in reversed(cells())
        for persona in WITH_A_HAT
        if cell.route not in OWN and cell.outcomes[persona] == OK
        if OK not in {cell.outcomes[other] for other in ("EX", "V", "RV")}
    }
    assert len(staff_only) > 200
    for persona in WITH_A_HAT:
        suspend(world, persona)
    before, wrong = world.changes(), []
    for (route, method, persona), cell in staff_only.items():
        things = world.things[cell.on] if cell.on else {"-": {}}
        values = next(iter(things.values())) if cell.state in "*-" else things[cell.state]
        data = form_of(world, route, cell.state, persona) if method == "POST" else None
        if outcome_of(world.ask(persona, method, path_of(route, values), data)) == OK:
            wrong.append(f"{method} {route} [{cell.state}] as {persona}")
    assert wrong == []
    assert world.changes() == before


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
