"""Photos of a draft: described, at most six, only pixels are kept."""

from __future__ import annotations

import io
import re
import sqlite3

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from portal.core import pictures
from portal.core.db import db, session
from portal.proposals.models import Proposal
from portal.proposals.queries import proposal_by_public_id
from tests.proposals.helpers import post, start_draft
from tests.support.factories import make_resident, sign_in
from tests.support.people import Person


def load(public_id: str) -> Proposal:
    session.rollback()
    found = proposal_by_public_id(public_id)
    assert found is not None
    return found


def jpeg() -> bytes:
    """A small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(buffer, "JPEG")
    return buffer.getvalue()


def test_photos_need_a_description(client: FlaskClient) -> None:
    pid = start_draft(client, "Mit Foto")
    url = f"/de/proposals/drafts/{pid}/photos"
    assert post(client, url, add="1", alt="Ein grüner Platz").status_code == 422
    sent = post(client, url, picture=(io.BytesIO(jpeg()), "a.jpg"), alt="Ein grüner Platz")
    assert sent.location.endswith("/language")  # going on takes the chosen photo along
    assert load(pid).picture_count == 1
    waits = post(client, url, picture=(io.BytesIO(jpeg()), "b.jpg"), alt="")
    assert waits.location.endswith("/photos")
    pending = re.findall(r'name="picture" value="([^"]+)"', client.get(url).get_data(as_text=True))
    post(client, url, remove=pending[-1])
    page = client.get(url).get_data(as_text=True)
    picture_id = re.search(r'name="picture" value="([^"]+)"', page)
    assert "Ein grüner Platz" in page
    assert picture_id is not None
    post(client, url, remove=picture_id[1])
    assert load(pid).picture_count == 0


def test_what_is_no_picture_is_refused(client: FlaskClient) -> None:
    pid = start_draft(client, "Kein Foto")
    url = f"/de/proposals/drafts/{pid}/photos"
    answer = post(client, url, picture=(io.BytesIO(b"<script>alert(1)</script>"), "x.jpg"), alt="Etwas")
    assert answer.status_code == 422
    assert "Etwas" in answer.get_data(as_text=True)
    assert load(pid).picture_count == 0


@pytest.fixture
def writers_meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody else writes whenever pixels are worked on; the list says how that went."""
    seen: list[str] = []
    work = pictures._variants

    def watched(pixels: Image.Image) -> list[pictures.Variant]:
        other = sqlite3.connect(str(db.engine.url.database), timeout=0)
        try:
            other.execute("BEGIN IMMEDIATE")
            seen.append("wrote")
        except sqlite3.OperationalError:
            seen.append("had to wait")
        finally:
            other.close()
        return work(pixels)

    monkeypatch.setattr(pictures, "_variants", watched)
    return seen


def test_nobody_waits_while_a_photo_is_made_small(client: FlaskClient, writers_meanwhile: list[str]) -> None:
    pid = start_draft(client, "Großes Foto")
    url = f"/de/proposals/drafts/{pid}/photos"
    assert post(client, url, picture=(io.BytesIO(jpeg()), "a.jpg"), alt="Ein Platz").status_code == 303
    assert writers_meanwhile == ["wrote"], "once, and outside of the writing transaction"
    assert load(pid).picture_count == 1


def test_photos_of_somebody_who_may_not_are_not_looked_at(
    app: Flask, client: FlaskClient, writers_meanwhile: list[str]
) -> None:
    pid = start_draft(client, "Nicht deins")
    stranger = Person(app)
    sign_in(stranger.client, make_resident())
    session.commit()
    for person in (stranger, Person(app)):
        answer = person.post(
            f"/de/proposals/drafts/{pid}/photos", picture=(io.BytesIO(jpeg()), "a.jpg"), alt="Ein Platz"
        )
        assert answer.status_code in (303, 404)
    assert writers_meanwhile == []
    assert load(pid).picture_count == 0
