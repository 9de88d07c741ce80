"""The recount with a log: whether it fits the file, the draw and the roll."""

import json
from pathlib import Path

import pytest

from portal.voting import lottery_order, lottery_seed
from portal.voting.logbook import GENESIS, entry_hash
from portal.voting.recount import main, recount_file
from tests.voting.test_recount import GOOD, good

__all__ = ["good"]


def log_of(*entries: tuple[str, dict[str, object]]) -> str:
    """A log that is whole."""
    prev, lines = GENESIS, []
    for seq, (kind, body) in enumerate(entries, 1):
        body = {"at": "2026-05-22T10:00:00Z", **body}
        own = entry_hash(prev, "k3mp", seq, kind, body)
        entry = {"round": "k3mp", "seq": seq, "at": body["at"], "kind": kind, "body": body, "prev": prev}
        lines.append(json.dumps({**entry, "hash": own}))
        prev = own
    return "\n".join(lines) + "\n"


def test_a_log_that_fits(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(
        log_of(
            ("opened", {}),
            ("closed", {"file_sha256": recount_file(good).file.sha256}),
            ("result", {"winners": ["a", "c"]}),
        )
    )
    assert main([str(good), "--log", str(log)]) == 0
    assert "3 entries, chain whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        (("closed", {"file_sha256": "0" * 64}), "file_is_another"),
        (("result", {"winners": ["b"]}), "result_differs"),
    ],
)
def test_a_log_that_speaks_against_the_file(
    good: Path, tmp_path: Path, body: tuple[str, dict[str, object]], finding: str
) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(log_of(("opened", {}), body))
    found = recount_file(good, log=log)
    assert (found.findings, found.exit_code) == ([finding], 1)


ROLL = {"by": "accounts", "entries": 0, "could_take_part": 812}
BATCHES = {**ROLL, "by": "letters", "could_take_part": 0}


def closing(ballots: int, entries: int) -> tuple[str, dict[str, object]]:
    return "closing", {"online": ballots, "paper": 0, "roll": {"entries": entries}}


@pytest.mark.parametrize(
    ("entries", "findings", "words"),
    [
        ([("opened", {"roll": ROLL}), closing(4, 4)], [], "812 could take part"),
        ([("opened", {"roll": ROLL}), closing(4, 3)], ["more_ballots_than_roll"], "more ballots than"),
        # The file holds four ballots, whatever the log says of the box.
        ([("opened", {"roll": ROLL}), closing(2, 3)], ["more_ballots_than_roll"], "more ballots than"),
        ([("opened", {"roll": BATCHES}), ("roll", {"entries": 9}), closing(4, 9)], [], "9 codes in letters"),
        (
            [("opened", {"roll": BATCHES}), ("roll", {"entries": 9}), closing(4, 12)],
            ["roll_changed_unsaid"],
            "not the one that the batches",
        ),
        ([("opened", {}), closing(4, 4)], [], "does not say how large"),
        ([("opened", {"roll": {"entries": "many"}}), ("closing", {"roll": [1]})], [], "does not say how"),
    ],
)
def test_the_roll_in_the_log(
    good: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    entries: list[tuple[str, dict[str, object]]],
    findings: list[str],
    words: str,
) -> None:
    """How many could take part is said, and no more ballots may be there than the roll has entries."""
    log = tmp_path / "log.jsonl"
    log.write_text(log_of(*entries))
    assert recount_file(good, log=log).findings == findings
    assert main([str(good), "--log", str(log)]) == (1 if findings else 0)
    assert words in capsys.readouterr().out


def test_the_draw_in_the_log_decides_ties(good: Path, tmp_path: Path) -> None:
    good.write_text(GOOD.replace("b;50;2", "b;60;2").replace("4;b", "4;b\n5;b"), encoding="utf-8")
    sha = recount_file(good).file.sha256
    draw = next(text for text in map(str, range(50)) if first_of(sha, text) == "b")
    log = tmp_path / "log.jsonl"
    log.write_text(log_of(("closed", {"file_sha256": sha}), ("draw", {"draw": draw})))
    found = recount_file(good, log=log)
    assert found.outcome.winners == ("b", "c")
    assert found.ties_by == "cost, votes, lottery"
    wrong = {"draw": draw, "seed": "0" * 64}
    log.write_text(log_of(("closed", {"file_sha256": sha}), ("draw", wrong)))
    assert "seed_differs" in recount_file(good, log=log).findings


def first_of(sha: str, draw: str) -> str:
    return lottery_order(lottery_seed(sha, draw), ["a", "b", "c"])[0]


def test_a_log_that_cannot_be_opened(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(good), "--log", str(tmp_path)]) == 2
    assert main([str(good), "--log", str(tmp_path / "none")]) == 2
    assert "the log" in capsys.readouterr().err
