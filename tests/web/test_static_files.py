"""Static files: their names, their bytes in each encoding, their caching, and the small minifier."""

import base64
import gzip
import hashlib

import brotli
import pytest
from flask import Flask, render_template_string

from portal.web import compression, static_files
from portal.web.minify import minify_css
from portal.web.static_files import StaticFiles

CSS = (
    """/* the core */
@media (min-width: 40em) and (max-width : 60em) {
  .card > a:hover , .card :focus-visible { color: red ; margin: calc(1px + 2px) ; }
}
.sky { background: url("../img/sky.svg#a") ; }
"""
    + ".x { color: blue; }\n" * 60
)


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "static"
    for path, text in {
        "css/portal.css": CSS,
        "js/app.js": "console.log('hallo');\n" * 100,
        "img/sky.svg": "<svg>" + "<path d='M0 0'/>" * 60 + "</svg>",
        "img/dot.png": "not really a picture " * 50,
        "sw.js": "self.addEventListener('fetch', () => {});\n" * 20,
        "manifest.webmanifest": '{"name": "Nachbarnetz"}',
        ".hidden/secret.txt": "no",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.fixture
def app(folder, tmp_path):
    app = Flask(__name__, static_folder=None)
    compression.init_app(app)
    static_files.init_app(app, folder, tmp_path / "cache")
    return app


def url(app, path):
    with app.test_request_context():
        return static_files.static_url(path)


def test_the_address_holds_the_hash_of_the_content_and_may_be_kept_for_ever(app):
    address = url(app, "js/app.js")
    content = ("console.log('hallo');\n" * 100).encode()
    assert address == f"/static/{hashlib.sha256(content).hexdigest()[:12]}/js/app.js"
    response = app.test_client().get(address)
    assert response.status_code == 200
    assert response.data == content
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Encoding" not in response.headers
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(("accept", "unpack"), [("gzip, br", brotli.decompress), ("gzip", gzip.decompress)])
def test_text_is_ready_compressed(app, accept, unpack):
    client = app.test_client()
    plain = client.get(url(app, "js/app.js"))
    response = client.get(url(app, "js/app.js"), headers={"Accept-Encoding": accept})
    assert response.headers["Content-Encoding"] == ("br" if "br" in accept else "gzip")
    assert response.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert unpack(response.data) == plain.data
    assert response.headers["ETag"] != plain.headers["ETag"]


def test_pictures_are_left_alone(app):
    response = app.test_client().get(url(app, "img/dot.png"), headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in response.headers
    assert response.headers["Content-Type"] == "image/png"


def test_an_old_hash_leads_to_the_present_file_and_the_detour_is_not_kept(app):
    response = app.test_client().get("/static/000000000000/js/app.js")
    assert response.status_code == 302
    assert response.headers["Location"] == url(app, "js/app.js")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/static/000000000000/js/other.js",
        "/static/js/app.js",
        "/static/x/../../secret",
        "/static/x/.hidden/secret.txt",
        "/static/x/%2e%2e/%2e%2e/etc/passwd",
        "/static/x//etc/passwd",
    ],
)
@pytest.mark.parametrize("watch", [False, True])
def test_nothing_else_is_served(folder, path, watch):
    app = Flask(__name__, static_folder=None)
    static_files.init_app(app, folder, watch=watch)
    assert app.test_client().get(path, follow_redirects=True).status_code == 404


def test_service_worker_and_manifest_are_at_the_root_and_asked_for_anew(app):
    client = app.test_client()
    for path, mimetype in (
        ("/sw.js", "text/javascript"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ):
        response = client.get(path)
        assert response.status_code == 200
        assert response.mimetype == mimetype
        assert response.headers["Cache-Control"] == "no-cache"
        again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304
    assert client.get("/favicon.ico").status_code == 404


def test_style_sheets_name_the_hashed_pictures(app):
    text = app.test_client().get(url(app, "css/portal.css")).text
    assert f'url("{url(app, "img/sky.svg")}#a")' in text


def test_inline_css_is_what_its_hash_says_and_templates_reach_everything(app):
    with app.test_request_context():
        page = render_template_string(
            "<style>{{ inline_css('css/portal.css').text|safe }}</style>"
            "{{ static_url('js/app.js') }} {{ static_exists('vendor/htmx.min.js') }}"
        )
        source = static_files.static_files().inline_css("css/portal.css").csp_source
    style = page.split("<style>")[1].split("</style>")[0]
    assert source == f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
    assert page.endswith(f"{url(app, 'js/app.js')} False")
    assert len(style) < len(CSS)


def test_a_missing_file_in_a_template_is_a_mistake(app):
    with (
        app.test_request_context(),
        pytest.raises(LookupError, match=r"js/gone\.js"),
    ):
        static_files.static_url("js/gone.js")
    with pytest.raises(LookupError, match=r"gone\.css"):
        StaticFiles(app.extensions["static_files"].folder, watch=True).inline_css("gone.css")


def test_the_second_start_takes_the_kept_results_and_drops_those_of_changed_files(
    folder, tmp_path, monkeypatch
):
    cache = tmp_path / "cache"
    first = StaticFiles(folder, cache)
    kept = {path.name for path in cache.iterdir()}
    assert len(kept) == 4  # css, js, svg, sw.js; the manifest is too small, the picture no text
    monkeypatch.setattr(static_files.brotli, "compress", lambda *a, **k: pytest.fail("compressed again"))
    assert StaticFiles(folder, cache).files == first.files
    monkeypatch.undo()
    (folder / "js/app.js").write_text("console.log('neu');\n" * 100)
    StaticFiles(folder, cache)
    assert len({path.name for path in cache.iterdir()} & kept) == 3
    assert len(list(cache.iterdir())) == 4


def test_a_damaged_kept_result_is_not_served(folder, tmp_path):
    cache = tmp_path / "cache"
    whole = StaticFiles(folder, cache)
    for path in cache.iterdir():
        path.write_bytes(path.read_bytes()[:-3])
    assert StaticFiles(folder, cache).files == whole.files


def test_while_developing_a_changed_or_new_file_is_seen_at_once(folder):
    files = StaticFiles(folder, watch=True)
    before, css_before = files.url("js/app.js"), files.inline_css("css/portal.css")
    (folder / "js/app.js").write_text("neu")
    (folder / "js/new.js").write_text("new")
    (folder / "css/portal.css").write_text(".y { color: red }")
    assert files.url("js/app.js") != before
    assert files.inline_css("css/portal.css") != css_before
    assert files.has("js/new.js")
    (folder / "js/new.js").unlink()
    assert not files.has("js/new.js")


@pytest.mark.parametrize(
    ("long", "short"),
    [
        (
            "a { color: red; }\n\nb , i { x: y ; z: 1px 2px }",
            "a{color:red}b,i{x:y;z:1px 2px}",
        ),
        ("/* a */ p { }", "p{}"),
        ("a{x:calc(1px + (2px - 3px))}", "a{x:calc(1px + (2px - 3px))}"),
        (".a :focus .b:hover > i ~ b { }", ".a :focus .b:hover > i ~ b{}"),
        (
            'a::before { content: "/* ; , : { x  y */" ; }',
            'a::before{content:"/* ; , : { x  y */"}',
        ),
        ("a { content: '\\'  ;' }", "a{content:'\\'  ;'}"),
        (
            "a { b: url( data:image/svg+xml;x, y:  z ) }",
            "a{b:url( data:image/svg+xml;x, y:  z )}",
        ),
        (
            "@media (min-width: 40em) and (x: y) { a { } }",
            "@media (min-width:40em) and (x:y){a{}}",
        ),
        (":root { --empty: ; --b: 1 }", ":root{--empty: ;--b:1}"),
        ("a { color: red /* why */ !important }", "a{color:red !important}"),
        ("a{grid-area: 1 / 2 / 3 /*x*/ / 4}", "a{grid-area:1 / 2 / 3 / 4}"),
        ("a { b: c; /* the last */ }", "a{b:c}"),
    ],
)
def test_minified_css_means_the_same(long, short):
    assert minify_css(long) == short
    assert minify_css(short) == short
