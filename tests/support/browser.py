"""A real browser on a real server: Debian's Chromium, driven by Playwright.

    def test_support(visit):
        page = visit("/de/proposals", width=360, javascript=False)

Every page is watched: an error in the console, a broken policy, or a request to anybody else fails the test.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Request, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.accounts.models import Account
from tests.support.axe import MARK_AGAIN, READY, RULES, RUN, passed_over
from tests.support.factories import sign_in
from tests.support.whole import WHOLE

# Without these Chromium asks Google's hosts at every start, and refuses to run as root.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# The shell first: the same browser without windows, eight times as fast with a fresh page.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
Visit = Callable[..., Page]

# Each long walk goes in one way, the next walk in the next way; with WHOLE=1 each goes in all four.
WAYS = {
    "de-scripts": ("de", True),
    "ar-plain": ("ar", False),
    "de-plain": ("de", False),
    "ar-scripts": ("ar", True),
}


def by_day(everything: list[Any], *some: Any) -> list[Any]:
    """What a test goes through: some of it, everything with WHOLE=1."""
    assert all(one in everything for one in some)
    return everything if WHOLE else list(some)


def walked(way: str) -> pytest.MarkDecorator:
    """The way in which a long walk goes, as (language, javascript); all four with WHOLE=1."""
    names = by_day(list(WAYS), way)
    return pytest.mark.parametrize(("language", "javascript"), [WAYS[name] for name in names], ids=names)


def chromium() -> str:
    """Where Chromium is; tools/chromium.sh installs it where it may."""
    names = (os.environ.get("PORTAL_TEST_CHROMIUM"), *BROWSERS)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("Chromium is missing: make test installs it, or leaves the browser tests out")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium per test process."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
        yield started
        started.close()


class Quiet(WSGIRequestHandler):
    """Says nothing."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Requests are not news."""


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    """The address of the portal `app`, answering over real sockets."""
    server = make_server("127.0.0.1", 0, app.wsgi_app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(live: str, browser: Browser) -> Iterator[Visit]:
    """Opens a page of the portal as somebody with an own, empty browser; the test may open several."""
    problems: list[str] = []
    contexts = []

    def open_page(
        path: str,
        *,
        width: int = 360,
        height: int = 740,
        javascript: bool = True,
        scheme: Literal["light", "dark"] = "light",
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=live,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        watch(page, live, problems)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def as_person(app: Flask, account: Account, *, second_factor: bool = True) -> dict[str, object]:
    """Options of a browser in which somebody is signed in."""
    client = app.test_client()
    sign_in(client, account, second_factor=second_factor)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    state = {"name": name, "value": cookie.value, "domain": "127.0.0.1", "path": "/"}
    more = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"storage_state": {"cookies": [{**state, **more}], "origins": []}}


# No errors of ours: pages that answer 404 or 422 are reported as failed resources, a missing network by htmx.
EXPECTED = (
    "the server responded with a status of",
    "ERR_INTERNET_DISCONNECTED",
    "htmx:sendError",
    "htmx:afterRequest",
)


def watch(page: Page, address: str, problems: list[str]) -> None:
    """Writes down what must not happen on a page."""

    def seen(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:", "about:")):
            problems.append(f"request to somebody else: {request.url}")

    page.on("request", seen)
    page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    page.on(
        "console",
        lambda message: (
            problems.append(f"console: {message.text}")
            if message.type == "error" and not any(words in message.text for words in EXPECTED)
            else None
        ),
    )


def follow(page: Page, link_or_button: Locator) -> None:
    """Clicks on what leads to another page, and waits until the browser is there."""
    with page.expect_navigation():
        link_or_button.click()


def arrived(page: Page, end: str) -> None:
    """Asserts that the browser comes to an address that ends like this.

    A click returns before the browser has begun to leave: asked at once, it still names the page before.
    """
    page.wait_for_url(lambda url: url.endswith(end))


def check_accessible(page: Page, *, with_frame: bool = False) -> None:
    """Asserts that axe finds nothing (WCAG 2.2 AA and its best practices).

    Bar and footer are the same on every page; the tests of the looks see them, and who asks for them.
    """
    page.wait_for_load_state()
    page.evaluate(READY)
    page.evaluate(MARK_AGAIN)
    found = page.evaluate(
        RUN, [{"include": [["html"]], "exclude": passed_over(with_frame=with_frame)}, RULES]
    )
    assert found == [], "\n".join(found)


def check_fits(page: Page) -> None:
    """Asserts that nothing has to be scrolled sideways."""
    page.wait_for_load_state()
    wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide[0] <= wide[1], f"{wide[0]} px of content in {wide[1]} px"
