"""Where something stands, in one word: pages show it as a small badge."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Badge:
    """The word with its icon and tone."""

    label: str
    icon: str
    tone: str
