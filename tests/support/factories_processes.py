"""Processes for tests, written straight into the tables: fast, and with any dates."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from portal.core import clock
from portal.core.db import session
from portal.core.text import render_markdown
from portal.processes.models import (
    Influence,
    Phase,
    PhaseKind,
    Process,
    ProcessDistrict,
    ProcessKind,
    ProcessState,
)
from portal.processes.queries import forget_names

_numbers = count(1)
Span = tuple[PhaseKind, datetime, datetime]


def spans(*kinds: PhaseKind, days: int = 10, offset: int = 0) -> list[Span]:
    """Phases one after the other, the first beginning `offset` days from now."""
    start = clock.now() + timedelta(days=offset)
    length = timedelta(days=days)
    return [(kind, start + length * n, start + length * (n + 1)) for n, kind in enumerate(kinds)]


def make_process(
    *,
    phases: list[Span] | None = None,
    state: ProcessState = ProcessState.PUBLISHED,
    title: str = "",
    body: str = "Jede Idee zählt.",
    districts: tuple[Any, ...] = (),
    **columns: Any,
) -> Process:
    """A process in the current transaction; without `phases` one for proposals runs now."""
    now = clock.now()
    wanted = spans(PhaseKind.PROPOSALS, offset=-5) if phases is None else phases
    process = Process(
        **{
            "kind": ProcessKind.BUDGET,
            "influence": Influence.DECISION,
            "state": state,
            "title": title or f"Bürgerhaushalt {next(_numbers)}",
            "summary": "Wofür soll die Stadt Geld ausgeben?",
            "body_md": body,
            "body_html": render_markdown(body),
            "created_at": now,
            "edited_at": now,
            "published_at": None if state is ProcessState.DRAFT else now,
            "archived_at": now if state is ProcessState.ARCHIVED else None,
            "starts_at": min((start for _kind, start, _end in wanted), default=None),
            "ends_at": max((end for _kind, _start, end in wanted), default=None),
            **columns,
        }
    )
    session.add(process)
    session.flush()
    for kind, start, end in wanted:
        session.add(Phase(process_id=process.id, kind=kind, starts_at=start, ends_at=end))
    session.add_all(
        ProcessDistrict(process_id=process.id, district_id=getattr(one, "id", one)) for one in districts
    )
    session.flush()
    forget_names()
    return process
