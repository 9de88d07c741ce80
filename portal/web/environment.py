"""Templates compiled once for each language: what is constant there is worked out then, not in each answer.

`_("Sign in")` becomes the German words, `{{ icons.use("bell") }}` its markup, `url_for("discovery.home")`
an address, and indentation goes. That is what costs most of a page; the templates need not know.
Only pages are compiled so (`for_language`); mails use the plain environment, which asks for each word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from typing import Any, TypeVar

from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from portal.core.i18n import translations_for, use_language

# Macros that draw nothing but their arguments, so that constant arguments make constant markup.
PURE_MACROS = {"icon.use", "icon.gable", "icon.forward"}
# Functions of the environment whose answer for constant arguments is the same in every request.
PURE_FUNCTIONS = {"url_for", "static_url"}
Expr = TypeVar("Expr", bound=nodes.Expr)
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|(%%)")
_INDENTATION = re.compile(r"[ \t]*\n\s*|[ \t]{2,}")


class PortalEnvironment(Environment):
    """Flask's environment, and one of the same templates for each language."""

    language = ""

    def for_language(self, slug: str) -> PortalEnvironment:
        """The environment whose templates hold this language's words; compiled when first used."""
        known: dict[str, PortalEnvironment] = self.__dict__.setdefault("by_language", {})
        if slug not in known:
            made = self.overlay()
            macros: Any = self.globals["ui"]
            made.language = slug
            made.globals = {**self.globals, "ui": macros.of(made)}
            known[slug] = made
        return known[slug]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Jinja's own is a ChainMap, which is slow to copy, and it is copied for every page."""
        return super().make_globals(d) if d else self.globals

    def _generate(self, source: nodes.Template, name: str | None, *rest: Any, **options: Any) -> str:
        if self.language:
            with use_language(self.language):
                source = Folding(self, source, name).visit(source)
        return super()._generate(source, name, *rest, **options)


class Folding(NodeTransformer):
    """Replaces calls whose answer is known by the answer, in the current language."""

    def __init__(self, environment: PortalEnvironment, tree: nodes.Template, name: str | None) -> None:
        self.environment = environment
        self.context = nodes.EvalContext(environment, name)
        self.is_html = bool(name and name.endswith(".html"))
        self.aliases = {
            one.target: one.template.value.removeprefix("macros/").removesuffix(".html")
            for one in tree.find_all(nodes.Import)
            if isinstance(one.template, nodes.Const)
        }

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.TemplateData:
        """White space between elements: one character will do."""
        if self.is_html:
            node.data = _INDENTATION.sub(lambda found: "\n" if "\n" in found[0] else " ", node.data)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """A call with constant arguments may be a constant; a sentence may be so up to its values."""
        self.generic_visit(node)
        if node.dyn_args or node.dyn_kwargs:
            return node
        name = self._name_of(node.node)
        if any(one.key == "_external" for one in node.kwargs):  # the host is this request's
            return node
        if name in {"_", "gettext", "pgettext"}:
            return self._sentence(node, name)
        try:
            arguments = [one.as_const(self.context) for one in node.args]
            values = {one.key: one.value.as_const(self.context) for one in node.kwargs}
        except nodes.Impossible:
            return node
        function = self._function(name)
        return _markup(str(function(*arguments, **values)), node) if function else node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:
        """Words joined with `~`."""
        self.generic_visit(node)
        return self._joined(node) if any(isinstance(one, nodes.TemplateData) for one in node.nodes) else node

    def _name_of(self, called: nodes.Expr) -> str:
        """`url_for`, or `icon.use` for `ui.icon.use` and for `icons.use` after an import."""
        if isinstance(called, nodes.Name):
            return called.name
        if not isinstance(called, nodes.Getattr):
            return ""
        match called.node:
            case nodes.Name(name=alias) if alias in self.aliases:
                return f"{self.aliases[alias]}.{called.attr}"
            case nodes.Getattr(node=nodes.Name(name="ui"), attr=macros):
                return f"{macros}.{called.attr}"
        return ""

    def _function(self, name: str) -> Any:
        if self.environment.auto_reload:  # a file may change
            return None
        if name in PURE_FUNCTIONS:
            return self.environment.globals[name]
        if name in PURE_MACROS:
            macros, _, macro = name.partition(".")
            return getattr(getattr(self.environment.globals["ui"], macros), macro)
        return None

    def _sentence(self, node: nodes.Call, name: str) -> nodes.Expr:
        if not all(isinstance(one, nodes.Const) for one in node.args):
            return node
        catalogue = translations_for(self.environment.language)
        known = catalogue.pgettext if name == "pgettext" else catalogue.gettext
        pieces = list(_pieces(str(known(*(one.value for one in node.args))), node))  # type: ignore[attr-defined]
        return pieces[0] if len(pieces) == 1 else self._joined(_like(node, nodes.Concat, pieces))

    def _joined(self, node: nodes.Concat) -> nodes.Expr:
        try:
            parts = [one.as_const(self.context) for one in node.nodes]
        except nodes.Impossible:
            return node
        # Jinja's own folding would forget which of the parts are markup.
        return _markup(str(Markup("").join(parts)), node) if self.context.autoescape else node


def _pieces(words: str, call: nodes.Call) -> Iterator[nodes.Expr]:
    """A sentence cut at its placeholders: "%(a)s of %(b)s" is a, " of ", b."""
    values = {one.key: one.value for one in call.kwargs}
    spot = 0
    for found in _PLACEHOLDER.finditer(words):
        if found.start() > spot:
            yield _markup(words[spot : found.start()], call)
        yield values[found[1]] if found[1] else _markup("%", call)
        spot = found.end()
    if spot < len(words) or not words:
        yield _markup(words[spot:], call)


def _markup(text: str, node: nodes.Node) -> nodes.Expr:
    """Constant text that needs no escaping; plain text where nothing is escaped."""
    return _like(node, nodes.TemplateData, text)


def _like(node: nodes.Node, kind: type[Expr], *fields: Any) -> Expr:
    return kind(*fields, lineno=node.lineno, environment=node.environment)
