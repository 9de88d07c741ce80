"""Merging and splitting as authors, supporters and the office find it on pages."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from portal.core.db import session, transaction
from portal.proposals.models import Merge
from portal.proposals.queries import case_of
from tests.proposals.helpers import post
from tests.proposals.office import Office, get, publish
from tests.proposals.office_pages import Browsers, browser, page, public_id
from tests.support.factories import make_resident
from tests.support.factories_proposals import make_support


def test_merging_through_the_pages(app: Flask, office: Office, desk: Browsers) -> None:
    anna, bela, fan = make_resident(), make_resident(), make_resident()
    a, b = (
        publish(office, author=anna, title="Bank am Tor"),
        publish(office, author=bela, title="Bank am Park"),
    )
    with transaction():
        make_support(get(a), fan)
    first, second = public_id(a), public_id(b)
    url = f"/en/proposals/{first}/merge"
    assert post(desk["moderator"], url, target="nonsense", reason="Gleich.").status_code == 422
    asked = post(
        desk["moderator"], url, target=f"http://localhost/de/proposals/{second}?x=1#support", reason="Gleich."
    )
    assert asked.status_code == 303
    case_url = asked.location
    assert "Bank am Park" in page(desk["moderator"], case_url)
    for name in ("resident", "elsewhere", "planner"):
        assert desk[name].get(case_url).status_code == 404
    one, two, supporter = browser(app, anna), browser(app, bela), browser(app, fan)
    for place in (first, second):
        assert "You are asked as an author" in page(one, f"/en/proposals/{place}")
        assert "You are asked as an author" not in page(supporter, f"/en/proposals/{place}")
    assert post(one, case_url, answer="agree").status_code == 303
    assert "has not answered yet" in page(one, case_url)
    assert post(two, case_url, answer="agree").status_code == 303
    shown = page(desk["visitor"], f"/en/proposals/{first}?fresh=1")
    assert "is now part of another one" in shown
    assert "Bank am Park" in shown
    target = page(desk["visitor"], f"/en/proposals/{second}?fresh=1")
    assert "Part of it are" in target
    question = page(supporter, f"/en/proposals/{second}")
    assert "Does your support go with it?" in question
    carry = re.search(r'action="([^"]+/carry-over)"', question)
    assert carry is not None
    for _ in range(2):
        assert post(supporter, carry[1], answer="agree").status_code == 303
    assert "Does your support go with it?" not in page(supporter, f"/en/proposals/{second}")
    with transaction(write=False):
        assert get(b).support_count == 1
    split = post(desk["professional"], f"/en/proposals/{first}/split", reason="Doch zwei Orte.")
    assert split.status_code == 303
    assert "taken apart again" in page(one, split.location)
    assert post(desk["moderator"], f"/en/proposals/{first}/split/now").status_code == 303
    with transaction(write=False):
        assert get(b).support_count == 0
        cases = [case_of(one).merge for one in session.scalars(select(Merge))]
        assert not any(one.is_open for one in cases)
