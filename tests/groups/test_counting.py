"""Ten ways to decide, counted; secret tallies give what named ballots give."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.groups.models import DecisionOption, GroupDecision, Method, Status
from portal.groups.queries.counting import Count, count, count_secret, keys_of, tally_keys


def decision(method: Method, **given: Any) -> GroupDecision:
    words: dict[str, Any] = {"round": 1, "majority": "simple", "run_off_below_half": False}
    return GroupDecision(method=method, **{**words, "points_total": 10, "points_each": 10, **given})


def options(many: int, *, status_quo: int | None = None) -> list[DecisionOption]:
    return [
        DecisionOption(number=n, text=str(n), is_status_quo=n == status_quo, dropped=False)
        for n in range(1, many + 1)
    ]


def points(*values: int) -> dict[str, Any]:
    return {"points": {str(n): value for n, value in enumerate(values, 1)}}


def answers(**said: int) -> list[dict[str, Any]]:
    return [{"answers": {"1": word}} for word, many in said.items() for _ in range(many)]


def counted(method: Method, ballots: list[dict[str, Any]], many: int = 3, **given: Any) -> Count:
    status_quo = given.pop("status_quo", None)
    eligible = given.pop("eligible", len(ballots))
    return count(decision(method, **given), options(many, status_quo=status_quo), ballots, eligible=eligible)


@pytest.mark.parametrize(
    ("said", "rule", "eligible", "status"),
    [
        ({"yes": 3, "no": 2}, "simple", 9, Status.ADOPTED),
        ({"yes": 2, "no": 2}, "simple", 9, Status.NOT_ADOPTED),
        ({"yes": 5, "no": 0}, "absolute", 9, Status.ADOPTED),
        ({"yes": 4, "no": 0}, "absolute", 8, Status.NOT_ADOPTED),
        ({"yes": 4, "no": 2}, "two_thirds", 9, Status.ADOPTED),
        ({"yes": 3, "no": 2}, "two_thirds", 9, Status.NOT_ADOPTED),
        ({"abstain": 5}, "simple", 9, Status.NOT_ADOPTED),
    ],
)
def test_majorities(said: dict[str, int], rule: str, eligible: int, status: Status) -> None:
    assert counted(Method.MAJORITY, answers(**said), majority=rule, eligible=eligible).status is status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"yes": 3, "no": 2}, Status.ADOPTED),
        ({"yes": 9, "block": 1}, Status.NOT_ADOPTED),
        ({"yes": 2, "no": 2, "abstain": 3}, Status.NOT_ADOPTED),
    ],
)
def test_one_block_stops_consensus(said: dict[str, int], status: Status) -> None:
    assert counted(Method.CONSENSUS, answers(**said)).status is status


def choices(*chosen: str) -> list[dict[str, Any]]:
    return [{"choices": list(one)} for one in chosen]


def test_choice_run_off_and_lots() -> None:
    result = counted(Method.CHOICE, choices("1", "1", "2", "3", "3", "1", "2"), run_off_below_half=True)
    assert (result.status, result.winners) == (Status.RUN_OFF, (1, 2))
    half = counted(Method.CHOICE, choices("1", "1", "2", "3"), run_off_below_half=True)
    assert (half.status, half.winners) == (Status.ADOPTED, (1,))
    assert counted(Method.CHOICE, choices("1", "1", "2")).winners == (1,)
    assert counted(Method.CHOICE, choices("1", "2")).status is Status.RUN_OFF
    tie = counted(Method.CHOICE, choices("1", "2"), round=2)
    assert (tie.status, tie.winners) == (Status.TIE, (1, 2))
    assert counted(Method.CHOICE, []).status is Status.NOT_ADOPTED


def test_dots_equal_points_then_more_people() -> None:
    result = counted(Method.DOTS, [points(6, 0, 0), points(0, 3, 0), points(0, 3, 1)])
    assert (result.winners, result.order) == ((2,), (2, 1, 3))


def test_do_not_know_pulls_no_mean_down() -> None:
    ballots = [{"points": {"1": 5, "2": 4}}, {"points": {"1": 5, "2": 4}}, {"points": {"2": 4}}]
    result = counted(Method.SCORE, ballots, many=2)
    assert (result.winners, result.facts["means"]) == ((1,), {"1": 5.0, "2": 4.0})


def test_a_favourite_of_a_few_needs_half_of_the_raters() -> None:
    ballots = [{"points": {"1": 5, "2": 3}}, *[{"points": {"2": 3}} for _ in range(3)]]
    result = counted(Method.SCORE, ballots, many=2)
    assert (result.winners, result.facts["too_few"]) == ((2,), [1])


def test_equal_means_then_lower_spread() -> None:
    result = counted(Method.SCORE, [points(5, 3), points(1, 3)], many=2)
    assert result.winners == (2,)


def test_ranking_shows_duels() -> None:
    ballots = [{"order": [["1"], ["2"], ["3"]]}] * 3 + [{"order": [["2"], ["3"], ["1"]]}] * 2
    result = counted(Method.RANKING, ballots)
    assert (result.winners, result.facts["condorcet"]) == ((1,), 1)
    assert result.facts["duels"]["1"]["2"] == 3


def test_resistance_of_the_acceptance_scenario() -> None:
    """12 members, 4 options and "everything stays": the lowest mean wins, 3 people gave 8 or more."""
    ballots = [points(1, 5, 9, 10, 6) for _ in range(9)] + [
        points(8, 5, 9, 10, 6),
        points(8, 5, 9, 10, 6),
        points(8, 5, 9, 10, 6),
    ]
    result = counted(Method.RESISTANCE, ballots, many=5, status_quo=5)
    assert result.winners == (1,)
    assert result.facts["acceptance_percent"]["1"] == 72
    assert result.facts["strong"]["1"] == 3
    assert result.facts["talk_with_them"] == [1, 3, 4]
    assert result.facts["worse_than_status_quo"] == [3, 4]


def test_the_status_quo_wins_unless_something_is_below_it() -> None:
    assert counted(Method.RESISTANCE, [points(5, 4)], many=2, status_quo=2).status is Status.NOT_ADOPTED
    equal = counted(Method.RESISTANCE, [points(4, 4)], many=2, status_quo=2)
    assert (equal.status, equal.winners) == (Status.NOT_ADOPTED, (2,))


def test_dates_are_shown_and_not_chosen() -> None:
    result = counted(Method.DATE, [points(2, 1, 0), points(0, 1, 1), points(1, 1, 0)])
    assert (result.winners, result.order) == ((), (1, 2, 3))
    assert counted(Method.DATE, [points(1, 0, 0), points(0, 1, 1), points(1, 1, 0)]).order == (1, 2, 3)
    assert result.facts["fits"] == {"1": 1, "2": 0, "3": 0}
    late = [*[points(2, 1, 0)], {"points": {"1": 2}}]
    assert counted(Method.DATE, late).facts["unanswered"] == {"1": 0, "2": 1, "3": 1}


def _random_ballot(method: Method, source: random.Random, many: int) -> dict[str, Any]:
    numbers = [str(n) for n in range(1, many + 1)]
    if method is Method.MAJORITY:
        return {"answers": {"1": source.choice(("yes", "no", "abstain"))}}
    if method is Method.CONSENSUS:
        return {"answers": {"1": source.choice(("yes", "no", "abstain", "block"))}}
    if method is Method.CHOICE:
        return {"choices": sorted(source.sample(numbers, source.randint(1, many)))}
    if method is Method.RANKING:
        source.shuffle(numbers)
        return {"order": [[one] for one in numbers[: source.randint(1, many)]]}
    most = {Method.DOTS: 10, Method.SCORE: 5, Method.RESISTANCE: 10}[method]
    least = 1 if method is Method.DOTS else 0
    return {"points": {number: source.randint(least, most) for number in numbers}}


SECRET = [m for m in Method if m not in (Method.CONSENT, Method.DATE, Method.LOTS)]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), voters=st.integers(1, 12), many=st.integers(2, 5))
@pytest.mark.parametrize("method", SECRET)
def test_secret_tallies_give_the_same_result(method: Method, seed: int, voters: int, many: int) -> None:
    source = random.Random(seed)
    asked, on_list = decision(method), options(many, status_quo=many if method is Method.RESISTANCE else None)
    ballots = [_random_ballot(method, source, many) for _ in range(voters)]
    tallies = Counter(dict.fromkeys(tally_keys(asked, on_list), 0))
    for ballot in ballots:
        keys = keys_of(asked, on_list, ballot)
        assert set(keys) <= set(tallies)
        tallies.update(keys)
    secret = count_secret(asked, on_list, tallies, eligible=voters + 1, cast=voters)
    named = count(asked, on_list, ballots, eligible=voters + 1)
    assert secret == named
    # The order of voters makes no difference, and neither does another abstention.
    source.shuffle(ballots)
    assert count(asked, on_list, ballots, eligible=voters + 1) == named


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), voters=st.integers(1, 12), many=st.integers(2, 5))
@pytest.mark.parametrize("method", SECRET)
def test_who_is_first_in_the_urn_does_not_matter(method: Method, seed: int, voters: int, many: int) -> None:
    source = random.Random(seed)
    asked, on_list = decision(method), options(many, status_quo=many if method is Method.RESISTANCE else None)
    ballots = [_random_ballot(method, source, many) for _ in range(voters)]
    told = count(asked, on_list, ballots, eligible=voters)
    source.shuffle(ballots)
    assert count(asked, on_list, ballots, eligible=voters) == told


@settings(max_examples=25, deadline=None)
@given(said=st.lists(st.sampled_from(("yes", "no", "abstain")), min_size=1, max_size=9))
@pytest.mark.parametrize("rule", ["simple", "two_thirds", "consensus"])
def test_one_more_abstention_changes_nothing(rule: str, said: list[str]) -> None:
    method = Method.CONSENSUS if rule == "consensus" else Method.MAJORITY
    given_rule = {} if rule == "consensus" else {"majority": rule}
    ballots = [{"answers": {"1": one}} for one in said]
    before, after = (
        counted(method, [*ballots, *more], **given_rule) for more in ([], [{"answers": {"1": "abstain"}}])
    )
    assert (before.status, before.winners) == (after.status, after.winners)
