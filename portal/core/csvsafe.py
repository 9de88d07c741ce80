"""CSV that spreadsheets open as text: RFC 4180, UTF-8, no cell that becomes a formula.

A cell beginning with `=`, `+`, `-`, `@`, a tab or a line end is run as a formula by the usual programs
(OWASP: CSV injection); an apostrophe before it makes them show it as text.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

BOM = "\ufeff"
"""Tells Excel that the file is UTF-8; other readers skip it."""

# Full-width forms are turned into the plain signs by some programs; NUL ends a text in others. LF acts
# like CR, and white space before a sign is cut off by LibreOffice on import.
_FORMULA_STARTS = frozenset("=+-@\t\r\n\x00＝＋－＠﹢﹣﹫−|%")
_ROWS_AT_ONCE = 200

Cell = str | int | float | Decimal | bool | date | datetime | None


def safe_cell(value: Cell) -> str:
    """A value as the text of a cell that no spreadsheet takes for a formula.

    Numbers of ours stay numbers, also negative ones; times are ISO 8601; None is empty.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    text = value.lstrip(" \u00a0\u3000\ufeff\u200b\u200e\u200f")
    guarded = "'" + value if text[:1] in _FORMULA_STARTS and text else value
    return guarded.replace("\x00", "")


def csv_rows(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, bom: bool = True) -> Iterator[str]:
    """The file in pieces of some 200 lines, for a streamed answer: CRLF line ends, quotes where needed.

    Rows are read one by one, so that memory stays the same for any number of them.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    if bom:
        buffer.write(BOM)
    writer.writerow([safe_cell(name) for name in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe_cell(value) for value in row])
        if number % _ROWS_AT_ONCE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
