"""Search over everything public: grouped, paged, and silent about the rest."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

import portal
from portal.core import search, site_settings
from portal.core.actors import SYSTEM
from portal.core.db import session, transaction
from portal.discovery.queries import find_everything
from portal.groups.models import Privacy
from portal.groups.operations import living
from portal.places.models import Organization
from portal.places.operations import (
    close_organization,
    create_organization,
    describe_organization,
    load_districts,
    reopen_organization,
)
from portal.proposals.models import Proposal
from portal.rounds.models import RoundState
from tests.support.factories import actor_of, make_staff
from tests.support.factories_groups import get_group, make_group
from tests.support.factories_rounds import make_round, open_now
from tests.support.queries import counted_queries
from tests.support.town import SECRETS, findable, make_secrets

DISTRICTS = Path(portal.__file__).parent / "demo" / "data" / "districts.geojson"


def test_proposals_districts_organisations_and_pages(both: Flask) -> None:
    with transaction():
        load_districts(DISTRICTS)
        findable(title="Trinkbrunnen in der Altstadt")
        findable(title="Bank am Fluss")
        create_organization(SYSTEM, name="Verein Altstadt e. V.")
        create_organization(SYSTEM, name="Treffpunkt Mühle")
    with transaction(write=False):
        found = find_everything("altstadt", page=1, language="de")
        legal = find_everything("datenschutz", page=1, language="de")
        second = find_everything("altstadt", page=2, language="de")
    assert [row.title for row in found.proposals] == ["Trinkbrunnen in der Altstadt"]
    assert [card.slug for card in found.districts] == ["altstadt"]
    assert [row.name for row in found.organizations] == ["Verein Altstadt e. V."]
    assert "privacy" in legal.pages
    assert (second.proposals, second.districts, second.organizations, second.pages) == ([], [], [], [])


def test_the_page_groups_and_numbers(app: Flask) -> None:
    with transaction():
        load_districts(DISTRICTS)
        for number in range(45):
            findable(title=f"Schatten für die Nordstadt {number}")
    client = app.test_client()
    first, third = client.get("/de/search?q=nordstadt").text, client.get("/de/search?q=nordstadt&page=3").text
    assert first.count("<article") == 20
    assert third.count("<article") == 5
    assert 'id="found-districts"' in first
    assert 'id="found-districts"' not in third
    assert "/de/search?q=nordstadt&amp;page=2" in first


def test_a_fragment_for_scripts(app: Flask) -> None:
    with transaction():
        findable(title="Schatten")
    answer = app.test_client().get("/de/search?q=schatten", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div id="results"')


def test_nothing_asked_and_nothing_found(app: Flask) -> None:
    client = app.test_client()
    assert "<article" not in client.get("/de/search").text
    for words in ("xyzxyz", "%", '" OR 1=1', "<script>alert(1)</script>", "\x00", "a" * 5000, "ا" * 90):
        answer = client.get("/de/search", query_string={"q": words})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
    assert client.get("/de/search?q=bank&page=abc&colour=red").status_code == 200


def test_hidden_things_are_not_found(both: Flask) -> None:
    with transaction():
        make_secrets()
        findable(title="Sichtbares am Markt")
        for one in session.query(Proposal).filter(Proposal.title.in_(SECRETS)):
            search.put("proposal", one.id, "de", f"{one.title} am Markt", "")  # a document somebody forgot
    with transaction(write=False):
        for word in (*SECRETS, "markt"):
            found = find_everything(word, page=1, language="de")
            assert {row.title for row in found.proposals} <= {"Sichtbares am Markt"}


def beside(words: str) -> dict[str, list[str]]:
    """Names of what stands beside the proposals, by kind."""
    with transaction(write=False):
        found = find_everything(words, page=1, language="de")
    kinds = {"organization": found.organizations, "round": found.votes, "group": found.groups}
    return {kind: [one.name for one in named] for kind, named in kinds.items() if named}


def indexed(words: str, kind: str) -> int:
    """How many documents of this kind the index itself holds with these words."""
    with transaction(write=False):
        return search.find(words, (kind,)).total


def test_organisations_are_found_while_they_work_and_by_their_present_words(both: Flask) -> None:
    keeper = actor_of(make_staff("administrator"))
    with transaction():
        mill = create_organization(SYSTEM, name="Treffpunkt Mühle", description="Nähen und Tanzen")
        create_organization(SYSTEM, name="Verein Nord")
        mill_id = mill.id
    assert beside("tanzen") == {"organization": ["Treffpunkt Mühle"]}
    with transaction():
        describe_organization(keeper, session.get_one(Organization, mill_id), name="Mühle", language="en")
    assert (beside("tanzen"), beside("mühle")) == ({}, {"organization": ["Mühle"]})
    with transaction():
        close_organization(keeper, session.get_one(Organization, mill_id))
    assert (beside("mühle"), indexed("mühle", "organization")) == ({}, 0)
    with transaction():  # even a document that somebody forgot shows nothing
        search.put("organization", mill_id, "de", "Mühle", "")
    assert beside("mühle") == {}
    search.rebuild()
    assert indexed("mühle", "organization") == 0
    with transaction():
        reopen_organization(keeper, session.get_one(Organization, mill_id))
    assert beside("mühle") == {"organization": ["Mühle"]}


def test_rounds_are_found_from_the_moment_they_are_frozen(both: Flask) -> None:
    moderator = make_staff("moderator")
    draft = make_round(state=RoundState.DRAFT, title="Zukunftstopf Nord", moderator=moderator)
    assert (beside("zukunftstopf"), indexed("zukunftstopf", "round")) == ({}, 0)
    with transaction():
        search.put("round", draft, "de", "Zukunftstopf", "")
    assert beside("zukunftstopf") == {}
    search.rebuild()
    assert indexed("zukunftstopf", "round") == 0
    open_now(draft, actor_of(moderator))
    assert beside("zukunftstopf") == {"round": ["Zukunftstopf Nord"]}
    search.rebuild()
    assert beside("zukunftstopf") == {"round": ["Zukunftstopf Nord"]}


def test_groups_are_found_while_everybody_may_know_of_them(both: Flask) -> None:
    opened, _ = make_group(privacy=Privacy.OPEN, name="Nadel und Faden")
    closed, people = make_group(privacy=Privacy.CLOSED, name="Nadel und Zwirn")
    hidden, _ = make_group(privacy=Privacy.DISCREET, name="Nadel im Heu")
    founding, _ = make_group(founded=False, name="Nadel bald")
    assert sorted(beside("nadel")["group"]) == ["Nadel und Faden", "Nadel und Zwirn"]
    with transaction():
        living.tighten(get_group(closed), Privacy.DISCREET, actor=people[0])
        for one in (hidden, founding, closed):  # documents that somebody forgot show nothing
            search.put("group", one, "de", "Nadel", "")
    assert beside("nadel") == {"group": ["Nadel und Faden"]}
    with transaction():
        living.rest(get_group(opened))
        living.archive(get_group(opened))
        search.put("group", opened, "de", "Nadel", "")
    assert beside("nadel") == {}


def test_similar_words_are_guessed_once_and_only_when_nothing_has_the_words(app: Flask) -> None:
    with transaction():
        findable(title="Spielplatz am Ring")
        create_organization(SYSTEM, name="Freunde der Spielplätze")
        create_organization(SYSTEM, name="Spilwerk")
    with counted_queries() as sent, transaction(write=False):
        found = find_everything("spilplatz", page=1, language="de")
    assert [row.title for row in found.proposals] == ["Spielplatz am Ring"]
    assert [one.name for one in found.organizations] == ["Freunde der Spielplätze"]
    assert len([one for one in sent if "search_" in one]) == 2, "\n".join(sent)
    with counted_queries() as sent, transaction(write=False):
        found = find_everything("spilw", page=1, language="de")
    assert (found.proposals, [one.name for one in found.organizations]) == ([], ["Spilwerk"])
    assert len([one for one in sent if "search_" in one]) == 1, "\n".join(sent)


def test_search_costs_five_queries(app: Flask) -> None:
    with transaction():
        for number in range(30):
            findable(title=f"Drei Worte Bank {number}", picture_count=1)
            create_organization(SYSTEM, name=f"Bank mit drei Worten {number}")
    make_round(title="Drei Worte zur Bank")
    make_group(name="Drei Worte, eine Bank")
    app.test_client().get("/de/search?q=anders")
    for count in (1, 2):
        site_settings.site("site.name")
        with counted_queries() as sent:
            page = app.test_client().get(f"/de/search?q=drei+worte+bank&page={count}").text
        assert [f'id="found-{kind}"' in page for kind in ("organizations", "votes", "groups")] == [
            count == 1
        ] * 3
        assert len([one for one in sent if "site_setting" not in one]) <= 5, "\n".join(sent)
