"""Bytes to rows: UTF-8 with or without mark, any line end, exact line numbers, and nothing endless."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

MOST_BYTES_IN_A_LINE = 1_000_000
_MOST_LINES_IN_A_ROW = 200
_BYTES_BETWEEN_REPORTS = 1_000_000
_BOM = b"\xef\xbb\xbf"


class BadFile(ValueError):
    """The file cannot be counted: `line` (from 1, 0 for the file as a whole) and `reason` say why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.line = line
        self.reason = reason


class Lines:
    """The rows of a file, read once from front to back; `sha256` is that of all its bytes, known at the
    end.
    """

    def __init__(self, file: BinaryIO, progress: Callable[[int], object] | None = None) -> None:
        self._file = file
        self._hash = sha256()
        self._progress = progress
        self._number = 0

    @property
    def sha256(self) -> str:
        """The hash of what was read, in hex."""
        return self._hash.hexdigest()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line on which it begins, cells without outer space) of every row that is not blank."""
        reader = csv.reader(self._texts(), delimiter=";")
        before = 0
        try:
            for cells in reader:
                first, before = before + 1, reader.line_num
                if before - first >= _MOST_LINES_IN_A_ROW:
                    raise BadFile(first, "a quotation mark is opened and never closed")
                stripped = [cell.strip() for cell in cells]
                if any(stripped):
                    yield first, stripped
        except csv.Error as error:
            problem = "a cell is too long" if "field larger" in str(error) else "not rows and cells"
            raise BadFile(before + 1, f"{problem} ({error})") from None

    def _texts(self) -> Iterator[str]:
        unreported = 0
        while raw := self._file.readline(MOST_BYTES_IN_A_LINE):
            self._number += 1
            self._hash.update(raw)
            unreported += len(raw)
            if self._progress is not None and unreported >= _BYTES_BETWEEN_REPORTS:
                self._progress(unreported)
                unreported = 0
            if len(raw) >= MOST_BYTES_IN_A_LINE:
                raise BadFile(self._number, f"longer than {MOST_BYTES_IN_A_LINE:,} bytes")
            if b"\0" in raw:
                raise BadFile(self._number, "holds zero bytes, so it is no text")
            try:
                yield (raw.removeprefix(_BOM) if self._number == 1 else raw).decode()
            except UnicodeDecodeError as error:
                raise BadFile(self._number, f"not UTF-8 (byte {error.start + 1} of the line)") from None
        if self._progress is not None:
            self._progress(unreported)


def open_file(path: Path) -> BinaryIO:
    """The file, open for reading bytes. Raises BadFile for what is no file or cannot be opened."""
    try:
        if path.exists() and not path.is_file():
            raise BadFile(0, "a folder" if path.is_dir() else "not an ordinary file")
        return path.open("rb")
    except OSError as error:
        raise BadFile(0, error.strerror or "cannot be opened") from None
    except ValueError as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(0, "not a name of a file") from None
