"""Drafts of ballots that nobody finished are thrown away."""

from __future__ import annotations

from portal.core import jobs
from portal.rounds.operations import drafts


@jobs.periodic("rounds.prune_drafts", every_minutes=60)
def prune() -> None:
    """Those older than seven days, and those of rounds in which nobody votes any more."""
    drafts.prune()
