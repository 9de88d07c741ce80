"""Writing a proposal in the browser: every page saves, nothing typed is lost, nobody else sees it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.db import session, transaction
from portal.places.queries import district_by_slug, district_picture
from portal.proposals.models import Proposal, SeenSimilar, SimilarOutcome, Stage, Support
from portal.proposals.queries import proposal_by_public_id
from tests.proposals.helpers import post, same_page, start_draft
from tests.support.factories import make_resident, make_staff, sign_in
from tests.support.factories_places import make_district
from tests.support.factories_proposals import make_proposal


def load(public_id: str) -> Proposal:
    session.rollback()
    found = proposal_by_public_id(public_id)
    assert found is not None
    return found


def test_from_the_title_to_the_public_page(client: FlaskClient, author: Account) -> None:
    with transaction():
        district = make_district("Nordend")
    pid = start_draft(client, "Eine Bank vor der Bibliothek")
    base = f"/de/proposals/drafts/{pid}"
    assert post(client, f"{base}/what", text="Bitte eine **Bank**.").location.endswith(f"{base}/why")
    assert post(client, f"{base}/why", text="Zum Ausruhen.").location.endswith(f"{base}/for-whom")
    assert post(client, f"{base}/for-whom", text="Für alle.").location.endswith(f"{base}/where")
    where = post(client, f"{base}/where", place_words="neben dem Tor", district=district.id, topic="meeting")
    assert where.location.endswith(f"{base}/needs")
    nothing = post(client, f"{base}/needs", kind="money", words="", quantity="250", add="1")
    assert nothing.status_code == 422
    assert '<label for="kind">Was fehlt noch?</label>' in nothing.get_data(as_text=True)  # always answered
    added = post(client, f"{base}/needs", kind="money", words="für Holz", quantity="250", add="1")
    assert added.location.endswith(f"{base}/needs")
    with_it = post(client, f"{base}/needs", kind="hands", words="Leute", quantity="٣")
    assert with_it.location.endswith(f"{base}/photos")
    assert "Leute (3)" in client.get(f"{base}/needs").get_data(as_text=True)
    assert post(client, f"{base}/needs").location.endswith(f"{base}/photos")
    assert post(client, f"{base}/photos").location.endswith(f"{base}/language")
    assert post(client, f"{base}/language", language="de").location.endswith(f"{base}/preview")
    preview = client.get(f"{base}/preview").get_data(as_text=True)
    assert "<strong>Bank</strong>" in preview
    assert "für Holz (250)" in preview
    published = post(client, f"{base}/publish")
    assert published.location.endswith(f"/de/proposals/{pid}")
    page = client.get(f"/de/proposals/{pid}").get_data(as_text=True)
    assert "Eine Bank vor der Bibliothek" in page
    assert "neben dem Tor, Nordend" in page
    proposal = load(pid)
    assert proposal.stage is Stage.COLLECTING
    assert proposal.author_id == author.id
    assert proposal.thread_id is not None


def test_publishing_twice_is_publishing_once(client: FlaskClient) -> None:
    pid = start_draft(client, "Zweimal geklickt")
    post(client, f"/de/proposals/drafts/{pid}/what", text="Text")
    first = post(client, f"/de/proposals/drafts/{pid}/publish")
    again = post(client, f"/de/proposals/drafts/{pid}/publish")
    assert first.location == again.location
    assert load(pid).version_count == 1


def test_the_way_back_after_publishing_leads_to_the_proposal(app: Flask, client: FlaskClient) -> None:
    pid = start_draft(client, "Bank")
    post(client, f"/de/proposals/drafts/{pid}/what", text="Eine Bank.")
    post(client, f"/de/proposals/drafts/{pid}/publish")
    other = app.test_client()
    sign_in(other, make_resident())
    for path in ("", "/title", "/preview"):
        assert client.get(f"/de/proposals/drafts/{pid}{path}").location.endswith(f"/de/proposals/{pid}")
        assert other.get(f"/de/proposals/drafts/{pid}{path}").status_code == 404
    assert post(client, f"/de/proposals/drafts/{pid}/what", text="Zu spät.").status_code == 404
    assert load(pid).what_md == "Eine Bank."


def test_a_double_click_on_the_first_page_makes_one_draft(client: FlaskClient, author: Account) -> None:
    page = client.get("/de/proposals/new").get_data(as_text=True)
    key = re.search(r'name="draft_key"[^>]*value="([^"]+)"', page)
    assert key is not None
    for _ in range(2):
        post(client, "/de/proposals/new", title="Einmal", draft_key=key[1])
    rows = session.scalars(select(Proposal).where(Proposal.author_id == author.id)).all()
    assert [row.title for row in rows] == ["Einmal"]


def test_several_drafts_stand_side_by_side_and_one_can_go(client: FlaskClient) -> None:
    first, second = start_draft(client, "Der erste"), start_draft(client, "Der zweite")
    page = client.get("/de/account/proposals").get_data(as_text=True)
    assert "Der erste" in page
    assert "Der zweite" in page
    post(client, f"/de/proposals/drafts/{first}/delete")
    session.rollback()
    assert proposal_by_public_id(first) is None
    assert load(second).title == "Der zweite"


def test_what_was_typed_is_kept_when_it_is_too_long(client: FlaskClient) -> None:
    pid = start_draft(client, "Lang")
    typed = "Wort " * 1500
    answer = post(client, f"/de/proposals/drafts/{pid}/what", text=typed)
    assert answer.status_code == 422
    assert typed.strip() in answer.get_data(as_text=True)
    assert load(pid).what_md == typed.strip()


def test_errors_come_back_with_the_text(client: FlaskClient) -> None:
    answer = post(client, "/de/proposals/new", title="x" * 121)
    assert answer.status_code == 422
    assert "x" * 121 in answer.get_data(as_text=True)
    pid = start_draft(client, "Orte")
    answer = post(client, f"/de/proposals/drafts/{pid}/where", place_words="Am Markt", district="999")
    assert answer.status_code == 422
    assert "Am Markt" in answer.get_data(as_text=True)


def test_nothing_at_all_is_refused(client: FlaskClient) -> None:
    assert post(client, "/de/proposals/new", title=" \u200b ").status_code == 422


def test_stopping_leads_back_to_where_one_was(client: FlaskClient) -> None:
    pid = start_draft(client, "Später weiter")
    stopped = post(client, f"/de/proposals/drafts/{pid}/what", text="Anfang", stop="1")
    assert stopped.location.endswith("/de/account/proposals")
    assert client.get(f"/de/proposals/drafts/{pid}").location.endswith(f"/drafts/{pid}/why")


def test_the_language_is_guessed_until_it_is_chosen(client: FlaskClient) -> None:
    pid = start_draft(client, "Більше дерев на площі біля школи")
    assert load(pid).language == "uk"
    post(client, f"/de/proposals/drafts/{pid}/language", language="de")
    post(client, f"/de/proposals/drafts/{pid}/what", text="Ми хочемо більше зелені на нашій вулиці")
    assert load(pid).language == "de"
    assert post(client, f"/de/proposals/drafts/{pid}/language", language="klingon").status_code == 422


def test_similar_ones_are_shown_with_and_without_scripts(client: FlaskClient) -> None:
    with transaction():
        bench = make_proposal(indexed=True, title="Bank vor der Kita Sonnenweg")
        make_proposal(indexed=True, title="Mehr Licht am Bahnhof")
        make_proposal(published=False, indexed=True, title="Sitzbank Kita Sonnenweg, ein Entwurf")
    typed = client.get(
        "/de/proposals/similar?title=Sitzbank+bei+Kita+Sonnenweg", headers={"HX-Request": "true"}
    ).get_data(as_text=True)
    assert "Bank vor der Kita Sonnenweg" in typed
    assert "<html" not in typed
    assert "Entwurf" not in typed
    assert "Bahnhof" not in typed
    answer = post(client, "/de/proposals/new", title="Sitzbank bei Kita Sonnenweg")
    assert answer.location.endswith("/similar")
    page = client.get(answer.location).get_data(as_text=True)
    assert "Bank vor der Kita Sonnenweg" in page
    assert bench.public_id in page


def test_choosing_a_similar_one_supports_it_and_ignoring_is_remembered(
    client: FlaskClient, author: Account
) -> None:
    with transaction():
        bench = make_proposal(indexed=True, title="Bank vor der Kita Sonnenweg")
        bench_pid, bench_id = bench.public_id, bench.id
    pid = post(client, "/de/proposals/new", title="Sitzbank bei Kita Sonnenweg").location.split("/")[-2]
    chosen = post(client, f"/de/proposals/drafts/{pid}/similar", support=bench_pid)
    assert chosen.location.endswith(f"/de/proposals/{bench_pid}")
    assert session.scalars(select(Support.account_id).where(Support.proposal_id == bench_id)).all() == [
        author.id
    ]
    other = post(client, "/de/proposals/new", title="Noch eine Bank Kita Sonnenweg").location.split("/")[-2]
    ignored = post(client, f"/de/proposals/drafts/{other}/similar", different="1")
    assert ignored.location.endswith(f"/drafts/{other}/what")
    session.rollback()
    seen = select(SeenSimilar.outcome).where(SeenSimilar.similar_id == bench_id).order_by(SeenSimilar.id)
    assert session.scalars(seen).all() == [SimilarOutcome.SUPPORTED, SimilarOutcome.IGNORED]
    assert client.get(f"/de/proposals/drafts/{other}/similar").location.endswith("/what")


def test_drafts_do_not_exist_for_anybody_else(app: Flask, client: FlaskClient) -> None:
    pid = start_draft(client, "Geheim")
    unknown = "zzzzzzzz"
    for person in (
        make_resident(),
        make_staff("administrator"),
        make_staff("moderator"),
        make_staff("planner"),
    ):
        other = app.test_client()
        sign_in(other, person)
        for path in ("", "/title", "/what", "/preview", "/delete", "/photos", "/similar"):
            real = other.get(f"/de/proposals/drafts/{pid}{path}")
            assert real.status_code == 404
            fake = other.get(f"/de/proposals/drafts/{unknown}{path}")
            assert same_page(real, pid) == same_page(fake, unknown)
        assert other.get(f"/de/proposals/{pid}").status_code == 404
        assert post(other, f"/de/proposals/drafts/{pid}/what", text="Fremd").status_code == 404
        assert post(other, f"/de/proposals/drafts/{pid}/publish").status_code == 404
    assert app.test_client().get(f"/de/proposals/{pid}").status_code == 404
    assert load(pid).what_md == ""


def test_pointing_at_the_map_without_scripts(client: FlaskClient) -> None:
    with transaction():
        district = make_district("Nordend")
        card = district_by_slug(district.slug)
        assert card is not None
        centre = (district.label_lat, district.label_lon)
        x, y = district_picture(card).at(*centre)
        place = {"place_words": "Am Tor", "district": district.id}
    pid = start_draft(client, "Mit der Karte")
    url = f"/de/proposals/drafts/{pid}/where"
    shown = client.get(post(client, url, **place, show_map="1").location).get_data(as_text=True)
    assert 'type="image"' in shown
    pressed = post(client, url, **place, **{"map.x": str(round(x)), "map.y": str(round(y))})
    assert pressed.location.endswith("/where#map")
    found = load(pid)
    assert (found.lat, found.lon) == pytest.approx(centre, abs=0.001)
    assert found.place_words == "Am Tor"
    # By keyboard a browser sends 0, 0; nonsense points nowhere; what was chosen before stays.
    kept = {"lat": str(found.lat), "lon": str(found.lon)}
    for pixels in ({"map.x": "0", "map.y": "0"}, {"map.x": "-5", "map.y": "x"}):
        assert post(client, url, **place, **kept, **pixels).status_code == 303
        assert load(pid).lat == pytest.approx(centre[0], abs=0.001)
