"""Reports of barriers, for those who answer them."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from portal.content.models import BarrierReport
from portal.core import clock
from portal.core.db import session


def open_barrier_reports() -> Select[BarrierReport]:
    """Reports that wait for an answer, the most urgent first."""
    query = select(BarrierReport).where(BarrierReport.answered_at.is_(None))
    return query.order_by(BarrierReport.due_on, BarrierReport.id)


def answered_barrier_reports() -> Select[BarrierReport]:
    """Answered reports, the latest first."""
    query = select(BarrierReport).where(BarrierReport.answered_at.is_not(None))
    return query.order_by(BarrierReport.answered_at.desc(), BarrierReport.id.desc())


def barrier_report(public_id: str) -> BarrierReport | None:
    """One report, or None."""
    return session.scalar(select(BarrierReport).where(BarrierReport.public_id == public_id))


def overdue_barrier_count() -> int:
    """How many reports should have been answered before today."""
    query = select(func.count()).where(
        BarrierReport.answered_at.is_(None), BarrierReport.due_on < clock.today()
    )
    return session.scalar(query) or 0
