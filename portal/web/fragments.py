"""Parts of pages drawn once: `{{ drawn(ui.proposal.card, p) }}` instead of `{{ ui.proposal.card(p) }}`.

A part is known by its macro, the language and every value the macro gets, compared by value. So a part that
is shown is always what the macro would draw now: there is nothing to invalidate, and what was hidden is
simply not asked for any more. Only for macros that draw nothing but their (frozen) arguments: no token, no
actor, no clock. Words that change with the clock ("3 days ago") are given as an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from portal.core.i18n import current_language
from portal.web.locale import offered_languages

# A card is about 1 KB, a comment 2: this many cost some megabytes.
MOST_KEPT = 2_000


def drawn(macro: Callable[..., Markup], *arguments: Any) -> Markup:
    """What the macro draws for these arguments in the reader's language; from memory if it can be."""
    # While templates are being worked on, each drawing has a macro of its own: nothing old is found.
    try:
        return _draw(macro, current_language().slug, *arguments)
    except TypeError:  # a list or a dict: nothing to know it by
        return macro(*arguments)


@lru_cache(maxsize=MOST_KEPT)
def _draw(macro: Callable[..., Markup], _slug: str, *arguments: Any) -> Markup:
    return macro(*arguments)


def forget_drawn() -> None:
    """Draw everything anew: the macros of a portal that is no more would keep it in memory."""
    _draw.cache_clear()


def in_each_language(macro: Callable[..., Markup], switch: Callable[[str], str]) -> Markup:
    """Links to this page in every language: drawn once for all pages, then the address is put in."""
    before, _, after = switch("\0").partition("\0")
    links = drawn(macro, tuple(offered_languages()), current_language().slug, "\1", "\2")
    return Markup(links.replace("\1", escape(before)).replace("\2", escape(after)))  # noqa: S704  escaped
