"""CSV as people send it: encodings, separators, headings, and broken files told by line and reason."""

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.delimited import BrokenStructure, split_rows
from portal.core.tabular import SURPLUS, Column, read_table

COLUMNS = (
    Column("title", ("Titel", "Überschrift", "name"), required=True),
    Column("what", ("was", "Beschreibung", "description")),
    Column("cost", ("Kosten", "Kosten (Euro)")),
)


def _file(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    return list(read_table(path, COLUMNS))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(tmp_path: Path, delimiter: str, newline: str) -> None:
    rows = [
        ["Titel", "Was", "Kosten"],
        ["Bank", 'mit "Lehne", breit; schön', "12"],
        ["", "", ""],
        ["Baum", "a\nb", ""],
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    assert _rows(_file(tmp_path, text.getvalue())) == [
        (2, {"title": "Bank", "what": 'mit "Lehne", breit; schön', "cost": "12"}),
        (4, {"title": "Baum", "what": "a\nb", "cost": ""}),
    ]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-8", "Grüne Höfe – Öğün İçin 20 €"),
        ("utf-8-sig", "Grüne Höfe"),
        ("utf-16", "Grüne Höfe сад"),
        ("utf-16-le", "Gruene Hoefe"),
        ("cp1252", "Grüne Höfe für Kinder – „schön“ und groß"),
        ("cp1252", "Des arbres près de l’école, ça fait du bien à tous"),
        ("cp1252", "Más árboles en la plaza del niño"),
        ("cp1254", "Mahallemizde çocuklar için gölgeli bir oyun parkı, ağaç ve ışık istiyoruz"),
        ("cp1250", "Ławka przed przedszkolem, żeby można było usiąść w cieniu"),
        ("cp1250", "Lavička pro starší lidi před školou, prosím, děkuji"),
        ("cp1251", "Скамейка возле детского сада"),
        ("cp1251", "Лавка біля дитячого садка, щоб можна було відпочити"),
        ("cp1256", "مقعد أمام روضة الأطفال"),
        ("cp1253", "Ένα παγκάκι μπροστά στο νηπιαγωγείο"),
        ("cp850", "Grüne Höfe für Kinder und große Bäume"),
    ],
)
def test_usual_encodings_are_recognised(tmp_path: Path, encoding: str, words: str) -> None:
    path = _file(tmp_path, f"Titel;was\n{words};x\n", encoding)
    assert _rows(path)[0][1]["title"] == words


def test_bytes_of_no_encoding_are_still_read(tmp_path: Path) -> None:
    path = _file(tmp_path, b"Titel;was\nB\xe4nke \x81\x8d\x8f\x90\x9d\x98\xff;x\n")
    assert [values["what"] for _, values in _rows(path)] == ["x"]


def test_headings_are_found_however_they_are_written(tmp_path: Path) -> None:
    path = _file(tmp_path, "sep=;\n\nKOSTEN  (euro); be-schreibung ;UBERSCHRIFT;Eigenes\n5;b;t;e\n")
    assert _rows(path) == [(4, {"title": "t", "what": "b", "cost": "5", "Eigenes": "e"})]


def test_of_two_possible_columns_the_likelier_is_taken(tmp_path: Path) -> None:
    path = _file(tmp_path, "Name;Titel;was\nErika;Bank;x\n")
    assert _rows(path) == [(2, {"Name": "Erika", "title": "Bank", "what": "x", "cost": ""})]


def test_short_rows_are_filled_and_surplus_cells_are_kept_apart(tmp_path: Path) -> None:
    path = _file(tmp_path, "titel,was,\nnur\na,b,c,d\n")
    assert _rows(path) == [
        (2, {"title": "nur", "what": "", "cost": ""}),
        (3, {"title": "a", "what": "b", "cost": "", SURPLUS: "c d"}),
    ]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 0, "the file is empty"),
        (b"\n \n;;\n", 0, "the file is empty"),
        (b"was;kosten\nx;1\n", 1, "column title is missing"),
        (b"titel;was;Eigenes;Eigenes\nx;1;2;3\n", 1, "two columns for Eigenes"),
        (b'titel;was\nok;x\n"offen;x\ny;z\n', 3, "a quotation mark is opened and never closed"),
        (b"titel;was\nok;a\0b\n", 0, "not a text file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", 0, "not a text file"),
        (b"PK\x03\x04\x14\0\x06\0\x08\0", 0, "not a text file"),
        (b"titel\n" + b"x" * 1_000_001, 2, "the line is too long"),
        (b'titel\n"' + b"x\n" * 300 + b'"\n', 2, "a quotation mark is opened and never closed"),
    ],
)
def test_broken_files_say_where_and_why(tmp_path: Path, content: bytes, line: int, reason: str) -> None:
    with pytest.raises(BrokenStructure) as broken:
        _rows(_file(tmp_path, content))
    assert (broken.value.line, broken.value.reason) == (line, reason)


def test_header_is_checked_before_the_first_row_is_asked_for(tmp_path: Path) -> None:
    path = _file(tmp_path, "was\nx\n")
    with pytest.raises(BrokenStructure):
        read_table(path, COLUMNS)


def test_quotes_that_do_not_enclose_a_cell_are_ordinary() -> None:
    lines = list(enumerate(['"Odkupmy" i my;30', 'a "b" c;d', '"x;y";z', '"a ""b"""'], start=1))
    assert list(split_rows(lines, ";")) == [
        (1, ['"Odkupmy" i my', "30"]),
        (2, ['a "b" c', "d"]),
        (3, ["x;y", "z"]),
        (4, ['a "b"']),
    ]


def test_100_000_rows_take_no_more_memory_than_1_000(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 100_000):
        path = _file(
            tmp_path, "Titel;Was\n" + "".join(f"Bank {n};Für alle im Viertel\n" for n in range(count))
        )
        tracemalloc.start()
        assert sum(1 for _ in read_table(path, COLUMNS)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Both read the file's first 256 kB and check a megabyte at a time for UTF-8.
    assert peaks[1] < 8_000_000


_CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs"]), max_size=12)


@given(st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=6), st.sampled_from([",", ";", "\t", "|"]))
@settings(max_examples=60, deadline=None)
def test_what_csv_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], delimiter: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("title", "what"), *cells])
    path = _file(tmp_path_factory.mktemp("csv"), text.getvalue(), "utf-8-sig")
    expected = [
        {"title": one.strip(), "what": other.strip(), "cost": ""}
        for one, other in cells
        if one.strip() or other.strip()
    ]
    assert [values for _, values in _rows(path)] == expected
