"""The log's verifier notices every change, and stands whatever it is given."""

import json
from typing import Any

import pytest

from portal.voting.logbook import GENESIS, entry_hash, verify


def lines(many: int = 4, first: int = 1) -> list[dict[str, Any]]:
    prev, found = GENESIS, []
    for seq in range(first, first + many):
        body = {"at": f"2026-05-{seq + 1:02}T08:00:00Z", "words": "Größe ✓", "number": seq}
        own = entry_hash(prev, "k3mp", seq, "box_commit", body)
        entry = {"round": "k3mp", "seq": seq, "at": body["at"], "kind": "box_commit", "body": body}
        found.append({**entry, "prev": prev, "hash": own})
        prev = own
    return found


def codes(entries: list[dict[str, Any]]) -> set[str]:
    return {problem.code for problem in verify(json.dumps(entry) for entry in entries).problems}


@pytest.mark.parametrize("first", [0, 1])
def test_a_whole_log(first: int) -> None:
    entries = lines(first=first)
    report = verify(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    assert report.is_whole
    assert (report.entries, report.head, report.round) == (4, entries[-1]["hash"], "k3mp")


def test_an_empty_log_is_not_whole() -> None:
    assert not verify([]).is_whole
    assert not verify(["", "\n"]).is_whole


def test_every_change_is_noticed() -> None:
    for name, value in {
        "round": "other",
        "seq": 7,
        "kind": "void",
        "body": {"at": "later"},
        "prev": "1" * 64,
        "hash": "2" * 64,
    }.items():
        for place in range(4):
            entries = lines()
            entries[place][name] = value
            assert codes(entries), (name, place)


def test_a_missing_a_doubled_and_a_swapped_line_are_noticed() -> None:
    entries = lines()
    assert {"seq", "prev"} <= codes([entries[0], entries[2], entries[3]])
    assert {"seq", "prev"} <= codes([entries[0], entries[0], entries[1]])
    assert {"seq", "prev"} <= codes([entries[1], entries[0], entries[2]])
    assert codes(entries[1:])
    # What was cut off at the end only the head tells, which the observers were sent.
    assert verify(json.dumps(entry) for entry in entries[:2]).head != entries[3]["hash"]


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        "{}",
        '{"round": 1}',
        "[" * 100_000,
        "x" * 1_000_001,
        '{"round":"\\ud800","seq":1,"kind":"x","body":{},"prev":"","hash":""}',
        '{"round":"a","seq":true,"kind":"x","body":{},"prev":"","hash":""}',
        '{"round":"a","seq":1,"kind":"x","body":[],"prev":"","hash":""}',
    ],
)
def test_lines_that_are_no_entries(text: str) -> None:
    report = verify([text])
    assert [problem.code for problem in report.problems] == ["unreadable"]
    assert not report.is_whole
