"""No string from outside decides where a browser goes: every try is resolved as a browser would."""

import json
import re
import shutil
import subprocess
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask, Response

from portal.web.redirects import local_url, redirect_next, safe_back, safe_next

# The first block is from the list of hostile inputs (H40 to H48), the others are our own variants.
HOSTILE = [
    "//evil.example",
    "/\t/evil.example",
    "////evil.example",
    "https:evil.example",
    "https:///evil.example",
    "/%0d%0aSet-Cookie:x=1",
    # more slashes, backslashes and white space
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "\\/\\/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "\x00//evil.example",
    "/\x0b/evil.example",
    "/\u2028/evil.example",
    "/\u3000/evil.example",
    "\ufeff//evil.example",
    # schemes
    "http://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "ht\ntps://evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://evil.example",
    "view-source:https://evil.example",
    # encoded once and twice
    "/%2f%2fevil.example",
    "/%2Fevil.example",
    "/%5cevil.example",
    "%2f%2fevil.example",
    "/%09/evil.example",
    "/%252f%252fevil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/de/%0d%0a%0d%0a<script>alert(1)</script>",
    "/%ff%fe",
    # user names, ports, dots, other hosts
    "//portal.example@evil.example",
    "https://portal.example@evil.example/",
    "//evil.example:80",
    "//[::1]/",
    "//[evil",
    "/.//evil.example",
    "/..//evil.example",
    "/de/../../..//evil.example",
    "/de/..//evil.example",
    "/;//evil.example",
    "/de//evil.example",
    "?next=//evil.example",
    "#//evil.example",
    ".evil.example",
    "@evil.example",
    "evil.example",
    "",
    "/" + "a" * 5000,
    # a known page, with switches that would make url_for write another host
    "/de/proposals?_external=1&_scheme=javascript&_anchor=x",
    "/de/proposals?_scheme=https&_external=true",
    "/de/files///evil.example",
    "/de/files//evil.example/x",
    "/de/files/%2f%2fevil.example",
    "/de/files/\\evil.example",
]


@pytest.fixture
def site():
    site = Flask(__name__)
    site.add_url_rule("/<lang>/", "discovery.home", lambda lang: "home")
    site.add_url_rule("/<lang>/proposals", "proposals.index", lambda lang: "list")
    site.add_url_rule("/<lang>/proposals/<pid>", "proposals.detail", lambda lang, pid: "one")
    site.add_url_rule("/<lang>/files/<path:path>", "files", lambda lang, path: "file")
    site.add_url_rule("/<lang>/sign-out", "sign_out", lambda lang: "out", methods=["POST"])
    site.add_url_rule("/sign-in", "sign_in", lambda: redirect_next(lang="de"), methods=["GET", "POST"])
    site.add_url_rule("/back", "back", lambda: Response(safe_back(lang="de")))
    site.add_url_rule("/where", "where", lambda: Response(safe_next("proposals.index", lang="tr")))
    return site


def resolve_like_a_browser(base, location):
    """Origin of what a browser would open, after the WHATWG URL standard as far as it matters here."""
    location = re.sub(r"[\t\n\r]", "", location.strip("".join(map(chr, range(0x21)))))
    if re.match(r"(?i)https?:", location):
        location = re.sub(r"(?i)^https?:[/\\]*", "https://", location)
    location = location.replace("\\", "/")
    if re.match(r"^//+", location):
        location = "//" + location.lstrip("/")
    try:
        parts = urlsplit(urljoin(base, location))
    except ValueError:
        return "not a URL"
    return f"{parts.scheme}://{parts.netloc}"


def browser_origins(base, locations):
    """The same from Node's URL, the real thing, for all at once; None without Node."""
    node = shutil.which("node")
    if node is None:
        return None
    script = "const [b,l]=JSON.parse(require('fs').readFileSync(0,'utf8'));" + (
        "console.log(JSON.stringify(l.map(x=>new URL(x,b).origin)))"
    )
    done = subprocess.run(
        [node, "-e", script], input=json.dumps([base, locations]), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_no_string_leads_away(site):
    client = site.test_client()
    locations = []
    for target in HOSTILE:
        for answer in (
            client.get("/sign-in", query_string={"next": target}, base_url="https://portal.example"),
            client.post("/sign-in", data={"next": target}, base_url="https://portal.example"),
        ):
            assert answer.status_code == 303
            assert len(answer.headers.getlist("Location")) == 1
            assert "Set-Cookie" not in answer.headers
            locations.append(answer.headers["Location"])
    base = "https://portal.example/de/sign-in?next=x"
    assert {resolve_like_a_browser(base, location) for location in locations} == {"https://portal.example"}
    origins = browser_origins(base, locations)
    assert origins is None or set(origins) == {"https://portal.example"}
    # The check itself would notice: most of the raw strings do lead away.
    away = {t for t in HOSTILE if resolve_like_a_browser(base, t) != "https://portal.example"}
    assert len(away) > 20


def test_most_hostile_strings_lead_home(site):
    client = site.test_client()
    home = [t for t in HOSTILE if client.get("/sign-in", query_string={"next": t}).location == "/de/"]
    assert len(home) > 50


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("/de/", "/de/"),
        ("/ar/proposals/p4x7", "/ar/proposals/p4x7"),
        ("/de/proposals?sort=new&sort=old&q=bank%20an%26", "/de/proposals?sort=new&sort=old&q=bank+an%26"),
        ("/de/proposals?page=2#comments", "/de/proposals?page=2"),
        ("/de/proposals?lang=tr&_external=1&q=", "/de/proposals?q="),
        ("/de/proposals/%C3%BC", "/de/proposals/%C3%BC"),
        ("/de/proposals/a%20b", "/de/proposals/a%20b"),
        ("/de/sign-out", None),  # not a page one can go to
        ("/de/unknown", None),
        ("/de", None),  # only by a detour over /de/
        ("/de/proposals?" + "&".join(f"a{n}=1" for n in range(40)), None),
    ],
)
def test_a_page_of_ours_is_found_and_written_anew(site, target, written):
    with site.test_request_context("/de/proposals"):
        assert local_url(target) == written


def test_without_a_good_next_the_default_page_is_taken(site):
    client = site.test_client()
    assert client.get("/where?next=/de/proposals/p1").text == "/de/proposals/p1"
    assert client.get("/where?next=https://evil.example/de/").text == "/tr/proposals"
    assert client.get("/where").text == "/tr/proposals"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://localhost/de/proposals?page=2", "/de/proposals?page=2"),
        ("http://localhost.evil.example/de/proposals", "/de/"),
        ("http://localhost@evil.example/de/proposals", "/de/"),
        ("https://evil.example/de/proposals", "/de/"),
        ("http://localhost//evil.example", "/de/"),
        ("http://localhost/\t/evil.example", "/de/"),
        ("", "/de/"),
    ],
)
def test_the_way_back_stays_here(site, referer, back):
    assert site.test_client().get("/back", headers={"Referer": referer}).text == back
