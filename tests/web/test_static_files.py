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
        "js/sw.js": "self.addEventListener('fetch', () => {});\n" * 20,
        "manifest.webmanifest": '{"name": "Nachbarnetz"}',
        ".hidden/secret.txt": "no",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.fixture
def site(folder, tmp_path):
    site = Flask(__name__, static_folder=None)
    compression.init_app(site)
    static_files.init_app(site, folder, tmp_path / "cache")
    return site


def url(site, path):
    with site.test_request_context():
        return static_files.static_url(path)


def test_the_address_holds_the_hash_of_the_content_and_may_be_kept_for_ever(site):
    address = url(site, "js/app.js")
    content = ("console.log('hallo');\n" * 100).encode()
    assert address == f"/static/{hashlib.sha256(content).hexdigest()[:12]}/js/app.js"
    response = site.test_client().get(address)
    assert response.status_code == 200
    assert response.data == content
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Encoding" not in response.headers
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(("accept", "unpack"), [("gzip, br", brotli.decompress), ("gzip", gzip.decompress)])
def test_text_is_ready_compressed(site, accept, unpack):
    client = site.test_client()
    plain = client.get(url(site, "js/app.js"))
    response = client.get(url(site, "js/app.js"), headers={"Accept-Encoding": accept})
    assert response.headers["Content-Encoding"] == ("br" if "br" in accept else "gzip")
    assert response.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert unpack(response.data) == plain.data
    assert response.headers["ETag"] != plain.headers["ETag"]


def test_pictures_are_left_alone(site):
    response = site.test_client().get(url(site, "img/dot.png"), headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in response.headers
    assert response.headers["Content-Type"] == "image/png"


def test_an_old_hash_leads_to_the_present_file_and_the_detour_is_not_kept(site):
    response = site.test_client().get("/static/000000000000/js/app.js")
    assert response.status_code == 302
    assert response.headers["Location"] == url(site, "js/app.js")
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
    site = Flask(__name__, static_folder=None)
    static_files.init_app(site, folder, watch=watch)
    assert site.test_client().get(path, follow_redirects=True).status_code == 404


def test_service_worker_and_manifest_are_at_the_root_and_asked_for_anew(site):
    client = site.test_client()
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


def test_style_sheets_name_the_hashed_pictures(site):
    text = site.test_client().get(url(site, "css/portal.css")).text
    assert f'url("{url(site, "img/sky.svg")}#a")' in text


def test_inline_css_is_what_its_hash_says(site):
    with site.test_request_context():
        css = static_files.core_css()
        digest = hashlib.sha256(css.text.encode()).digest()
        assert css.csp_hash == f"sha256-{base64.b64encode(digest).decode()}"
        assert len(css.text) < len(CSS)
        assert static_files.core_css() is css
        static_files.use_theme(site, lambda: ":root { --brand: #123456; }")
        # The header names the style sheet of the page that was drawn, whatever was changed meanwhile.
        assert static_files.used_css() is css
    with site.test_request_context():
        assert static_files.used_css() == static_files.NO_CSS
        themed = static_files.core_css()
        assert themed.text == css.text + ":root{--brand:#123456}"
        assert themed.csp_hash != css.csp_hash


def test_templates_reach_everything_and_learn_what_is_not_installed(site):
    with site.test_request_context():
        page = render_template_string(
            "{{ static_url('js/app.js') }} {{ static_exists('vendor/htmx.min.js') }}"
        )
        assert page == f"{url(site, 'js/app.js')} False"
        assert static_files.assets() == {"htmx": "", "sw": "/sw.js"}


def test_without_a_core_style_sheet_there_is_none_to_inline(tmp_path):
    site = Flask(__name__, static_folder=None)
    static_files.init_app(site, tmp_path)
    with site.app_context():
        assert static_files.core_css() == static_files.NO_CSS


def test_a_missing_file_in_a_template_is_a_mistake(site):
    with (
        site.test_request_context(),
        pytest.raises(LookupError, match=r"js/gone\.js"),
    ):
        static_files.static_url("js/gone.js")
    with pytest.raises(LookupError, match=r"gone\.css"):
        StaticFiles(site.extensions["static_files"].folder, watch=True).inline_css("gone.css")


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
