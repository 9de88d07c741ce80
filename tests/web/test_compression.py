"""What is compressed, how, and what never is."""

import gzip
import random

import brotli
import pytest
from flask import Flask, Response, make_response, request, stream_with_context

from portal.web import compression

PAGE = "<p>Bank vor der Kita Sonnenweg – für alle, die warten.</p>" * 60


@pytest.fixture
def client():
    app = Flask(__name__)
    compression.init_app(app)

    @app.get("/page")
    def page():
        response = make_response(PAGE)
        response.set_etag("abc")
        response.vary.add("Cookie")
        return response.make_conditional(request)

    app.add_url_rule("/small", view_func=lambda: "x" * 499)
    app.add_url_rule(
        "/photo",
        endpoint="photo",
        view_func=lambda: Response(b"x" * 5000, mimetype="image/png"),
    )
    app.add_url_rule("/json", endpoint="json", view_func=lambda: {"text": "abc" * 900})
    app.add_url_rule(
        "/off",
        endpoint="off",
        view_func=lambda: compression.without_compression(make_response(PAGE)),
    )
    app.add_url_rule(
        "/ready",
        endpoint="ready",
        view_func=lambda: Response(b"x" * 900, mimetype="text/css", headers={"Content-Encoding": "br"}),
    )
    app.add_url_rule(
        "/as-is",
        endpoint="as_is",
        view_func=lambda: Response(PAGE, headers={"Cache-Control": "no-transform"}),
    )
    app.add_url_rule(
        "/stream",
        endpoint="stream",
        view_func=lambda: Response(stream_with_context(iter([PAGE])), mimetype="text/csv"),
    )
    return app.test_client(use_cookies=False)  # else it drops the Cookie header


def get(client, path="/page", accept="gzip, deflate, br, zstd", **headers):
    return client.get(path, headers={"Accept-Encoding": accept, **headers})


def test_brotli_is_taken_when_the_browser_has_it(client):
    response = get(client)
    assert response.headers["Content-Encoding"] == "br"
    assert brotli.decompress(response.data).decode() == PAGE
    assert int(response.headers["Content-Length"]) == len(response.data) < len(PAGE) / 5


def test_gzip_is_taken_otherwise_and_is_the_same_every_time(client):
    response = get(client, accept="gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.data).decode() == PAGE
    assert get(client, accept="gzip").data == response.data


def test_caches_are_told_that_the_encoding_matters_also_when_it_was_not_used(client):
    for accept in ("br", "identity"):
        assert get(client, accept=accept).headers["Vary"] == "Cookie, Accept-Encoding"
    assert get(client, accept="").data.decode() == PAGE


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0.2, br;q=0.1", "br"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("deflate", "identity"),
        ("BR", "br"),
        ("gzip;q=nonsense", "identity"),
        ("", "identity"),
    ],
)
def test_the_accept_encoding_header_is_read_as_the_standard_says(header, chosen):
    assert compression.pick_encoding(header) == chosen


def test_a_strong_tag_becomes_weak_and_still_answers_304(client):
    response = get(client)
    assert response.headers["ETag"] == 'W/"abc"'
    again = get(client, **{"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert "Content-Encoding" not in again.headers


@pytest.mark.parametrize("path", ["/small", "/photo", "/off", "/as-is", "/stream"])
def test_small_binary_streamed_and_opted_out_answers_stay_as_they_are(client, path):
    assert "Content-Encoding" not in get(client, path).headers


def test_nothing_is_compressed_twice(client):
    response = get(client, "/ready")
    assert response.headers.getlist("Content-Encoding") == ["br"]
    assert response.data == b"x" * 900


def test_data_formats_are_compressed_too(client):
    assert get(client, "/json").headers["Content-Encoding"] == "br"


@pytest.mark.parametrize(
    ("headers", "compressed"),
    [
        (
            {"Sec-Fetch-Site": "cross-site"},
            True,
        ),  # a stranger: the page holds no secret
        ({"Cookie": "session=x", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Cookie": "session=x", "Sec-Fetch-Site": "none"}, True),
        ({"Cookie": "session=x", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Cookie": "session=x", "Sec-Fetch-Site": "same-site"}, False),
        ({"Cookie": "session=x", "Referer": "http://localhost/de/"}, True),
        ({"Cookie": "session=x", "Referer": "https://evil.example/"}, False),
        ({"Cookie": "session=x"}, True),
    ],
)
def test_a_signed_in_page_reached_from_elsewhere_is_not_compressed(client, headers, compressed):
    assert ("Content-Encoding" in get(client, **headers).headers) is compressed


HEAD = "<!doctype html><style>" + ".card{margin:0}.chip:hover{color:red}" * 200 + "</style>"


@pytest.mark.parametrize("seed", range(40))
def test_a_page_in_two_parts_unpacks_to_itself(seed):
    """Whatever stands in the rest: words of brotli's own dictionary, repetitions of the head, noise."""
    chance = random.Random(seed)
    parts = [
        HEAD[:300],
        HEAD[700:709],
        "</p><p>the time of the government",
        " " * 40,
        "ü→" * 9,
        "abcd",
        "<title>",
    ]
    noise = "".join(chance.choice('abc <>=/"üß0') for _ in range(chance.randrange(3_000)))
    rest = "".join(chance.choice([*parts, noise]) for _ in range(chance.randrange(200)))
    page = f"{HEAD}<title>{rest}".encode()
    packed = compression.encode_page(page, "br")
    assert brotli.decompress(packed) == page
    assert compression.encode_page(page, "gzip") == compression.encode(page, "gzip")


def test_the_head_of_a_page_is_packed_once(monkeypatch):
    made = []
    monkeypatch.setattr(compression, "_heads", compression.Heads(most=2))
    original = compression.brotli.Compressor

    def watched(**options):
        made.append(options["quality"])
        return original(**options)

    monkeypatch.setattr(compression.brotli, "Compressor", watched)
    heads = {name: f"{name}{HEAD}" for name in ("home", "list", "help")}
    for name in ("home", "list", "home", "help", "home", "list"):
        page = f"{heads[name]}<title>{name}</title>".encode() * 2
        assert brotli.decompress(compression.encode_page(page, "br")) == page
    # The list was used less lately than the home page, so it made room for the help.
    assert [quality for quality in made if quality == compression.HEAD_QUALITY] == [11] * 4
    assert len(compression._heads.known) == 2


def test_only_pages_have_two_parts(monkeypatch):
    monkeypatch.setattr(compression, "_heads", None)
    app = Flask(__name__)
    compression.init_app(app)
    app.add_url_rule("/text", view_func=lambda: Response(f"{HEAD}<title>", mimetype="text/plain"))
    app.add_url_rule("/sheet", endpoint="sheet", view_func=lambda: f"<title>Sheet</title>{HEAD}")
    for path in ("/text", "/sheet"):
        answer = app.test_client().get(path, headers={"Accept-Encoding": "br"})
        assert HEAD.encode() in brotli.decompress(answer.data)
