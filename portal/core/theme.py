"""A town's four colours: what they do to the pages, and whether everything can still be read.

The tokens are read from the style sheet itself, so that the check and the pages cannot disagree. Contrast by
WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of the relative luminances; black on white is 21, the same 1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.core.places_on_disk import data_root

# Token of the style sheet -> the site setting it comes from.
TOWN_COLOURS = {
    "brand": "site.colour_brand",
    "brand-2": "site.colour_bar",
    "sun": "site.colour_sun",
    "ink": "site.colour_ink",
}
# (what is read, on what, least contrast) wherever a town's colour takes part. Running text 7 (AAA), rest 4.5.
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "paper", 7.0),
    ("text", "surface", 7.0),
    ("text", "soft", 7.0),
    ("text", "wait-soft", 7.0),
    ("accent", "paper", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "soft", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-bar", "bar", 7.0),
    ("ink", "sun", 4.5),
    ("on-sun", "sun", 4.5),
)
SCHEMES = {"light": ":root{", "dark": ":root[data-theme=dark]{"}
SCHEME_WORDS: dict[str, LazyString] = {"light": _l("by day"), "dark": _l("at night")}
WORDS: dict[str, LazyString] = {
    "text": _pl("part of a page", "text"),
    "ink": _pl("part of a page", "dark text"),
    "accent": _pl("part of a page", "links and buttons"),
    "on-accent": _pl("part of a page", "words on buttons"),
    "on-bar": _pl("part of a page", "words in the top bar"),
    "on-sun": _pl("part of a page", "words on bright buttons"),
    "paper": _pl("part of a page", "page"),
    "surface": _pl("part of a page", "card"),
    "soft": _pl("part of a page", "tinted area"),
    "wait-soft": _pl("part of a page", "hint"),
    "bar": _pl("part of a page", "top bar"),
    "sun": _pl("part of a page", "accent colour"),
}


@dataclass(frozen=True)
class Measured:
    """One pair of colours: how well `front` is read on `back` by day or at night, as a ratio to 1."""

    scheme: str
    front: str
    back: str
    front_colour: str
    back_colour: str
    ratio: float
    least: float
    setting: str

    @property
    def is_readable(self) -> bool:
        """Whether the contrast suffices."""
        return self.ratio >= self.least


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 (black) to 1 (white)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21; #ffffff on #000000 is 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=2)
def tokens(scheme: str) -> Mapping[str, str]:
    """The custom properties of the style sheet by day ("light") or at night ("dark")."""
    sheet = (data_root() / "static" / "css" / "portal.css").read_text(encoding="utf-8")
    found: dict[str, str] = {"on-sun": "#14201f"}  # written out in the sheet where words stand on yellow
    for name in ("light", scheme):
        start = sheet.index(SCHEMES[name])
        block = re.sub(r"url\(\"[^\"]*\"\)", "none", sheet[start : sheet.index("color-scheme:", start)])
        found.update(re.findall(r"--([\w-]+):([^;]+);", block))
    return found


def _resolved(name: str, theme: Mapping[str, str], town: Mapping[str, str]) -> tuple[str, str]:
    """(colour as #rrggbb, the town's token it comes from or "")."""
    while name not in town and theme[name].startswith("var("):
        name = theme[name][6:-1]
    value = town.get(name, theme[name])
    if len(value) == 4:
        value = "#" + "".join(2 * digit for digit in value[1:])
    return value, name if name in town else ""


def measure(town: Mapping[str, str]) -> list[Measured]:
    """Every pair one of the town's colours (token -> #rrggbb) takes part in, by day and at night."""
    found = []
    for scheme in SCHEMES:
        theme = tokens(scheme)
        for front, back, least in PAIRS:
            (one, source), (other, ground) = _resolved(front, theme, town), _resolved(back, theme, town)
            if source or ground:
                setting = TOWN_COLOURS[source or ground]
                ratio = contrast(one, other)
                found.append(Measured(scheme, front, back, one, other, ratio, least, setting))
    return found


def style_of(town: Mapping[str, str]) -> str:
    """The rule that sets the town's colours; nothing when they are those of the style sheet."""
    known = tokens("light")
    own = [f"--{token}:{colour}" for token, colour in town.items() if colour != known[token]]
    return ":root{" + ";".join(own) + "}" if own else ""


def preview(town: Mapping[str, str], scheme: str) -> dict[str, str]:
    """The colours of a page by day or at night as #rrggbb, for drawing what it would look like."""
    theme = tokens(scheme)
    names = ("bar", "on-bar", "paper", "surface", "text", "muted", "accent", "on-accent", "sun", "line-2")
    return {name.replace("-", "_"): _resolved(name, theme, town)[0] for name in names} | {
        "scheme": scheme,
        "words": str(SCHEME_WORDS[scheme]),
    }
