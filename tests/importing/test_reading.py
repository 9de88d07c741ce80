"""Reading lists of projects: encodings, separators, amounts, languages, and what is wrong where."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from portal.core.delimited import BrokenStructure
from portal.importing.reading import BadRow, Problem, cost_of, day_of, language_of, open_source
from portal.importing.running import check_file
from portal.importing.topics import topic_of
from portal.proposals.models import IMPORT_NAME_LENGTH, TITLE_LENGTH, Topic
from tests.importing.helpers import TABLE, table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1254"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_usual_encodings_and_separators(app: Flask, tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = (
        f"Nr{delimiter}Titel{delimiter}Beschreibung\n1{delimiter}Müllabfuhr größer{delimiter}Für alle Höfe\n"
    )
    (row,) = open_source(table(tmp_path, text, encoding=encoding)).rows
    assert not isinstance(row, Problem)
    assert (row.key, row.title, row.what) == ("1", "Müllabfuhr größer", "Für alle Höfe")


def test_turkish_letters_of_the_turkish_code_page(app: Flask, tmp_path: Path) -> None:
    text = "id;başlık;title\n1;x;Çocuk parkına gölgelik, ağaç ve ışık\n"
    (row,) = open_source(table(tmp_path, text, encoding="cp1254")).rows
    assert not isinstance(row, Problem)
    assert row.title == "Çocuk parkına gölgelik, ağaç ve ışık"


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("", None),
        ("12000", 1_200_000),
        ("1.234,50 €", 123_450),
        ("1,234.50", 123_450),
        ("1.234", 123_400),
        ("1,234", 123_400),
        ("1.234.567", 123_456_700),
        ("12,5", 1_250),
        ("45,-", 4_500),
        ("EUR 1 000", 100_000),
        ("0", 0),
    ],
)
def test_amounts_as_people_write_them(text: str, cents: int | None) -> None:
    assert cost_of(text) == cents


@pytest.mark.parametrize("text", ["viel", "-5", "1,2345", "10000000000000000"])
def test_amounts_nobody_can_mean(text: str) -> None:
    with pytest.raises(BadRow):
        cost_of(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "de"),
        ("leicht", "leicht"),
        ("Türkisch", "tr"),
        ("українська", "uk"),
        ("Polish", "pl"),
        ("en-GB", "en"),
        ("klingon", ""),
        ("", ""),
    ],
)
def test_languages_by_code_and_by_name(text: str, code: str) -> None:
    assert language_of(text) == code


def test_days_are_never_in_the_future() -> None:
    day = day_of("2023-06-15")
    assert day is not None
    assert (day.year, day.month, day.day) == (2023, 6, 15)
    later, nonsense = day_of("31.12.2999"), day_of("soon")
    assert later is not None
    assert later.year < 2999
    assert nonsense is None


def test_categories_become_topics() -> None:
    assert topic_of(["urban greenery"]) is Topic.OTHER or topic_of(["greenery"]) is Topic.GREEN
    assert topic_of(["public transit and roads"]) is Topic.STREETS
    assert topic_of(["streets"]) is Topic.STREETS
    assert topic_of(["Kultur & Kunst"]) is Topic.CULTURE
    assert topic_of(["xyz", "sport"]) is Topic.PLAY
    assert topic_of(["xyz"]) is Topic.OTHER
    assert topic_of([" "]) is None


def test_bad_rows_are_named_with_line_and_reason(app: Flask, tmp_path: Path) -> None:
    text = TABLE + "a4;;kein Titel;;;;;;;;;\na5;Zu teuer;x;;viel;;;;;;;\na1;Noch einmal;x;;;;;;;;;\n"
    text += "a6;Zu breit;x;;;;;;95;9;;\na7;Wann;x;;;;;;;;;demnächst\na8;Zu viel;x;;;;;;;;;;;mehr\n"
    report = check_file(table(tmp_path, text))
    assert (report.good, report.bad) == (3, 6)
    assert report.problems == [
        Problem(6, "the title is missing"),
        Problem(7, "“viel” is not an amount of money"),
        Problem(8, "the same proposal stands in line 2"),
        Problem(9, "the latitude is beyond 90 degrees"),
        Problem(10, "“demnächst” is not a date"),
        Problem(11, "the row has more cells than the header"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file is empty"),
        ("id;what\n1;x\n", "line 1: column title is missing"),
        ('id;title\n1;ok\n2;"never closed\n3;x\n', "a quotation mark is opened and never closed"),
    ],
)
def test_a_broken_structure_is_told(app: Flask, tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BrokenStructure, match=reason):
        check_file(table(tmp_path, text))


def test_short_titles_are_in_the_language_of_their_file(app: Flask, tmp_path: Path) -> None:
    names = ["More trees in Bellevue", "Kid festival at Leutschenpark", "Planting workshops for everyone"]
    text = "title\n" + "\n".join(names) + "\n"
    rows = list(open_source(table(tmp_path, text)).rows)
    assert [row.language for row in rows if not isinstance(row, Problem)] == ["en", "en", "en"]


def test_long_names_are_cut_and_kept_whole_in_the_text(app: Flask, tmp_path: Path) -> None:
    name = "Ein sehr langer Name " * 12
    pb = f"META\nkey;value\nunit;Lindental\nPROJECTS\nproject_id;cost;name\n1;5;{name}\n"
    (row,) = open_source(table(tmp_path, pb, name="long.pb")).rows
    assert not isinstance(row, Problem)
    assert len(row.title) <= TITLE_LENGTH
    assert row.what.startswith(name.strip())


def test_names_of_sources_fit_and_stay_different(app: Flask, tmp_path: Path) -> None:
    path = table(tmp_path)
    one, other = (open_source(path, name="Ortsteil " * 20 + end).name for end in ("Nord", "Süd"))
    assert len(one) <= IMPORT_NAME_LENGTH
    assert one != other


def test_a_file_of_few_titles_is_known_by_what_they_are_about(app: Flask, tmp_path: Path) -> None:
    """ "Bank am Weiher, Brunnen" alone looks English."""
    path = tmp_path / "kurz.csv"
    path.write_text("Titel;Beschreibung\nBank am Weiher;Eine Bank für alle Älteren\nBrunnen;Trinkwasser\n")
    rows = open_source(path).rows
    assert [row.language for row in rows if not isinstance(row, Problem)] == ["de", "de"]
