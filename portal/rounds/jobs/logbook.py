"""Once a day the hash of the box goes into the log of every running round."""

from __future__ import annotations

from portal.core import jobs
from portal.rounds.operations.observing import commit_boxes


@jobs.periodic("rounds.commit_boxes", every_minutes=60)
def commit() -> None:
    """Asked every hour, done once a day of the town: a worker that was off in the night is not a day late."""
    commit_boxes()
