"""CSV and JSON: the same rows, safe in spreadsheets, without persons, level in memory for many rows."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

import portal
from portal.core import clock, site_settings
from portal.core.actors import SYSTEM
from portal.core.csvsafe import BOM
from portal.core.db import session, transaction
from portal.core.public_id import new_id
from portal.core.settings import current_settings
from portal.discussions.models import Comment, Thread
from portal.opendata.queries import FIELDS, data_state, public_rows
from portal.opendata.views.files import csv_pieces, json_pieces
from portal.places.operations import load_districts
from portal.places.queries import districts
from portal.proposals.models import Proposal, Stage, Topic
from portal.proposals.operations import hide_proposal
from portal.proposals.queries import proposal_by_id
from tests.importing.helpers import resident_bytes
from tests.support.factories import make_resident
from tests.support.factories_proposals import make_proposal
from tests.support.queries import counted_queries
from tests.support.town import SECRETS, make_answer, make_secrets

DISTRICTS = Path(portal.__file__).parent / "demo" / "data" / "districts.geojson"
FILES = ("proposals.csv", "proposals.json")


def table(app: Flask) -> list[dict[str, str]]:
    answer = app.test_client().get("/de/open-data/proposals.csv", buffered=True)
    assert answer.content_type == "text/csv; charset=utf-8"
    text = answer.data.decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def data(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/de/open-data/proposals.json", buffered=True)
    assert answer.mimetype == "application/json"
    found: dict[str, Any] = json.loads(answer.data)
    return found


def make_full() -> Proposal:
    """A proposal in which every field has a value."""
    load_districts(DISTRICTS)
    proposal = make_proposal(
        title='Bank; am "Markt"',
        what="Erste Zeile\nZweite, Zeile",
        why="Darum",
        for_whom="Für alle",
        topic=Topic.MEETING,
        stage=Stage.EXAMINED,
        district_id=districts()[0].id,
        place_words="Am Markt",
        lat=50.62275,
        lon=9.30702,
        cost_cents=123_450,
        support_count=51,
        comment_count=7,
        published_at=datetime(2026, 5, 1, 10, tzinfo=UTC),
        edited_at=datetime(2026, 5, 2, 10, tzinfo=UTC),
        collecting_until_on=date(2026, 9, 1),
        answer_due_on=date(2026, 8, 1),
        imported_from="Liste Nord",
        import_key="1",
    )
    make_answer(proposal, text="Ja, gern.")
    return proposal


def test_every_field_with_its_value(both: Flask) -> None:
    with transaction():
        proposal = make_full()
    (row,) = table(both)
    assert list(row) == list(FIELDS)
    assert [name for name in FIELDS if row[name] == ""] == []
    assert row["url"] == f"{current_settings().base_url}/de/proposals/{proposal.public_id}"
    assert (row["title"], row["what"]) == ('Bank; am "Markt"', "Erste Zeile\nZweite, Zeile")
    assert (row["topic"], row["stage"], row["district"]) == ("meeting", "accepted", districts()[0].name)
    assert (row["cost"], row["currency"], row["supporters"], row["comments"]) == ("1234.5", "EUR", "51", "7")
    assert (row["published_at"], row["answer_due"]) == ("2026-05-01T10:00:00+00:00", "2026-08-01")
    assert (row["decision"], row["answer"], row["source"]) == ("accepted", "Ja, gern.", "Liste Nord")
    (same,) = data(both)["proposals"]
    assert list(same) == list(FIELDS)
    assert {name: "" if value is None else str(value) for name, value in same.items()} == row
    assert (same["cost"], same["supporters"], same["latitude"]) == (1234.5, 51, 50.62275)


def test_empty_values(app: Flask) -> None:
    with transaction():
        make_proposal()
    (row,), (same,) = table(app), data(app)["proposals"]
    for name in ("cost", "currency", "district", "latitude", "decision", "answer", "source", "topic"):
        assert (row[name], same[name]) == ("", None)


def test_nothing_there(app: Flask) -> None:
    assert table(app) == []
    assert data(app)["proposals"] == []


def test_what_is_not_public_and_who_is_left_out(app: Flask) -> None:
    author = make_resident(display_name="Rosa Linde", email="rosa@example.org")
    with transaction():
        make_secrets()
        proposal = make_proposal(title="Sichtbares", author=author, comment_count=1)
        make_answer(
            make_proposal(title="Offenes", stage=Stage.EXAMINED), text="Geheime Antwort", published=False
        )
        thread = Thread(subject_kind="proposal", subject_id=proposal.id)
        comment = Comment(
            thread=thread,
            body_md="Kommentartext",
            body_html="",
            language="de",
            direction="ltr",
            author_id=author.id,
        )
        session.add(comment)
    for name in FILES:
        text = app.test_client().get(f"/de/open-data/{name}", buffered=True).text
        assert "Sichtbares" in text
        outside = (*SECRETS, "Rosa Linde", "rosa@", author.public_id, "Kommentartext", "Geheime Antwort")
        assert [word for word in outside if word in text] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝"])
def test_no_cell_becomes_a_formula(app: Flask, start: str) -> None:
    hostile = f'{start}HYPERLINK("http://evil.example";"x")'
    with transaction():
        make_proposal(title=hostile, what=hostile, place_words=hostile)
    (row,) = table(app)
    for name in ("title", "what", "place"):
        assert row[name].startswith("'")
    (same,) = data(app)["proposals"]
    assert same["title"] == hostile


def test_licence_and_source(app: Flask) -> None:
    facts = data(app)
    assert (facts["licence"], facts["licence_url"]) == (
        "CC-BY-4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    )
    assert facts["attribution"] == "Nachbarnetz, Lindental an der Aue"
    with transaction():
        site_settings.change("opendata.licence", "CC0-1.0", actor=SYSTEM)
        site_settings.change("opendata.attribution", "Stadt Lindental", actor=SYSTEM)
    facts = data(app)
    assert (facts["licence"], facts["attribution"]) == ("CC0-1.0", "Stadt Lindental")
    page = app.test_client().get("/de/open-data").text
    assert 'href="https://creativecommons.org/publicdomain/zero/1.0/"' in page
    assert "Stadt Lindental" in page


def test_the_page_describes_every_field_and_word(app: Flask) -> None:
    page = app.test_client().get("/en/open-data").text
    missing = [
        name for name in [*FIELDS, *Stage, *Topic] if f">{name}<" not in page.replace("<code>", "<code>")
    ]
    assert missing == []
    for path in ("/en/open-data/proposals.csv", "/en/open-data/proposals.json", "/en/proposals.atom"):
        assert f'href="{path}"' in page


@pytest.mark.parametrize("name", FILES)
def test_unchanged_files_are_not_sent_again(app: Flask, name: str) -> None:
    with transaction():
        proposal_id = make_proposal().id
        make_proposal()
    client = app.test_client()
    first = client.get(f"/de/open-data/{name}", buffered=True)
    again = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
    second = client.get(f"/de/open-data/{name}", headers=again, buffered=True)
    assert (second.status_code, second.data) == (304, b"")
    by_date = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(f"/de/open-data/{name}", headers=by_date, buffered=True).status_code == 200
    with transaction():
        found = proposal_by_id(proposal_id)
        assert found is not None
        hide_proposal(found)
    assert client.get(f"/de/open-data/{name}", headers=again, buffered=True).status_code == 200


def test_every_change_of_the_data_changes_the_fingerprint(both: Flask) -> None:
    with transaction():
        proposal_id = make_proposal().id
    seen = set()
    for change in (
        {},
        {"support_count": 1},
        {"comment_count": 1},
        {"stage": Stage.EXAMINED},
        {"edited_at": datetime(2030, 1, 1, tzinfo=UTC)},
        {"withdrawn_at": clock.now(), "withdrawn_reason": "other"},
    ):
        with transaction():
            proposal = proposal_by_id(proposal_id)
            for name, value in change.items():
                setattr(proposal, name, value)
        with transaction(write=False):
            seen.add(data_state().fingerprint)
    assert len(seen) == 6


def test_others_may_read_it(app: Flask) -> None:
    for path in ("/de/open-data/proposals.csv", "/de/open-data/proposals.json", "/de/proposals.atom"):
        headers = app.test_client().get(path, buffered=True).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in headers


def many(count: int) -> None:
    """So many proposals, straight into the table."""
    now = clock.now()
    rows = [
        {
            "public_id": new_id(12),
            "title": f"Vorschlag {number}",
            "what_md": "Mehr Bäume für alle. " * 10,
            "stage": Stage.COLLECTING,
            "created_at": now,
            "edited_at": now,
            "published_at": now,
            "last_activity_at": now,
        }
        for number in range(count)
    ]
    with transaction():
        session.execute(insert(Proposal), rows)


def test_rows_are_read_in_stretches(app: Flask) -> None:
    many(2_500)
    with counted_queries() as sent:
        assert sum(1 for _ in public_rows()) == 2_500
    assert len([one for one in sent if "FROM proposal" in one]) == 3


@pytest.mark.parametrize("name", FILES)
def test_memory_stays_level(app: Flask, name: str) -> None:
    many(15_000)
    pieces = csv_pieces if name.endswith("csv") else json_pieces
    sizes, size = [], 0
    with app.test_request_context("/de/"):
        for piece in pieces(data_state()):
            size += len(piece)
            sizes.append(resident_bytes())
    assert size > 15_000 * 250
    assert max(sizes) - sizes[len(sizes) // 4] < 6_000_000
