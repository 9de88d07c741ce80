"""A small hall votes at once, over real sockets, through two server processes, on both databases."""

from pathlib import Path

import pytest

from benchmarks.ballots import run
from tests.support.services import Postgres

VOTERS = 30


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_and_nothing_doubled(tmp_path: Path, postgres: Postgres, database: str) -> None:
    settings = {"instance": str(tmp_path / "instance"), "worker": "0", "proxy_hops": "1"}
    if database == "postgresql":
        settings["database_url"] = postgres.url(postgres.create())
    outcome = run(settings, VOTERS)
    assert (outcome.ballots, outcome.lost, outcome.doubled) == (VOTERS, 0, 0)
    assert outcome.drafts == 0
    # The promise is 1,000 within a minute; a busy machine gets three times as long here.
    assert outcome.seconds < VOTERS * 0.06 * 3
