"""The home page: a lively mix, the newest answers, numbers, the map, and what waits for whom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

import portal
from portal.content.operations import save_text_version
from portal.core import clock, site_settings
from portal.core.actors import StaffRole
from portal.core.db import transaction
from portal.core.subjects import SubjectRef
from portal.places.operations import load_districts
from portal.places.queries import districts
from portal.proposals.models import Stage
from portal.proposals.queries import forget_overview, lively_proposals, newest_answers, overview, texts_of
from tests.support.factories import actor_of, make_resident, make_staff, sign_in
from tests.support.factories_proposals import make_proposal, make_support
from tests.support.queries import counted_queries
from tests.support.town import SECRETS, make_answer, make_secrets

DISTRICTS = Path(portal.__file__).parent / "demo" / "data" / "districts.geojson"


def test_an_empty_town_invites(app: Flask) -> None:
    page = app.test_client().get("/de/").text
    assert "Be the first one." in page or "Machen Sie den Anfang" in page or "/de/proposals/new" in page
    assert 'class="figures"' not in page
    assert 'class="map' not in page


def test_the_mix_takes_one_of_each_in_turn(both: Flask) -> None:
    now = clock.now()
    with transaction():
        for number in range(8):
            make_proposal(
                title=f"P{number}",
                published_at=now - timedelta(days=number),
                last_activity_at=now - timedelta(days=abs(number - 5)),
                support_count=number * 10 if number != 5 else 0,
            )
        make_proposal(title="Erledigt", stage=Stage.DONE, support_count=900)
        make_proposal(title="Abgelehnt", stage=Stage.DECLINED, support_count=800)
        make_secrets()
    with transaction(write=False):
        titles = [row.title for row in lively_proposals(4)]
        everything = [row.title for row in lively_proposals(50)]
    # Sammelvorschlag is the newest and the last active one.
    assert titles == ["Sammelvorschlag", "P7", "P5", "P6"]
    assert set(everything) == {f"P{number}" for number in range(8)} | {"Sammelvorschlag"}


def test_only_published_answers_to_listed_proposals(both: Flask) -> None:
    with transaction():
        make_secrets()
        make_answer(make_proposal(title="Bank"), text="Wird gebaut.")
        make_answer(make_proposal(title="Brunnen"), text="Noch geheim.", published=False)
    with transaction(write=False):
        assert [(one.title, one.text_md) for one in newest_answers()] == [("Bank", "Wird gebaut.")]


def test_numbers_count_what_is_listed(both: Flask) -> None:
    with transaction():
        load_districts(DISTRICTS)
        place = districts()[0].id
        make_secrets()
        make_proposal(support_count=3, district_id=place)
        make_proposal(support_count=4, district_id=place, stage=Stage.DONE)
        make_answer(make_proposal(support_count=5))
    forget_overview()
    with transaction(write=False):
        found = overview()
    assert (found.proposals, found.supports, found.answered, found.made_real) == (4, 12, 1, 1)
    assert found.by_district == {place: 2}


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_visitor_costs_six_queries_at_most(app: Flask, count: int) -> None:
    with transaction():
        load_districts(DISTRICTS)
        for number in range(count):
            proposal = make_proposal(picture_count=1, language="tr" if number % 2 else "de")
            make_answer(make_proposal(title=f"Beantwortet {proposal.id}"))
    app.test_client().get("/de/")
    site_settings.forget()
    with counted_queries() as sent:
        app.test_client().get("/en/")
    assert len(sent) <= 6, "\n".join(sent)


def test_what_is_not_public_is_nowhere(app: Flask) -> None:
    with transaction():
        load_districts(DISTRICTS)
        make_secrets()
    for path in ("/de/", "/ar/", "/de/search?q=markt", "/sitemaps/proposals-1.xml"):
        page = app.test_client().get(path).text
        assert [word for word in SECRETS if word in page] == []


def test_titles_in_the_language_of_the_reader(app: Flask) -> None:
    author = make_resident()
    actor = actor_of(author)
    with transaction():
        proposal = make_proposal(title="Bank vor der Kita", author=author)
        save_text_version(
            actor,
            SubjectRef("proposal", proposal.id),
            "tr",
            {"title": "Kreşin önüne bank", "what": "Bir bank konulsun."},
            source=texts_of(proposal),
            source_language="de",
        )
    turkish, german = app.test_client().get("/tr/").text, app.test_client().get("/de/").text
    assert "Kreşin önüne bank" in turkish
    assert "Bir bank konulsun." in turkish
    assert "Bank vor der Kita" in german
    assert "Kreşin" not in german


def test_the_map_counts_and_leads_to_the_filtered_list(app: Flask) -> None:
    with transaction():
        load_districts(DISTRICTS)
        make_proposal(district_id=districts()[0].id)
    page = app.test_client().get("/de/").text
    assert f'href="/de/proposals?district={districts()[0].slug}"' in page


def test_what_waits_for_a_resident(app: Flask) -> None:
    me, other = make_resident(), make_resident()
    with transaction():
        make_proposal(title="Mein Entwurf", author=me, published=False)
        make_proposal(title="Fremder Entwurf", author=other, published=False)
        changed = make_proposal(title="Geändertes", asked_about_version=2, version_count=2)
        make_support(changed, me)
    client = app.test_client()
    sign_in(client, me)
    page = client.get("/de/").text
    assert "Mein Entwurf" in page
    assert f"/de/proposals/{changed.public_id}" in page.partition('id="own"')[2].partition("</section>")[0]
    assert "Fremder Entwurf" not in page
    visitor = app.test_client().get("/de/").text
    assert "Mein Entwurf" not in visitor
    assert 'id="own"' not in visitor


def test_staff_see_how_many_answers_are_due(app: Flask) -> None:
    clerk = make_staff(StaffRole.MODERATOR)
    today = clock.today()
    with transaction():
        make_proposal(stage=Stage.EXAMINED, answer_due_on=today + timedelta(days=3))
        make_proposal(stage=Stage.EXAMINED, answer_due_on=today - timedelta(days=1))
        make_answer(make_proposal(answer_due_on=today - timedelta(days=9)))
        make_proposal(stage=Stage.EXAMINED, answer_due_on=today, hidden_at=clock.now())
    client = app.test_client()
    sign_in(client, clerk)
    own = client.get("/en/").text.partition('id="own"')[2].partition("</section>")[0]
    assert "2 answers are due" in own
    assert "1 is late" in own
