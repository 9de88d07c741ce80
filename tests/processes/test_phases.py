"""What is open when: to the second, over nights in which clocks change, with overlaps and gaps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.clock import UnclearTime
from portal.core.db import session, transaction
from portal.core.i18n import use_language
from portal.processes.errors import ClocksChange, EndsBeforeItStarts
from portal.processes.models import Phase, PhaseKind, ProcessState
from portal.processes.operations import PhaseFacts
from portal.processes.queries import (
    Window,
    changes_within,
    gaps_of,
    is_open,
    open_for_proposals,
    overlaps_of,
    standing_of,
    window,
    window_of,
)
from portal.processes.queries.words import closed_words, span_words, until_words
from tests.support.factories_processes import make_process

BERLIN = ZoneInfo("Europe/Berlin")


def phase(start: datetime, end: datetime, kind: PhaseKind = PhaseKind.PROPOSALS) -> Phase:
    return Phase(kind=kind, starts_at=start, ends_at=end, title="")


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 12, number, hour, tzinfo=BERLIN).astimezone(UTC)


def test_open_from_the_first_moment_up_to_the_last() -> None:
    one = phase(day(1), day(14, 18))
    second = timedelta(seconds=1)
    assert not one.runs(day(1) - second)
    assert one.runs(day(1))
    assert one.runs(day(14, 18) - second)
    assert not one.runs(day(14, 18))


def test_a_phase_of_one_day_is_a_phase() -> None:
    facts = PhaseFacts(PhaseKind.VOTING, date(2026, 12, 5), date(2026, 12, 5))
    assert facts.span() == (day(5), day(6))


def test_a_phase_ends_after_it_began() -> None:
    with pytest.raises(EndsBeforeItStarts):
        PhaseFacts(PhaseKind.VOTING, date(2026, 12, 5), date(2026, 12, 4)).span()
    with pytest.raises(EndsBeforeItStarts):
        PhaseFacts(PhaseKind.VOTING, date(2026, 12, 5), date(2026, 12, 5), time(18), time(18)).span()


@pytest.mark.parametrize(
    ("last", "moment", "is_clear"),
    [
        (date(2026, 10, 25), time(2, 30), False),  # twice: clocks go back from three to two
        (date(2026, 10, 25), time(2, 0), False),
        (date(2026, 10, 25), time(1, 59), True),
        (date(2026, 10, 25), time(3, 0), True),
        (date(2027, 3, 28), time(2, 30), False),  # never: clocks go on from two to three
        (date(2027, 3, 28), time(1, 59), True),
        (date(2027, 3, 28), time(3, 0), True),
    ],
)
def test_no_end_in_the_hour_in_which_clocks_change(last: date, moment: time, is_clear: bool) -> None:
    facts = PhaseFacts(PhaseKind.VOTING, date(2026, 10, 1), last, ends_time=moment)
    if is_clear:
        assert clock.local(facts.span()[1]).time() == moment
        return
    with pytest.raises(ClocksChange) as found:
        facts.span()
    assert found.value.field == "ends_time"
    with pytest.raises(UnclearTime):
        clock.at_local(last, moment)


def test_a_day_in_autumn_has_twenty_five_hours() -> None:
    start, end = PhaseFacts(PhaseKind.VOTING, date(2026, 10, 25), date(2026, 10, 25)).span()
    assert end - start == timedelta(hours=25)
    with use_language("de"):
        assert span_words(start, end) == "25. Oktober 2026"


def test_a_deadline_after_the_change_is_the_hour_people_read(both: Flask) -> None:
    """Eighteen o'clock on the evening of the change: 17:00 UTC, not 16:00 as the day before."""
    _start, end = PhaseFacts(
        PhaseKind.PROPOSALS, date(2026, 10, 20), date(2026, 10, 25), ends_time=time(18)
    ).span()
    assert end == datetime(2026, 10, 25, 17, tzinfo=UTC)
    with transaction():
        one = make_process(phases=[(PhaseKind.PROPOSALS, end - timedelta(days=5), end)])
        number = one.id
    for instant, expected in ((end - timedelta(seconds=1), True), (end, False)):
        with time_machine.travel(instant, tick=False), transaction(write=False):
            assert is_open(session.get(type(one), number), PhaseKind.PROPOSALS) is expected
            assert bool(open_for_proposals()) is expected


def test_nothing_is_open_in_drafts_and_archives(app: Flask) -> None:
    with transaction():
        for state in (ProcessState.DRAFT, ProcessState.ARCHIVED):
            assert window(make_process(state=state), PhaseKind.PROPOSALS).open is None
        assert open_for_proposals() == []
        assert window(make_process(), PhaseKind.PROPOSALS).open is not None


def test_where_it_stands() -> None:
    one, two, three = phase(day(1), day(5)), phase(day(4), day(8)), phase(day(10), day(12))
    standing = standing_of([one, two, three], day(4, 12))
    assert (standing.current, standing.next, standing.last) == ((one, two), three, None)
    assert standing.changes_at == day(5)
    pause = standing_of([one, two, three], day(9))
    assert (pause.current, pause.next, pause.last) == ((), three, two)
    over = standing_of([one, two, three], day(20))
    assert (over.current, over.next, over.last, over.changes_at) == ((), None, three, None)


def test_overlaps_and_gaps() -> None:
    one, two, three = phase(day(1), day(5)), phase(day(4), day(8)), phase(day(10), day(12))
    inside = phase(day(2), day(3))
    assert [(o.first, o.second, o.start, o.end) for o in overlaps_of([three, two, one])] == [
        (one, two, day(4), day(5))
    ]
    assert [(gap.first, gap.second, gap.start, gap.end) for gap in gaps_of([three, two, one])] == [
        (two, three, day(8), day(10))
    ]
    assert len(overlaps_of([one, inside])) == 1
    assert gaps_of([one, inside, two]) == []
    assert gaps_of([]) == overlaps_of([]) == []


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 8)), max_size=7))
def test_gaps_are_the_days_in_which_nothing_runs(numbers: list[tuple[int, int]]) -> None:
    """Against counting day by day."""
    phases = [phase(day(start), day(start) + timedelta(days=length)) for start, length in numbers]
    covered = {d for start, length in numbers for d in range(start, start + length)}
    expected = set(range(min(covered), max(covered))) - covered if covered else set()
    found = {
        d
        for gap in gaps_of(phases)
        for d in range((gap.start - day(1)).days + 1, (gap.end - day(1)).days + 1)
    }
    assert found == expected
    twice = any(
        a is not b and a.starts_at < b.ends_at and b.starts_at < a.ends_at for a in phases for b in phases
    )
    assert bool(overlaps_of(phases)) is twice


def test_a_kept_page_is_not_kept_over_an_end() -> None:
    with time_machine.travel(day(5), tick=False):
        assert changes_within([phase(day(1), day(5) + timedelta(seconds=8))], timedelta(seconds=10))
        assert not changes_within([phase(day(1), day(5) + timedelta(seconds=12))], timedelta(seconds=10))


def test_dates_in_words() -> None:
    with use_language("en"):
        ended = closed_words(PhaseKind.PROPOSALS, Window(past=phase(day(1), day(14, 18))))
        assert ended == "Proposing ended at 18:00 on December 14, 2026."
        at_midnight = closed_words(PhaseKind.VOTING, Window(past=phase(day(1), day(15))))
        assert at_midnight == "Voting ended with December 14, 2026."
        coming = closed_words(PhaseKind.PROPOSALS, Window(coming=phase(day(3), day(5))))
        assert coming == "Proposing begins: December 3, 2026."
        assert closed_words(PhaseKind.PROPOSALS, Window(open=phase(day(1), day(5)))) is None
        assert closed_words(PhaseKind.PROPOSALS, Window()) is None
        assert until_words(day(15)) == "the end of December 14, 2026"
        assert span_words(day(13), day(14)) == "December 13, 2026"
        assert span_words(day(13), day(16)) == "December 13, 2026 to December 15, 2026"
        assert span_words(day(13, 8), day(13, 18)) == "December 13, 2026, 08:00 to 18:00"


def test_the_window_of_one_kind() -> None:
    vote = phase(day(10), day(12), PhaseKind.VOTING)
    ideas = phase(day(1), day(5))
    found = window_of([vote, ideas], PhaseKind.PROPOSALS, day(6))
    assert (found.open, found.past, found.coming) == (None, ideas, None)
    assert window_of([vote, ideas], PhaseKind.VOTING, day(6)).coming is vote
