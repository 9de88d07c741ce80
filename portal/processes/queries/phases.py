"""What is open at an instant. Phases are never switched: each question compares dates with the clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.processes.models import Phase, PhaseKind, Process


@dataclass(frozen=True)
class Standing:
    """Where a process stands at an instant: what runs, what comes next, what was last."""

    current: tuple[Phase, ...]
    next: Phase | None
    last: Phase | None

    @property
    def changes_at(self) -> datetime | None:
        """When the answer will be another one."""
        ends = [phase.ends_at for phase in self.current]
        return min([*ends, self.next.starts_at] if self.next else ends, default=None)


@dataclass(frozen=True)
class Window:
    """Whether something of one kind is open: the phase that is, the last that was, the next that will be."""

    open: Phase | None = None
    past: Phase | None = None
    coming: Phase | None = None


@dataclass(frozen=True)
class Overlap:
    """Two phases run at once from `start` to `end`."""

    first: Phase
    second: Phase
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Gap:
    """Nothing runs between two phases."""

    first: Phase
    second: Phase
    start: datetime
    end: datetime


def phases_of(process_ids: Iterable[int]) -> dict[int, list[Phase]]:
    """The phases of these processes in the order of their dates, in one query."""
    ids = list(process_ids)
    found: dict[int, list[Phase]] = {one: [] for one in ids}
    query = select(Phase).where(Phase.process_id.in_(ids))
    for phase in session.scalars(query.order_by(Phase.starts_at, Phase.ends_at, Phase.id)) if ids else ():
        found[phase.process_id].append(phase)
    return found


def standing_of(phases: Sequence[Phase], instant: datetime | None = None) -> Standing:
    """Where these phases stand now, or at another instant."""
    at = instant or clock.now()
    return Standing(
        current=tuple(phase for phase in phases if phase.runs(at)),
        next=min((one for one in phases if one.starts_at > at), key=lambda one: one.starts_at, default=None),
        last=max((one for one in phases if one.ends_at <= at), key=lambda one: one.ends_at, default=None),
    )


def window_of(phases: Sequence[Phase], kind: PhaseKind, instant: datetime | None = None) -> Window:
    """Whether a phase of this kind is open now, or at another instant."""
    standing = standing_of([phase for phase in phases if phase.kind is kind], instant)
    return Window(standing.current[-1] if standing.current else None, standing.last, standing.next)


def window(process: Process, kind: PhaseKind) -> Window:
    """The same for a process, now: nothing is open in a draft or an archived one. One query."""
    if process.is_draft or process.is_archived:
        return Window()
    return window_of(process.phases, kind)


def is_open(process: Process, kind: PhaseKind) -> bool:
    """Whether people can do at this moment what this kind of phase is for."""
    return window(process, kind).open is not None


def open_for_proposals() -> list[tuple[Process, Phase]]:
    """Published processes that take proposals at this moment, those that end first in front. One query."""
    now = clock.now()
    query = (
        select(Process, Phase)
        .join(Phase, Phase.process_id == Process.id)
        .where(Process.state == "published", Phase.kind == PhaseKind.PROPOSALS)
        .where(Phase.starts_at <= now, Phase.ends_at > now)
        .order_by(Phase.ends_at, Process.id)
    )
    found: dict[int, tuple[Process, Phase]] = {}
    for process, phase in session.execute(query):
        found[process.id] = (process, phase)
    return list(found.values())


def overlaps_of(phases: Sequence[Phase]) -> list[Overlap]:
    """Pairs of phases that run at the same time; often meant so, always worth a look."""
    ordered = sorted(phases, key=lambda one: (one.starts_at, one.ends_at))
    return [
        Overlap(first, second, second.starts_at, min(first.ends_at, second.ends_at))
        for number, first in enumerate(ordered)
        for second in ordered[number + 1 :]
        if second.starts_at < first.ends_at
    ]


def gaps_of(phases: Sequence[Phase]) -> list[Gap]:
    """Stretches between the first beginning and the last end in which nothing runs."""
    ordered = sorted(phases, key=lambda one: (one.starts_at, one.ends_at))
    found, latest = [], ordered[0] if ordered else None
    for _before, phase in pairwise(ordered):
        assert latest is not None
        if phase.starts_at > latest.ends_at:
            found.append(Gap(latest, phase, latest.ends_at, phase.starts_at))
        latest = max(latest, phase, key=lambda one: one.ends_at)
    return found


def changes_within(phases: Sequence[Phase], span: timedelta) -> bool:
    """Whether a phase begins or ends so soon that an answer kept for that long would be wrong."""
    now = clock.now()
    return any(now < instant <= now + span for one in phases for instant in (one.starts_at, one.ends_at))
