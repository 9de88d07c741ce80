"""What happens by itself: the end of collecting support, reminders. Pages read the dates themselves."""

from __future__ import annotations

from portal.core import jobs
from portal.proposals import operations, queries


@jobs.periodic("proposals.expire", every_minutes=60)
def expire() -> None:
    """Move proposals out of the lists whose time is over. They refuse support from the day itself on."""
    for proposal in queries.proposals_by_ids(queries.over_ids()).values():
        operations.expire_proposal(proposal)


@jobs.periodic("proposals.forget_drafts", every_minutes=24 * 60)
def forget_drafts() -> None:
    """Drafts that nobody went on with for two years: a reminder, and a month later they go."""
    operations.remind_of_drafts()
    operations.forget_drafts()


@jobs.periodic("proposals.remind", every_minutes=60)
def remind() -> None:
    """Remind of answers that are due, pass overdue ones on."""
    operations.remind_of_answers()
