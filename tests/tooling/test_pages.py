"""The page checker finds what it is there to find: each rule against a page that breaks only this rule."""

import base64
import hashlib
import logging

import pytest
from flask import Flask

from tests.support.pages import CheckedClient, PageProblem, check_html, check_styles, problems_of

GOOD = """<!doctype html>
<html lang="de" dir="ltr"><head><meta charset="utf-8"><title>Titel</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main id="content"><h1>Eins</h1><a href="#content">Inhalt</a>
<div id="errors"><ul><li><a href="#a">Name – fehlt</a></li></ul></div>
<form action="/de/x" method="post"><input type="hidden" name="csrf_token" value="t">
<input type="hidden" id="s" name="s">
<label for="a">Name</label><input id="a" name="a" aria-invalid="true" aria-describedby="h">
<p id="h">Hilfe</p>
<label><input type="checkbox" name="b"> Ja</label><button type="submit">Los</button></form>
<img src="/x.png" alt=""><svg aria-hidden="true"><use href="/static/icons.svg#heart"></use></svg>
<a href="https://example.org/">woanders</a></main></body></html>"""

BROKEN = {
    "unclosed tag": ('<a href="#content">Inhalt</a>', '<a href="#content">Inhalt'),
    "no language": (' lang="de"', ""),
    "wrong direction": ('lang="de" dir="ltr"', 'lang="ar" dir="ltr"'),
    "no title": ("<title>Titel</title>", "<title> </title>"),
    "no h1": ("h1>", "h2>"),
    "two h1": ("<h1>Eins</h1>", "<h1>Eins</h1><h1>Zwei</h1>"),
    "no zooming": ("initial-scale=1", "user-scalable=no"),
    "id twice": ('<p id="h">', '<p id="a">'),
    "reference to nothing": ('<p id="h">', "<p>"),
    "label for nothing": ("</form>", '<label for="zz">Z</label></form>'),
    "link to nothing": ('href="#content"', 'href="#nirgends"'),
    "link without target": ('href="#content"', 'href=""'),
    "field without label": ('<label for="a">Name</label>', ""),
    "error without a link": ('<a href="#a">Name – fehlt</a>', "Name – fehlt"),
    "error at a hidden field": ('<a href="#a">', '<a href="#s">'),
    "error at a field that is not marked": (' aria-invalid="true"', ""),
    "empty link": (">woanders<", "><"),
    "button without type": ('<button type="submit">', "<button>"),
    "style attribute": ("<h1>", '<h1 style="color:red">'),
    "handler attribute": ("<h1>", '<h1 onclick="x()">'),
    "plain htmx attribute": ("<h1>", '<h1 hx-get="/x">'),
    "script link": ("https://example.org/", "javascript:alert(1)"),
    "inline script": ("</main>", "<script>alert(1)</script></main>"),
    "form without action": (' action="/de/x"', ""),
    "form without method": (' method="post"', ""),
    "form without token": ('<input type="hidden" name="csrf_token" value="t">', ""),
    "token in the address": ('method="post"', 'method="get"'),
    "picture without alt": (' alt=""', ""),
    "svg without name": (' aria-hidden="true"', ""),
    "third-party picture": ("/x.png", "https://cdn.example/x.png"),
    "third-party script": ("</head>", '<script src="//cdn.example/x.js"></script></head>'),
    "third-party style": ("</head>", '<link rel="stylesheet" href="https://cdn.example/x.css"></head>'),
    "third-party form": ('action="/de/x"', 'action="https://evil.example/"'),
}


def test_a_good_page_passes() -> None:
    assert problems_of(GOOD) == ()


@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_is_found(name: str) -> None:
    right, wrong = BROKEN[name]
    assert right in GOOD
    with pytest.raises(PageProblem):
        check_html(GOOD.replace(right, wrong))


def test_a_fragment_needs_no_head_but_keeps_the_other_rules() -> None:
    assert problems_of('<section id="results"><p>3</p></section>') == ()
    assert problems_of('<section id="results"><img src="/x.png"></section>') != ()


def test_an_inlined_style_needs_its_hash_in_the_policy() -> None:
    page = "<style>h1{}</style>"
    digest = base64.b64encode(hashlib.sha256(b"h1{}").digest()).decode()
    check_styles(page, f"style-src 'self' 'sha256-{digest}'", "x")
    with pytest.raises(PageProblem):
        check_styles(page, "style-src 'self'", "x")


def misplaced() -> str:
    logging.getLogger("portal.web").warning("error_without_field form=%s field=%s", "NameForm", "nickname")
    return GOOD


def test_the_client_checks_what_passes_through_it() -> None:
    app = Flask(__name__)
    app.test_client_class = CheckedClient
    app.add_url_rule("/good", "good", lambda: GOOD)
    app.add_url_rule("/bad", "bad", lambda: GOOD.replace("h1>", "h2>"))
    app.add_url_rule("/misplaced", "misplaced", misplaced)
    client = app.test_client()
    assert client.get("/good").status_code == 200
    with pytest.raises(PageProblem, match="0 h1 instead of one"):
        client.get("/bad")
    with pytest.raises(PageProblem, match="form=NameForm field=nickname"):
        client.get("/misplaced")
