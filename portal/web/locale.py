"""Language of a request: the first part of the path; "/" sends people to theirs."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from portal.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language, current_language, set_language
from portal.core.i18n import lazy_gettext as _l
from portal.core.site_settings import declare, site
from portal.web.access import public

LANGUAGE_COOKIE = "lang"
ADDRESS = "portal.address"
WORDLESS = ("static_", "healthz", "readyz")  # routes whose answer holds no words

declare(
    "web.languages",
    kind="languages",
    default=list(LANGUAGES),
    label=_l("Languages offered"),
    help=_l("The first one is shown to people whose language we do not know."),
    group="language",
)


# A path and a query that may be written as they came.
_is_plain = re.compile(r"[\w/.~:+-]*\?(?:[\w/.~:=&+-]|%[0-9A-F]{2})*", re.ASCII).fullmatch


class LanguageConverter(BaseConverter):
    """The language part of a path; other words do not match at all."""

    regex = "|".join(LANGUAGES)


def offered_languages() -> list[Language]:
    """The languages this town offers, in the menu's order."""
    chosen = [LANGUAGES[slug] for slug in site("web.languages") if slug in LANGUAGES]
    return chosen or [LANGUAGES[DEFAULT_LANGUAGE]]


def preferred_language() -> str:
    """The best guess for somebody who came without a language: browser's wish, else the town's first."""
    offered = {language.html_lang.split("-")[0]: language.slug for language in reversed(offered_languages())}
    offered.update(
        {language.html_lang: language.slug for language in offered_languages() if language.slug != "leicht"}
    )
    best = request.accept_languages.best_match(list(offered))
    return offered[best] if best else offered_languages()[0].slug


def language_of_path(path: str) -> str:
    """The language a path begins with, or the preferred one."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in LANGUAGES else preferred_language()


@public
def root() -> ResponseReturnValue:
    """ "/" leads to the home page in the reader's language."""
    response = redirect(url_for("discovery.home", lang=preferred_language()), 302)
    response.vary.add("Accept-Language")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def switch_language_url(slug: str) -> str:
    """This page in another language; forms that were posted lead to the page itself."""
    if not request.endpoint or "lang" not in (request.url_rule.arguments if request.url_rule else ()):
        return f"/{slug}/"
    parts = request.environ.get(ADDRESS)
    if parts is None:
        # Once per request and not for each link: the addresses differ in their first part only.
        parts = request.environ[ADDRESS] = _around_language()
    return f"{parts[0]}/{slug}/{parts[1]}"


def _around_language() -> tuple[str, str]:
    """This page's address before and behind its language. As it was asked for, if that needs no encoding:
    building it anew takes longer than reading a row."""
    path, query = request.path, request.environ.get("QUERY_STRING", "")
    start = f"/{current_language().slug}/"
    if path.startswith(start) and _is_plain(f"{path}?{query}"):
        return request.script_root, path.removeprefix(start) + (f"?{query}" if query else "")
    values: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False)}
    url = url_for(request.endpoint or "root", **{**values, "lang": DEFAULT_LANGUAGE})
    before, _, behind = url.partition(f"/{DEFAULT_LANGUAGE}/")
    return before, behind


def init_app(app: Flask) -> None:
    """Language prefix in and out of URLs."""
    app.url_map.converters["language"] = LanguageConverter
    app.add_url_rule("/", "root", root, methods=["GET"])

    @app.url_value_preprocessor
    def take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if endpoint and endpoint.startswith(WORDLESS):
            set_language(DEFAULT_LANGUAGE)  # asking the database for it would make /healthz depend on it
            return
        set_language((values or {}).pop("lang", None) or language_of_path(request.path))

    @app.url_defaults
    def give_language(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = current_language().slug
