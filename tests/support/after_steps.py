"""Pages that need steps before them, and answers to forms: who saw them, and what they saw.

A name is the endpoint whose page it is, with a remark when there is more than one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pyotp
from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts.models import Account
from portal.core import clock, limits
from portal.core.settings import current_settings, use_settings
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.people import Person, deliver, mailbox
from tests.support.world import World
from tests.trust.accountwork import districts_file

Step = Callable[[Flask, World, str], tuple[Person, TestResponse]]
STEPS: dict[str, Step] = {}


def step(name: str) -> Callable[[Step], Step]:
    """Decorator: this function leads to the page of that name."""

    def note(function: Step) -> Step:
        STEPS[name] = function
        return function

    return note


def _ask(app: Flask, language: str, address: str = "") -> tuple[Person, str, str]:
    """Somebody who asked for a code; the code and the link that were mailed."""
    limits.start_over()
    if not address:
        address = make_resident().email or ""
    person = Person(app)
    with mailbox() as mails:
        person.post(f"/{language}/sign-in", page=f"/{language}/sign-in", identifier=address)
        deliver()
    return person, mails[0].code, mails[0].request_id


def _type(person: Person, language: str, code: str) -> TestResponse:
    path = f"/{language}/sign-in/code"
    return person.post(path, page=path, code=code)


@step("accounts.code")
def code(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """A code was asked for."""
    person, *_rest = _ask(app, language)
    return person, person.get(f"/{language}/sign-in/code")


@step("accounts.code filled in by the link")
def code_filled_in(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """The link in the mail, opened in the browser that asked."""
    person, typed, request_id = _ask(app, language)
    return person, person.get(f"/{language}/sign-in/code/{request_id}/{typed}")


@step("accounts.code wrong")
def code_wrong(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """A wrong code was typed."""
    person, *_rest = _ask(app, language)
    return person, _type(person, language, "00000000")


@step("accounts.sign_in empty")
def sign_in_empty(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """Nothing was typed."""
    limits.start_over()
    person = Person(app)
    return person, person.post(f"/{language}/sign-in", page=f"/{language}/sign-in", identifier="")


@step("accounts.choose")
def choose(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """Two people of a household share an address."""
    address = f"familie-{language}@example.org"
    for _number in range(2):
        make_resident(email=address)
    person, typed, _request = _ask(app, language, address)
    _type(person, language, typed)
    return person, person.get(f"/{language}/sign-in/choose")


@step("accounts.sign_up")
def sign_up(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """The address is proven, the name is missing."""
    person, typed, _request = _ask(app, language, f"neu-{language}@example.org")
    _type(person, language, typed)
    return person, person.get(f"/{language}/sign-up")


@step("accounts.sign_up refused")
def sign_up_refused(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """A name that may not be."""
    person, typed, _request = _ask(app, language, f"neuer-{language}@example.org")
    _type(person, language, typed)
    path = f"/{language}/sign-up"
    return person, person.post(path, page=path, display_name="Admin")


@step("accounts.parked")
def parked(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """Somebody wrote a comment while the session was over."""
    address = f"spaet-{language}@example.org"
    make_resident(email=address)
    limits.start_over()
    person = Person(app)
    person.post(
        f"/{language}/threads/{world.words['thread']}/comments", page=f"/{language}/sign-in", body="Sehr gut!"
    )
    with mailbox() as mails:
        person.post(f"/{language}/sign-in", page=f"/{language}/sign-in", identifier=address)
        deliver()
    _type(person, language, mails[0].code)
    return person, person.get(f"/{language}/sign-in/waiting")


def _new_staff() -> Account:
    return make_staff("planner")


def _set_up_app(person: Person, language: str) -> tuple[str, TestResponse]:
    path = f"/{language}/staff/second-factor/set-up"
    page = person.get(path).get_data(as_text=True)
    found = re.search(r'name="secret"[^>]*value="([A-Z2-7]{32})"', page)
    assert found is not None
    digits = pyotp.TOTP(found[1]).at(clock.now())
    answer = person.post(f"/{language}/staff/second-factor/app", page=path, secret=found[1], code=digits)
    return found[1], answer


@step("accounts.second_factor recovery codes")
def recovery_codes(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """The second step was set up: ten codes, shown once."""
    limits.start_over()
    person = Person(app)
    sign_in(person.client, _new_staff(), second_factor=False)
    return person, _set_up_app(person, language)[1]


@step("accounts.second_factor")
def second_factor(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """At the next sign-in."""
    limits.start_over()
    account = _new_staff()
    first, again = Person(app), Person(app)
    sign_in(first.client, account, second_factor=False)
    _set_up_app(first, language)
    sign_in(again.client, account, second_factor=False)
    return again, again.get(f"/{language}/staff/second-factor")


@step("admin.checked_districts")
def checked_districts(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """What loading a file of districts would do."""
    person = Person(app)
    sign_in(person.client, world.people["administrator"])
    path = f"/{language}/staff/districts"
    answer = person.post(path, page=path, file=(BytesIO(districts_file()), "town.geojson"))
    return person, person.get(answer.location)


@step("moderation.report refused")
def report_refused(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """A report without saying what is wrong."""
    limits.start_over()
    person, path = Person(app), f"/{language}/report/proposal/{world.words['own']}"
    return person, person.post(path, page=path)


@step("proposals.draft refused")
def draft_refused(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """A proposal without a title."""
    limits.start_over()
    person, path = Person(app), f"/{language}/proposals/drafts/{world.words['draft']}/title"
    sign_in(person.client, world.people["author"])
    return person, person.post(path, page=path, title="")


def _filled_in(app: Flask, world: World, language: str, **boxes: str) -> tuple[Person, str]:
    """Somebody who has begun a ballot and filled in these boxes."""
    limits.start_over()
    account = make_resident(district_id=world.people["author"].district_id)
    person, path = Person(app), f"/{language}/votes/{world.words['running_vote']}/ballot"
    sign_in(person.client, account)
    person.post(f"{path}/begin", page=path)
    person.post(path, page=path, go="check", shown="1", **boxes)
    return person, path


@step("rounds.check")
def check_ballot(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """The whole ballot in words."""
    person, path = _filled_in(app, world, language, **{"v-1": "1"})
    return person, person.get(f"{path}/check")


@step("rounds.check blank")
def check_blank(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """Nothing is chosen."""
    person, path = _filled_in(app, world, language)
    return person, person.post(f"{path}/cast", page=f"{path}/check")


def _cast(app: Flask, world: World, language: str) -> tuple[Person, str]:
    person, path = _filled_in(app, world, language, **{"v-1": "1"})
    found = re.search(r'name="ballot" value="(\w+)"', person.get(f"{path}/check").get_data(as_text=True))
    assert found is not None
    person.post(f"{path}/cast", page=f"{path}/check", ballot=found[1], seen="0")
    return person, path


@step("rounds.receipt")
def receipt(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """The ballot that counts, with its code."""
    person, path = _cast(app, world, language)
    return person, person.get(f"{path}/receipt")


@step("rounds.printed_receipt")
def printed_receipt(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """The code on paper."""
    person, path = _cast(app, world, language)
    return person, person.get(f"{path}/receipt/print")


@step("rounds.code_fits")
def code_fits(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """The code of a letter was typed."""
    limits.start_over()
    person, path = Person(app), f"/{language}/votes/{world.words['letter_vote']}/code"
    person.post(path, page=path, code=world.words["letter_code"])
    return person, person.get(f"{path}/fits")


@step("rounds.type_code wrong")
def code_of_letter_wrong(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """A slip in the code of a letter."""
    person, path = Person(app), f"/{language}/votes/{world.words['letter_vote']}/code"
    return person, person.post(path, page=path, code="abc")


@step("rounds.counter person")
def person_at_counter(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """Somebody who may vote stands at the counter."""
    person, path = Person(app), f"/{language}/office/counters/{world.words['counter']}"
    sign_in(person.client, world.people["professional"])
    who = world.people["neighbour"].display_name
    return person, person.post(f"{path}/person", page=path, who=who)


@step("rounds.known wish")
def wish_to_be_known(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """Somebody has a code for two neighbours."""
    person, path = Person(app), f"/{language}/account/known"
    sign_in(person.client, make_resident())
    return person, person.post(f"{path}/wish", page=path)


@step("rounds.town_check")
def town_sign_in(app: Flask, world: World, language: str) -> tuple[Person, TestResponse]:
    """Nothing waits of the town's sign-in; where one is set up."""
    person, before = Person(app), current_settings()
    sign_in(person.client, make_resident())
    use_settings(replace(before, oidc_issuer="https://town.example", oidc_client_id="portal"))
    try:
        return person, person.get(f"/{language}/account/town-sign-in")
    finally:
        use_settings(before)
