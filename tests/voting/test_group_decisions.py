"""Decisions of groups: what wins, what decides between equals, and what does not depend on names or order."""

from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.voting import Election, Outcome, Project, Terms, run
from portal.voting.ranking import duel_table
from portal.voting.sortition import draw, largest_remainder

FEW = settings(max_examples=60, deadline=None)
THREE = [Project("a"), Project("b"), Project("c")]


def decided(rule: str, kind: str, contents: list[dict[str, object]], **terms: object) -> Outcome:
    return run(rule, Election.of(kind, THREE, contents), terms=Terms(**terms))  # type: ignore[arg-type]


def answers(yes: int, no: int, abstain: int = 0) -> list[dict[str, object]]:
    return [{"answers": {"a": one}} for one in ["yes"] * yes + ["no"] * no + ["abstain"] * abstain]


@pytest.mark.parametrize(
    ("majority", "yes", "no", "abstain", "more", "is_adopted"),
    [
        ("simple", 3, 2, 9, {}, True),
        ("simple", 2, 2, 0, {}, False),
        ("simple", 0, 0, 4, {}, False),
        ("two_thirds", 4, 2, 5, {}, True),
        ("two_thirds", 3, 2, 0, {}, False),
        ("two_thirds", 0, 0, 3, {}, False),
        ("absolute", 6, 1, 0, {"eligible": 10}, True),
        ("absolute", 5, 0, 0, {"eligible": 10}, False),
        ("absolute", 6, 0, 0, {"eligible": 11}, True),
        ("simple", 3, 0, 0, {"quorum": 4}, False),
        ("simple", 3, 0, 1, {"quorum": 4}, True),
    ],
)
def test_majorities(
    majority: str, yes: int, no: int, abstain: int, more: dict[str, int], is_adopted: bool
) -> None:
    outcome = decided("majority", "yes_no", answers(yes, no, abstain), majority=majority, **more)
    assert outcome.winners == (("a",) if is_adopted else ())


def test_an_absolute_majority_needs_to_know_of_whom() -> None:
    with pytest.raises(ValueError, match="how many may vote"):
        decided("majority", "yes_no", answers(1, 0), majority="absolute")


def test_nothing_wins_that_nobody_approves() -> None:
    assert decided("approval", "approval", [{"choices": ["a"]}], winners=3).winners == ("a",)


def test_a_tie_between_winners_alone_decides_nothing() -> None:
    outcome = decided("approval", "approval", [{"choices": ["a", "b"]}], winners=2)
    assert (outcome.winners, outcome.ties) == (("a", "b"), ())


def test_equal_resistance_falls_by_the_highest_then_the_tens_then_the_lottery() -> None:
    def says(*columns: tuple[int, int]) -> list[dict[str, object]]:
        return [{"points": dict(zip("abc", row, strict=False))} for row in zip(*columns, strict=True)]

    by_highest = decided("consensing", "resistance", says((9, 1), (5, 5), (10, 9)))
    assert (by_highest.winners, by_highest.ties[0].decided_by) == (("b",), "highest_resistance")
    by_lot = decided("consensing", "resistance", says((5, 5), (5, 5), (10, 9)))
    assert (by_lot.winners, by_lot.ties[0].decided_by) == (("a",), "lottery")


def test_the_status_quo_may_win() -> None:
    ballots: list[dict[str, object]] = [{"points": {"a": 0, "b": 5, "c": 9}}]
    outcome = decided("consensing", "resistance", ballots, status_quo="a")
    assert outcome.winners == ("a",)
    assert (outcome.details or {})["worse_than_status_quo"] == ["b", "c"]


rankings = st.lists(
    st.tuples(st.permutations("abc"), st.integers(0, 3), st.booleans()).map(
        lambda one: {"order": [list(one[0][:2]), [one[0][2]]] if one[2] else [[o] for o in one[0][: one[1]]]}
    ),
    min_size=1,
    max_size=8,
)


@FEW
@given(rankings)
def test_who_wins_every_duel_wins(ballots: list[dict[str, list[list[str]]]]) -> None:
    outcome = decided("schulze", "ranking", ballots)  # type: ignore[arg-type]
    table = _duels(ballots)
    champions = [a for a in "abc" if all(table[a, b] > table[b, a] for b in "abc" if b != a)]
    if champions:
        assert outcome.winners == (champions[0],)
    assert (outcome.details or {})["condorcet"] == (champions[0] if champions else None)


@FEW
@given(rankings)
def test_schulze_is_the_definition(ballots: list[dict[str, list[list[str]]]]) -> None:
    """Strongest paths by trying every path there is."""
    table = _duels(ballots)

    def strength(a: str, b: str) -> int:
        best = 0
        others = [c for c in "abc" if c not in (a, b)]
        for length in range(len(others) + 1):
            for middle in permutations(others, length):
                steps = list(zip([a, *middle], [*middle, b], strict=True))
                if all(table[x, y] > table[y, x] for x, y in steps):
                    best = max(best, min(table[x, y] for x, y in steps))
        return best

    unbeaten = [a for a in "abc" if all(strength(a, b) >= strength(b, a) for b in "abc" if b != a)]
    outcome = decided("schulze", "ranking", ballots)  # type: ignore[arg-type]
    if any(ballot["order"] for ballot in ballots):
        assert outcome.winners[0] == unbeaten[0]


def _duels(ballots: list[dict[str, list[list[str]]]]) -> dict[tuple[str, str], int]:
    found = {(a, b): 0 for a in "abc" for b in "abc"}
    for ballot in ballots:
        place = {one: level for level, those in enumerate(ballot["order"]) for one in those}
        for a, b in found:
            found[a, b] += place.get(a, 99) < place.get(b, 99)
    return found


def test_what_is_not_ranked_is_last_and_equal() -> None:
    election = Election.of("ranking", THREE, [{"order": [["b"]]}] * 2)
    assert duel_table(election) == [[0, 0, 0], [2, 0, 2], [0, 0, 0]]


@FEW
@given(
    st.dictionaries(st.text("xyz", min_size=1, max_size=2), st.integers(1, 40), min_size=1),
    st.integers(0, 60),
)
def test_places_are_shared_in_proportion(sizes: dict[str, int], places: int) -> None:
    shares = largest_remainder(sizes, places, "seed")
    total = sum(sizes.values())
    given_out = min(places, total)
    assert sum(shares.values()) == given_out
    for group, size in sizes.items():
        assert shares[group] <= size
        assert abs(shares[group] * total - size * given_out) < total


def test_the_draw_is_fair_and_repeatable() -> None:
    people = {str(number): "all" for number in range(20)}
    counts = dict.fromkeys(people, 0)
    for seed in range(400):
        for chosen in draw(str(seed), people, 5).chosen["all"]:
            counts[chosen] += 1
    assert min(counts.values()) > 60
    assert max(counts.values()) < 145
    shuffled = dict(Random(1).sample(sorted(people.items()), len(people)))
    assert draw("s", shuffled, 5) == draw("s", people, 5)
    assert len(draw("s", people, 5).reserve["all"]) == 15
    assert draw("s", people, 99).to_json()["places"] == {"all": 20}
