"""Reading tables people export from somewhere: CSV in any usual encoding, with any usual separator.

Rows come one by one with the line they stand on, so that a report can name it; memory stays the same for
any number of rows.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from portal.core.delimited import BrokenStructure, split_rows, text_lines

DELIMITERS = (";", ",", "\t", "|")
SURPLUS = ""
"""The key under which a row holds cells that have no column; a row with it is to be reported."""

_LINES_LOOKED_AT = 30


@dataclass(frozen=True)
class Column:
    """A column the reader looks for: its key in the rows and the headings it may have in the file."""

    key: str
    headings: tuple[str, ...] = ()
    required: bool = False


def read_table(path: Path | str, columns: Sequence[Column]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, cells by key) of each row that is not blank; cells without outer space.

    Headings are found whatever their case, spaces, hyphens, underscores and accents. Columns nobody asked
    for appear under their own heading, missing optional ones are empty. Cells beyond the last column come
    joined under SURPLUS. Raises BrokenStructure with line and reason: nothing in the file, a required
    column missing, a heading twice, a quote never closed, not a text file. The header is checked before
    the first row is asked for.
    """
    file = Path(path)
    delimiter = sniff_delimiter(file, columns)
    rows = _rows_from_header(file, delimiter)
    line, header = next(rows, (0, []))
    if not header:
        raise BrokenStructure(0, "the file is empty")
    keys = _keys(header, columns, line)
    return _values(rows, keys, columns)


def sniff_delimiter(path: Path, columns: Sequence[Column]) -> str:
    """The separator that makes most known headings (then: most columns) out of the file's first row."""
    lines = list(islice(text_lines(path), _LINES_LOOKED_AT))
    known = {_squeezed(word) for column in columns for word in (column.key, *column.headings)}

    def found(delimiter: str) -> tuple[int, int]:
        try:
            header = next((cells for _, cells in _without_preamble(lines, delimiter)), [])
        except BrokenStructure:
            return 0, 0
        return sum(_squeezed(cell) in known for cell in header), len(header)

    return max(DELIMITERS, key=found)


def _rows_from_header(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    return _without_preamble(text_lines(path), delimiter)


def _without_preamble(
    lines: Iterator[tuple[int, str]] | list[tuple[int, str]], delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """The rows without blank ones and without Excel's hint `sep=;` before the header."""
    first = True
    for line, cells in split_rows(lines, delimiter):
        stripped = [cell.strip() for cell in cells]
        if first and "".join(stripped).lower() in ("sep=", *(f"sep={mark}" for mark in DELIMITERS)):
            continue
        if "".join(stripped).strip("".join(DELIMITERS)):
            first = False
            yield line, stripped


def _squeezed(heading: str) -> str:
    """A heading without case, accents, spaces and punctuation: "E-Mail Adresse" is "emailadresse"."""
    plain = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(character for character in plain if character.isalnum())


def _keys(header: list[str], columns: Sequence[Column], line: int) -> list[str]:
    """The key of each column of the file, in the file's order.

    Where two columns could be the same ("Ort" and "Adresse"), the one named first in the Column is it and
    the other keeps its own heading.
    """
    squeezed = [_squeezed(cell) for cell in header]
    keys = list(header)
    for column in columns:
        words = [_squeezed(word) for word in (column.key, *column.headings)]
        place = next((squeezed.index(word) for word in words if word in squeezed), None)
        if place is not None:
            keys[place] = column.key
        elif column.required:
            raise BrokenStructure(line, f"column {column.key} is missing")
    for key in keys:
        if key and keys.count(key) > 1:
            raise BrokenStructure(line, f"two columns for {key}")
    return keys


def _values(
    rows: Iterator[tuple[int, list[str]]], keys: list[str], columns: Sequence[Column]
) -> Iterator[tuple[int, dict[str, str]]]:
    empty = dict.fromkeys((column.key for column in columns), "")
    for line, cells in rows:
        values = empty | {key: cell for key, cell in zip(keys, cells, strict=False) if key}
        surplus = [cell for key, cell in zip(keys, cells, strict=False) if not key and cell]
        surplus += [cell for cell in cells[len(keys) :] if cell]
        if surplus:
            values[SURPLUS] = " ".join(surplus)
        yield line, values
