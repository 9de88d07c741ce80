"""What happens in groups by date. One tick; safe to run twice."""

from __future__ import annotations

from portal.core import clock
from portal.core.jobs import periodic
from portal.groups.operations import living


@periodic("groups.tick", every_minutes=60)
def tick() -> None:
    """Suspensions and terms end, pauses are over, silent groups are asked, rest, are archived, are erased."""
    today = clock.today()
    living.lift_due()
    living.end_terms(today)
    living.wake_due(today)
    living.check_in(today)
    living.archive_silent(today)
    living.purge(today)
