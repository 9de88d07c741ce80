"""The town's sign-in against a provider of the test's own: there and back, and what it must refuse."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.settings import UnsafeSettings, current_settings, refuse_unsafe
from portal.rounds.models import TownIdentity
from portal.rounds.queries.eligibility import Reason
from tests.conftest import make_settings, running_app
from tests.rounds.rolls import answer_for, open_round
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.factories_places import make_district
from tests.support.town_sign_in import CLIENT, SECRET, TownProvider, town_provider

BACK = "/de/account/town-sign-in/back"


@pytest.fixture
def town() -> Iterator[TownProvider]:
    with town_provider() as provider:
        yield provider


@pytest.fixture
def portal(town: TownProvider, tmp_path: Path, sqlite_template: Path) -> Iterator[Flask]:
    """The portal with this town's sign-in set up."""
    settings = make_settings(
        tmp_path / "instance",
        oidc_issuer=town.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="BürgerKonto",
        oidc_district_claim="district",
    )
    shutil.copyfile(sqlite_template, settings.instance / "portal.db")
    with running_app(settings) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        yield app


@pytest.fixture
def amira(portal: Flask) -> Account:
    return make_resident(display_name="Amira")


@pytest.fixture
def browser(portal: Flask, amira: Account) -> FlaskClient:
    client = portal.test_client()
    sign_in(client, amira)
    return client


def away(browser: FlaskClient, language: str = "de") -> str:
    """To the provider; the address of its page."""
    answer = browser.get(f"/{language}/account/town-sign-in/start")
    assert answer.status_code == 303
    return answer.headers["Location"]


def there_and_back(browser: FlaskClient, town: TownProvider, **query: Any) -> Any:
    """The whole way; the answer to coming back."""
    address = town.press_yes(away(browser))
    assert address.startswith("http://localhost" + BACK)
    return browser.get(address.removeprefix("http://localhost"), **query)


def identities() -> list[TownIdentity]:
    with transaction(write=False):
        return list(session.scalars(select(TownIdentity)))


def test_there_and_back_and_confirmed(
    portal: Flask, browser: FlaskClient, town: TownProvider, amira: Account
) -> None:
    vote = open_round(level=3)
    assert answer_for(amira, vote).reason is Reason.NO_TOWN_SIGN_IN
    answer = there_and_back(browser, town)
    assert answer.headers["Location"] == "/de/account/town-sign-in"
    # Coming back writes nothing: it counts when the person says so.
    assert identities() == []
    assert "Amira" in browser.get("/de/account/town-sign-in").get_data(as_text=True)
    assert browser.post("/de/account/town-sign-in").headers["Location"] == "/de/account/known"
    assert answer_for(amira, vote).may_vote
    assert "BürgerKonto" in browser.get("/de/account/known").get_data(as_text=True)
    with transaction(write=False):
        everything = " ".join(str(row) for row in session.execute(text("SELECT * FROM town_identity")))
    assert "person-1" not in everything
    assert "somebody@example.org" not in everything
    browser.post("/de/account/town-sign-in/remove")
    assert answer_for(amira, vote).reason is Reason.NO_TOWN_SIGN_IN


def test_what_is_sent_there(browser: FlaskClient, town: TownProvider) -> None:
    first, second = away(browser), away(browser, "ar")
    assert first.startswith(f"{town.issuer}/authorize?")
    for name in ("state", "nonce", "code_challenge"):
        values = [one.split(f"{name}=")[1].split("&")[0] for one in (first, second)]
        assert values[0] != values[1]
        assert len(values[0]) >= 43
    assert "ui_locales=ar" in second
    assert SECRET not in first


def test_es256_works_too_and_new_keys_are_fetched(browser: FlaskClient, town: TownProvider) -> None:
    town.algorithm = "ES256"
    assert there_and_back(browser, town).status_code == 303
    town.kid = "two"
    assert there_and_back(browser, town).status_code == 303
    assert town.asked.count("/keys") == 2
    assert town.asked.count("/.well-known/openid-configuration") == 1


@pytest.mark.parametrize(("seconds", "status"), [(45, 303), (-45, 303), (90, 409), (-390, 409)])
def test_clocks_may_differ_by_a_minute(
    browser: FlaskClient, town: TownProvider, seconds: int, status: int
) -> None:
    """Their clock is ahead of ours, or behind; tokens last five minutes."""
    at = int(time.time()) + seconds
    town.lies = {"iat": at, "exp": at + 300}
    assert there_and_back(browser, town).status_code == status


def test_keys_of_other_kinds_are_passed_over_and_weak_ones_refused(
    browser: FlaskClient, town: TownProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [{"kty": "OKP", "crv": "Ed25519", "kid": "one", "x": "AA"}, {"kid": "one"}, "x", None]
    known = town.keys()["keys"]
    monkeypatch.setattr(town, "keys", lambda: {"keys": others + known})
    assert there_and_back(browser, town).status_code == 303
    monkeypatch.undo()
    town.rsa, town.kid = generate_private_key(65537, 1024), "weak"  # noqa: S505
    assert there_and_back(browser, town).status_code == 409


def test_the_language_of_the_way_out_is_that_of_the_way_back(
    browser: FlaskClient, town: TownProvider
) -> None:
    address = town.press_yes(away(browser, "ar"))
    answer = browser.get(address.removeprefix("http://localhost"))
    assert answer.headers["Location"] == "/ar/account/town-sign-in"


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "issuer with a slash": {"iss": "/"},
    "another audience": {"aud": "somebody-else"},
    "two audiences without a party": {"aud": [CLIENT, "other"]},
    "another party": {"aud": [CLIENT, "other"], "azp": "other"},
    "run out": {"exp": int(time.time()) - 3600},
    "from the future": {"iat": int(time.time()) + 3600},
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": ""},
    "a subject that is a number": {"sub": 7},
    "a very long subject": {"sub": "x" * 256},
    "times that are words": {"exp": "tomorrow"},
    "times that are truths": {"exp": True},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_token_with_one_lie_is_refused(
    browser: FlaskClient, town: TownProvider, lie: dict[str, Any]
) -> None:
    town.lies = {name: town.issuer + value if value == "/" else value for name, value in lie.items()}
    assert there_and_back(browser, town).status_code == 409
    assert browser.post("/de/account/town-sign-in").status_code == 409
    assert identities() == []


@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "RS512"}, {"alg": "ES256"}, {"kid": "unknown"}]
)
def test_only_the_two_kinds_of_signature_with_a_known_key(
    browser: FlaskClient, town: TownProvider, header: dict[str, str]
) -> None:
    town.header = header
    assert there_and_back(browser, town).status_code == 409


def test_a_spoiled_signature_and_no_token_at_all(
    browser: FlaskClient, town: TownProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.spoil_signature = True
    assert there_and_back(browser, town).status_code == 409
    town.spoil_signature = False
    for token in ("", "a.b", "a.b.c", "e30.e30.", "....", "W10.W10.x"):
        monkeypatch.setattr(town, "signed", lambda claims, token=token: token)
        assert there_and_back(browser, town).status_code == 409


def test_state_is_checked_and_used_once(browser: FlaskClient, town: TownProvider) -> None:
    address = town.press_yes(away(browser)).removeprefix("http://localhost")
    assert browser.get(address.replace("state=", "state=x")).status_code == 409
    # The attempt is used up: even the right answer comes too late.
    assert browser.get(address).status_code == 409
    assert browser.get(BACK).status_code == 409
    assert identities() == []


def test_answers_of_others_are_refused(portal: Flask, browser: FlaskClient, town: TownProvider) -> None:
    """Somebody's own answer, slipped to another person, does not count there."""
    address = town.press_yes(away(browser)).removeprefix("http://localhost")
    victim = portal.test_client()
    sign_in(victim, make_resident())
    away(victim)
    assert victim.get(address).status_code == 409
    assert "/token" not in town.asked


@pytest.mark.parametrize("extra", ["&error=access_denied", "&iss=https%3A%2F%2Fevil.example", "&code="])
def test_strange_answers(browser: FlaskClient, town: TownProvider, extra: str) -> None:
    address = town.press_yes(away(browser)).removeprefix("http://localhost")
    address = address.split("&iss=")[0] + extra if "iss" in extra else address + extra
    if extra == "&code=":
        address = BACK + "?state=" + address.split("state=")[1].split("&")[0] + extra
    assert browser.get(address).status_code == 409


def test_it_takes_ten_minutes_at_most(browser: FlaskClient, town: TownProvider) -> None:
    address = town.press_yes(away(browser)).removeprefix("http://localhost")
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert browser.get(address).status_code == 409


def test_the_verifier_belongs_to_this_browser(browser: FlaskClient, town: TownProvider) -> None:
    """PKCE: a code that was begun elsewhere is worth nothing here."""
    elsewhere = town.press_yes(away(browser))
    code = elsewhere.split("code=")[1].split("&")[0]
    address = town.press_yes(away(browser)).removeprefix("http://localhost")
    own = address.split("code=")[1].split("&")[0]
    assert browser.get(address.replace(own, code)).status_code == 409


def test_a_provider_that_describes_somebody_else_or_sends_us_on(
    browser: FlaskClient, town: TownProvider
) -> None:
    town.description = {"issuer": "https://evil.example"}
    assert browser.get("/de/account/town-sign-in/start").status_code == 409
    town.description = {"authorization_endpoint": "http://evil.example/authorize"}
    assert browser.get("/de/account/town-sign-in/start").status_code == 409


def test_redirects_are_not_followed(browser: FlaskClient, town: TownProvider) -> None:
    town.redirects = True
    assert browser.get("/de/account/town-sign-in/start").status_code == 409
    assert "/elsewhere" not in town.asked


def test_one_sign_in_one_account(
    portal: Flask, browser: FlaskClient, town: TownProvider, amira: Account
) -> None:
    there_and_back(browser, town)
    browser.post("/de/account/town-sign-in")
    other = portal.test_client()
    sign_in(other, make_resident())
    there_and_back(other, town)
    assert other.post("/de/account/town-sign-in").status_code == 409
    town.subject = "person-2"
    there_and_back(browser, town)
    assert browser.post("/de/account/town-sign-in").status_code == 409
    assert [one.account_id for one in identities()] == [amira.id]


def test_a_district_the_town_tells_counts_before_the_persons_own(
    browser: FlaskClient, town: TownProvider, amira: Account
) -> None:
    with transaction():
        north, south = make_district("Nord"), make_district("Süd")
        slug, north_id, south_id = north.slug, north.id, south.id
        session.get_one(Account, amira.id).district_id = south_id
    town.claims = {"district": slug}
    there_and_back(browser, town)
    browser.post("/de/account/town-sign-in")
    assert answer_for(amira, open_round(level=3, districts=(north_id,))).may_vote
    assert answer_for(amira, open_round(level=3, districts=(south_id,))).reason is Reason.OTHER_DISTRICT


def test_it_is_not_there_unless_it_is_set_up(app: Flask, moderator: Account, resident: Account) -> None:
    browser = app.test_client()
    sign_in(browser, resident)
    for path in ("", "/start", "/back"):
        assert browser.get(f"/de/account/town-sign-in{path}").status_code == 404
    assert browser.post("/de/account/town-sign-in").status_code == 404
    assert "town-sign-in" not in browser.get("/de/account/known").get_data(as_text=True)


def test_staff_have_no_town_sign_in(portal: Flask) -> None:
    browser = portal.test_client()
    sign_in(browser, make_staff("moderator"))
    assert browser.get("/de/account/town-sign-in/start").status_code == 404
    assert browser.get("/de/account/known").status_code == 404


def test_production_wants_https_and_both_settings(app: Flask) -> None:
    safe = replace(
        current_settings(),
        base_url="https://portal.example",
        trusted_hosts=("portal.example",),
        mail_url="smtp://localhost",
        oidc_issuer="https://town.example",
        oidc_client_id="portal",
    )
    secret = "0123456789abcdefghijklmnopqrstuvwxyz"
    refuse_unsafe(safe, secret)
    for wrong in ({"oidc_issuer": "http://town.example"}, {"oidc_client_id": ""}, {"oidc_issuer": ""}):
        with pytest.raises(UnsafeSettings):
            refuse_unsafe(replace(safe, **wrong), secret)  # type: ignore[arg-type]
