"""Kept pages: quick, never personal, gone with the first write, and within their memory."""

import threading
import time

import brotli
import pytest
from flask import Flask, Response, make_response, request, session

from portal.core.db import Base, db, transaction
from portal.core.db import session as database
from portal.core.settings import Settings
from portal.web import compression, page_cache
from portal.web.access import public
from portal.web.page_cache import OwnGeneration, PageCache, SharedGeneration
from tests.conftest import make_settings, running_app

BROTLI = {"Accept-Encoding": "br"}


class Site:
    """A small app behind a cache, which counts how often it was asked."""

    def __init__(self, generation=None, **options):
        self.app = app = Flask(__name__)
        app.config.update(SECRET_KEY="x", SESSION_COOKIE_NAME="s")
        compression.init_app(app)
        self.asked = 0
        self.content = "Bank"
        self.before_answer = lambda: None
        app.add_url_rule("/<lang>/", "home", self.page)
        app.add_url_rule("/<lang>/form", "form", self.form)
        app.add_url_rule("/<lang>/plain", "plain", lambda lang: "plain")
        app.add_url_rule("/<lang>/missing", "missing", self.missing)
        app.add_url_rule("/<lang>/strange", "strange", self.strange)
        self.cache = PageCache(app.wsgi_app, generation or OwnGeneration(), ["s"], **options)
        app.wsgi_app = self.cache
        self.client = app.test_client(use_cookies=False)

    def page(self, lang):
        self.asked += 1
        page_cache.keep_for_visitors()
        who = request.cookies.get("s", "visitor")
        content = self.content
        self.before_answer()
        response = make_response(
            f"{lang} {content} {who} {self.asked} {'part' if request.headers.get('HX-Request') else ''}"
            + "." * 600
        )
        response.vary.add("HX-Request")
        return response

    def form(self, lang):
        page_cache.keep_for_visitors()
        session["csrf"] = "secret"  # sets a cookie after every after_request function
        return "form"

    def missing(self, lang):
        page_cache.keep_for_visitors()
        return "not here", 404

    def strange(self, lang):
        page_cache.keep_for_visitors()
        return Response("x", headers={"Vary": "User-Agent"})

    def get(self, path="/de/", **headers):
        return self.client.get(path, headers=headers)


@pytest.fixture
def site():
    return Site()


def test_the_second_reader_gets_the_same_page_without_asking_the_app(site):
    first, second = site.get(), site.get()
    assert site.asked == 1
    assert first.data == second.data
    assert dict(first.headers) == dict(second.headers)
    assert second.headers["ETag"].startswith('W/"')


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/ar/"},
        {"path": "/de/?page=2"},
        {"HX-Request": "true"},
        {"Accept-Encoding": "br"},
        {"Accept-Encoding": "gzip"},
        {"Host": "other.example"},
    ],
)
def test_what_differs_is_kept_apart(site, other):
    plain = site.get().data
    assert site.get(**other).data != plain
    assert site.asked == 2
    site.get(**other)
    assert site.get().data == plain
    assert site.asked == 2


def test_compressed_pages_are_kept_compressed(site):
    first, second = site.get(**BROTLI), site.get(**BROTLI)
    assert second.headers["Content-Encoding"] == "br"
    assert first.data == second.data
    assert brotli.decompress(second.data).startswith(b"de Bank visitor 1")
    assert int(second.headers["Content-Length"]) == len(second.data)
    assert "Accept-Encoding" in second.headers["Vary"]


def test_a_known_page_is_answered_with_304(site):
    tag = site.get(**BROTLI).headers["ETag"]
    for known in (tag, f'"x", {tag}', tag.removeprefix("W/"), "*"):
        answer = site.get(**BROTLI, **{"If-None-Match": known})
        assert answer.status_code == 304
        assert answer.data == b""
        assert answer.headers["ETag"] == tag
        assert "Content-Encoding" not in answer.headers
        assert "HX-Request" in answer.headers["Vary"]
    assert site.get(**BROTLI, **{"If-None-Match": '"other"'}).status_code == 200
    assert site.asked == 1


def test_head_is_answered_from_the_page_and_never_kept(site):
    assert site.client.head("/de/").status_code == 200
    page = site.get()
    head = site.client.head("/de/")
    assert head.data == b""
    assert head.headers["ETag"] == page.headers["ETag"]
    assert page.data.startswith(b"de Bank")


def test_whoever_has_a_session_neither_gets_nor_leaves_a_page(site):
    assert b"anna" in site.get(Cookie="s=anna").data
    assert b"visitor" in site.get().data
    assert b"bela" in site.get(Cookie="lang=de; s=bela").data
    assert b"visitor" in site.get(Cookie="lang=de").data
    assert b"anna" in site.get(Cookie="s=anna").data
    for _ in range(2):
        assert "ETag" not in site.get(Authorization="Bearer x").headers
    assert b"anna" not in b"".join(page.body for page in site.cache.pages.values())


@pytest.mark.parametrize("path", ["/de/form", "/de/plain", "/de/missing", "/de/strange", "/de/unknown"])
def test_pages_with_cookies_errors_and_pages_that_did_not_ask_are_not_kept(site, path):
    site.get(path)
    site.get(path)
    assert not site.cache.pages


def test_posts_pass(site):
    assert site.client.post("/de/").status_code == 405
    assert not site.cache.pages


def test_a_write_drops_everything(site):
    site.get()
    site.content = "Bank und Tisch"
    site.cache.invalidate()
    assert b"Bank und Tisch" in site.get().data


def test_a_page_that_was_being_built_while_somebody_wrote_is_not_served_afterwards(site):
    def write():
        site.content = "new"
        site.cache.invalidate()

    site.before_answer = write
    assert b"Bank" in site.get().data  # began before the write: may say the old
    site.before_answer = lambda: None
    assert b"new" in site.get().data


def test_after_its_time_a_page_is_made_anew():
    site = Site(lifetime=0.05)
    site.get()
    time.sleep(0.06)
    site.get()
    assert site.asked == 2


def test_memory_is_bounded_and_the_least_used_go_first():
    site = Site(most_bytes=20_000)
    for number in range(40):
        site.get()
        site.get(f"/de/?page={number}")
    assert sum(page.size for page in site.cache.pages.values()) == site.cache.bytes <= 20_000
    assert 5 < len(site.cache.pages) < 20
    assert site.asked == 41  # the page in use stayed
    site.get("/de/?q=" + "x" * 400)
    site.get("/de/?q=" + "x" * 400)
    assert site.asked == 43


def test_huge_pages_are_sent_but_not_kept(site):
    site.content = "x" * page_cache.LARGEST_PAGE
    assert len(site.get().data) > page_cache.LARGEST_PAGE
    assert not site.cache.pages


def at_once(site, path, readers=6):
    """What so many readers get who ask while the first answer is still being made."""
    barrier, answers = threading.Barrier(readers), []

    def read():
        barrier.wait()
        answers.append(site.app.test_client(use_cookies=False).get(path))

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_page_that_many_ask_for_at_once_is_drawn_once():
    site = Site()
    site.before_answer = lambda: time.sleep(0.3)
    for asked in (1, 2):
        answers = at_once(site, "/de/")
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        assert site.asked == asked
        site.cache.invalidate()
    assert site.cache._drawing == {}


def test_nobody_waits_for_what_is_not_kept_or_fails(monkeypatch):
    monkeypatch.setattr(page_cache, "PATIENCE_SECONDS", 30)
    site = Site()
    inside = threading.Barrier(6, timeout=10)  # breaks unless all six are being answered at the same time

    def plain(lang):
        if site.asked:
            inside.wait()
        return "plain"

    site.app.view_functions["plain"] = plain
    assert site.get("/de/plain").text == "plain"
    site.asked = 1
    assert {answer.status_code for answer in at_once(site, "/de/plain")} == {200}

    def fails():
        time.sleep(0.2)
        raise RuntimeError

    site.before_answer = fails
    assert {answer.status_code for answer in at_once(site, "/de/")} == {500}
    assert site.cache._drawing == {}


def test_many_threads_at_once_see_whole_pages_and_the_sum_stays_right():
    site = Site(most_bytes=30_000)
    failures = []

    def read(offset):
        client = site.app.test_client(use_cookies=False)
        for number in range(150):
            path = f"/de/?page={(number + offset) % 30}"
            answer = client.get(path, headers=BROTLI)
            if not brotli.decompress(answer.data).startswith(b"de Bank visitor"):
                failures.append(path)
            if number % 40 == 0:
                site.cache.invalidate()

    threads = [threading.Thread(target=read, args=(n * 7,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(page.size for page in site.cache.pages.values()) == site.cache.bytes <= 30_000


def test_several_processes_share_what_was_written_through_valkey(valkey_url, monkeypatch):
    monkeypatch.setattr(page_cache, "ASK_VALKEY_EVERY", 0.0)
    one, other = Site(SharedGeneration(valkey_url)), Site(SharedGeneration(valkey_url))
    one.get(), other.get()
    one.content = other.content = "new"
    one.cache.invalidate()
    assert b"new" in one.get().data
    assert b"new" in other.get().data
    other.get()
    assert other.asked == 2


def test_a_write_of_another_process_is_seen_within_the_pause(valkey_url):
    one, other = SharedGeneration(valkey_url), SharedGeneration(valkey_url)
    before = other.current()
    one.bump()
    time.sleep(page_cache.ASK_VALKEY_EVERY + 0.02)
    assert other.current() != before


def test_while_valkey_is_away_nothing_is_kept(caplog):
    site = Site(SharedGeneration("redis://127.0.0.1:1/0"))
    site.get(), site.get()
    site.cache.invalidate()
    assert site.asked == 2
    assert not site.cache.pages


def test_with_sqlite_the_writes_of_other_programs_are_seen(tmp_path):
    log = tmp_path / "portal.db-wal"
    generation = OwnGeneration(tmp_path / "portal.db")
    states = {generation.current()}
    log.write_bytes(b"x")
    states.add(generation.current())
    log.write_bytes(b"xy")
    states.add(generation.current())
    generation.bump()
    states.add(generation.current())
    assert len(states) == 4
    assert generation.current() in states


@pytest.fixture
def real(tmp_path, monkeypatch):
    """The whole portal with one page that may be kept."""
    count = []

    def page():
        count.append(1)
        page_cache.keep_for_visitors()
        return Response(f"page {len(count)}" + "." * 600, mimetype="text/plain")

    original = page_cache.wrap

    def wrap(app, settings):
        app.add_url_rule("/kept", "kept", public(page), methods=["GET"])
        return original(app, settings)

    monkeypatch.setattr(page_cache, "wrap", wrap)
    with running_app(make_settings(tmp_path / "instance")) as app:
        Base.metadata.create_all(db.engine)
        yield app


def test_in_the_portal_a_commit_of_any_kind_drops_the_pages(real):
    client = real.test_client()
    first = client.get("/kept", headers=BROTLI)
    assert first.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert set(first.headers["Vary"].split(", ")) == {"Cookie", "Accept-Encoding"}
    assert "Content-Security-Policy" in first.headers
    second = client.get("/kept", headers=BROTLI)
    assert second.data == first.data
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    with transaction():
        database.connection()
    assert client.get("/kept", headers=BROTLI).data != first.data


def test_in_the_portal_a_page_with_a_session_is_not_for_keeping(real):
    client = real.test_client(use_cookies=False)
    client.get("/kept")
    answer = client.get("/kept", headers={"Cookie": f"{real.config['SESSION_COOKIE_NAME']}=x"})
    assert answer.text.startswith("page 2")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        (Settings(), OwnGeneration),
        (Settings(database_url="postgresql:///x", valkey_url="valkey://localhost"), SharedGeneration),
        (Settings(processes=4, valkey_url="redis://localhost"), SharedGeneration),
        (Settings(processes=4), type(None)),
    ],
)
def test_several_processes_without_valkey_keep_nothing(settings, kind):
    app = Flask(__name__)
    app.config["SESSION_COOKIE_NAME"] = "s"
    cache = page_cache.wrap(app, settings)
    assert isinstance(cache.generation if cache else None, kind)
