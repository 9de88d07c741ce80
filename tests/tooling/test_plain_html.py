"""What the fast reader of pages takes as plain is what html5lib finds no fault with, and reads the same."""

from __future__ import annotations

import random
import re
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from tests.support.pages import STYLE, Document, parsed
from tests.support.plain_html import read
from tests.support.whole import WHOLE

FRAME = """<!doctype html>
<html lang="de" dir="ltr">
<head><meta charset="utf-8"><title>A &amp; b</title><link rel="icon" href="/i.png"><style></style>
<meta name="c" content='{"a": "b"}'><script src="/s.js" defer></script></head>
<body class="plain">
MAIN
</body>
</html>
"""
PLAIN = """<header><nav aria-label="N"><ul>
<li><a href="/a?b=1&amp;c=2">A</a></li><li>B</li></ul></nav></header>
<main id="main"><h1>Head <small>ing</small></h1><p>One <b>two <i>three</i></b><br>four.</p>
<svg class="icon" aria-hidden="true" viewBox="0 0 9 9">
<title>T</title><g><path d="M0 0"/></g><use href="/i#a"/></svg>
<form action="/f" method="post"><fieldset><legend>L</legend><label for="x">X</label>
<input id="x" name="x" required value="a &quot;b&quot;"><select name="s"><optgroup label="O">
<option value="1" selected>1</option></optgroup><option>2</option></select>
<textarea name="t">
text</textarea><button type="submit">Go <span>on</span></button></fieldset></form>
<table><caption>C</caption><colgroup><col><col></colgroup><thead><tr><th scope="col">H</th></tr></thead>
<tbody><tr><td><p>D</p></td><td><ul><li>E</li></ul></td></tr></tbody></table>
<dl><div><dt>T</dt><dd>D<dl><dt>U</dt><dd>V</dd></dl></dd></div></dl>
<details><summary>S</summary><ol><li>1<ul><li>2</li></ul></li></ol></details>
<section><h2>Two</h2><pre>
p</pre><blockquote><p>Q</p></blockquote><hr><img src="/p" alt=""><em>e</em> مقاعد</section></main>
<script type="application/json">{"a": 1}</script>"""
PIECES = (
    *(
        "<p>",
        "</p>",
        "<a>",
        "</a>",
        "<li>",
        "</li>",
        "<td>",
        "<tr>",
        "</tr>",
        "<b>",
        "</b>",
        "<table>",
        "</table>",
    ),
    *(
        "<svg>",
        "</svg>",
        "<div>",
        "</div>",
        "<div/>",
        "<button>",
        "<form>",
        "<h2>",
        "</h2>",
        "<option>",
        "<select>",
    ),
    *(
        "<title>x</title>",
        "<br>",
        "<dd>",
        "<ul>",
        "</ul>",
        "<!-- -->",
        "&amp;",
        "&copy",
        "&",
        "<",
        ">",
        '"',
        "\x01",
    ),
)


def shape(root: Element) -> list[tuple[object, ...]]:
    """Everything that the rules of pages look at."""
    return [(one.tag, dict(one.attrib), "".join(one.itertext()).strip(), len(one)) for one in root.iter()]


def assert_same(text: str) -> bool:
    """Whether the text is taken as plain; if so, it is."""
    found = read(text)
    if found is None:
        return False
    root, errors = parsed(text, is_page=True)
    assert errors == [], text
    assert shape(found) == shape(root), text
    return True


def test_a_plain_page() -> None:
    assert assert_same(FRAME.replace("MAIN", PLAIN))


@pytest.mark.parametrize(
    "wrong",
    [
        "<p>one<p>two",
        "<p><div>block</div></p>",
        "<p><b><ul><li>list</li></ul></b></p>",
        "<ul><li>one<li>two</ul>",
        "<ul><li>one<li>two</li></li></ul>",
        "<dl><dt>one<dd>two</dd></dt></dl>",
        "<div><li>alone</li></div>",
        '<a href="/a">one <span><a href="/b">two</a></span></a>',
        '<button type="button"><button type="button">in</button></button>',
        '<form action="/"><div><form action="/"></form></div></form>',
        "<h2><h3>in</h3></h2>",
        "<b><i>crossed</b></i>",
        "<section>not closed",
        "closed too often</div>",
        "<div/>",
        "<div></div >",
        "<br></br>",
        "<table><div>in</div></table>",
        "<table>words</table>",
        "<table><tr><td>no body</td></tr></table>",
        "<table><tbody><td>no row</td></tbody></table>",
        '<table><form action="/"><tbody></tbody></form></table>',
        "<select><div>in</div></select>",
        "<select><option>one<option>two</select>",
        "<select><select></select></select>",
        "<svg><div>in</div></svg>",
        "<svg><path></svg></path>",
        "<title>here</title>",
        "<head></head>",
        "<body>",
        "<p id=unquoted>x</p>",
        '<p id="a" id="b">x</p>',
        '<p id="a"class="b">x</p>',
        '<p id="a&b">x</p>',
        "A & B",
        "A &copy; B",
        "A &nonsense; B",
        "A < B",
        "<!-- said aside -->",
        "\x01",
        "\x00",
        "\ufdd0",
        "<blink>x</blink>",
        "<P>x</P>",
        "<iframe></iframe>",
        "<template><p></template>",
    ],
)
def test_whatever_could_be_wrong_is_left_to_html5lib(wrong: str) -> None:
    assert read(FRAME.replace("MAIN", f"{PLAIN}{wrong}")) is None


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("<!doctype html>", ""),
        ("<!doctype html>", "<!doctype html PUBLIC 'x'>"),
        ("<head>", ""),
        ("</head>", ""),
        ("</head>", "<p></p></head>"),
        ("</head>", "words</head>"),
        ("</head>", "</head><head></head>"),
        ("</body>", ""),
        ("</html>\n", "</html>words"),
        ("</html>\n", ""),
        ("</html>\n", "<p></p></html>"),
    ],
)
def test_so_is_a_frame_of_another_kind(plain: str, other: str) -> None:
    text = FRAME.replace("MAIN", PLAIN)
    assert plain in text
    assert read(text.replace(plain, other, 1)) is None


def test_pages_that_were_spoilt() -> None:
    """Pieces taken out, doubled, exchanged, put in; the same ones every time."""
    chosen, accepted = random.Random(3), 0
    for _ in range(20_000 if WHOLE else 1_500):
        pieces = re.split(r"(<[^>]*>)", FRAME.replace("MAIN", PLAIN))
        for _ in range(chosen.choice((1, 1, 2))):
            _spoil(pieces, chosen)
        accepted += assert_same("".join(pieces))
    assert accepted > 100


def _spoil(pieces: list[str], chosen: random.Random) -> None:
    one, other = (chosen.randrange(len(pieces)) for _ in range(2))
    match chosen.randrange(4):
        case 0:
            del pieces[one]
        case 1:
            pieces[one:one] = pieces[other : other + chosen.randrange(1, 6)]
        case 2:
            pieces[one], pieces[other] = pieces[other], pieces[one]
        case _:
            at = chosen.randrange(len(pieces[one]) + 1)
            pieces[one] = pieces[one][:at] + chosen.choice(PIECES) + pieces[one][at:]


def test_the_portal_writes_plainly(app: Flask) -> None:
    """Else the fast way would be none."""
    for path in (
        "/de/",
        "/ar/proposals",
        "/de/proposals?q=nichts",
        "/de/sign-in",
        "/leicht/help",
        "/de/votes",
    ):
        page = app.test_client().get(path).get_data(as_text=True)
        assert assert_same(STYLE.sub("<style></style>", page)), path
        assert Document(page).errors == []
