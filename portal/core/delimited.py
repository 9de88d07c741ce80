"""Text files with rows and cells as they really arrive: any usual encoding, stray quotes, exact line numbers.

The common ground of the CSV reader (`tabular`) and the Pabulib reader (`pabulib`). Files are read line by
line, so memory stays the same for any number of rows.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_LINE_CHARACTERS = 1_000_000
MAX_LINES_IN_A_ROW = 200
_SAMPLE_BYTES = 256 * 1024
_TELLING_BYTES = 20_000
_CHUNK_BYTES = 1024 * 1024


class BrokenStructure(ValueError):
    """The file as a whole cannot be read; `line` (from 1, 0 for the whole file) and `reason` say why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class _Legacy:
    """An 8-bit encoding and the letters that texts in it usually have beside a to z."""

    codec: str
    usual: frozenset[str]
    own_script: bool = False


# When two explain a text equally well, the first is taken.
_LEGACY = (
    _Legacy("cp1252", frozenset("äöüÄÖÜßéèêëàâçîïôùûñáíóúÉÀÇœæøåÅØ")),
    _Legacy("cp1254", frozenset("çğıöşüÇĞİÖŞÜâîû")),
    _Legacy("cp1250", frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžČŘŠŽáéíúýőűŐŰöüăâîșțşţđĐäß")),
    _Legacy(
        "cp1251",
        frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґћђјљњџўАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯІЇЄ"),
        True,
    ),
    _Legacy("cp1256", frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأؤإئپچژگکی،؟"), True),
    _Legacy("cp1253", frozenset("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ"), True),
    _Legacy("cp850", frozenset("äöüÄÖÜßéèêëàâçîïôùûñáíóú")),
)


def sniff_encoding(path: Path) -> str:
    """The encoding a text file is in: by its byte order mark, as UTF-8 if all of it is, else by its letters.

    Of the 8-bit encodings the one is taken whose letters make the likeliest words. Raises
    BrokenStructure for files that are no text at all.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample:
        return _utf_16_without_mark(sample)
    if _is_utf_8(path):
        return "utf-8"
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:_TELLING_BYTES]
    best = max(_LEGACY, key=lambda legacy: _likelihood(telling, legacy))
    # Latin-1 reads every byte; cp1252 has five holes.
    return best.codec if _likelihood(telling, best) > _IMPOSSIBLE else "latin-1"


_IMPOSSIBLE = -(10**9)


def _utf_16_without_mark(sample: bytes) -> str:
    """UTF-16 as some programs write it without a mark, told by where the zeros of Latin letters are."""
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    if max(zeros) > len(sample) // 5 and min(zeros) * 20 < max(zeros):
        encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
        beginning = sample[:2000].decode(encoding, "replace")
        if not any(c < " " and c not in "\t\r\n" for c in beginning):
            return encoding
    raise BrokenStructure(0, "not a text file")


def _is_utf_8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _likelihood(sample: bytes, legacy: _Legacy) -> int:
    """How likely the bytes are a text in this encoding: usual letters for it, signs inside words against."""
    try:
        text = sample.decode(legacy.codec)
    except UnicodeDecodeError:
        return _IMPOSSIBLE
    score = 0
    before = "\n"
    for letter, after in zip(text, text[1:] + "\n", strict=True):
        if not letter.isascii():
            score += _fitness(letter, before, after, legacy)
        before = letter
    return score


def _fitness(letter: str, before: str, after: str, legacy: _Legacy) -> int:
    """The points for one non-ASCII character between its neighbours."""
    if letter not in legacy.usual:
        return -2 if letter.isalpha() or (before.isalpha() and after.isalpha()) else 0
    if legacy.own_script:
        return -3 if any(c.isascii() and c.isalpha() for c in (before, after)) else 2
    # Two special letters side by side are rare in Latin writing ("Öğün"), the rule in wrong decoding.
    return 2 if after.isascii() or after in legacy.usual else 0


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line number from 1, line without its end) of a text file, in whatever encoding it is."""
    encoding = sniff_encoding(path)
    with path.open(encoding=encoding, newline=None) as file:
        number = 0
        try:
            while line := file.readline(MAX_LINE_CHARACTERS):
                number += 1
                if len(line) >= MAX_LINE_CHARACTERS:
                    raise BrokenStructure(number, "the line is too long")
                if "\0" in line:
                    raise BrokenStructure(number, "not a text file")
                yield number, line.removesuffix("\n")
        except UnicodeDecodeError:
            raise BrokenStructure(number + 1, f"not readable as {encoding}") from None


def split_rows(lines: Iterable[tuple[int, str]], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, cells) of each row: RFC 4180 quoting, line ends inside quotes included.

    A quote that does not enclose a whole cell is an ordinary character (`"Odkupmy" i my;30`). A quote
    that is never closed raises BrokenStructure with the line on which it was opened.
    """
    first, pending = 0, ""
    count = 0
    for number, line in lines:
        if not pending:
            first, pending, count = number, line, 1
        else:
            pending, count = f"{pending}\n{line}", count + 1
        cells = _cells(pending, delimiter)
        if cells is not None:
            yield first, cells
            pending = ""
        elif count >= MAX_LINES_IN_A_ROW or len(pending) > MAX_LINE_CHARACTERS:
            break
    if pending:
        raise BrokenStructure(first, "a quotation mark is opened and never closed")


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of a row, or None while a quoted cell is still open."""
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            return None
        if "field larger" in str(error):
            raise BrokenStructure(0, "a cell is too long") from None
    # A quote in the middle of what looked like a quoted cell: all quotes of the row are ordinary then.
    return text.split(delimiter)
