"""Few people voted: totals are public, and nothing that would tell what stands on a single ballot."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.core.db import session, transaction
from portal.rounds.models import BallotKind, RollEntry
from portal.rounds.operations import casting
from portal.rounds.operations.counting import explanation_of, keep_explanation
from tests.rounds.test_closing import published
from tests.support.factories_rounds import get_round, make_round

JOINT = (
    "Most of its voters also chose",
    "shared its cost",
    "were missing",
    "Effective support",
    "Two ways to count",
    "Paid in full",
    "Each voter paid at most",
    "Share of each voter</dt>",
    "It would have been elected",
    "Compared two at a time",
)


@pytest.mark.parametrize("kind", [BallotKind.BASKET, BallotKind.RANKING])
def test_below_the_threshold_only_totals_are_public(app: Flask, kind: BallotKind) -> None:
    """Nothing that ties two answers of one ballot together: prices, shared voters, comparisons, what-ifs."""
    told: dict[int, str] = {}
    for threshold in (4, 3):
        round_id = make_round(kind=kind, options=3, costs=(60_000, 40_000, 30_000), file_threshold=threshold)
        cast_all(round_id, kind)
        public_id = published(round_id)
        with transaction():
            content = explanation_of(round_id, what_ifs=True)
            assert content is not None
            keep_explanation(round_id, content)
        browser = app.test_client()
        options = [f"/options/{code}" for code in "123"]
        told[threshold] = "".join(
            browser.get(f"/en/votes/{public_id}/result{one}").text for one in ("", *options)
        )
        assert browser.get(f"/en/votes/{public_id}/result/ballots.pb").status_code == (
            404 if threshold == 4 else 200
        )
        log = browser.get(f"/en/votes/{public_id}/log.jsonl").text
        assert ("outcome_sha256" in log) is (threshold == 3)
    assert "Fewer than 4 ballots" in told[4]
    assert [words for words in JOINT if words in told[4]] == []
    assert [words for words in JOINT if words in told[3]] != []


def cast_all(round_id: int, kind: BallotKind) -> None:
    """Three people vote."""
    contents: list[dict[str, Any]] = [
        {"kind": "approval", "choices": one} for one in (["1", "2"], ["1", "2"], ["1", "3"])
    ]
    if kind is BallotKind.RANKING:
        contents = [
            {"kind": "ranking", "order": one} for one in ([["1"], ["2"]], [["2"], ["1"]], [["1"], ["3"]])
        ]
    with transaction():
        entries = [RollEntry(round_id=round_id, person_hash=f"{n:064}", level=0) for n in range(3)]
        session.add_all(entries)
        session.flush()
        ids = [one.id for one in entries]
    for entry_id, content in zip(ids, contents, strict=True):
        with transaction():
            casting.cast(get_round(round_id), entry_id, content)
