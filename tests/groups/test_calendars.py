"""Calendars for phones: what they show, to whom, and until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import session, transaction
from portal.groups.models import CalendarAddress, MeetingDate, MeetingSeen, Privacy, Repeats
from portal.groups.operations import leaving
from portal.groups.operations.meetings import changing
from tests.groups.conftest import Browse
from tests.groups.meeting_pages import PLACE, TUESDAY, first, plan, send
from tests.support.factories_groups import get_group, group_pid, make_group, settled

pytestmark = pytest.mark.usefixtures("on_a_tuesday")


def address_on(page: str) -> str:
    return "/" + page.split("<code>")[1].split("</code>")[0].split("/", 3)[3]


def events_at(app: Flask, address: str) -> list[Any]:
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")


def test_a_phone_shows_moved_and_cancelled_dates(app: Flask, browse: Browse) -> None:
    group_id, people = make_group()
    pid = group_pid(group_id)
    plan(group_id, people[0], repeats=Repeats.WEEKLY)
    browser = browse(people[1])
    address = address_on(send(browser, f"/en/groups/{pid}/calendar").text)
    (series,) = events_at(app, address)
    assert series["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=TU"
    assert series["DTSTART"].params["TZID"] == "Europe/Berlin"
    with transaction():
        rows = session.scalars(select(MeetingDate).order_by(MeetingDate.original_on)).all()
        wanted = changing.Change(day=date(2026, 10, 14), starts="19:00", minutes=90, place="Garten")
        changing.change_date(rows[1], wanted, actor=people[0])
        changing.cancel_date(rows[2], actor=people[0], reason="Ferien")
    master, moved, cancelled = events_at(app, address)
    assert {str(one["UID"]) for one in (master, moved, cancelled)} == {str(series["UID"])}
    assert moved["RECURRENCE-ID"].dt.isoformat() == "2026-10-13T18:00:00+02:00"
    assert moved["DTSTART"].dt.isoformat() == "2026-10-14T19:00:00+02:00"
    assert (moved["LOCATION"], moved["SEQUENCE"]) == ("Garten", 1)
    assert (cancelled["STATUS"], cancelled["DESCRIPTION"]) == ("CANCELLED", "Ferien")
    text = app.test_client().get(address).text
    assert "BEGIN:VTIMEZONE" in text


def test_a_series_that_ends_says_so_and_winter_time_is_the_same_hour(app: Flask, browse: Browse) -> None:
    group_id, people = make_group()
    plan(group_id, people[0], repeats=Repeats.WEEKLY)
    address = address_on(send(browse(people[1]), "/en/groups/dates/address").text)
    with transaction():
        rows = session.scalars(select(MeetingDate).order_by(MeetingDate.original_on)).all()
        changing.cancel_date(rows[4], actor=people[0], reach=changing.Reach.FROM_HERE)
    (series,) = events_at(app, address)
    # The last evening is in winter: 18:00 there is 17:00 UTC.
    assert series["RRULE"]["UNTIL"][0].isoformat() == "2026-11-02T17:00:00+00:00"
    assert series["SEQUENCE"] == 1


def test_the_calendar_of_a_discreet_group_says_nothing(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(privacy=Privacy.DISCREET)
    pid, did = group_pid(group_id), plan(group_id, people[0], repeats=Repeats.WEEKLY, note="Losung Ahorn")
    files, ids = [], []
    for person in people[:2]:
        browser = browse(person)
        for path in ("/en/groups/dates/address", f"/en/groups/{pid}/calendar"):
            address = address_on(send(browser, path).text)
            assert pid not in address
            events = events_at(app, address)
            assert len(events) == 53
            assert {str(one["SUMMARY"]) for one in events} == {"Appointment"}
            ids.append({str(one["UID"]) for one in events})
            files.append(app.test_client().get(address).text)
    for text in files:
        for secret in ("Nähcafé", PLACE, "Ahorn", "Abend", pid, did, "LOCATION", "RRULE", "URL:"):
            assert secret not in text, secret
    assert len(set.union(*ids)) == 4 * 53


def test_an_address_is_kept_as_a_hash_and_ends_with_membership(app: Flask, browse: Browse) -> None:
    group_id, people = make_group()
    pid = group_pid(group_id)
    plan(group_id, people[0])
    browser = browse(people[1])
    old = address_on(send(browser, f"/en/groups/{pid}/calendar").text)
    new = address_on(send(browser, f"/en/groups/{pid}/calendar").text)
    stranger = app.test_client()
    assert stranger.get(old).status_code == 404
    assert stranger.get(new).status_code == 200
    with transaction(write=False):
        stored = session.scalars(select(CalendarAddress)).one()
        assert stored.token_hash not in new
        assert new.rsplit("/", 1)[1].removesuffix(".ics") != stored.token_hash
    assert "Abend" not in browser.get(f"/en/groups/{pid}/calendar").text
    assert new not in browser.get(f"/en/groups/{pid}/calendar").text
    with transaction():
        leaving.leave(get_group(group_id), actor=people[1])
    assert stranger.get(new).status_code == 404
    with transaction(write=False):
        assert session.scalars(select(CalendarAddress)).all() == []


def test_one_address_for_all_my_groups_ends_when_i_want(app: Flask, browse: Browse) -> None:
    actor = settled()
    for number, name in enumerate(("Garten", "Chor")):
        group_id, people = make_group(name=name, people=[actor, settled(), settled()])
        plan(group_id, people[0], day=TUESDAY + timedelta(days=number))
    browser = browse(actor)
    address = address_on(send(browser, "/en/groups/dates/address").text)
    assert [str(one["SUMMARY"]) for one in events_at(app, address)] == [
        "Garten: Offener Abend", "Chor: Offener Abend",
    ]  # fmt: skip
    assert address_on(send(browser, "/en/groups/dates/address").text) != address
    assert send(browser, "/en/groups/dates/address/end").status_code == 303
    assert app.test_client().get(address).status_code == 404


def test_a_phone_that_asks_again_is_told_that_nothing_has_changed(app: Flask, browse: Browse) -> None:
    group_id, people = make_group()
    plan(group_id, people[0], repeats=Repeats.WEEKLY)
    address = address_on(send(browse(people[1]), "/en/groups/dates/address").text)
    phone = app.test_client()
    etag = phone.get(address).headers["ETag"]
    assert phone.get(address, headers={"If-None-Match": etag}).status_code == 304
    with transaction():
        changing.cancel_date(first(), actor=people[0])
    assert phone.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_the_public_file_of_an_open_group_holds_what_is_public(app: Flask) -> None:
    group_id, people = make_group(privacy=Privacy.OPEN)
    pid = group_pid(group_id)
    plan(group_id, people[0], seen=MeetingSeen.EVERYBODY, title="Fest")
    plan(group_id, people[0], seen=MeetingSeen.MEMBERS, title="Vorbereitung")
    assert [str(one["SUMMARY"]) for one in events_at(app, f"/de/groups/{pid}/dates.ics")] == ["Fest"]


def test_my_dates_need_a_sign_in(app: Flask) -> None:
    assert app.test_client().get("/de/groups/dates").status_code in {302, 303}
    assert app.test_client().post("/de/groups/dates/address").status_code in {302, 303}
