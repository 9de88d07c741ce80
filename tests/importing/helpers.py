"""Files for tests of the importer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from portal.core.db import session, transaction
from portal.proposals.models import Proposal

TABLE = """id;title;what;why;cost;topic;district;place;lat;lon;language;date
a1;Bank vor der Kita;Eine Bank mit Lehne.;Zum Ausruhen.;1.234,50 €;Begegnung;;Sonnenweg;;;de;2024-05-01
a2;Zebrastreifen am Markt;Damit Kinder sicher gehen.;;12000;Verkehr;;;;;;03.06.2024
a3;Müllabfuhr für den Auepark;"Zwei Körbe;
und ein Besen.";;;;;;;;;
"""


def table(folder: Path, text: str = TABLE, *, encoding: str = "utf-8", name: str = "wishes.csv") -> Path:
    """The text as a file."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def many_rows(folder: Path, count: int) -> Path:
    """A table of so many proposals, written row by row."""
    path = folder / "many.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("id,title,what,cost,topic\n")
        for number in range(count):
            file.write(f'n{number},Vorschlag Nummer {number},"Mehr Bäume, Nummer {number}",{number},grün\n')
    return path


def all_imported() -> list[dict[str, Any]]:
    """What stands in the database, by id."""
    with transaction(write=False):
        rows = session.scalars(select(Proposal).order_by(Proposal.id)).all()
        return [
            {column.key: getattr(row, column.key) for column in Proposal.__table__.columns} for row in rows
        ]


def how_many() -> int:
    """How many proposals there are."""
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(Proposal)) or 0


def stop_after(most: int) -> Callable[[int], None]:
    """A progress that presses Ctrl+C once so many rows are in."""
    done: list[int] = []

    def progress(count: int) -> None:
        done.append(count)
        if sum(done) >= most:
            raise KeyboardInterrupt

    return progress


def resident_bytes() -> int:
    """How much memory this process has now."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    kilobytes = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, check=True, text=True
    ).stdout
    return int(kilobytes) * 1024


def cells(rows: Sequence[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Some columns of the rows."""
    return [tuple(row[name] for name in names) for row in rows]
