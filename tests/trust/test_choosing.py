"""What is walked by day leaves out nothing but repetitions."""

from __future__ import annotations

from tests.trust.choosing import by_day, one_state_each, visits
from tests.trust.expectations import SECOND_FACTOR, SIGN_IN, Cell, cells
from tests.trust.people import PERSONAS

PLAIN = [cell for cell in cells() if cell.state != "*"]
THINGS = {"thing": {"one": {}, "two": {}}}


def test_every_answer_every_state_and_every_meeting_is_there() -> None:
    """Each persona with each answer of a route, each state with each answer, each persona in each state."""
    everything = visits(PLAIN, {}, PERSONAS)
    names = by_day(everything)
    chosen = [one for one in everything if one.name in names]
    assert len(names) == len(chosen) < len(everything) / 2
    for kind in (
        lambda one: (one.cell.route, one.cell.method, one.persona, one.outcome),
        lambda one: (one.cell.on, one.state, one.persona),
    ):
        assert {kind(one) for one in chosen} == {kind(one) for one in everything}
    looked_at, met = (
        {
            (one.cell.route, one.cell.method, one.state, one.outcome)
            for one in some
            if one.outcome not in {SIGN_IN, SECOND_FACTOR}
        }
        for some in (everything, chosen)
    )
    assert looked_at == met


def test_the_same_on_every_day() -> None:
    """Nothing is drawn by lot."""
    assert by_day(visits(PLAIN, {}, PERSONAS)) == by_day(visits(list(PLAIN), {}, PERSONAS))


def test_a_star_is_every_state() -> None:
    """Of which each is met, if not by everybody."""
    cell = Cell("/L/things/<pid>", "GET", "thing", "*", {"V": "ok", "R": "404"})
    everything = visits([cell], THINGS, ["V", "R"])
    assert [(one.state, one.persona) for one in everything] == [
        ("one", "V"),
        ("one", "R"),
        ("two", "V"),
        ("two", "R"),
    ]
    assert len(one_state_each(everything)) == 2
    assert len(by_day(everything)) == 4
