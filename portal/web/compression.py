"""Smaller answers: brotli where the browser takes it, else gzip; only for text, only when it pays.

Costs per 40 kB page on our machine: brotli 5 about 0.4 ms, gzip 6 about 0.5 ms; brotli 9 would cost 2.5 ms
and is for nobody. Files under static/ are compressed once at start (see static_files.py), not here.

BREACH, thought through. A compressed page that holds a secret (our CSRF token) beside text from the URL (a
search page repeats the query) leaks the secret letter by letter to somebody who can make the victim's browser
fetch it thousands of times and who sees the length on the wire. Three things stand against it: the session
cookie is SameSite=Lax, so a foreign page fetches as a stranger, whose page holds no token; what is left,
a foreign page *navigating* the victim to us, is recognised by `Sec-Fetch-Site` (or a foreign Referer in old
browsers) together with a cookie, and such an answer is sent uncompressed; and a view that knows better says
`without_compression(response)`.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from functools import lru_cache
from urllib.parse import urlsplit

import brotli
from flask import Flask, Request, Response, request

SMALLEST = 500  # bytes; below this the headers cost more than is saved
BROTLI_QUALITY = 5
# A page fits into 256 kB. The usual window takes megabytes of memory for each page being compressed.
BROTLI_WINDOW = 18
GZIP_LEVEL = 6
MOST_PACKED = 200  # about 2 MB
# Said by views of public pages (see page_cache.py); only such pages are remembered here.
KEEP = "portal.keep_for_visitors"
TEXT_TYPES = frozenset(
    {
        "application/atom+xml",
        "application/geo+json",
        "application/javascript",
        "application/json",
        "application/ld+json",
        "application/manifest+json",
        "application/rss+xml",
        "application/xhtml+xml",
        "application/xml",
        "image/svg+xml",
    }
)
_OFF = "_nachbarnetz_uncompressed"


def init_app(app: Flask) -> None:
    """Compress what the app answers. Register before functions that must see the plain body."""
    app.after_request(compress)


def without_compression(response: Response) -> Response:
    """Send this response as it is."""
    setattr(response, _OFF, True)
    return response


def is_text(mimetype: str | None) -> bool:
    return mimetype is not None and (mimetype.startswith("text/") or mimetype in TEXT_TYPES)


@lru_cache(maxsize=512)
def pick_encoding(accept_encoding: str) -> str:
    """`br`, `gzip` or `identity`: the best of what an Accept-Encoding header allows."""
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        weight = 1.0
        if parameter.strip().startswith("q="):
            try:
                weight = float(parameter.strip()[2:])
            except ValueError:
                weight = 0.0
        weights[name.strip()] = weight
    for encoding in ("br", "gzip"):
        if weights.get(encoding, weights.get("*", 0.0)) > 0:
            return encoding
    return "identity"


def encode(data: bytes, encoding: str) -> bytes:
    """The bytes in that encoding; the same bytes every time, so that an ETag can be made of them."""
    if encoding == "br":
        packed: bytes = brotli.compress(data, quality=BROTLI_QUALITY, lgwin=BROTLI_WINDOW)
        return packed
    if encoding == "gzip":
        return gzip.compress(data, GZIP_LEVEL, mtime=0)
    return data


class PackedAlready:
    """Bytes that were compressed lately, known by what they were: a public page is drawn anew after every
    write, and mostly it is the same page. Nothing to invalidate: other words are another key."""

    def __init__(self, most: int = MOST_PACKED) -> None:
        self.most, self.known = most, OrderedDict[tuple[bytes, str], bytes]()
        self._lock = threading.Lock()

    def encode(self, data: bytes, encoding: str) -> bytes:
        key = hashlib.blake2b(data, digest_size=16).digest(), encoding
        with self._lock:
            packed = self.known.get(key)
            if packed is not None:
                self.known.move_to_end(key)
                return packed
        packed = encode(data, encoding)
        with self._lock:
            self.known[key] = packed
            while len(self.known) > self.most:
                self.known.popitem(last=False)
        return packed


_packed_already = PackedAlready()


def compress(response: Response) -> Response:
    """The after_request function: encode the body if the browser and the rules above allow it."""
    if not _is_compressible(response):
        return response
    response.vary.add("Accept-Encoding")
    encoding = pick_encoding(request.headers.get("Accept-Encoding", ""))
    if encoding == "identity" or _comes_from_elsewhere_with_a_cookie(request):
        return response
    data = response.get_data()
    if len(data) < SMALLEST:
        return response
    packed = (_packed_already.encode if request.environ.get(KEEP) else encode)(data, encoding)
    if len(packed) >= len(data):
        return response
    response.set_data(packed)  # corrects Content-Length
    response.headers["Content-Encoding"] = encoding
    tag, weak = response.get_etag()
    if tag and not weak:
        # The bytes differ from those of the other encodings, the meaning does not.
        response.set_etag(tag, weak=True)
    return response


def _is_compressible(response: Response) -> bool:
    return not (
        getattr(response, _OFF, False)
        or response.status_code < 200
        or response.status_code in (204, 206, 304)
        or response.is_streamed
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or response.cache_control.no_transform
        or not is_text(response.mimetype)
    )


def _comes_from_elsewhere_with_a_cookie(request: Request) -> bool:
    """The BREACH pattern: somebody else's page sent this browser here, and the browser says who it is."""
    if not request.headers.get("Cookie"):
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    referer = request.headers.get("Referer")
    return bool(referer) and urlsplit(referer).netloc != request.host
