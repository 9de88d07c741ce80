"""Only administrators get in; for everybody else the pages do not exist, or are said to be not theirs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from portal.accounts import operations
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from portal.web.access import route_access
from tests.admin.conftest import Desk
from tests.support.factories import actor_of, make_resident, make_staff, sign_in

PAGES = (
    "/de/staff/settings",
    "/de/staff/settings/look",
    "/de/staff/pages",
    "/de/staff/pages/imprint/de",
    "/de/staff/organizations",
    "/de/staff/organizations/new",
    "/de/staff/districts",
    "/de/staff/barriers",
    "/de/staff/operation",
    "/de/staff/log",
    "/de/staff/data",
)


@pytest.mark.parametrize("path", PAGES)
def test_administrators_only(app: Flask, path: str) -> None:
    for account in (make_resident(), make_staff("moderator"), make_staff("planner"), make_staff()):
        client = app.test_client()
        sign_in(client, account)
        assert client.get(path).status_code in {403, 404}
    assert app.test_client().get(path).status_code in {302, 303, 401}
    assert Desk(app, make_staff("administrator")).get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["ar", "leicht"])
def test_every_page_in_other_languages(admin: Desk, path: str, language: str) -> None:
    admin.get(path.replace("/de/", f"/{language}/", 1))


def test_without_the_second_factor_nothing_opens(app: Flask) -> None:
    client = app.test_client()
    sign_in(client, make_staff("administrator"), second_factor=False)
    for path in PAGES:
        assert client.get(path).status_code == 303


def test_every_route_of_the_package_asks_for_an_administrator(app: Flask) -> None:
    allowed = {
        "admin.change_settings",
        "admin.load_districts",
        "admin.read_log",
        "admin.operate",
        "admin.see_data_kept",
        "places.keep_organizations",
        "content.handle_barriers",
        "content.publish_pages",
    }
    mine = {name: access for name, access in route_access(app).items() if name.startswith("admin.")}
    assert mine.pop("admin.own_log") == "own"
    assert set(mine.values()) == allowed


def test_everybody_can_see_who_has_which_role_from_when_until_when(app: Flask) -> None:
    person = make_staff("moderator")
    with time_machine.travel("2026-03-01 12:00:00+00:00"), transaction():
        administrator = actor_of(make_staff("administrator"))
        until = datetime(2031, 6, 30, 20, tzinfo=UTC)
        operations.propose_role(administrator, session.merge(person), StaffRole.PLANNER, valid_until=until)
    page = app.test_client().get("/en/team").text
    assert person.display_name in page
    assert "from Mar 1, 2026 until Jun 30, 2031" in page
    assert page.count("since ") == 2
