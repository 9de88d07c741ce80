"""What happened in the demo town, and when: steps written down in any order, lived through in theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.core import clock

Step = Callable[[], object]


@dataclass
class Diary:
    """Steps with their instants, counted back from `today`; those of one instant in the order of writing."""

    today: datetime
    _pages: list[tuple[datetime, int, Step]] = field(default_factory=list)

    def note(self, days_ago: float, step: Step) -> None:
        """Something happened so many days ago; never later than now."""
        at = self.today - timedelta(days=max(days_ago, 0.0))
        self._pages.append((at, len(self._pages), step))

    def __len__(self) -> int:
        return len(self._pages)

    def live(self, progress: Callable[[int], object]) -> None:
        """Take every step at its instant, the oldest first: limits and deadlines see time going forward."""
        for at, _number, step in sorted(self._pages, key=lambda page: page[:2]):
            with clock.pretend(at):
                step()
            progress(1)
