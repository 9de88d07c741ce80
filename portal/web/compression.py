"""Smaller answers: brotli where the browser takes it, else gzip; only for text, only when it pays.

A page is packed in two parts. What stands before its <title> is the same on all pages of a kind (styles,
scripts, words for scripts): packed once, at the best quality, and kept. The rest is packed for each answer at
a quality whose output may follow anything (docs/adr/0018): 0.1 ms for a list of 55 kB, 1.0 ms with brotli 5
over the whole. Files under static/ are compressed once at start (static_files.py), not here.

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
HEAD_QUALITY = 11
# 0 and 1 use neither brotli's dictionary nor the distances before, so that what they write is right after any
# other part. 2 to 11 do: their parts would unpack to nonsense.
REST_QUALITY = 1
HEAD_ENDS, SMALLEST_HEAD = b"<title>", 4_096
MOST_HEADS = 500  # of about 5 kB
GZIP_LEVEL = 6
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


class Heads:
    """The packed beginnings of pages, known by what they are: nothing to invalidate."""

    def __init__(self, most: int = MOST_HEADS) -> None:
        self.most, self.known = most, OrderedDict[bytes, bytes]()
        self._lock = threading.Lock()

    def packed(self, head: bytes) -> bytes:
        """A part of a stream that another part must follow; made once, which takes some 20 ms."""
        key = hashlib.blake2b(head, digest_size=16).digest()
        with self._lock:
            found = self.known.get(key)
            if found is None:
                packer = brotli.Compressor(quality=HEAD_QUALITY, lgwin=BROTLI_WINDOW)
                found = self.known[key] = packer.process(head) + packer.flush()
            self.known.move_to_end(key)
            while len(self.known) > self.most:
                self.known.popitem(last=False)
        return found


_heads = Heads()


def encode_page(page: bytes, encoding: str) -> bytes:
    """The same as `encode`; a page with a long head in two parts."""
    ends = page.find(HEAD_ENDS, SMALLEST_HEAD) if encoding == "br" else -1
    if ends < 0:
        return encode(page, encoding)
    packer = brotli.Compressor(quality=REST_QUALITY, lgwin=BROTLI_WINDOW)
    packer.flush()  # what a stream begins with; it stands in the head already
    packed: bytes = _heads.packed(page[:ends]) + packer.process(page[ends:]) + packer.finish()
    return packed


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
    packed = (encode_page if response.mimetype == "text/html" else encode)(data, encoding)
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
