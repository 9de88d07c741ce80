"""The Atom feed: valid, filtered like the list, without what is not public and without persons."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask

import portal
from portal.core import clock
from portal.core.db import transaction
from portal.core.settings import current_settings
from portal.core.text import render_markdown
from portal.places.operations import load_districts
from portal.places.queries import districts
from portal.proposals.models import Stage, Topic
from portal.proposals.operations import hide_proposal
from portal.proposals.queries import proposal_by_id
from tests.support.factories import make_resident
from tests.support.factories_proposals import make_proposal
from tests.support.queries import counted_queries
from tests.support.town import SECRETS, findable, make_answer, make_secrets

ATOM = "{http://www.w3.org/2005/Atom}"
DISTRICTS = Path(portal.__file__).parent / "demo" / "data" / "districts.geojson"


def feed(app: Flask, query: str = "", language: str = "de") -> ElementTree.Element:
    answer = app.test_client().get(f"/{language}/proposals.atom{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    return ElementTree.fromstring(answer.data)


def titles(tree: ElementTree.Element) -> list[str]:
    return [str(entry.findtext(f"{ATOM}title")) for entry in tree.iter(f"{ATOM}entry")]


def link(element: ElementTree.Element, relation: str) -> str:
    return next(str(one.get("href")) for one in element.findall(f"{ATOM}link") if one.get("rel") == relation)


def test_it_has_what_atom_demands(app: Flask) -> None:
    with transaction():
        proposal = make_proposal(title="Bank & <b>Baum</b>", what="*Bitte* bauen", language="tr")
    tree = feed(app)
    base = current_settings().base_url
    assert tree.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "rights"):
        assert tree.findtext(f"{ATOM}{name}")
    assert tree.findtext(f"{ATOM}author/{ATOM}name") == "Nachbarnetz, Lindental an der Aue"
    assert link(tree, "self") == f"{base}/de/proposals.atom"
    assert link(tree, "alternate") == f"{base}/de/proposals"
    (entry,) = tree.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Bank & <b>Baum</b>"
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "tr"
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert (content.get("type"), content.text) == ("html", "<p><em>Bitte</em> bauen</p>\n")
    assert link(entry, "alternate") == f"{base}/de/proposals/{proposal.public_id}"
    assert str(entry.findtext(f"{ATOM}id")).endswith(f":proposals/{proposal.public_id}")
    assert str(entry.findtext(f"{ATOM}updated")).endswith("Z")
    assert not list(entry.iter(f"{ATOM}author"))


def test_an_empty_feed_is_a_feed(app: Flask) -> None:
    tree = feed(app, "?q=nichtda")
    assert titles(tree) == []
    assert tree.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


def test_filters_and_order_are_those_of_the_list(app: Flask) -> None:
    with transaction():
        load_districts(DISTRICTS)
        place = districts()[0]
        findable(title="Linde", topic=Topic.GREEN, district_id=place.id, support_count=1)
        findable(title="Eiche", topic=Topic.GREEN, stage=Stage.DONE, support_count=9)
        findable(title="Radweg", topic=Topic.STREETS, language="tr", support_count=5)
    assert titles(feed(app, "?topic=green&sort=supported")) == ["Eiche", "Linde"]
    assert titles(feed(app, f"?district={place.slug}")) == ["Linde"]
    assert titles(feed(app, "?stage=done")) == ["Eiche"]
    assert titles(feed(app, "?language=tr")) == ["Radweg"]
    assert titles(feed(app, "?q=radweg")) == ["Radweg"]
    assert titles(feed(app, "?topic=green&topic=streets&sort=supported")) == ["Eiche", "Radweg", "Linde"]


def test_addresses_keep_known_parameters_only(app: Flask) -> None:
    base = current_settings().base_url
    tree = feed(app, "?topic=green&topic=play&colour=red&utm_source=x&page=1")
    assert link(tree, "self") == f"{base}/de/proposals.atom?topic=green&topic=play"
    assert link(tree, "alternate") == f"{base}/de/proposals?topic=green&topic=play"
    assert link(feed(app, language="ar"), "self") == f"{base}/ar/proposals.atom"


@pytest.mark.parametrize(
    "query", ["?stage=xyz", "?topic=", "?district=atlantis", "?page=-3", "?sort=no&seed=x"]
)
def test_unknown_values_ask_for_nothing(app: Flask, query: str) -> None:
    with transaction():
        make_proposal(title="Bank")
    assert titles(feed(app, query)) == ["Bank"]


def test_nobody_forges_the_addresses(app: Flask) -> None:
    with transaction():
        make_proposal()
    text = app.test_client().get("/de/proposals.atom", headers={"Host": "evil.example"}).text
    assert "evil.example" not in text


def test_fifty_at_a_time(app: Flask) -> None:
    with transaction():
        for number in range(60):
            make_proposal(title=f"P{number}")
    first, second = feed(app), feed(app, "?page=2")
    assert (len(titles(first)), len(titles(second))) == (50, 10)
    assert link(first, "next").endswith("?page=2")
    assert link(second, "previous").endswith("/de/proposals.atom")
    assert [one for one in second.findall(f"{ATOM}link") if one.get("rel") == "next"] == []


def test_what_is_not_public_is_not_in_it(app: Flask) -> None:
    with transaction():
        make_secrets()
        make_proposal(title="Sichtbares", author=make_resident(display_name="Rosa Linde").id)
    text = app.test_client().get("/de/proposals.atom").text
    assert "Sichtbares" in text
    assert [word for word in (*SECRETS, "Rosa Linde") if word in text] == []


def test_hidden_meanwhile_leaves_the_feed_also_for_readers_that_ask_again(app: Flask) -> None:
    with transaction():
        hidden = make_proposal(title="Verborgenes").id
        make_proposal(title="Bleibendes")
    client = app.test_client()
    first = client.get("/de/proposals.atom")
    again = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/de/proposals.atom", headers=again).status_code == 304
    with transaction():
        found = proposal_by_id(hidden)
        assert found is not None
        hide_proposal(found)
    second = client.get("/de/proposals.atom", headers=again)
    assert second.status_code == 200
    assert "Verborgenes" not in second.text
    # By date alone nothing would be newer.
    by_date = client.get("/de/proposals.atom", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert by_date.status_code == 200


def test_updated_is_text_or_answer_not_support(app: Flask) -> None:
    now = clock.now()
    with transaction():
        old = now - timedelta(days=9)
        make_proposal(title="Still", published_at=old, edited_at=old, last_activity_at=now)
        answered = make_proposal(title="Beantwortet", published_at=old, edited_at=old)
        make_answer(answered)
    times = {
        str(entry.findtext(f"{ATOM}title")): str(entry.findtext(f"{ATOM}updated"))[:10]
        for entry in feed(app).iter(f"{ATOM}entry")
    }
    assert times == {"Still": old.date().isoformat(), "Beantwortet": now.date().isoformat()}


def test_signs_no_xml_can_hold_do_not_break_it(app: Flask) -> None:
    hostile = "A\x0bB \ufffe ]]> <!ENTITY x> &amp; 𝔘 ‮"
    with transaction():
        make_proposal(
            title="Eine Bank ]]> <x>", what=hostile, what_html=render_markdown(hostile) + "\x0b\ufffe"
        )
    assert titles(feed(app)) == ["Eine Bank ]]> <x>"]


def test_it_costs_the_list_and_one_query_more(app: Flask) -> None:
    counts = []
    for number in (1, 3):
        with transaction():
            for _ in range(number):
                make_proposal(language="tr")
        app.test_client().get("/de/proposals.atom")
        with counted_queries() as sent:
            app.test_client().get(f"/de/proposals.atom?sort=newest&n={number}")
        counts.append(len([one for one in sent if "site_setting" not in one]))
    assert counts == [2, 2]


def test_list_and_home_point_to_it(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/de/proposals?topic=green&colour=red").text
    assert 'href="/de/proposals.atom?topic=green"' in page
    assert 'type="application/atom+xml" href="/de/proposals.atom"' in client.get("/de/").text
