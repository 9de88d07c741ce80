"""Pages that are written plainly, read fast: every element is closed by its own name, every value is quoted.

The portal's templates write so, and html5lib takes five times as long to find nothing wrong with them. Only
what cannot be a mistake is read here; wherever html5lib could see more than the plain words (an end tag that
is left out, a table with something else in it, a comment, a name that is not on the lists), `read` says None,
and html5lib looks. tests/tooling/test_plain_html.py compares the two.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from xml.etree.ElementTree import Element, SubElement

SVG = "{http://www.w3.org/2000/svg}"
NAME = r"[a-z][a-z0-9]*"
TAG = re.compile(
    rf"([^<]*)<(?:/({NAME})>|({NAME})"
    r"""((?:\s+[a-zA-Z][a-zA-Z0-9_-]*(?:="[^"]*"|='[^']*')?)*)(\s*/)?\s*>)""",
    re.ASCII,
)
ATTRIBUTE = re.compile(r"""([a-zA-Z][a-zA-Z0-9_-]*)(?:="([^"]*)"|='([^']*)')?""")
START = re.compile(r"\s*<!doctype html>\s*", re.IGNORECASE)
# What html5lib may complain about wherever it stands: rare characters, comments, other references than these.
STRANGE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0001fffd\U00020000-\U0002fffd]"
    "|<!--|&(?!(?:amp|lt|gt|quot|nbsp|shy|#39|#34);)"
)
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Their content is text whatever stands in it.
RAW = {"script", "style", "textarea", "title"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# These end a paragraph that is open.
BLOCK_NAMES = """address article aside blockquote details div dl fieldset figcaption figure footer form header
hr main nav ol p pre section summary table ul li dt dd"""
BLOCKS = HEADINGS | set(BLOCK_NAMES.split())
PHRASE_NAMES = """a abbr audio b bdi bdo button cite code data datalist del dfn em i ins kbd label legend mark
meter noscript output progress q s samp select small span strong sub sup textarea time u var video"""
PHRASES = set(PHRASE_NAMES.split())
FLOW = BLOCKS | PHRASES | VOID | {"svg", "script", "style"}
# Never inside another one of its kind.
ONCE = {"a", "button", "form", "p", "select"}
INSIDE = {
    "": {"html"},
    "html": {"head", "body"},
    "head": {"meta", "title", "link", "style", "script"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "colgroup": {"col"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup"},
    "optgroup": {"option"},
    "option": set(),
    "datalist": {"option"},
}
# Between their children stands nothing but space.
NO_WORDS = {"", "html", "head", "table", "colgroup", "thead", "tbody", "tfoot", "tr", "select", "optgroup"}
PARENTS = {"li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}}
SHAPES = {
    "g",
    "path",
    "circle",
    "rect",
    "line",
    "polyline",
    "polygon",
    "ellipse",
    "use",
    "text",
    "tspan",
    "a",
}
# html5lib writes names of SVG as SVG does.
SVG_NAMES = {"viewBox", "preserveAspectRatio"}


class NotPlain(Exception):
    """Somebody else has to look."""


def read(text: str) -> Element | None:
    """The page as html5lib would give it, without errors; None where it may find one."""
    start = START.match(text)
    if start is None or STRANGE.search(text):
        return None
    try:
        return _Reader(text).read(start.end())
    except NotPlain:
        return None


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.top = Element("")
        # What is open, from the outside in: names, elements; how often each name.
        self.names, self.elements = [""], [self.top]
        self.open: Counter[str] = Counter()

    def read(self, at: int) -> Element:
        """Everything from here to the end."""
        end = len(self.text.rstrip())
        while at < end:
            found = TAG.match(self.text, at)
            if found is None:
                raise NotPlain
            words, closed, name, attributes, slash = found.groups()
            if words:
                self._say(words)
            at = found.end()
            if closed:
                self._close(closed)
            else:
                at = self._begin(name, attributes, bool(slash), at)
        if len(self.names) > 1 or [one.tag for one in self.top] != ["html"]:
            raise NotPlain
        if [one.tag for one in self.top[0]] != ["head", "body"]:
            raise NotPlain
        return self.top[0]

    def _say(self, words: str) -> None:
        if self.names[-1] in NO_WORDS and words.strip():
            raise NotPlain
        element = self.elements[-1]
        words = unescape(words) if "&" in words else words
        if self.names[-1] in {"pre", "textarea"} and not len(element) and words.startswith("\n"):
            words = words[1:]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + words
        else:
            element.text = (element.text or "") + words

    def _close(self, name: str) -> None:
        if self.names[-1] != name or len(self.names) == 1:
            raise NotPlain
        self.names.pop()
        self.elements.pop()
        self.open[name] -= 1

    def _begin(self, name: str, attributes: str, is_closed: bool, at: int) -> int:
        is_drawn = name == "svg" or self.open["svg"] > 0
        if not (self._may_draw(name) if self.open["svg"] else self._may_stand(name)):
            raise NotPlain
        if is_closed and not (is_drawn or name in VOID or name == "col"):
            raise NotPlain
        values = _values(attributes, is_drawn=is_drawn) if attributes else {}
        element = SubElement(self.elements[-1], SVG + name if is_drawn else name, values)
        if is_closed or (not is_drawn and (name in VOID or name == "col")):
            return at
        self.names.append(name)
        self.elements.append(element)
        self.open[name] += 1
        return self._read_raw(name, at) if name in RAW and not is_drawn else at

    def _may_draw(self, name: str) -> bool:
        return name in SHAPES or (name == "title" and self.names[-1] != "title")

    def _may_stand(self, name: str) -> bool:
        """Whether this may begin here, and ends nothing that is open."""
        parent = self.names[-1]
        if parent in INSIDE:
            return name in INSIDE[parent]
        if name not in FLOW or (name in ONCE and self.open[name]) or (name in BLOCKS and self.open["p"]):
            return False
        if name in HEADINGS and parent in HEADINGS:
            return False
        return name not in PARENTS or parent in PARENTS[name] or self._is_pair(name)

    def _is_pair(self, name: str) -> bool:
        """A term or its description in a <div> of the list."""
        return name in {"dt", "dd"} and self.names[-2:] == ["dl", "div"]

    def _read_raw(self, name: str, at: int) -> int:
        end = self.text.find(f"</{name}>", at)
        words = self.text[at:end]
        if end < 0 or "<" in words:
            raise NotPlain
        if name in {"textarea", "title"}:
            self._say(words)
        else:
            self.elements[-1].text = words
        return end


def _values(attributes: str, *, is_drawn: bool) -> dict[str, str]:
    found = ATTRIBUTE.findall(attributes)
    values = {
        name: unescape(one + other) if "&" in one + other else one + other for name, one, other in found
    }
    if len(values) < len(found) or "xmlns" in values:
        raise NotPlain
    if not attributes.islower() and any(not name.islower() for name in values):
        strange = {name for name in values if not name.islower()}
        if not is_drawn or strange - SVG_NAMES:
            raise NotPlain
    return values
