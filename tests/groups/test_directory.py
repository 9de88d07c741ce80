"""Finding groups: the directory, the search of the whole portal, pages in several languages."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core import search
from portal.core.db import session, transaction
from portal.core.subjects import SubjectRef
from portal.groups.models import Preset, Privacy
from portal.groups.operations import leaving, living, wishing, wording
from tests.groups.conftest import Browse
from tests.proposals.helpers import post
from tests.support.factories_groups import NAME, get_group, group_pid, make_group, settled
from tests.support.factories_proposals import make_proposal


def indexed() -> set[int]:
    with transaction(write=False):
        return {hit.id for hit in search.find("nähen", ("group",), limit=50)}


def test_search_knows_what_everybody_may_know(both: Flask) -> None:
    opened, _one = make_group(privacy=Privacy.OPEN)
    closed, people = make_group(privacy=Privacy.CLOSED)
    make_group(privacy=Privacy.DISCREET)
    make_group(founded=False)
    assert indexed() == {opened, closed}
    with transaction():
        living.tighten(get_group(closed), Privacy.DISCREET, actor=people[0])
    assert indexed() == {opened}
    search.rebuild()
    assert indexed() == {opened}
    with transaction():
        living.rest(get_group(opened))
        living.archive(get_group(opened))
    assert indexed() == set()


@pytest.mark.parametrize(
    "path", ["/de/groups?q=NÄHEN", "/de/groups?q=nähen&kind=initiative", "/de/search?q=nähen"]
)
def test_words_find_listed_groups(app: Flask, path: str) -> None:
    make_group(privacy=Privacy.CLOSED, name="Nadel und Faden")
    make_group(privacy=Privacy.DISCREET, name="Geheimzirkel")
    page = app.test_client().get(path).text
    assert "Nadel und Faden" in page
    assert "Geheimzirkel" not in page


def test_filters_narrow_the_list(app: Flask) -> None:
    make_group(name="Chor", languages=["de", "tr"])
    make_group(name="Garten", founded=False)
    visitor = app.test_client()
    for query, found in (
        ("", ["Chor"]),
        ("?language=tr", ["Chor"]),
        ("?language=uk", []),
        ("?kind=project", []),
        ("?gathering=1", ["Garten"]),
        ("?kind=nonsense&language=xx&district=nowhere&page=99999", []),
    ):
        page = visitor.get(f"/de/groups{query}").text
        assert [name for name in ("Chor", "Garten") if name in page] == found, query


def test_a_page_in_several_languages(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(privacy=Privacy.OPEN, preset=Preset.CONTACT)
    base = f"/de/groups/{group_pid(group_id)}"
    contact = browse(people[0])
    words = {
        "name": "Dikiş kafesi",
        "aim": "Birlikte dikiyoruz",
        "welcome": "Herkes gelebilir",
        "contact_way": "",
    }
    assert contact.get(f"{base}/languages").status_code == 200
    assert post(contact, f"{base}/languages/tr", **words).status_code == 303
    assert post(contact, f"{base}/languages/tr", **{**words, "aim": "x" * 300}).status_code == 422
    assert post(contact, f"{base}/languages", languages=["tr", "ar"]).status_code == 303
    visitor = app.test_client()
    assert "Birlikte dikiyoruz" in visitor.get(base.replace("/de/", "/tr/")).text
    assert "Birlikte dikiyoruz" not in visitor.get(base).text
    assert "Herkes gelebilir" in visitor.get(f"{base}?text=tr").text
    assert NAME in visitor.get("/de/groups?q=birlikte").text
    for browser in (browse(people[1]), browse(settled())):
        assert browser.get(f"{base}/languages").status_code == 404
        assert post(browser, f"{base}/languages/tr", **words).status_code == 404
    own = {"name": "Nähstube", "aim": "Nähen", "welcome": "", "contact_way": "Montags"}
    assert post(contact, f"{base}/languages/de", **own).status_code == 303
    assert post(contact, f"{base}/languages/de", **{**own, "name": ""}).status_code == 422
    assert "Nähstube" in visitor.get(base).text


def test_me_too_on_a_proposal_leads_to_a_group(app: Flask, browse: Browse) -> None:
    with transaction():
        proposal = make_proposal(title="Ein Garten für alle")
        pid, ref = proposal.public_id, SubjectRef("proposal", proposal.id)
    people = [settled() for _ in range(3)]
    page = f"/de/proposals/{pid}"
    assert "me-too" in app.test_client().get(page).text
    for actor in people:
        assert post(browse(actor), f"/de/groups/me-too/proposal/{pid}").status_code == 303
    with transaction():
        begun = wishing.wish_for(ref, people[0])
        assert (begun.count, begun.is_enough, begun.is_mine) == (3, True, True)
    group_id, _one = make_group(
        1, founded=False, people=[people[0]], origin_kind="proposal", origin_id=ref.id
    )
    assert f"/de/groups/{group_pid(group_id)}/join" in browse(people[1]).get(page).text
    assert f"/de/groups/{group_pid(group_id)}/join" not in browse(settled()).get(page).text
    with transaction():
        living.tighten(get_group(group_id), Privacy.DISCREET, actor=people[0])
    assert group_pid(group_id) not in browse(people[1]).get(page).text


def test_nobody_is_counted_who_is_gone(both: Flask) -> None:
    people = [settled(), settled()]
    with transaction():
        idea = wishing.write_idea(people[0], title="Chor")
        ref = SubjectRef("group_idea", idea.id)
        wishing.say_me_too(ref, actor=people[1])
    with transaction():
        wishing.forget_wishes(people[0].account_id or 0)
        leaving.forget_account(people[0].account_id or 0)
    with transaction(write=False):
        wish = wishing.wish_for(ref, people[1])
        assert (wish.count, wish.is_mine, wish.missing) == (1, True, 2)


def test_texts_of_a_language_are_written_twice_at_once(both: Flask) -> None:
    """The second replaces the first; there is one row."""
    group_id, people = make_group()
    for aim in ("Eins", "Zwei"):
        with transaction():
            words = {"name": "", "aim": aim, "welcome": "", "contact_way": ""}
            wording.write_text(get_group(group_id), "tr", actor=people[0], words=words)
    with transaction(write=False):
        stored = session.execute(search.SearchDoc.__table__.select()).all()
        assert sum("zwei" in str(row) for row in stored) == 1
        assert not any("eins" in str(row) for row in stored)
