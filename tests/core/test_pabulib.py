"""Pabulib files: made ones with every oddity, and the 43 real ones where they are at hand."""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from portal.core.delimited import BrokenStructure
from portal.core.pabulib import (
    PbProblem,
    PbProject,
    PbVote,
    cents,
    read_header_and_projects,
    read_votes,
)

REAL = os.environ.get("PORTAL_REAL_DATA", "")

FILE = """META
key;value
description;Bürgerhaushalt; zweiter Teil
country;Germany
unit;Lindental
budget;106165.64
num_projects;3
num_votes;2
currency;EUR
language;de
leftover_budget;none
PROJECTS
project_id;cost;votes;score;name;category;beneficiaries;selected;latitude;longitude;proposer
A1;75000.0;12;30.5;"Bank; vor der Kita";play, green;children;1;50.5;9.25;Ada
2;0;;;"Zwei
Zeilen";;;0;;;
3;17,50;0;0;"Odkupmy" i my;;;;50.5;;
VOTES
voter_id;vote;points;age
v1;A1,2;3,1;34
v2;;;
"""


def _write(path: Path, text: str, encoding: str = "utf-8", newline: str = "\n") -> Path:
    file = path / "made.pb"
    file.write_bytes(text.replace("\n", newline).encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_everything_in_the_file_is_read(tmp_path: Path, encoding: str, newline: str) -> None:
    meta, found = read_header_and_projects(_write(tmp_path, FILE, encoding, newline))
    assert meta.description == "Bürgerhaushalt;zweiter Teil"
    assert (meta.budget_cents, meta.num_projects, meta.num_votes) == (10_616_564, 3, 2)
    assert (meta.country, meta.unit, meta.currency, meta.language) == ("Germany", "Lindental", "EUR", "de")
    assert meta.extra == {"leftover_budget": "none"}
    projects = list(found)
    assert projects == [
        PbProject(
            line=14, project_id="A1", name="Bank; vor der Kita", cost_cents=7_500_000,
            category=("play", "green"), target=("children",), latitude=50.5, longitude=9.25, votes=12,
            score=Decimal("30.5"), selected=True, extra={"proposer": "Ada"},
        ),
        PbProject(line=15, project_id="2", name="Zwei\nZeilen", cost_cents=0, selected=False),
        PbProject(line=17, project_id="3", name='"Odkupmy" i my', cost_cents=1750, votes=0, score=Decimal(0)),
    ]  # fmt: skip


def test_votes_are_read_one_by_one(tmp_path: Path) -> None:
    assert list(read_votes(_write(tmp_path, FILE))) == [
        PbVote(20, "v1", ("A1", "2"), (Decimal(3), Decimal(1)), {"age": "34"}),
        PbVote(21, "v2", ()),
    ]
    without = FILE[: FILE.index("VOTES")]
    assert list(read_votes(_write(tmp_path, without))) == []
    assert len(list(read_header_and_projects(_write(tmp_path, without))[1])) == 3


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("4;;1;1;x;;;;;;", "cost is empty"),
        ("4;abc;1;1;x;;;;;;", "not an amount: abc"),
        ("4;-5;1;1;x;;;;;;", "cost is negative: -5"),
        ("4;1.005;1;1;x;;;;;;", "not an amount in cents: 1.005"),
        ("4;nan;1;1;x;;;;;;", "not an amount in cents: nan"),
        ("4;1e30;1;1;x;;;;;;", "not an amount in cents: 1e30"),
        (";5;1;1;x;;;;;;", "project_id is empty"),
        ("A1;5;1;1;x;;;;;;", "project_id A1 came before"),
        ("4;5;1;1;x;;;;91;9;", "latitude is out of range: 91"),
        ("4;5;1;1;x;;;;50;nan;", "longitude is not a number: nan"),
        ("4;5;1.5;1;x;;;;;;", "votes is not a whole number: 1.5"),
        ("4;5;1;1;x;;;;;;;surplus", "12 cells for 11 columns"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_read(tmp_path: Path, row: str, reason: str) -> None:
    _, found = read_header_and_projects(_write(tmp_path, FILE.replace("VOTES\n", f"{row}\nVOTES\n")))
    projects = list(found)
    assert projects[3] == PbProblem(18, reason)
    assert [type(project) for project in projects] == [PbProject] * 3 + [PbProblem]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("v3;A1,2;1;", "1 points for 2 projects"),
        ("v3;A1,A1;;", "a project is named twice"),
        (";A1;;", "voter_id is empty"),
        ("v3;A1;x;", "points are not numbers"),
        ("v3;A1;1;5;6", "more cells than columns"),
    ],
)
def test_a_bad_ballot_is_named(tmp_path: Path, row: str, reason: str) -> None:
    assert list(read_votes(_write(tmp_path, FILE + row + "\n")))[2] == PbProblem(22, reason)


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (("META\n", ""), 1, "section META is missing"),
        (("PROJECTS\n", "PROJECT\n"), 12, "META needs a key and a value in each row"),
        (("project_id;cost", "id;cost"), 13, "column project_id is missing"),
        (("cost;votes;score", "price;votes;score"), 13, "column cost is missing"),
        (("cost;votes;score", "cost;votes;votes"), 13, "section PROJECTS names a column twice"),
        (("budget;106165.64", "budget;viel"), 6, "budget is not a number: viel"),
        (('"Zwei\n', '"Zwei""\n'), 15, "a quotation mark is opened and never closed"),
    ],
)
def test_a_broken_file_is_refused_as_a_whole(
    tmp_path: Path, change: tuple[str, str], line: int, reason: str
) -> None:
    text = FILE.replace(*change, 1)
    if "never closed" in reason:
        text = text.replace('Zeilen";', "Zeilen;").replace('"Odkupmy"', "Odkupmy")

    with pytest.raises(BrokenStructure) as broken:
        list(read_header_and_projects(_write(tmp_path, text))[1])
    assert (broken.value.line, broken.value.reason) == (line, reason)


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"META\nkey;value\n", b"PK\x03\x04\0\0"]
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.pb"
    file.write_bytes(content)
    with pytest.raises(BrokenStructure):
        read_header_and_projects(file)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1", 100), ("0.1", 10), ("75000.0", 7_500_000), ("1e3", 100_000), ("12,5", 1250), ("1 234,50", 123_450),
     ("1'000.05", 100_005), ("0.070", 7), ("1014271", 101_427_100)],
)  # fmt: skip
def test_cents_are_exact(text: str, amount: int) -> None:
    assert cents(text) == amount


@pytest.mark.parametrize("text", ["", "x", "1,234,567", "1.234,56", "0.001", "inf", "--1", "١٢x"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        cents(text)


@pytest.mark.skipif(not REAL, reason="PORTAL_REAL_DATA is not set: the 43 real Pabulib files are not at hand")
def test_all_real_files_are_read_in_full() -> None:
    folder = Path(REAL) / "pb"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    files = sorted(folder.glob("*.pb"))
    assert len(files) == 43
    for file in files:
        meta, found = read_header_and_projects(file)
        projects = list(found)
        assert [project for project in projects if isinstance(project, PbProblem)] == []
        assert len(projects) == meta.num_projects == expected[file.name]["projects"], file.name
        known = {project.project_id for project in projects if isinstance(project, PbProject)}
        assert meta.budget_cents
        ballots = 0
        for vote in read_votes(file):
            assert isinstance(vote, PbVote), (file.name, vote)
            assert known.issuperset(vote.projects)
            ballots += 1
        assert ballots == expected[file.name]["voters"], file.name
