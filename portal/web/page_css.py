"""The style sheet of one page: the core sheet without the rules for classes its templates never mention.

Every page carries its styles in itself, so that the first picture waits for nothing; half of the rules are
for other pages. Which classes a page may show is read from the source of its template and of everything that
one extends, includes and calls (macro by macro), so a template says nothing and forgets nothing. A word is
enough: what a condition leaves out today, or Python adds to (`btn--{{ kind }}`), keeps its rules.
A page into which a script puts another template's block includes that one where it is never drawn; one that
includes what Python names (`include part.template`) carries the whole sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from jinja2 import Environment

_MACRO = re.compile(r"\{%-? *macro +(\w+)(.*?)\{%-? *endmacro", re.DOTALL)
_ALIAS = re.compile(r'import "macros/(\w+)\.html" as (\w+)')
_FILE = re.compile(r'(?:extends|include) "([\w/.-]+)"')
_ANY = re.compile(r"""\{%-? *include +(?!["'])""")
_CALL = re.compile(r"\b(\w+)\.(\w+)|\b(\w+)\(")
# Sentences, addresses and comments hold no classes; what is left of them stands in attributes and in strings.
_NO_WORDS = re.compile(
    r"""\{#.*?\#\}|\b(?:_|n?p?gettext|url_for|static_url)\((?:"[^"]*"|'[^']*')(?:, *"[^"]*")?"""
    r"""|\{%-? *(?:extends|include|import)[^%]*%\}""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r'\bclass="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', re.DOTALL)
_TAG = re.compile(r"\{[{%](.*?)[%}]\}", re.DOTALL)
_STRING = re.compile(r""""[^"]*"|'[^']*'""")
_WORD = re.compile(r"[\w-]+")
_RULE = re.compile(r"(@media[^{]+)\{((?:[^{}]*\{[^{}]*\})*)\}|([^{}]+)(\{[^{}]*\})")
_SELECTOR = re.compile(r",(?![^(]*\))")
_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
_NO_CLASS = re.compile(r'"[^"]*"|\[[^]]*\]|:not\([^)]*\)')
# Scripts set these.
ALWAYS = frozenset({"speaking"})

Part = tuple[str, str]  # a template and one of its macros, "" for what is outside of macros


class PageWords:
    """The words in the sources of templates, by template and macro; read once."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self._parts: dict[str, dict[str, str]] = {}
        self._found: dict[str, frozenset[str] | None] = {}

    def of(self, template: str) -> frozenset[str] | None:
        """Every word a page made of this template may show as a class; None when nobody can know."""
        if template not in self._found or self.environment.auto_reload:
            self._parts = {} if self.environment.auto_reload else self._parts
            seen: set[Part] = set()
            waiting: list[Part] = [(template, "")]
            while waiting:
                part = waiting.pop()
                if part not in seen:
                    seen.add(part)
                    waiting += self._next(*part)
            text = " ".join(self._source(name).get(macro, "") for name, macro in seen)
            self._found[template] = None if _ANY.search(text) else _classes(text)
        return self._found[template]

    def _source(self, template: str) -> dict[str, str]:
        if template not in self._parts:
            assert self.environment.loader is not None
            text = self.environment.loader.get_source(self.environment, template)[0]
            macros = {found[1]: found[2] for found in _MACRO.finditer(text)}
            self._parts[template] = {**macros, "": _MACRO.sub("", text)}
        return self._parts[template]

    def _below(self, folder: str) -> list[str]:
        return [name for name in self.environment.list_templates() if name.startswith(folder)]

    def _next(self, template: str, macro: str) -> Iterator[Part]:
        source = self._source(template)
        if macro and macro not in source:
            return
        text = source[macro]
        for name in _FILE.findall(text):
            # `include "illustrations/" ~ scene` may be any of them.
            yield from ((one, "") for one in (self._below(name) if name.endswith("/") else [name]))
        aliases = {alias: name for name, alias in _ALIAS.findall(source[""] + text)}
        for before, attribute, own in _CALL.findall(text):
            if before in aliases:
                yield f"macros/{aliases[before]}.html", attribute
            elif own:
                yield template, own
        for name, attribute in re.findall(r"\bui\.(\w+)\.(\w+)", text):
            yield f"macros/{name}.html", attribute


def _classes(text: str) -> frozenset[str]:
    """The words of attributes and strings."""
    text = _NO_WORDS.sub(" ", text)
    strings = (one for tag in _TAG.findall(text) for one in _STRING.findall(tag))
    return ALWAYS | set(_WORD.findall(" ".join([*_ATTRIBUTE.findall(text), *strings])))


@lru_cache(maxsize=64)
def for_words(css: str, words: frozenset[str]) -> str:
    """The sheet without rules that need a class which is not among the words."""
    return "".join(_kept(css, words))


def _kept(css: str, words: frozenset[str]) -> Iterator[str]:
    for media, inner, selectors, body in _RULE.findall(css):
        if media:
            if rules := "".join(_kept(inner, words)):
                yield f"{media}{{{rules}}}"
        elif kept := [one for one in _SELECTOR.split(selectors) if _may_match(one, words)]:
            yield ",".join(kept) + body


def _may_match(selector: str, words: frozenset[str]) -> bool:
    """`x-1` is also meant by the word `x-`, to which a template adds the rest."""
    names = _CLASS.findall(_NO_CLASS.sub("", selector))
    return all(name in words or name[: name.rfind("-") + 1] in words - {""} for name in names)
