"""`python -m benchmarks.inside`: what one request costs in the process itself, without server and sockets.

The rows are those of the table. CPU time of this process only (PostgreSQL has its own), the best of
many short runs, since other programs of the machine only ever add to it. Hello is measured in turns with each
row, so that a busy machine makes both look worse. `--town FOLDER` keeps the filled SQLite town for the next
time, `--profile` says what the time goes into.
"""

import argparse
import cProfile
import io
import json
import pstats
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from itertools import repeat
from pathlib import Path
from typing import Any

from flask import Flask

import benchmarks.seeding  # noqa: F401 - it adds what fills the town
from benchmarks.hello import hello
from benchmarks.load import Get, UnexpectedAnswer
from benchmarks.rows import ROWS, Row, Town
from benchmarks.towns import fill
from portal.app import create_app
from portal.core.settings import load_settings
from tests.support.services import running_postgres

WARM_UP, REQUESTS, RUNS = 30, 20, 15


def environ_of(request: Get) -> dict[str, Any]:
    """The request as a server hands it to the app."""
    head, _, body = request.raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    fields = dict(line.split(": ", 1) for line in lines)
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in fields.items()}
    return {
        **environ,
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": fields.get("Content-Type", ""),
        "CONTENT_LENGTH": fields.get("Content-Length", ""),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
    }


def ask(app: Flask, request: Get) -> float:
    """CPU milliseconds of one answer, read to its end."""
    environ, said = environ_of(request), [""]

    def start(status: str, *rest: Any) -> Any:
        said[0] = status
        return lambda data: None

    begun = time.process_time()
    chunks = app.wsgi_app(environ, start)
    body = b"".join(chunks)
    if close := getattr(chunks, "close", None):
        close()
    spent = (time.process_time() - begun) * 1000
    if int(said[0][:3]) != request.expect:
        raise UnexpectedAnswer(f"{request.path}: {said[0]}: {body[:200]!r}")
    return spent


def measure(app: Flask, row: Row, town: Town, runs: int) -> tuple[float, float]:
    """The best run of the row, and of hello."""
    asked = row.requests(town)
    stream = repeat(asked) if isinstance(asked, Get) else asked
    plain = repeat(Get("/"))
    for _ in range(WARM_UP):
        ask(app, next(stream))
        ask(hello, next(plain))
    best, best_hello = float("inf"), float("inf")
    for _ in range(runs):
        best = min(best, sum(ask(app, next(stream)) for _ in range(REQUESTS)) / REQUESTS)
        best_hello = min(best_hello, sum(ask(hello, next(plain)) for _ in range(REQUESTS)) / REQUESTS)
    return best, best_hello


def profile(app: Flask, row: Row, town: Town) -> None:
    """Prints which functions a row's time goes into."""
    asked = row.requests(town)
    stream = repeat(asked) if isinstance(asked, Get) else asked
    for _ in range(WARM_UP):
        ask(app, next(stream))
    watching = cProfile.Profile(time.process_time)
    watching.enable()
    for _ in range(200):
        ask(app, next(stream))
    watching.disable()
    for order in ("tottime", "cumulative"):
        pstats.Stats(watching).sort_stats(order).print_stats(60)


@contextmanager
def places(chosen: argparse.Namespace) -> Iterator[tuple[Town, dict[str, str]]]:
    """The filled town and how to reach it."""
    with tempfile.TemporaryDirectory(prefix="inside-") as temporary:
        folder = Path(chosen.town or temporary)
        settings = {"instance": str(folder), "worker": "0", "proxy_hops": "1"}
        if chosen.database == "postgresql":
            with running_postgres() as postgres:
                settings["database_url"] = postgres.url(postgres.create())
                yield Town("postgresql", chosen.size, fill(settings, chosen.size)), settings
            return
        facts = folder / "facts.json"
        if not facts.exists():
            facts.write_text(json.dumps(fill(settings, chosen.size)), encoding="utf-8")
        yield Town("sqlite", chosen.size, json.loads(facts.read_text(encoding="utf-8"))), settings


def main(given: list[str]) -> int:
    """Measures what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inside", description=__doc__)
    parser.add_argument("rows", nargs="*", default=["*"], help="only rows like these: 'list*'")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--size", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--town", help="a folder that keeps the town")
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args(given)
    with places(chosen) as (town, settings):
        app = create_app(load_settings({f"PORTAL_{name.upper()}": one for name, one in settings.items()}))
        for row in ROWS:
            if not any(fnmatch(row.name, pattern) for pattern in chosen.rows):
                continue
            if chosen.profile:
                profile(app, row, town)
                continue
            spent, plain = measure(app, row, town, chosen.runs)
            print(
                f"{row.name:40} {spent:6.2f} ms   hello {plain:.3f}   {spent / plain:5.1f} times", flush=True
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
