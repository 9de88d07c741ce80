"""Rendering: a whole page, or only the block a script asked for. Views never know the difference."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask import Flask, Response, current_app, get_flashed_messages, make_response, request, url_for
from jinja2 import Environment, Template, pass_eval_context
from jinja2.ext import InternationalizationExtension
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.core import i18n
from portal.core.actors import Actor
from portal.core.permissions import can
from portal.web import navigation
from portal.web.context import current_actor
from portal.web.environment import PortalEnvironment
from portal.web.fragments import drawn, in_each_language
from portal.web.locale import offered_languages, switch_language_url
from portal.web.page_css import PageWords
from portal.web.site import SiteView, theme_css
from portal.web.static_files import assets, core_css, use_theme


class Macros:
    """`ui.form.field(f)` is the macro `field` in templates/macros/form.html.

    One global instead of imports: a block rendered alone does not see a page's top-level imports.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._modules: dict[str, Any] = {}

    @classmethod
    def of(cls, environment: Environment) -> Macros:
        """The macros as another environment compiles them."""
        return cls(environment)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        module = self._modules.get(name)
        if module is None or self._environment.auto_reload:
            module = self._modules[name] = self._environment.get_template(f"macros/{name}.html").module
        return module


class Page:
    """Numbers and links of one page of a list. first: address of its first page, if it is not this one's."""

    def __init__(self, number: int, per_page: int, total: int, first: str = "") -> None:
        self.page, self.per_page, self.total = max(number, 1), per_page, total
        self._given = first

    @cached_property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.per_page

    @property
    def has_next(self) -> bool:
        """Whether a page follows."""
        return self.page < self.pages

    @cached_property
    def _first(self) -> str:
        if self._given:
            return self._given
        values: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False)}
        return url_for(request.endpoint or "root", **{**values, "page": None})

    def url(self, number: int) -> str:
        """This list at another page, filters kept."""
        return (
            f"{self._first}{'&' if '?' in self._first else '?'}page={number}" if number > 1 else self._first
        )


_context_providers: list[Callable[[Actor], dict[str, Any]]] = []


def provide_context(provider: Callable[[Actor], dict[str, Any]]) -> None:
    """A package adds values that every page may use (sign-in link, count of unread notices)."""
    _context_providers.append(provider)


def page_number() -> int:
    """The page asked for, 1 for nonsense."""
    raw = request.args.get("page", "1")
    return min(max(int(raw), 1), 10**6) if raw.isascii() and raw.isdigit() and len(raw) < 8 else 1


def is_fragment_request() -> bool:
    """Whether htmx asks for a part of the page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def page_context(template: str = "") -> dict[str, Any]:
    """What every page may use; with the styles of this template, else with all."""
    actor = current_actor()
    context = {
        "language": i18n.current_language(),
        "languages": offered_languages(),
        "actor": actor,
        "can": lambda name, subject=None: can(actor, name, subject),
        "nav": navigation.items("main", actor),
        "account_nav": () if actor.is_visitor else navigation.items("account", actor),
        "staff_nav": navigation.items("staff", actor) if actor.is_staff else [],
        "footer_nav": navigation.items("footer", actor),
        "flashes": [],
        "core_css": core_css(page_words().of(template) if template else None).text,
        "assets": assets(),
        # Buttons outside forms (htmx) send the token from the page's head; visitors' pages carry none.
        "csrf_in_head": not actor.is_visitor,
    }
    for provider in _context_providers:
        context.update(provider(actor))
    return context


def page_words() -> PageWords:
    """Which classes templates mention."""
    words: PageWords = current_app.extensions["page_words"]
    return words


def pages() -> Environment:
    """The templates in the reader's language."""
    environment: PortalEnvironment = current_app.jinja_env  # type: ignore[assignment]
    return environment.for_language(i18n.current_language().slug)


def render(
    template: str | Template,
    *,
    status: int = 200,
    fragment: str | None = None,
    offline: bool = False,
    **context: Any,
) -> Response:
    """The page as a response; for htmx only block `fragment` with the flash area beside it.

    offline: this device may keep the page for reading without a connection. Only what visitors see is kept.
    """
    loaded = pages().get_template(template)
    values = {**page_context(loaded.name or ""), **context}
    # Reading flashes touches the session; somebody without one has none.
    if request.cookies:
        # A button pressed twice says the same twice: people read it once.
        values["flashes"] = list(dict.fromkeys(get_flashed_messages(with_categories=True)))
    if fragment and is_fragment_request():
        response = make_response(_render_block(loaded, fragment, values), status)
        response.headers["Cache-Control"] = "no-store"
    else:
        response = make_response(loaded.render(values), status)
        if offline and current_actor().is_visitor and not values["flashes"]:
            response.headers["X-Offline"] = "1"
    if fragment:
        response.vary.add("HX-Request")
    return response


def _render_block(template: Any, block: str, values: dict[str, Any]) -> str:
    context = template.new_context(values)
    parts = [_block(template, block, context)]
    if values["flashes"]:
        parts.append(str(pages().get_template("layouts/flash_oob.html").render(values)))
    return "".join(parts)


def _block(template: Any, block: str, context: Any) -> str:
    return "".join(template.blocks[block](context))


@pass_eval_context
def _plural(context: EvalContext, singular: str, plural: str, number: int, /, **values: Any) -> str:
    """ngettext in templates: values are filled in once, and escaped in HTML (not in text mails).

    Jinja's own would fill in twice: ours counts already, and knows nothing of further values.
    """
    words = i18n.translations_for(i18n.current_language().slug).ngettext(singular, plural, number)
    text = Markup(words) if context.autoescape else str(words)  # noqa: S704  our own catalogue
    return text % {"n": number, "num": number, **values}


def init_app(app: Flask) -> None:
    """Jinja: translations, filters, macros; the town's colours."""
    use_theme(app, theme_css)
    environment = app.jinja_env
    app.extensions["page_words"] = PageWords(environment)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension(InternationalizationExtension)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext
    )
    environment.globals["ngettext"] = _plural
    environment.filters.update(
        date=i18n.format_date,
        day=lambda value: i18n.format_date(value, "medium"),
        datetime=i18n.format_datetime,
        number=i18n.format_number,
        money=i18n.format_money_cents,
        relative=i18n.format_relative,
        safe_html=Markup,
    )
    environment.globals.update(
        ui=Macros(environment),
        drawn=drawn,
        in_each_language=in_each_language,
        site=SiteView(),
        switch_language_url=switch_language_url,
        url_for=app.url_for,  # Flask's own looks up the app each time, which takes as long as the answer
    )
