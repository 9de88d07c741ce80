"""Words that nobody could have typed: where one shows up, somebody read what was not theirs."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

LETTERS = "bcdfghjkmnpqrstvwx"
CANARY = re.compile(rf"zq[{LETTERS}]{{18}}", re.IGNORECASE)


class Canaries:
    """Every planted word, where it stands, and which personas may come across it."""

    def __init__(self) -> None:
        self.places: dict[str, tuple[str, frozenset[str]]] = {}

    def plant(self, place: str, allowed: Iterable[str] = ()) -> str:
        """A new word of 20 letters for this private place."""
        word = "zq" + "".join(secrets.choice(LETTERS) for _ in range(18))
        self.places[word] = (place, frozenset(allowed))
        return word

    def seen_in(self, text: str) -> set[str]:
        """The planted words in a text."""
        return {found.lower() for found in CANARY.findall(text)} & self.places.keys()

    def leaks(self, text: str, reader: str) -> list[str]:
        """The places whose word this reader must not see, but does."""
        seen = (self.places[word] for word in self.seen_in(text))
        return sorted(place for place, allowed in seen if reader not in allowed)
