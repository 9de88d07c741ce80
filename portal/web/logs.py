"""One log, one line per event, without personal data.

A line is `time level=… log=… id=… event key=value …`; with PORTAL_LOG_JSON=1 it is a JSON object with the
same keys. What never stands in it: addresses, URLs, query strings, names, browser marks, messages of
exceptions (databases quote values in them). Of a crash the kind and the places in the code are kept.

Values are escaped, so that nobody can write a second line into the log with a name that holds a newline.
The access log names the route, not the URL, and its time is to the minute.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from flask import Flask, Response, request

from portal.core.settings import Settings

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
ACCESS = logging.getLogger("portal.access")
QUIET_ROUTES = {"static_file", "healthz", "readyz"}
# Routes whose answers leave no line, so that nothing tells when somebody used them. Failures (5xx) still do.
_unspoken: set[str] = set()
ROUTE = "portal.route"
REQUEST_ID_HEADER = "X-Request-Id"
DEPTH = 12  # places in the code kept of a crash

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_PLACES = {"%s", "%d", "%r"}
# White space, quotes, control and format characters (bidi overrides!) make a value be written in quotes.
_PLAIN = re.compile(r"[\w.:/+@%,<\-\[\]()]*", re.ASCII)
# Waitress and Flask put the path behind these words.
_PATH_FOLLOWS = re.compile(r"( while serving | on )\S.*", re.DOTALL)


def keep_out_of_log(endpoint: str) -> None:
    """The access log does not mention requests to this route, unless the server itself failed."""
    _unspoken.add(endpoint)


def request_id() -> str:
    """The id of the request in hand ("" outside of one); error pages show it, to find it in the log."""
    return _request_id.get()


def quoted(value: object) -> str:
    """A value as it stands in a line: plain words bare, everything else as a JSON string in ASCII."""
    text = str(value)
    return text if text and _PLAIN.fullmatch(text) else json.dumps(text)


def places(error: BaseException) -> str:
    """Where it happened: the innermost places first, without any value."""
    frames = traceback.extract_tb(error.__traceback__)[-DEPTH:]
    return "<".join(f"{Path(f.filename).stem}.{f.name}:{f.lineno}" for f in reversed(frames))


class Facts(logging.Formatter):
    """What a record says, as a list of (key, value)."""

    def facts(self, record: logging.LogRecord) -> list[tuple[str, object]]:
        facts: list[tuple[str, object]] = [("level", record.levelname.lower()), ("log", record.name)]
        if request_id():
            facts.append(("id", request_id()))
        facts += _message(record)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            facts += [("error", type(error).__name__), ("at", places(error))]
        return list(dict(facts).items())

    def time_of(self, record: logging.LogRecord) -> str:
        # Seconds would let somebody who saw a person at the keyboard find their line.
        form = "%Y-%m-%dT%H:%MZ" if record.name == ACCESS.name else "%Y-%m-%dT%H:%M:%SZ"
        return datetime.fromtimestamp(record.created, UTC).strftime(form)


class Lines(Facts):
    """key=value lines."""

    def format(self, record: logging.LogRecord) -> str:
        words = [self.time_of(record)]
        words += [
            quoted(value) if key == "event" else f"{key}={quoted(value)}" for key, value in self.facts(record)
        ]
        return " ".join(words)


class Json(Facts):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps({"time": self.time_of(record), **dict(self.facts(record))}, default=str)


def _message(record: logging.LogRecord) -> list[tuple[str, object]]:
    """The event and its values; a message in another style than `event key=%s` becomes one quoted event."""
    template, arguments = str(record.msg), record.args
    if not record.name.startswith("portal"):
        return [("event", _PATH_FOLLOWS.sub(r"\1a request", record.getMessage()))]
    words = template.split()
    pairs = [word.partition("=") for word in words if "=" in word]
    values = list(arguments) if isinstance(arguments, tuple) else []
    if len(values) != template.count("%") or len(values) != sum(part[2] in _PLACES for part in pairs):
        return [("event", record.getMessage())]
    event = " ".join(word for word in words if "=" not in word)
    return [("event", event), *((k, values.pop(0) if v in _PLACES else v) for k, _, v in pairs)]


# These say too much (SQL with its values, URLs, each part of a library) or too little.
TOO_LOUD = {
    "sqlalchemy": "WARNING",
    "alembic.runtime.plugins": "WARNING",
    "waitress.queue": "ERROR",
    "werkzeug": "ERROR",
}


def set_up(settings: Settings, stream: IO[str] | None = None) -> None:
    """Send the log of this process to one stream (standard error); called by commands, not by the app."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Json() if settings.log_json else Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name, level in TOO_LOUD.items():
        logging.getLogger(name).setLevel(level)


class AccessLog:
    """The outermost layer: gives each request its id and writes one line when it is answered."""

    def __init__(self, application: WsgiApp) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        identity = secrets.token_hex(4)
        token = _request_id.set(identity)
        begun = time.perf_counter()
        status = ["500"]

        def start(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            status[0] = line[:3]
            return start_response(line, [*headers, (REQUEST_ID_HEADER, identity)], *rest)

        try:
            return self.application(environ, start)
        finally:
            route = environ.get(ROUTE, "-")
            if route not in _unspoken or status[0] >= "500":
                ACCESS.log(
                    logging.DEBUG if route in QUIET_ROUTES else logging.INFO,
                    "request method=%s route=%s status=%s ms=%d",
                    _method(environ),
                    route,
                    status[0],
                    int((time.perf_counter() - begun) * 1000),
                )
            _request_id.reset(token)


def _method(environ: dict[str, Any]) -> str:
    method = str(environ.get("REQUEST_METHOD", ""))
    return method if method in {"GET", "HEAD", "POST", "OPTIONS"} else "other"


def init_app(app: Flask) -> None:
    """Let the access log know the name of the route, and error pages the id of the request."""
    app.jinja_env.globals["request_id"] = request_id

    @app.after_request
    def name_route(response: Response) -> Response:
        request.environ[ROUTE] = request.endpoint or "-"
        return response
