"""QR codes as inline SVG, for letters, posters and notices."""

from html import escape
from typing import Any

from portal.core.later import Later

segno = Later("segno")

MAX_QR_CHARACTERS = 500
_QUIET_ZONE = 4


def qr_svg(text: str, title: str = "") -> str:
    """An `<svg>` element with the QR code of `text`, error correction M, in the colour of the text around.

    It has a viewBox and no size of its own: the style sheet gives it one, on screen and in print. `title`
    is read aloud; without one the picture is hidden from screen readers (the link stands beside it).
    Raises ValueError for no text or more than 500 characters, which phones scan badly.
    """
    if not text or len(text) > MAX_QR_CHARACTERS:
        raise ValueError("a QR code needs 1 to 500 characters")
    code = segno.make(text, error="m", micro=False, boost_error=False)
    size = code.symbol_size(scale=1, border=_QUIET_ZONE)[0]
    naming = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true" focusable="false"'
    name = f"<title>{escape(title)}</title>" if title else ""
    # White behind the dark fields also in dark mode: scanners need it. Attributes, not styles (strict CSP).
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {size} {size}" {naming} '
        f'shape-rendering="crispEdges">{name}<rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path fill="#000" d="{_dark_fields(code)}"/></svg>'
    )


def _dark_fields(code: Any) -> str:
    """The path of the dark fields, a rectangle for each run in a row."""
    parts: list[str] = []
    for row, fields in enumerate(code.matrix):
        column = 0
        while column < len(fields):
            if not fields[column]:
                column += 1
                continue
            start = column
            while column < len(fields) and fields[column]:
                column += 1
            parts.append(
                f"M{start + _QUIET_ZONE} {row + _QUIET_ZONE}h{column - start}v1H{start + _QUIET_ZONE}z"
            )
    return "".join(parts)
