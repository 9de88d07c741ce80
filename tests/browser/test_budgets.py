"""What a visit costs: bytes and requests of the first visit, of documents, fragments and scripts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from flask import Flask
from playwright.sync_api import Page

from portal.content.operations import Place, save_video
from portal.content.settings import HOME, LONGEST_WORDS_ON_HOME
from portal.core.db import transaction
from tests.support.browser import Visit, as_person
from tests.support.factories import actor_of, make_staff
from tests.support.videos import mp4
from tests.support.world import World
from tests.support.world_kept import town_of_everything

pytestmark = pytest.mark.browser
STATIC = Path(__file__).parents[2] / "static"
KB = 1024
READ = ("", "proposals", "proposals/{own}", "districts", "search?q=bank", "sign-in", "help")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[tuple[Flask, World]]:
    """A town with something on every page; nobody changes it here."""
    with town_of_everything(tmp_path_factory, sqlite_template) as made:
        film_the_home_page()
        yield made


def film_the_home_page() -> None:
    """A video in sign language with as many words as it may have; numbers pack worse than any language."""
    words = " ".join(str(number) for number in range(7**5, 7**5 + 250))[:LONGEST_WORDS_ON_HOME]
    with transaction():
        actor = actor_of(make_staff("administrator"))
        save_video(actor, Place(page=HOME), file=io.BytesIO(mp4(60)), poster=b"", words=words, language="de")


@pytest.fixture
def app(town: tuple[Flask, World]) -> Flask:
    """The portal of the town, for all tests of this file."""
    return town[0]


@pytest.fixture
def world(town: tuple[Flask, World]) -> World:
    """What is in it."""
    return town[1]


def packed(text: str | bytes) -> int:
    """Bytes as they travel."""
    return len(brotli.compress(text if isinstance(text, bytes) else text.encode(), quality=5))


def measure(page: Page, address: str) -> list[tuple[str, str, int]]:
    """Open a page and write down every request: address, kind, bytes on the wire. The worker's count, too."""
    seen: list[tuple[str, str, int]] = []
    page.context.on(
        "requestfinished",
        lambda request: seen.append(
            (request.url, request.resource_type, sum(request.sizes()[one] for one in ("responseBodySize",)))
        ),
    )
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)
    return seen


@pytest.mark.parametrize("path", ["", "proposals"])
def test_the_first_visit_is_light(app: Flask, visit: Visit, path: str) -> None:
    blank = visit("/healthz")
    page = blank.context.browser.new_context(base_url=blank.url).new_page()  # type: ignore[union-attr]
    # What comes from the cache has no bytes (the logo is the icon of the tab, too).
    seen = [one for one in measure(page, f"/de/{path}") if not one[0].startswith("data:") and one[2] > 0]
    page.context.close()
    photos = [one for one in seen if "/pictures/" in one[0]]
    rest = [one for one in seen if one not in photos]
    assert len(rest) <= 5, "\n".join(url for url, _kind, _size in rest)
    assert sum(size for _url, _kind, size in rest) <= 30 * KB, rest


def test_documents_are_light(app: Flask, world: World) -> None:
    client = app.test_client()
    weights = {}
    for path in READ:
        answer = client.get("/de/" + path.format(**world.words))
        assert answer.status_code == 200
        weights[path] = packed(answer.data)
    assert max(weights.values()) <= 14 * KB, weights


def test_fragments_are_light(app: Flask, world: World) -> None:
    client = app.test_client()
    for path in ("proposals?q=amsel", "proposals/similar?title=Bank", "proposals?topic=green"):
        answer = client.get(f"/de/{path}".format(**world.words), headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert packed(answer.data) <= 3 * KB, path


def test_scripts_are_light() -> None:
    own = sum(packed(path.read_bytes()) for path in (STATIC / "js").glob("*.js") if path.name != "passkey.js")
    htmx = packed((STATIC / "vendor" / "htmx.min.js").read_bytes())
    assert own + htmx <= 20 * KB
    assert packed((STATIC / "js/app.js").read_bytes()) + htmx <= 18 * KB


def test_a_reader_leaves_no_trace(app: Flask, visit: Visit, world: World) -> None:
    """No cookie and no key in any storage for somebody who reads; one cookie after signing in."""
    page = visit("/de/")
    for path in READ:
        if path == "sign-in":  # a form needs its token
            continue
        page.goto(page.url.split("/de/")[0] + "/de/" + path.format(**world.words))
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(localStorage).length") == 0
    member = visit("/de/account", **as_person(app, world.people["author"]))
    assert len(member.context.cookies()) == 1


def test_nothing_blocks_the_first_picture(app: Flask, visit: Visit) -> None:
    """Styles are in the page, scripts wait."""
    page = visit("/de/")
    assert page.locator("link[rel=stylesheet], script:not([defer]):not([type=module])").count() == 0
    blocking = (
        "performance.getEntriesByType('resource').filter(one => one.renderBlockingStatus === 'blocking')"
    )
    assert page.evaluate(f"{blocking}.length") == 0
