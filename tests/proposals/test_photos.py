"""Photos of a draft: described, at most six, only pixels are kept."""

from __future__ import annotations

import io
import re

from flask.testing import FlaskClient
from PIL import Image

from portal.core.db import session
from portal.proposals.models import Proposal
from portal.proposals.queries import proposal_by_public_id
from tests.proposals.helpers import post, start_draft


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
    sent = post(client, url, picture=(io.BytesIO(jpeg()), "a.jpg"), alt="Ein grüner Platz")
    assert sent.status_code == 303
    assert load(pid).picture_count == 1
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
