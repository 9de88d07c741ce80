"""Parts of pages drawn once: `{{ drawn(ui.proposal.card, p) }}` instead of `{{ ui.proposal.card(p) }}`.

A part is known by its macro, the language and every value the macro gets, compared by value. So a part that
is shown is always what the macro would draw now: there is nothing to invalidate, and what was hidden is
simply not asked for any more. Best is an argument that holds what the database said and works out what it
means only when it is drawn (ListLook in portal/proposals): a list that is as it was costs no more than its
rows. Only for macros that draw nothing but their (frozen) arguments: no token, no actor, no clock. What the
clock changes ("3 days ago") is given as an argument, or what it depends on is. (docs/adr/0020)
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from portal.core.i18n import current_language
from portal.web.locale import offered_languages

MOST_CHARACTERS = 3_000_000  # the values they are known by take about as much again


class Pieces:
    """What was drawn, the least used forgotten first. Thread-safe."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self.most, self.size = most, 0
        self.known: OrderedDict[tuple[Any, ...], Markup] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...]) -> Markup | None:
        """The piece; TypeError for a list or a dict among the values."""
        with self._lock:
            found = self.known.get(key)
            if found is not None:
                self.known.move_to_end(key)
            return found

    def put(self, key: tuple[Any, ...], piece: Markup) -> None:
        """Remember it, unless it would push out everything else."""
        if len(piece) * 10 > self.most:
            return
        with self._lock:
            self.size += len(piece) - len(self.known.pop(key, ""))
            self.known[key] = piece
            while self.size > self.most:
                self.size -= len(self.known.popitem(last=False)[1])

    def forget(self) -> None:
        """Everything."""
        with self._lock:
            self.known.clear()
            self.size = 0


_pieces = Pieces()


def drawn(macro: Callable[..., Markup], *arguments: Any, **named: Any) -> Markup:
    """What the macro draws for these arguments in the reader's language; from memory if it can be."""
    # While templates are being worked on, each drawing has a macro of its own: nothing old is found.
    key = (macro, current_language().slug, *arguments, *named.items())
    try:
        piece = _pieces.get(key)
    except TypeError:  # a list or a dict: nothing to know it by
        return macro(*arguments, **named)
    if piece is None:
        piece = macro(*arguments, **named)
        _pieces.put(key, piece)
    return piece


def forget_drawn() -> None:
    """Draw everything anew: the macros of a portal that is no more would keep it in memory."""
    _pieces.forget()


def in_each_language(macro: Callable[..., Markup], switch: Callable[[str], str]) -> Markup:
    """Links to this page in every language: drawn once for all pages, then the address is put in."""
    before, _, after = switch("\0").partition("\0")
    links = drawn(macro, tuple(offered_languages()), current_language().slug, "\1", "\2")
    return Markup(links.replace("\1", escape(before)).replace("\2", escape(after)))  # noqa: S704  escaped
