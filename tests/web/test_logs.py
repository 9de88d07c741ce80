"""The log: one line per event, nothing personal in it, and nobody writes a line of their own."""

import io
import json
import logging

import pytest
from flask import Flask, abort

from portal.core.settings import Settings
from portal.web import logs

CANARY = "kanarie"
# What a person could type or be called in order to write into the log (H102 and relatives).
FORGED = [
    'x"\n2026-11-21T10:00Z level=info log=portal.accounts admin login ok',
    "x\r\nlevel=error",
    "x\u2028level=error",
    "x\u0085level=error",
    "x\x1b[31mred\x07",
    "\u202eko nigol nimda",
    'x" role="admin',
    "x role=admin",
    "",
]


@pytest.fixture
def stream():
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    lines = io.StringIO()
    logs.set_up(Settings(log_level="DEBUG"), lines)
    yield lines
    root.handlers[:], root.level = before


@pytest.fixture
def client(stream):
    site = Flask("portal")
    logs.init_app(site)
    site.wsgi_app = logs.AccessLog(site.wsgi_app)

    def crash(name):
        secret = f"{CANARY} {name}"
        raise RuntimeError(f"duplicate key value: Key (email)=({secret}@example.org)")

    site.add_url_rule("/people/<name>", "people.detail", lambda name: f"id {logs.request_id()}")
    site.add_url_rule("/crash/<name>", "people.crash", crash)
    site.add_url_rule("/gone/<name>", "people.gone", lambda name: abort(404))
    site.add_url_rule("/healthz", "healthz", lambda: "ok")

    @site.errorhandler(Exception)
    def failed(error):
        if not isinstance(error, RuntimeError):
            return error
        logging.getLogger("portal.web").error("crash endpoint=%s", "people.crash", exc_info=error)
        return "sorry", 500

    return site.test_client()


def lines(stream):
    return stream.getvalue().splitlines()


def test_a_request_is_one_line_with_the_route_and_the_time_to_the_minute(client, stream, time_machine_at):
    response = client.get("/people/4x7")
    identity = response.headers["X-Request-Id"]
    assert response.text == f"id {identity}"
    (line,) = lines(stream)
    time, *rest = line.split(" ")
    assert time == "2026-11-21T10:17Z"
    assert rest[:-1] == [
        "level=info",
        "log=portal.access",
        f"id={identity}",
        "request",
        "method=GET",
        "route=people.detail",
        "status=200",
    ]
    assert rest[-1].startswith("ms=")
    assert logs.request_id() == ""


@pytest.fixture
def time_machine_at(time_machine):
    time_machine.move_to("2026-11-21T10:17:42Z", tick=False)


def test_nothing_of_the_request_is_in_the_log_whatever_happens(client, stream):
    for path in ("people", "crash", "gone", "nowhere"):
        client.get(
            f"/{path}/{CANARY}?q={CANARY}",
            headers={
                "User-Agent": CANARY,
                "Referer": f"http://localhost/{CANARY}",
                "X-Forwarded-For": CANARY,
            },
            environ_overrides={"REMOTE_ADDR": "203.0.113.77", "HTTP_COOKIE": f"s={CANARY}"},
        )
    client.open(f"/people/{CANARY}", method=CANARY.upper())
    text = stream.getvalue()
    assert CANARY not in text.lower()
    assert "203.0.113" not in text
    assert [line.split("route=")[1].split(" ms=")[0] for line in lines(stream) if "route=" in line] == [
        "people.detail status=200",
        "people.crash status=500",
        "people.gone status=404",
        "- status=404",
        "- status=405",
    ]


def test_a_crash_is_one_line_that_says_where_without_values(client, stream):
    client.get(f"/crash/{CANARY}")
    (line,) = [line for line in lines(stream) if "crash endpoint" in line]
    assert " endpoint=people.crash error=RuntimeError at=test_logs.crash:" in line
    assert "Key (email)" not in stream.getvalue()


@pytest.mark.parametrize("forged", FORGED)
def test_a_value_never_becomes_a_line_or_a_key_of_its_own(stream, forged):
    logging.getLogger("portal.accounts").warning("name_refused account=%s name=%s", 17, forged)
    (line,) = lines(stream)
    head, _, value = line.partition(" name=")
    assert head.endswith("level=warning log=portal.accounts name_refused account=17")
    assert json.loads(value) == forged
    assert line.isascii()
    assert line.isprintable()


@pytest.mark.parametrize("forged", FORGED[:-1])
def test_messages_of_another_style_are_one_quoted_event(stream, forged):
    logging.getLogger("some.library").error("could not do %s", forged)
    logging.getLogger("portal.web").error("could not do %s or %s", forged, 2)
    for line in lines(stream):
        assert line.isprintable()
    assert len(lines(stream)) == 2


def test_literal_values_stand_beside_given_ones(stream):
    logging.getLogger("portal.web").warning("file_missing path=%s effect=none count=%d", "a b", 2)
    logging.getLogger("portal.web").warning("no values here")
    first, second = lines(stream)
    assert first.endswith('log=portal.web file_missing path="a b" effect=none count=2')
    assert second.endswith('log=portal.web "no values here"')


def test_paths_in_other_peoples_messages_are_cut_off(stream):
    logging.getLogger("waitress").error("Exception while serving %s", f"/de/people/{CANARY}")
    logging.getLogger("flask.app").error("Exception on %s [%s]", f"/de/{CANARY}", "GET")
    assert CANARY not in stream.getvalue()
    assert "Exception while serving a request" in stream.getvalue()


def test_health_checks_do_not_fill_the_log(client, stream):
    logging.getLogger().setLevel("INFO")
    client.get("/healthz")
    assert lines(stream) == []


def test_json_on_demand(client):
    stream = io.StringIO()
    logs.set_up(Settings(log_json=True), stream)
    identity = client.get("/people/4x7").headers["X-Request-Id"]
    (line,) = lines(stream)
    entry = json.loads(line)
    assert entry.pop("time").endswith("Z")
    assert isinstance(entry.pop("ms"), int)
    assert entry == {
        "level": "info",
        "log": "portal.access",
        "id": identity,
        "event": "request",
        "method": "GET",
        "route": "people.detail",
        "status": "200",
    }
