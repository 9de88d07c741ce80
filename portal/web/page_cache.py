"""Whole answers for readers who are not signed in, kept ready and compressed for some seconds.

A view says `keep_for_visitors()`; everything else follows from the request and the answer:

* only GET and HEAD without a personal cookie and without Authorization are answered from here;
* only answers with status 200 that set no cookie are kept, and nothing that depends on unknown headers;
* the key is host, path (the language is in it), query, htmx fragment or page, and encoding;
* every commit drops all pages (a number, the generation, that each page remembers), and a page lives ten
  seconds in any case, since clocks, deadlines and other processes change pages too.

The generation is in Valkey when several processes serve; without Valkey they must not use the cache. While
Valkey is away nothing is kept. With SQLite, writes of other programs (a command, a worker) are noticed
by the write-ahead log's file. A cached answer costs as much as "hello": the app is not asked at all.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakSet

from flask import Flask, current_app, request
from sqlalchemy import event

from portal.core.db import session
from portal.core.later import Later
from portal.core.settings import Settings
from portal.web.compression import pick_encoding
from portal.web.logs import ROUTE

redis = Later("redis")
log = logging.getLogger("portal.cache")
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

KEEP = "portal.keep_for_visitors"  # said by views of public pages
LIFETIME_SECONDS = 10.0
MOST_BYTES = 6 * 1024 * 1024  # some hundred pages; they live ten seconds only
LARGEST_PAGE = 1024 * 1024
LONGEST_QUERY = 300
# A page that several ask for at once is drawn once: the others wait so long for it, then draw it themselves.
PATIENCE_SECONDS = 2.0
MOST_UNKEPT = 2_000
KNOWN_VARY = {"accept-encoding", "cookie", "hx-request"}
VALKEY_KEY = "nachbarnetz:generation"
ASK_VALKEY_EVERY = 0.25


class Generation(Protocol):
    """A value that changes whenever anything was written; None while nobody knows."""

    def current(self) -> object | None: ...
    def bump(self) -> None: ...


class OwnGeneration:
    """One process. With a database file, writes of other processes count too."""

    def __init__(self, database: Path | None = None) -> None:
        self.number = 0
        self.log_file = f"{database}-wal" if database else None

    def current(self) -> object | None:
        return self.number, self._file_state()

    def bump(self) -> None:
        self.number += 1  # only ever compared for equality: a lost update between threads still differs

    def _file_state(self) -> tuple[int, int] | None:
        if self.log_file is None:
            return None
        try:
            facts = os.stat(self.log_file)  # 2 microseconds; changes with every commit
        except OSError:
            return None
        return facts.st_mtime_ns, facts.st_size


class SharedGeneration:
    """Several processes: a counter in Valkey, asked at most four times a second."""

    def __init__(self, url: str) -> None:
        address = url.replace("valkey://", "redis://").replace("valkeys://", "rediss://")
        self.client = redis.Redis.from_url(address, socket_timeout=0.5, socket_connect_timeout=0.5)
        self.known: object | None = None
        self.asked_at = float("-inf")
        self.own = 0

    def current(self) -> object | None:
        now = time.monotonic()
        if now - self.asked_at >= ASK_VALKEY_EVERY:
            self.asked_at = now
            try:
                self.known = self.client.get(VALKEY_KEY) or b"0"
            except redis.RedisError as error:
                self._gone(error)
        return None if self.known is None else (self.known, self.own)

    def bump(self) -> None:
        self.own += 1  # in this process at once, also when Valkey does not answer
        try:
            self.known = str(self.client.incr(VALKEY_KEY)).encode()
        except redis.RedisError as error:
            self._gone(error)

    def _gone(self, error: Exception) -> None:
        if self.known is not None:
            log.warning("cache_without_valkey error=%s", type(error).__name__)
        self.known = None


@dataclass(frozen=True)
class Page:
    """One answer as it was sent."""

    headers: Headers
    body: bytes
    etag: str
    route: str
    generation: object
    until: float

    @property
    def size(self) -> int:
        return len(self.body) + 1_000  # headers and bookkeeping, roughly


class PageCache:
    """A WSGI layer around the app. Thread-safe; holds at most `most_bytes`, the least used go first."""

    def __init__(
        self,
        application: WsgiApp,
        generation: Generation,
        personal_cookies: Iterable[str],
        *,
        lifetime: float = LIFETIME_SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.application, self.generation = application, generation
        self.personal_cookies = tuple(f"{name}=" for name in personal_cookies)
        self.lifetime, self.most_bytes = lifetime, most_bytes
        self.pages: OrderedDict[tuple[object, ...], Page] = OrderedDict()
        self.bytes = 0
        self._lock = threading.Lock()
        self._drawing: dict[tuple[object, ...], threading.Event] = {}
        self._unkept: set[tuple[object, ...]] = set()  # what is not kept: nobody waits for it

    def invalidate(self) -> None:
        """Drop every page; called after each committed write."""
        self.generation.bump()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not self._may_be_cached(environ):
            return self.application(environ, start_response)
        # Before the app looks at anything: a write in between must make the page it builds worthless.
        generation = self.generation.current()
        if generation is None:
            return self.application(environ, start_response)
        key = self._key(environ)
        page = self._get(key, generation)
        if page is None:
            page = self._drawn_by_another(key, generation)
        if page is None:
            return self._draw(key, generation, environ, start_response)
        environ[ROUTE] = page.route
        return self._answer(page, environ, start_response)

    def _drawn_by_another(self, key: tuple[object, ...], generation: object) -> Page | None:
        """The page somebody else is drawing at this moment, when it is ready; None when nobody is.

        Without this, eight readers of a page that has just expired draw it eight times, and the first eight
        after a start all compile the same templates.
        """
        with self._lock:
            drawing = self._drawing.get((key, generation))
            if drawing is None:
                if _what(key) not in self._unkept:
                    self._drawing[key, generation] = threading.Event()
                return None
        return self._get(key, generation) if drawing.wait(PATIENCE_SECONDS) else None

    def _draw(
        self,
        key: tuple[object, ...],
        generation: object,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
    ) -> Iterable[bytes]:
        try:
            return self._ask_and_keep(key, generation, environ, start_response)
        finally:
            with self._lock:
                drawing = self._drawing.pop((key, generation), None)
            if drawing is not None:
                drawing.set()

    def _may_be_cached(self, environ: dict[str, Any]) -> bool:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return False
        if len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return False
        cookies = environ.get("HTTP_COOKIE", "")
        return not any(name in cookies for name in self.personal_cookies)

    def _key(self, environ: dict[str, Any]) -> tuple[object, ...]:
        return (
            environ.get("wsgi.url_scheme"),
            environ.get("HTTP_HOST"),
            environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            "HTTP_HX_REQUEST" in environ and "HTTP_HX_HISTORY_RESTORE_REQUEST" not in environ,
            pick_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")),
        )

    def _get(self, key: tuple[object, ...], generation: object) -> Page | None:
        with self._lock:
            page = self.pages.get(key)
            if page is None:
                return None
            if page.generation != generation or page.until < time.monotonic():
                self._remove(key)
                return None
            self.pages.move_to_end(key)
            return page

    def _remove(self, key: tuple[object, ...]) -> None:
        self.bytes -= self.pages.pop(key).size

    def _ask_and_keep(
        self,
        key: tuple[object, ...],
        generation: object,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
    ) -> Iterable[bytes]:
        answer: list[Any] = []

        def start(status: str, headers: Headers, *rest: Any) -> Callable[[bytes], object]:
            answer[:] = [status, headers]
            if environ.get(KEEP) and environ["REQUEST_METHOD"] == "GET" and _is_public(status, headers):
                answer.append(True)
                return _no_write
            write: Callable[[bytes], object] = start_response(status, headers, *rest)
            return write

        chunks = self.application(environ, start)
        if len(answer) < 3:
            self._nobody_waits_for(key, environ)
            return chunks
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        page = self._made(answer[1], body, environ, generation)
        if page.size <= LARGEST_PAGE:
            self._put(key, page)
        return self._answer(page, environ, start_response)

    def _nobody_waits_for(self, key: tuple[object, ...], environ: dict[str, Any]) -> None:
        if environ["REQUEST_METHOD"] == "HEAD":
            return  # the page itself may be kept all the same
        with self._lock:
            if len(self._unkept) >= MOST_UNKEPT:
                self._unkept.clear()
            self._unkept.add(_what(key))

    def _made(self, headers: Headers, body: bytes, environ: dict[str, Any], generation: object) -> Page:
        etag = f'W/"{hashlib.blake2b(body, digest_size=9).hexdigest()}"'
        kept = [(name, value) for name, value in headers if name.lower() not in ("etag", "content-length")]
        kept += [("ETag", etag), ("Content-Length", str(len(body)))]
        until = time.monotonic() + self.lifetime
        return Page(kept, body, etag, environ.get(ROUTE, "-"), generation, until)

    def _put(self, key: tuple[object, ...], page: Page) -> None:
        with self._lock:
            if key in self.pages:
                self._remove(key)
            self.pages[key] = page
            self.bytes += page.size
            while self.bytes > self.most_bytes:
                self._remove(next(iter(self.pages)))

    def _answer(
        self, page: Page, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Sequence[bytes]:
        if _is_known(environ.get("HTTP_IF_NONE_MATCH", ""), page.etag):
            left_out = ("content-length", "content-encoding", "content-type")
            start_response("304 NOT MODIFIED", [h for h in page.headers if h[0].lower() not in left_out])
            return []
        start_response("200 OK", list(page.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body]


def _what(key: tuple[object, ...]) -> tuple[object, ...]:
    """Path, and whether a fragment of it: whether an answer is kept hardly depends on more."""
    return key[2], key[4]


def _is_public(status: str, headers: Headers) -> bool:
    if not status.startswith("200"):
        return False
    for name, value in headers:
        lower = name.lower()
        if lower == "set-cookie":
            return False
        if lower == "vary" and not {part.strip() for part in value.lower().split(",")} <= KNOWN_VARY:
            return False
    return True


def _is_known(if_none_match: str, etag: str) -> bool:
    if not if_none_match:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag.removeprefix("W/") in tags or "*" in tags


def _no_write(data: bytes) -> object:
    raise RuntimeError("the app must return its body")


def keep_for_visitors() -> None:
    """Said by a view whose page is the same for everybody who is not signed in; nothing for the others.

    It may be kept some seconds; browsers ask each time and get 304 while nothing has changed.
    """
    personal = current_app.config["SESSION_COOKIE_NAME"] in request.cookies or request.authorization
    request.environ[KEEP] = not personal


def is_kept() -> bool:
    """Whether the answer in hand may be kept; browsers then ask again instead of forgetting it."""
    return bool(request.environ.get(KEEP))


_caches: WeakSet[PageCache] = WeakSet()


@event.listens_for(session, "after_commit")
def _something_was_written(_: object) -> None:
    for cache in list(_caches):
        cache.invalidate()


def wrap(app: Flask, settings: Settings) -> PageCache | None:
    """Put the cache around the app, unless several processes serve without Valkey."""
    if settings.processes > 1 and not settings.valkey_url:
        log.warning("page_cache_off reason=several_processes_without_valkey")
        return None
    generation: Generation
    if settings.valkey_url:
        generation = SharedGeneration(settings.valkey_url)
    else:
        file = settings.database_url.partition("sqlite:///")[2]
        generation = OwnGeneration(Path(file) if file else None)
    cache = PageCache(app.wsgi_app, generation, [app.config["SESSION_COOKIE_NAME"]])
    app.wsgi_app = cache  # type: ignore[method-assign]
    app.extensions["page_cache"] = cache
    _caches.add(cache)
    return cache
