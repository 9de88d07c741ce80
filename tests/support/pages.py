"""A test client that checks every HTML page it sees, so that no test has to remember to.

Each rule is one function that yields what is wrong; `check_html` collects them all. By day pages that are
written plainly are read by plain_html.py, with WHOLE=1 all of them by html5lib.
"""

import base64
import contextvars
import hashlib
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.plain_html import read
from tests.support.whole import WHOLE

Rule = Callable[["Document"], Iterator[str]]

STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
# A token differs on every page; without it equal pages are recognised and checked once.
TOKEN = re.compile(r'(name="csrf_token"[^>]*value=")[^"]*')
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list")
RESOURCES = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
    "form": ("action",),
    "button": ("formaction",),
}
# Relations of <link> that make a browser fetch something.
FETCHED = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "manifest"}
DATA_BLOCKS = {"application/json", "application/ld+json"}


class PageProblem(AssertionError):
    """A page breaks rules that hold for all pages."""


class Document:
    """A parsed page, or a fragment that htmx asked for."""

    def __init__(self, text: str, host: str = "localhost") -> None:
        self.text = text
        self.host = host
        self.is_page = text.lstrip()[:9].lower() == "<!doctype"
        # The content of <style> cannot be wrong HTML, and it is half of the page.
        lean = STYLE.sub("<style></style>", text)
        plain = None if WHOLE else read(lean)
        self.root, self.errors = (plain, []) if plain is not None else parsed(lean, is_page=self.is_page)
        # Comments have a function as their tag.
        self.elements = [element for element in self.root.iter() if isinstance(element.tag, str)]
        self.parents = {child: parent for parent in self.elements for child in parent}
        self.ids = Counter(element.get("id") for element in self.elements if element.get("id") is not None)

    def all(self, *names: str) -> list[Element]:
        """Elements of these names in page order."""
        return [element for element in self.elements if local(element) in names]

    def around(self, element: Element) -> Iterator[Element]:
        """The ancestors, from the inside out."""
        while (parent := self.parents.get(element)) is not None:
            yield parent
            element = parent

    def is_inside(self, element: Element, name: str) -> bool:
        """Whether an ancestor has this name."""
        return any(local(parent) == name for parent in self.around(element))


def parsed(text: str, *, is_page: bool) -> tuple[Element, list[str]]:
    """The root as a browser would make it, and what is wrong with the text on the way there."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    root: Element = parser.parse(text) if is_page else parser.parseFragment(text)
    return root, [f"line {line}: {code} {values or ''}" for (line, _), code, values in parser.errors]


def local(element: Element) -> str:
    """The name without its namespace (SVG has one)."""
    return str(element.tag).rpartition("}")[2]


def words(element: Element) -> str:
    """The text a person reads or hears, without the pictures' own."""
    return "".join(element.itertext()).strip()


def show(element: Element) -> str:
    """An element as a tag, for messages."""
    attributes = "".join(f' {name}="{value}"' for name, value in element.attrib.items())
    return f"<{local(element)}{attributes}>"[:160]


def rule_valid(page: Document) -> Iterator[str]:
    """HTML5 without parse errors."""
    yield from page.errors


def rule_head(page: Document) -> Iterator[str]:
    """Language, direction, title, one h1, viewport that may be zoomed."""
    if not page.is_page:
        return
    html = page.root
    if not html.get("lang"):
        yield "<html> has no lang"
    if html.get("dir") != ("rtl" if (html.get("lang") or "").startswith(("ar", "fa", "he", "ur")) else "ltr"):
        yield f"<html> has the wrong dir for lang={html.get('lang')}: {html.get('dir')}"
    if not any(words(title) for title in html.iterfind("head/title")):
        yield "no <title>"
    if len(page.all("h1")) != 1:
        yield f"{len(page.all('h1'))} h1 instead of one"
    if len(page.all("main")) != 1:
        yield f"{len(page.all('main'))} main instead of one"
    viewports = [meta.get("content", "") for meta in page.all("meta") if meta.get("name") == "viewport"]
    if len(viewports) != 1 or "user-scalable" in viewports[0] or "maximum-scale" in viewports[0]:
        yield "no viewport, or one that forbids zooming"


def rule_ids(page: Document) -> Iterator[str]:
    """Ids are unique, and what is referred to exists."""
    yield from (f"id {name!r} appears {count} times" for name, count in page.ids.items() if count > 1)
    if not page.is_page:
        return
    for element in page.elements:
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in page.ids:
                    yield f"{attribute} points to a missing id: {show(element)}"
        if local(element) == "label" and element.get("for") and element.get("for") not in page.ids:
            yield f"label for a missing id: {show(element)}"
        target = element.get("href")
        if local(element) == "a" and not target:
            yield f"link to nowhere: {show(element)}"
        target = target or ""
        if local(element) == "a" and len(target) > 1 and target[0] == "#" and target[1:] not in page.ids:
            yield f"link to a missing id: {show(element)}"


def rule_labels(page: Document) -> Iterator[str]:
    """Every field has a label, every button and link a name."""
    labelled = {label.get("for") for label in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        if field.get("type") in UNLABELLED:
            continue
        named = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        if not named and not page.is_inside(field, "label"):
            yield f"field without a label: {show(field)}"
    for element in page.all("button", "a", "summary"):
        if not words(element) and not has_other_name(element):
            yield f"nothing to read out: {show(element)}"
    for button in page.all("button"):
        if button.get("type") not in {"submit", "button", "reset"}:
            yield f"button without a type: {show(button)}"


def rule_error_summary(page: Document) -> Iterator[str]:
    """Every entry of an error summary leads to a field that can be reached and is marked as wrong."""
    for entry in [li for one in page.all("div") if one.get("id") == "errors" for li in one.iter("li")]:
        target = next((link.get("href", "") for link in entry.iter("a")), "")
        field = next((one for one in page.elements if target == f"#{one.get('id')}"), None)
        if field is None or field.get("type") == "hidden":
            yield f"error without a field: {words(entry)!r} {target}"
        elif not any(one.get("aria-invalid") == "true" for one in [*field.iter(), *page.around(field)]):
            yield f"error whose field is not marked: {words(entry)!r} {show(field)}"


def has_other_name(element: Element) -> bool:
    """Whether an element without text is named by an attribute or by a picture inside."""
    pictures = [inner for inner in element.iter() if isinstance(inner.tag, str)]
    return any(one.get("aria-label") or one.get("aria-labelledby") or one.get("alt") for one in pictures)


def rule_inline(page: Document) -> Iterator[str]:
    """Nothing that the content security policy would stop, and nothing that relies on a script."""
    for element in page.elements:
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"inline {name}: {show(element)}"
            if name.startswith("hx-"):
                yield f"write data-{name}: {show(element)}"
            if str(value).strip().lower().startswith(("javascript:", "vbscript:")):
                yield f"script in {name}: {show(element)}"
    for script in page.all("script"):
        if not script.get("src") and script.get("type") not in DATA_BLOCKS:
            yield "inline <script>"
    if not page.is_page and page.all("style"):
        yield "<style> in a fragment"


def rule_forms(page: Document) -> Iterator[str]:
    """Forms say where they go and how; those that change something carry the token."""
    for form in page.all("form"):
        method = (form.get("method") or "").lower()
        if not form.get("action") or method not in {"get", "post"}:
            yield f"form without action and method: {show(form)}"
        token = any(field.get("name") == "csrf_token" for field in form.iter("input"))
        if method == "post" and not token:
            yield f"form without csrf_token: {show(form)}"
        if method == "get" and token:
            yield f"csrf_token would show in the address: {show(form)}"


def rule_pictures(page: Document) -> Iterator[str]:
    """Pictures have a text or say that they need none."""
    for image in page.all("img"):
        if image.get("alt") is None:
            yield f"picture without alt: {show(image)}"
    for svg in page.all("svg"):
        named = svg.get("aria-label") or svg.get("aria-labelledby")
        # With role=img nobody would find the links inside; a map is a group.
        wanted = "group" if any(local(inner) == "a" for inner in svg.iter()) else "img"
        if svg.get("aria-hidden") != "true" and not (svg.get("role") == wanted and named):
            yield f"svg neither hidden nor named (role={wanted}): {show(svg)}"


def rule_own_host(page: Document) -> Iterator[str]:
    """Nothing is fetched from, or sent to, anybody else."""
    for element in page.elements:
        names = RESOURCES.get(local(element), ())
        if local(element) == "link" and FETCHED & set((element.get("rel") or "").split()):
            names = ("href",)
        for name in names:
            for candidate in (element.get(name) or "").split(","):
                host = urlsplit(candidate.strip().split(" ")[0]).hostname
                if host not in {None, page.host}:
                    yield f"third party: {show(element)}"


@lru_cache(maxsize=1)
def styled_classes() -> frozenset[str]:
    """Classes the core style sheet has rules for."""
    sheet = (Path(__file__).parents[2] / "static" / "css" / "portal.css").read_text(encoding="utf-8")
    return frozenset(CLASS.findall(re.sub(r"\{[^{}]*\}", " ", sheet)))


def rule_styles(page: Document) -> Iterator[str]:
    """What has rules in the core sheet has them on this page: its sheet is a part of it (page_css.py)."""
    style = STYLE.search(page.text)
    if not page.is_page or style is None or ".topbar" not in style[1]:
        return
    here = set(CLASS.findall(style[1]))
    used = {name for element in page.elements for name in (element.get("class") or "").split()}
    yield from (f"the page's sheet lacks .{name}" for name in sorted(used & styled_classes() - here))


RULES: tuple[Rule, ...] = (
    rule_valid,
    rule_head,
    rule_ids,
    rule_labels,
    rule_error_summary,
    rule_inline,
    rule_forms,
    rule_pictures,
    rule_own_host,
    rule_styles,
)


@lru_cache(maxsize=4096)
def problems_of(text: str, host: str = "localhost") -> tuple[str, ...]:
    """Everything wrong with a page or fragment, most telling first."""
    page = Document(text, host)
    return tuple(problem for rule in RULES for problem in rule(page))


def check_html(text: str, host: str = "localhost", where: str = "") -> None:
    """Raises PageProblem with the whole list, if there is anything."""
    found = problems_of(TOKEN.sub(r"\1", text), host)
    if found:
        raise PageProblem("\n  ".join([f"{len(found)} problems on {where or 'a page'}:", *found]))


def check_styles(text: str, policy: str, where: str) -> None:
    """An inlined style sheet is applied only if the policy names its hash."""
    for style in STYLE.findall(text):
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        if f"'sha256-{digest}'" not in policy:
            raise PageProblem(f"{where}: the policy does not allow the inlined style sheet")


def check_response(response: TestResponse) -> None:
    """Checks an answer if it is HTML."""
    request = response.request
    if response.mimetype != "text/html" or request.method == "HEAD" or response.status_code == 304:
        return
    text = response.get_data(as_text=True)
    # Redirects have a stub page of Werkzeug's that nobody sees.
    if not text or 300 <= response.status_code < 400:
        return
    where = f"{request.method} {request.path}"
    check_html(text, urlsplit(request.url).hostname or "localhost", where)
    check_styles(text, response.headers.get("Content-Security-Policy", ""), where)


class Misplaced(logging.Handler):
    """Errors of operations that name a field their form does not have (web/forms.py logs them)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if str(record.msg).startswith("error_without_field"):
            self.found.append(record.getMessage())


class CheckedClient(FlaskClient):
    """Flask's client; every page that passes through it is checked."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Sends the request, checks the answer, hands it on.

        The request sees none of the test's surroundings (app context, cached actor, open transaction), as
        on a real server.
        """
        send, misplaced = super().open, Misplaced()
        logging.getLogger("portal.web").addHandler(misplaced)
        try:
            response: TestResponse = contextvars.Context().run(lambda: send(*args, **kwargs))
        finally:
            logging.getLogger("portal.web").removeHandler(misplaced)
        if misplaced.found:
            raise PageProblem(f"{response.request.path}: {misplaced.found}")
        check_response(response)
        for earlier in response.history:
            check_response(earlier)
        return response
