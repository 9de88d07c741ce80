"""Static files under the hash of their content, compressed once, kept in memory.

`/static/<hash>/<path>` never changes its bytes, so browsers keep it for a year and never ask again. A known
path with another hash (a page from before an update) is redirected to the present one: serving new bytes
under the old name would poison caches, and 404 would break the page that is open. Unknown paths are 404.

Brotli 11 takes about 1 ms per kB; its results are kept in instance/cache/static, so only the first start
after a change pays. References `url(img/x.svg)` inside CSS files are rewritten to hashed ones.

The service worker, `manifest.webmanifest` and `favicon.ico`, when they exist, are also served from the root,
where browsers look for them, and are asked for anew each time.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import logging
import mimetypes
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import brotli
from flask import Flask, Response, current_app, g, has_request_context, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.core.places_on_disk import write_whole
from portal.web.access import public
from portal.web.compression import SMALLEST, is_text, pick_encoding
from portal.web.minify import minify_css
from portal.web.page_css import for_words

logger = logging.getLogger(__name__)

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
ROOT_FILES = {
    "sw.js": "js/sw.js",
    "manifest.webmanifest": "manifest.webmanifest",
    "favicon.ico": "favicon.ico",
}
CORE_CSS = "css/portal.css"
HTMX = "vendor/htmx.min.js"
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
_CSS_REFERENCE = re.compile(r"""url\((['"]?)(?!data:|https?:|//|/|#)([^)'"?#]+)([?#][^)'"]*)?\1\)""")


@dataclass(frozen=True)
class StaticFile:
    """One file as it is served: its bytes by encoding."""

    path: str
    digest: str
    mimetype: str
    stamp: tuple[int, int]
    bodies: dict[str, bytes] = field(repr=False)

    @property
    def url(self) -> str:
        return f"/static/{self.digest}/{self.path}"


@dataclass(frozen=True)
class InlineCss:
    """A style sheet to be written into a <style> element, and the CSP source that allows exactly it."""

    text: str
    csp_hash: str  # "sha256-…", to stand in quotes in style-src


NO_CSS = InlineCss("", "")


class StaticFiles:
    """All files below a folder, by path. With `watch` a changed file is read anew (for development)."""

    def __init__(self, folder: Path, cache: Path | None = None, *, watch: bool = False) -> None:
        self.folder, self.cache, self.watch = folder, cache, watch
        self.files: dict[str, StaticFile] = {}
        self._inline: dict[tuple[object, ...], tuple[object, InlineCss]] = {}
        self.load()

    def load(self) -> None:
        """Read the folder; style sheets last, since they name the others."""
        paths = sorted(
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file()
            and not any(part.startswith(".") for part in path.relative_to(self.folder).parts)
        )
        for path in sorted(paths, key=lambda p: p.endswith(".css")):
            self._read(path)
        self._forget_old_results()

    def get(self, path: str) -> StaticFile | None:
        """The file at this path, or None."""
        found = self.files.get(path)
        if not self.watch:
            return found
        source = self.folder / path
        if found is None and (_is_hidden(path) or self._is_outside(source)):
            return None
        with contextlib.suppress(OSError):
            if found is None or found.stamp != _stamp(source):
                return self._read(path)
        return found if source.is_file() else None

    def url(self, path: str) -> str:
        """The URL of a file; a file that does not exist is a mistake in the template."""
        found = self.get(path)
        if found is None:
            raise LookupError(f"no static file {path!r}")
        return found.url

    def has(self, path: str) -> bool:
        """Whether the file exists; third-party files may be missing, and templates do without."""
        return self.get(path) is not None

    def inline_css(self, *paths: str, extra: str = "", words: frozenset[str] | None = None) -> InlineCss:
        """These style sheets and what follows them, joined and minified, with the hash for the CSP.

        words: leave out rules that need another class (see page_css.py).
        """
        files = [self.files[path] if not self.watch else self.get(path) for path in paths]
        missing = [path for path, file in zip(paths, files, strict=True) if file is None]
        if missing:
            raise LookupError(f"no static file {missing[0]!r}")
        key = (extra, *(file.digest for file in files if file))
        known = self._inline.get((paths, words))
        if known and known[0] == key:
            return known[1]
        parts = [file.bodies["identity"].decode() for file in files if file]
        text = minify_css("\n".join([*parts, extra]))
        text = text if words is None else for_words(text, words)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        result = InlineCss(text, f"sha256-{digest}")
        self._inline[paths, words] = (key, result)
        return result

    def _is_outside(self, source: Path) -> bool:
        return not source.resolve().is_relative_to(self.folder.resolve())

    def _read(self, path: str) -> StaticFile:
        source = self.folder / path
        stamp = _stamp(source)
        body = source.read_bytes()
        suffix = source.suffix.lower()
        mimetype = TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        if suffix == ".css":
            body = minify_css(self._with_hashed_references(path, body.decode())).encode()
        digest = hashlib.sha256(body).hexdigest()
        file = StaticFile(path, digest[:12], mimetype, stamp, self._bodies(body, digest, mimetype))
        self.files[path] = file
        return file

    def _with_hashed_references(self, path: str, text: str) -> str:
        def hashed(match: re.Match[str]) -> str:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match[2]))
            if target not in self.files:
                return match[0]
            return f'url("{self.files[target].url}{match[3] or ""}")'

        return _CSS_REFERENCE.sub(hashed, text)

    def _bodies(self, body: bytes, digest: str, mimetype: str) -> dict[str, bytes]:
        bodies = {"identity": body}
        if not is_text(mimetype) or len(body) < SMALLEST:
            return bodies
        packed = {
            "br": self._brotli(body, digest),
            "gzip": gzip.compress(body, 9, mtime=0),
        }
        return bodies | {name: data for name, data in packed.items() if len(data) < len(body)}

    def _brotli(self, body: bytes, digest: str) -> bytes:
        kept = self.cache / f"{digest}.br" if self.cache else None
        if kept:
            with contextlib.suppress(OSError, brotli.error):
                data = kept.read_bytes()
                if brotli.decompress(data) == body:  # 0.2 ms for 50 kB; a cut file would break every page
                    return data
        packed: bytes = brotli.compress(body, quality=11)
        if kept:
            with contextlib.suppress(OSError):  # a read-only disk costs a slower start, nothing else
                write_whole(kept, packed)
        return packed

    def _forget_old_results(self) -> None:
        if self.cache and self.cache.is_dir() and not self.watch:
            wanted = {hashlib.sha256(file.bodies["identity"]).hexdigest() for file in self.files.values()}
            for kept in self.cache.glob("*.br"):
                if kept.stem not in wanted:
                    with contextlib.suppress(OSError):
                        kept.unlink()


def init_app(app: Flask, folder: Path, cache: Path | None = None, *, watch: bool = False) -> StaticFiles:
    """Serve the folder, and give templates `static_url` and `static_exists`."""
    files = StaticFiles(folder, cache, watch=watch)
    app.extensions["static_files"] = files
    app.jinja_env.globals.update(static_url=static_url, static_exists=files.has)
    app.add_url_rule("/static/<digest>/<path:path>", "static_file", _serve, methods=["GET"])
    for name, path in ROOT_FILES.items():
        if files.has(path):
            app.add_url_rule(f"/{name}", f"static_{name}".replace(".", "_"), _serve_root, methods=["GET"])
    if not files.has(HTMX):
        logger.warning("static_file_missing path=%s effect=pages_work_without_it", HTMX)
    return files


def use_theme(app: Flask, css: Callable[[], str]) -> None:
    """Let the town's own colours follow the core style sheet; `css()` is asked for every page."""
    app.extensions["theme_css"] = css


def core_css(words: frozenset[str] | None = None) -> InlineCss:
    """What a full page carries in its one <style> element, and the hash the policy allows.

    words: those of the page's templates (page_css.py); without them the whole sheet. It is remembered for the
    header: were the town's colours changed between page and header, the hash would not fit.
    """
    css = _themed_css(words)
    if has_request_context():
        g.core_css = css
    return css


def used_css() -> InlineCss:
    """What this answer carries; nothing when no page was drawn (files, health checks, redirects)."""
    css: InlineCss = g.get("core_css", NO_CSS)
    return css


def _themed_css(words: frozenset[str] | None) -> InlineCss:
    files = static_files()
    if not files.has(CORE_CSS):
        return NO_CSS
    theme = current_app.extensions.get("theme_css")
    return files.inline_css(CORE_CSS, extra=theme() if theme else "", words=words)


def assets() -> dict[str, str]:
    """URLs of scripts a page may carry; "" for what is not installed."""
    files = static_files()
    return {
        "htmx": files.url(HTMX) if files.has(HTMX) else "",
        "sw": "/sw.js" if files.has(ROOT_FILES["sw.js"]) else "",
    }


def static_files() -> StaticFiles:
    """The files of the current app."""
    files: StaticFiles = current_app.extensions["static_files"]
    return files


def static_url(path: str) -> str:
    """The URL of a static file, with the hash of its content."""
    return static_files().url(path)


@public
def _serve(digest: str, path: str) -> AnyResponse:
    file = static_files().get(path)
    if file is None:
        return _nothing_here()
    if digest != file.digest:
        moved = redirect(file.url, 302)
        moved.headers["Cache-Control"] = "no-store"
        return moved
    return _answer(file, FOREVER)


@public
def _serve_root() -> AnyResponse:
    file = static_files().get(ROOT_FILES[request.path[1:]])
    if file is None:
        return _nothing_here()
    return _answer(file, ASK_AGAIN)


def _nothing_here() -> AnyResponse:
    # Only programs ask for files: no page in words, which would need the database.
    return Response("not found\n", 404, mimetype="text/plain", headers={"Cache-Control": "no-store"})


def _answer(file: StaticFile, cache_control: str) -> AnyResponse:
    encoding = pick_encoding(request.headers.get("Accept-Encoding", ""))
    if encoding not in file.bodies:
        encoding = "identity"
    response = Response(file.bodies[encoding], mimetype=file.mimetype)
    response.headers["Cache-Control"] = cache_control
    if len(file.bodies) > 1:
        response.vary.add("Accept-Encoding")
        response.headers["Content-Encoding"] = encoding
    if encoding == "identity":
        response.headers.pop("Content-Encoding", None)
    response.set_etag(f"{file.digest}-{encoding}", weak=True)
    return response.make_conditional(request)


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def _stamp(source: Path) -> tuple[int, int]:
    facts = source.stat()
    return facts.st_mtime_ns, facts.st_size
