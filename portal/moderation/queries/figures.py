"""The public figures, recounted from the records at each request; nothing is kept apart from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import session
from portal.core.subjects import kinds
from portal.moderation.models import (
    BURDENS,
    Appeal,
    Case,
    Category,
    Decision,
    Measure,
    Outcome,
    Report,
)
from portal.moderation.settings import FIRST_LOOK_HOURS

PERIOD = timedelta(days=365)


@dataclass(frozen=True)
class FirstLook:
    """How long people waited for a first look at one urgency; hours, None without a case."""

    urgency: int
    target_hours: int
    count: int
    median_hours: float | None
    p90_hours: float | None


@dataclass(frozen=True)
class Figures:
    """One year of moderation in numbers. Shares are 0 to 1, None when there is nothing to divide by."""

    since: datetime
    reports: tuple[tuple[Category, int], ...]
    measures: tuple[tuple[Measure, int], ...]
    automated: int
    first_looks: tuple[FirstLook, ...]
    objections: int
    objections_answered: int
    overturned_share: float | None
    answered_in_time_share: float | None
    complete_share: float | None
    waiting: int
    items: int

    @property
    def report_total(self) -> int:
        """All reports of the period."""
        return sum(count for _, count in self.reports)

    @property
    def reports_per_1000(self) -> float | None:
        """Reports per thousand texts that became public in the period: 3 reports on 1,500 texts are 2.0."""
        return self.report_total * 1000 / self.items if self.items else None

    @property
    def decision_total(self) -> int:
        """All decisions by people in the period."""
        return sum(count for _, count in self.measures)


def figures(now: datetime | None = None) -> Figures:
    """The figures of the last 365 days (Art. 15 and 24 DSA: notices, measures, time, complaints).

    Medians and 90th percentiles are nearest-rank: of 10 waits the 5th and the 9th shortest. An objection is
    in time when it was answered by its date; open ones count as late once the date is past.
    """
    now = now or clock.now()
    since = now - PERIOD
    made = select(Report.category, func.count()).where(Report.created_at >= since)
    reports = _counted(made, Report.category)
    by_people = select(Decision.measure, func.count()).where(
        Decision.decided_at >= since, ~Decision.is_automated
    )
    measures = _counted(by_people, Decision.measure)
    appeals = session.execute(
        select(Appeal.outcome, Appeal.due_at, Appeal.decided_at).where(Appeal.created_at >= since)
    ).all()
    answered = [row for row in appeals if row.decided_at is not None]
    due = [row for row in appeals if row.decided_at is not None or row.due_at < now]
    in_time = sum(1 for row in due if row.decided_at is not None and row.decided_at <= row.due_at)
    overturned = sum(1 for row in answered if row.outcome == Outcome.OVERTURNED)
    complete, burdens = _complete(since)
    return Figures(
        since=since,
        reports=tuple((one, reports[one]) for one in Category),
        measures=tuple((one, measures[one]) for one in Measure),
        automated=_count(select(func.count()).where(Decision.decided_at >= since, Decision.is_automated)),
        first_looks=_first_looks(since),
        objections=len(appeals),
        objections_answered=len(answered),
        overturned_share=_share(overturned, len(answered)),
        answered_in_time_share=_share(in_time, len(due)),
        complete_share=_share(complete, burdens),
        waiting=_count(select(func.count()).where(Case.closed_at.is_(None))),
        items=sum(kind.made_since(since) for kind in kinds()),
    )


def nearest_rank(values: Iterable[float], percent: int) -> float | None:
    """The smallest value that at least `percent` of all values do not exceed: [1, 2, 9], 50 gives 2."""
    ordered = sorted(values)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)] if ordered else None


def _counted(query: object, column: object) -> Counter[str]:
    rows = session.execute(query.group_by(column)).all()  # type: ignore[attr-defined]
    return Counter({str(key): int(count) for key, count in rows})


def _count(query: object) -> int:
    return int(session.scalar(query) or 0)  # type: ignore[call-overload]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _first_looks(since: datetime) -> tuple[FirstLook, ...]:
    query = select(Case.urgency, Case.opened_at, Case.first_look_at).where(
        Case.opened_at >= since, Case.first_look_at.is_not(None)
    )
    waits: dict[int, list[float]] = {urgency: [] for urgency in FIRST_LOOK_HOURS}
    for urgency, opened_at, looked_at in session.execute(query):
        if looked_at is not None:
            waits[urgency].append((looked_at - opened_at).total_seconds() / 3600)
    return tuple(
        FirstLook(urgency, hours, len(found), nearest_rank(found, 50), nearest_rank(found, 90))
        for (urgency, hours), found in zip(FIRST_LOOK_HOURS.items(), waits.values(), strict=True)
    )


def _complete(since: datetime) -> tuple[int, int]:
    """(complete statements, decisions that need one). Empty words count as missing, although NOT NULL."""
    query = select(Decision.facts, Decision.passage, Decision.scope, Decision.ground_text, Decision.redress)
    rows = session.execute(query.where(Decision.decided_at >= since, Decision.measure.in_(BURDENS))).all()
    return sum(1 for row in rows if all(str(one).strip() for one in row)), len(rows)
