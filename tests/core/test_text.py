"""Cleaning, folding, Markdown and languages of what people type."""

import re
import subprocess
import sys
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.text import (
    ascii_digits,
    clean_line,
    clean_text,
    excerpt,
    fold,
    guess_language,
    markdown,
    plain_text,
    render_markdown,
    text_direction,
    tokens,
)
from portal.core.text import language as language_module

# --- cleaning -------------------------------------------------------------------------------------


def test_line_is_one_composed_line() -> None:
    assert clean_line("  Ba\u0308nke\r\n am\tFluss\x00\u200b ") == "Bänke am Fluss"


def test_text_keeps_paragraphs_indentation_and_joiners_but_no_controls() -> None:
    typed = "Eins  \r\nzwei\r\r\r\r\n  - drei\u202e\x07\n\n\n\nعلی\u200cرضا 👩\u200d🌾 \n"
    assert clean_text(typed) == "Eins\nzwei\n\n  - drei\n\nعلی\u200cرضا 👩\u200d🌾"


@pytest.mark.parametrize("blank", ["", " ", "\n\n", "\u200b", "\u3164", "\u2800\n\t", "\x00"])
def test_text_without_ink_is_empty(blank: str) -> None:
    assert clean_text(blank) == ""
    assert clean_line(blank) == ""


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_cleaning_twice_changes_nothing_and_can_be_stored(text: str) -> None:
    for clean in (clean_line, clean_text):
        once = clean(text)
        assert clean(once) == once
        assert "\x00" not in once
        once.encode("utf-8")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("٤٢", "42"),
        ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
        ("१२", "12"),
        ("１２", "12"),
        ("12 ab", "12 ab"),
        ("½²", "½²"),
    ],
)
def test_digits_of_every_script_become_ascii(typed: str, expected: str) -> None:
    assert ascii_digits(typed) == expected


def test_excerpt_cuts_between_words() -> None:
    text = "Eine Bank vor der Kita, damit alle sitzen können."
    assert excerpt(text, 24) == "Eine Bank vor der Kita…"
    assert excerpt(text, 500) == text
    assert excerpt("Donaudampfschifffahrtsgesellschaft", 10) == "Donaudamp…"
    assert excerpt("नमस्ते दुनिया", 5).endswith("…")


@given(st.text(max_size=200), st.integers(min_value=1, max_value=80))
@settings(max_examples=100, deadline=None)
def test_excerpt_is_never_longer_than_asked(text: str, length: int) -> None:
    assert len(excerpt(text, length)) <= length


# --- folding --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("Grünfläche", "grunflache"),
        ("İzmir Işık", "izmir isik"),
        ("Łódź", "lodz"),
        ("Đorđe", "dorde"),
        ("أحمد", "احمد"),
        ("مَدْرَسَة", "مدرسه"),
        ("مـــدرسة", "مدرسة"),
        ("کتابخانه‌ی", "كتابخانهي"),
        ("ґанок", "ганок"),
        ("п'ять", "п’ять"),
        ("Кафе́", "кафе"),
        ("Haus\u00adtür", "haustur"),
        ("٤٢", "42"),
        ("ﬁnden", "finden"),
        ("Ａ１", "a1"),
    ],
)
def test_spellings_that_people_mix_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_words_stay_different() -> None:
    assert (
        len({fold(word) for word in ["Bank", "Bänke", "bunk", "сад", "сат", "باب", "بيت", "한국", "하늘"]})
        == 9
    )


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_folding_twice_changes_nothing_and_ignores_case(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert tokens(fold(text)) == tokens(text)


def test_tokens_are_folded_words_and_numbers_in_order() -> None:
    assert tokens("Die Kita-Straße 12: schön_grün, Oma’s Café!") == [
        "die", "kita", "strasse", "12", "schon", "grun", "omas", "cafe",
    ]  # fmt: skip
    assert tokens("؟ — …") == []


# --- Markdown -------------------------------------------------------------------------------------

ALLOWED = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h3", "h4", "hr", "code", "pre"}


class _Tags(HTMLParser):
    """Collects the elements and attributes of a piece of HTML, and the words between them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def _read(html: str) -> _Tags:
    reader = _Tags()
    reader.feed(html)
    reader.close()
    return reader


def _assert_harmless(html: str) -> None:
    for tag, attributes in _read(html).elements:
        assert tag in ALLOWED
        if tag == "a":
            assert set(attributes) <= {"href", "rel"}
            assert attributes["rel"] == "nofollow ugc noopener"
            # The sanitiser drops a target that it cannot parse as a URL; such a link leads nowhere.
            assert re.match(r"(https?://|mailto:|tel:)", attributes.get("href") or "tel:", re.IGNORECASE)
        else:
            assert attributes == {}


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<div data-hx-post="/runde/1/stimme" data-hx-trigger="load" data-hx-vals=\'{"a":1}\'></div>',
    '<form action="https://evil.example"><input name=code><button>Anmelden</button></form>',
    "![t](https://tracker.example/p.gif?u=1)",
    "![t][1]\n\n[1]: https://tracker.example/p.gif",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/logout)",
    "[x](\\\\evil.example)",
    "[x](https:evil.example)",
    "[x](https:///evil.example)",
    "[x](https://stadt.example@evil.example)",
    "<javascript:alert(1)>",
    '[x](https://a.example "title\\" onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover=alert(1))',
    'https://a.example/"onmouseover=alert(1)',
    "```html\n<script>alert(1)</script>\n```",
    "`<img src=x onerror=alert(1)>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--><script>alert(1)</script>-->",
    "<a href='https://a.example' onclick=alert(1)>x</a>",
    "<iframe src=https://evil.example></iframe>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_become_text(attack: str) -> None:
    html = render_markdown(attack)
    _assert_harmless(html)
    assert "<img" not in html
    assert "<script" not in html


@given(
    st.lists(
        st.sampled_from(
            [*"<>[]()!*_`\n&;\"a\\é\u202e", "> ", "- ", "1. ", "# ", "javascript:", "https://a.example",
             "https://", "<script>", "onload=", "&#x3c;"]
        ),
        max_size=40,
    )
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_any_mixture_of_marks_is_harmless(parts: list[str]) -> None:
    _assert_harmless(render_markdown("".join(parts)))


def test_pictures_become_links_with_their_words() -> None:
    read = _read(render_markdown("![Blume](https://a.example/b.png)"))
    assert read.words.strip() == "!Blume (a.example)"
    assert [tag for tag, _ in read.elements] == ["p", "a"]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/logout"])
def test_second_lock_holds_when_the_first_is_open(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown._full_parser, "validateLink", lambda url: True)
    assert "href" not in render_markdown(f"[x]({target})")


def test_what_people_need_works() -> None:
    html = render_markdown(
        "**Wichtig** und *leise*\nneue Zeile\n\n- eins\n- zwei\n\n> Zitat\n\n1. a\n2. b\n\n---"
    )
    assert html.startswith("<p><strong>Wichtig</strong> und <em>leise</em><br>\nneue Zeile</p>")
    for element in ("<ul>", "<ol>", "<li>eins</li>", "<blockquote>", "<hr>"):
        assert element in html


def test_stars_inside_words_stay() -> None:
    assert "<em>" not in render_markdown("Nachbar*innen und Freund*innen, 3*4 und 5*6")
    assert _read(render_markdown("{{7*7}} {% raw %} ${7*7} #{7*7} <%= 7*7 %>")).words.strip() == (
        "{{7*7}} {% raw %} ${7*7} #{7*7} <%= 7*7 %>"
    )


def test_headings_have_two_sizes_in_the_right_order() -> None:
    tags = [tag for tag, _ in _read(render_markdown("## a\n### b\n# c\n#### d")).elements]
    assert tags == ["h3", "h4", "h3", "h4"]
    assert "<h" not in render_markdown("Bis Montag\n---").replace("<hr>", "")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (
            "[https://stadt.example/login](https://evil.example/login)",
            "https://stadt.example/login (evil.example)",
        ),
        ("[Rathaus](https://stadt.example/a)", "Rathaus (stadt.example)"),
        ("[stadt.example.evil.example](https://evil.example)", "stadt.example.evil.example (evil.example)"),
        ("[https://evil.example/x](https://evil.example/y)", "https://evil.example/x"),
        ("[**stadt.example**](https://evil.example)", "stadt.example (evil.example)"),
        ("[`stadt.example`](https://evil.example)", "stadt.example (evil.example)"),
        ("[stadt.example](https://xn--80ak6aa92e.com)", "stadt.example (xn--80ak6aa92e.com)"),
        ("[Rathaus](https://münchen.example)", "Rathaus (münchen.example)"),
        ("https://a.example/b?c=d.", "https://a.example/b?c=d."),
        ("(https://a.example/b_(c))", "(https://a.example/b_(c))"),
        ("[Amt](mailto:amt@stadt.example?subject=x)", "Amt (amt@stadt.example)"),
        ("[Amt](tel:+49123456)", "Amt (+49123456)"),
    ],
)
def test_links_show_where_they_lead(source: str, shown: str) -> None:
    read = _read(render_markdown(source))
    assert read.words.strip() == shown
    assert [tag for tag, _ in read.elements if tag == "a"] == ["a"]


def test_bare_addresses_become_links_without_the_full_stop() -> None:
    links = [attributes["href"] for tag, attributes in _read(
        render_markdown("Siehe https://a.example/b, und https://b.example/c_(d)! `https://c.example`")
    ).elements if tag == "a"]  # fmt: skip
    assert links == ["https://a.example/b", "https://b.example/c_(d)"]


SLOW = {
    "brackets": "[" * 20_000,
    "pictures": "![[" * 8_000,
    "links": "[a](" * 5_000,
    "399 links": "[a](" * 399 + "(" * 18_000,
    "bracket stars": "[*" * 10_000,
    "stars": "*a " * 6_600,
    "strong": " **a" * 5_000,
    "backticks": " ".join("`" * width for width in range(1, 199)),
    "quotes": "> " * 10_000,
    "lists": "- \n" * 6_600,
    "numbered": "1) a\n" * 4_000,
    "entities": "&amp;" * 4_000,
    "lines": "a\n" * 10_000,
    "urls": "http://a.bc " * 1_600,
    "dots": "http://a" + "." * 20_000,
    "closing": "http://a.b/" + "(" * 9_000 + ")" * 9_000,
    "space": "a" + " " * 19_000 + "b",
    "marks": "a" + "\u0301" * 20_000,
    "punycode": "http://xn--80ak6aa92e.com/ " * 700,
}


@pytest.mark.parametrize("kind", SLOW)
def test_hostile_text_of_20_kb_is_fast(kind: str) -> None:
    times = []
    for _ in range(3):
        started = time.process_time()
        render_markdown(SLOW[kind])
        times.append(time.process_time() - started)
    assert min(times) < 0.3


def test_source_beyond_the_limit_is_not_read() -> None:
    assert "Ende" not in render_markdown("a " * 10_000 + "Ende")


def test_plain_text_has_the_words_without_the_marks() -> None:
    source = (
        "# Titel\n\n**Bank** & *Baum*\nzwei\n\n- eins\n\n```\n<b>\n```\n<i>x</i> [Amt](https://a.example)"
    )
    assert plain_text(source) == "Titel\nBank & Baum\nzwei\neins\n<b>\n<i>x</i> Amt (a.example)"


# Which of them a machine has depends on its processor and Python.
NO_WHEEL = pytest.mark.skipif(not language_module.pycld2, reason="pycld2 has no wheel for this machine")
READERS = {"light": language_module.read_lightly, "heavy": language_module.HeavyReader()}


# --- language -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ein Zebrastreifen vor der Kita Sonnenweg", "de"),
        ("A bench in front of the nursery school", "en"),
        ("Mahallemizde bir oyun parkı istiyoruz", "tr"),
        ("Лавка біля дитячого садка", "uk"),
        ("Скамейка возле детского сада, чтобы можно было отдохнуть", "ru"),
        ("مقعد أمام روضة الأطفال", "ar"),
        ("نیمکت جلوی مدرسه برای سالمندان", "fa"),
        ("O bancă în fața grădiniței", "ro"),
        ("Ławka przed przedszkolem", "pl"),
        ("Un banc devant l’école maternelle", "fr"),
        ("Una panchina davanti alla scuola", "it"),
        ("Un banco delante de la escuela infantil", "es"),
        ("Een bankje voor de basisschool in onze buurt", "nl"),
        ("Egy pad az óvoda előtt", "hu"),
        ("Пейка пред детската градина", "bg"),
        ("Një stol para kopshtit të fëmijëve", "sq"),
        ("Ένα παγκάκι μπροστά στο νηπιαγωγείο", "el"),
    ],
)
@pytest.mark.parametrize("reader", [pytest.param("light", marks=NO_WHEEL), "heavy"])
def test_titles_are_recognised(
    text: str, language: str, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language_module, "_read", READERS[reader])
    assert guess_language(text, "xx") == language


@pytest.mark.parametrize(
    "text", ["", "12 34", "ok", "https://www.beispiel.example/eine/seite", "Ja!", "x@y.example"]
)
def test_too_little_to_tell_gives_the_fallback(text: str) -> None:
    assert guess_language(text, "tr") == "tr"


def test_model_is_not_loaded_by_importing() -> None:
    code = "import sys, portal.core.text; sys.exit(any(m in sys.modules for m in ('numpy', 'py3langid')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("language", "direction"),
    [("ar", "rtl"), ("fa", "rtl"), ("ckb", "rtl"), ("ku", "ltr"), ("ku-Arab", "rtl"), ("az_Latn", "ltr"),
     ("de", "ltr"), ("de-simple", "ltr"), ("de@leicht", "ltr"), ("AR-EG", "rtl")],
)  # fmt: skip
def test_direction_of_a_language(language: str, direction: str) -> None:
    assert text_direction(language) == direction
