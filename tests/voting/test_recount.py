"""The command: its answers, its exit codes, its ways to be started, and never a traceback."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from portal.voting.bundle import recount_archive
from portal.voting.recount import main, recount_file

ROOT = Path(__file__).resolve().parents[2]
GOOD = """META
key;value
description;Test
country;Germany
unit;Musterstadt
instance;2026
num_projects;3
num_votes;4
budget;100
vote_type;approval
rule;greedy
date_begin;2026
date_end;2026
PROJECTS
project_id;cost;votes;name;selected
a;60;3;Bench;1
b;50;2;Tree;0
c;40;1;Path;1
VOTES
voter_id;vote
1;a,b
2;a,c
3;a
4;b
"""


BITS = [b";", b'"', b"\n", b",", b"9" * 400, b"\xe2\x80\xae", b"-", b"1e9"]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.pb"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_equal_is_0(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(good), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["rule"] == "greedy"
    assert answer["winners"] == ["a", "c"]
    assert answer["published"] == ["a", "c"]
    assert answer["equal"] is True
    assert answer["sha256"] == recount_file(good).file.sha256


def test_different_is_1(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good.write_text(GOOD.replace("Tree;0", "Tree;1"), encoding="utf-8")
    assert main([str(good)]) == 1
    out = capsys.readouterr().out
    assert "DIFFERENT counted but not published: none; published but not counted: b" in out


def test_nothing_published_is_0(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.replace(";selected", "").replace(";1\nb", "\nb").replace("Tree;0", "Tree")
    good.write_text(text.replace("Path;1", "Path"), encoding="utf-8")
    assert main([str(good), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["published"], answer["equal"]) == (None, None)


def test_another_rule_is_taken_when_it_is_named(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(good), "--json", "--rule", "greedy-no-skip"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["rule"], answer["winners"], answer["equal"]) == ("greedy-no-skip", ["a"], False)
    assert main([str(good), "--rule", "nonsense"]) == 2
    assert "unknown rule: nonsense" in capsys.readouterr().err


@pytest.mark.parametrize("rule", ["equalshares", "equalshares/add1", "schulze", "approval", "score", "dates"])
def test_every_rule_can_be_named(good: Path, rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(good), "--rule", rule]) in (0, 1)
    assert "SHA-256" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (("META\n", ""), 1, "the section META is missing here"),
        (("key;value\n", ""), 2, "META must begin with the header key;value"),
        (("budget;100", "budget;viel"), 9, "budget is not a number: viel"),
        (("budget;100", "budget;1e400"), 9, "budget is not a number: 1e400"),
        (("budget;100", f"budget;1{'0' * 400}"), 9, f"budget is not a number: 1{'0' * 39}..."),
        (("budget;100", "budget;-5"), 9, "budget is negative: -5"),
        (("budget;100\n", ""), 1, "META does not say the budget"),
        (("vote_type;approval\n", ""), 1, "vote_type is missing"),
        ((GOOD[GOOD.index("PROJECTS\n") + 9 :], ""), 14, "the section PROJECTS has no header"),
        (("vote_type;approval", "vote_type;magic"), 10, "vote_type is magic"),
        (("project_id;cost", "project;cost"), 15, "column project_id is missing"),
        (("project_id;cost;votes", "project_id;price;votes"), 15, "column cost is missing"),
        (("project_id;cost;votes", "project_id;cost;cost"), 15, "the section PROJECTS names a column twice"),
        (("\nb;50", "\na;50"), 17, "project a came before"),
        (("\nb;50", "\n;50"), 17, "project_id is empty"),
        (("\nb;50", "\nb;"), 17, "cost is empty"),
        (("\nb;50", "\nb;-50"), 17, "cost is negative: -50"),
        (("\nb;50", "\nb;NaN"), 17, "cost is not a number: NaN"),
        (("VOTES\n", ""), 19, "cost is not a number: vote"),
        ((GOOD[GOOD.index("VOTES") :], ""), 18, "the section VOTES is missing"),
        (("voter_id;vote", "voter;vote"), 20, "column voter_id is missing"),
        (("2;a,c", "2;a,z"), 22, "a vote for project z, which is not listed"),
        (("2;a,c", ";a,c"), 22, "voter_id is empty"),
        (("2;a,c", "2;a,c\nVOTES"), 23, "the section VOTES comes twice or too late"),
        (("2;a,c", "2;a,\0"), 22, "holds zero bytes, so it is no text"),
        (("vote_type;approval", "vote_type;cumulative"), 20, "column points is missing"),
    ],
)
def test_an_unreadable_file_is_2_with_line_and_reason(
    good: Path, change: tuple[str, str], line: int, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = GOOD.replace(*change)
    assert text != GOOD
    good.write_text(text, encoding="utf-8")
    assert main([str(good), "--json"]) == 2
    answer = json.loads(capsys.readouterr().out)["error"]
    assert answer["line"] == line
    assert answer["reason"] == reason
    assert main([str(good)]) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the section META is missing here"),
        (b"\x00\x01\x02" * 100, "zero bytes"),
        (b"\xff\xfeM\x00E\x00T\x00A\x00\n\x00", "zero bytes"),
        (b"\xff\xfe\xfd", "not UTF-8"),
        (GOOD.replace("Bench", "Bänke").encode("cp1252"), "line 16: not UTF-8"),
        (b"META\n" + b"x" * 3_000_000, "line 2: longer than 1,000,000 bytes"),
        (b'META\nkey;value\ndescription;"open\n' + b"more\n" * 50_000, "a cell is too long"),
        (b'META\nkey;value\ndescription;"open\n' + b"x\n" * 300, "a quotation mark is opened"),
        (GOOD.replace("\n", "\r").encode(), "not rows and cells"),
        (GOOD.split("rule;")[0].encode(), "the section PROJECTS is missing"),
    ],
)
def test_what_is_no_such_file_is_said(
    good: Path, content: bytes, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good.write_bytes(content)
    assert main([str(good)]) == 2
    assert reason in capsys.readouterr().err


def test_places_that_are_no_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, reason in {
        str(tmp_path): "a folder",
        str(tmp_path / "missing.pb"): "No such file",
        "/dev/zero": "not an ordinary file",
        "a\0b": "not a name of a file",
        "x" * 5000: "File name too long",
    }.items():
        assert main([name]) == 2
        assert reason in capsys.readouterr().err


def test_a_file_that_may_not_be_read(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good.chmod(0)
    try:
        expected = 0 if os.access(good, os.R_OK) else 2  # root may read everything
        assert main([str(good)]) == expected
    finally:
        good.chmod(0o644)
    captured = capsys.readouterr()
    assert "Permission denied" in captured.err or "SHA-256" in captured.out


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_broken_there_is_no_traceback(
    good: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(seed)
    data = bytearray(GOOD.encode())
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(data))
        match chance.randrange(5):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randint(1, 30)]
            case 2:
                data[place:place] = chance.choice(BITS)
            case 3:
                data[place:place] = data[: chance.randint(1, 200)]
            case _:
                data = data[:place] or data
    good.write_bytes(data)
    code = main([str(good), *(["--rule", "equalshares/add1"] if seed % 2 else [])])
    captured = capsys.readouterr()
    assert code in (0, 1, 2)
    assert "Traceback" not in captured.err + captured.out
    assert "cannot be counted (" not in captured.err


def test_small_oddities_of_real_files_do_not_matter(good: Path) -> None:
    plain = recount_file(good).outcome
    text = GOOD.replace("1;a,b", " 1 ;a , b ").replace("budget;100", "budget;100.00")
    text = text.replace("PROJECTS", "\nProjects;;;;\n\n").replace("a;60", "a;60,00")
    good.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    found = recount_file(good)
    assert found.outcome == plain
    assert found.file.notes == []


def test_a_file_without_a_rule_says_so(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good.write_text(GOOD.replace("rule;greedy\n", ""), encoding="utf-8")
    assert main([str(good), "--json"]) in (0, 1)
    assert json.loads(capsys.readouterr().out)["rule"] == "unknown"


def test_what_is_odd_is_noted(good: Path) -> None:
    text = GOOD.replace("num_votes;4", "num_votes;9").replace("4;b", "4;\n3;a,a").replace("b;50", "b;50.001")
    good.write_text(text, encoding="utf-8")
    codes = {note.code: note.line for note in recount_file(good).file.notes}
    assert codes == {
        "rounded_to_cents": 17,
        "blank": 24,
        "voter_twice": 25,
        "named_twice": 25,
        "num_votes": 8,
        "votes_differ": 0,
    }


def test_names_cannot_steer_the_terminal(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good.write_text(GOOD.replace("Bench", "\x1b[31mBench\u202e"), encoding="utf-8")
    assert main([str(good)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out


def started(*command: str) -> subprocess.CompletedProcess[str]:
    """Another Python, without the portal's packages: -S leaves site-packages out, -E what PYTHONPATH says."""
    return subprocess.run(
        [sys.executable, "-S", "-E", *command], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_it_runs_alone_in_every_way(good: Path, tmp_path: Path) -> None:
    alone = tmp_path / "recount.pyz"
    alone.write_bytes(recount_archive())
    answers = [
        started(str(ROOT / "portal" / "voting" / "recount.py"), str(good)),
        started("-m", "portal.voting.recount", str(good)),
        started(str(alone), str(good)),
    ]
    assert [answer.stderr for answer in answers] == ["", "", ""]
    assert [answer.returncode for answer in answers] == [0, 0, 0]
    assert len({answer.stdout for answer in answers}) == 1
    assert started(str(alone), str(tmp_path)).returncode == 2


@pytest.mark.parametrize("place", [">/dev/full", ">&-", "2>&-", ">&- 2>&-"])
def test_the_answer_stays_when_nothing_can_be_written(good: Path, place: str) -> None:
    command = f'exec "$0" -S -E "$1" "$2" {place}'
    recount = str(ROOT / "portal" / "voting" / "recount.py")
    for file, code in ((good, 0), (good.parent, 2)):
        told = subprocess.run(
            ["sh", "-c", command, sys.executable, recount, str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in told.stderr
        assert "Exception" not in told.stderr
        assert told.returncode == code


def test_the_archive_is_always_the_same() -> None:
    assert recount_archive() == recount_archive()


def test_the_portal_s_command_is_the_same_program(good: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "portal", "recount", str(good), "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert answer.returncode == 0
    assert json.loads(answer.stdout) == recount_file(good).to_json()
