"""Why each option won or lost: the first reason that holds, with numbers checked by counting again."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from portal.voting import Ballot, Election, Explanation, Project, Terms, explain, run
from portal.voting.facts import Option
from tests.support.whole import WHOLE
from tests.voting.elections import elections
from tests.voting.rounds import WAYS, ballots, projects


def explained(rule: str, election: Election, **terms: object) -> dict[str, Option]:
    chosen = Terms(**terms)  # type: ignore[arg-type]
    outcome = run(rule, election, terms=chosen)
    return {option.id: option for option in explain(outcome, election, terms=chosen).options}


def budget(costs: dict[str, int], votes: list[str], cents: int, **more: object) -> Election:
    listed = [Project(one, cost) for one, cost in costs.items()]
    election = Election.of("approval", listed, [{"choices": list(one)} for one in votes], budget_cents=cents)
    return replace(election, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "rule", "terms"), WAYS)
def test_every_rule_explains_every_option(kind: str, rule: str, terms: Terms) -> None:
    listed = projects(withdrawn=True)
    contents = [content for _, content in ballots(kind, listed, 25)]  # type: ignore[arg-type]
    election = Election.of(kind, listed, contents, budget_cents=5_000_00)
    outcome = run(rule, election, terms=terms)
    found = explain(outcome, election, terms=terms)
    answer = json.loads(json.dumps(found.to_json()))
    assert {one["id"] for one in answer["options"] if one["won"]} == set(outcome.winners)
    places = sorted((one["place"], one["id"]) for one in answer["options"] if one["won"])
    assert tuple(one for _, one in places) == outcome.winners
    assert {one["id"]: one["reason"] for one in answer["options"]}["p2"] == "withdrawn"
    assert all(one["reason"] for one in answer["options"])


def test_equal_shares_tells_too_few_votes_and_money_spent() -> None:
    costs = {"t": 1200, "b": 1400, "s": 1000, "p": 9000}
    found = explained("equal_shares", budget(costs, ["tb", "tb", "t", "sp"], 4000))
    assert (found["t"].reason, found["t"].facts["price_cents"]) == ("bought", 400)
    assert found["b"].reason == "money_spent"
    assert found["b"].facts == {
        "round": 1,
        "money_left_cents": 1200,
        "missing_cents": 200,
        "shared_with": [{"id": "t", "shared_voters": 2, "shared_percent": 100, "spent_cents": 800}],
    }
    assert found["p"].reason == "too_few_votes"
    assert found["p"].facts == {"share_cents": 1000, "behind_cents": 1000, "missing_cents": 8000}


def test_the_final_step_is_told() -> None:
    election = budget({"t": 1200, "b": 1400, "s": 1000}, ["tb", "tb", "t", "s"], 3200)
    found = explained("equal_shares_add1", election)["b"]
    assert found.reason == "final_step"
    assert found.facts == {"next_share_cents": 1100, "would_cost_cents": 3600, "budget_cents": 3200}


def test_greedy_tells_what_was_left() -> None:
    election = budget({"a": 600, "b": 500, "c": 400, "d": 100}, ["a"] * 9 + ["b"] * 7 + ["c"] * 3, 1000)
    found = explained("greedy", election, threshold=1)
    assert (found["b"].reason, found["b"].facts) == (
        "does_not_fit",
        {"left_cents": 400, "missing_cents": 100},
    )
    assert (found["b"].price_cents_that_wins, found["b"].more_votes_that_win) == (400, 2)
    assert found["d"].reason == "no_votes"
    skipped = explained("greedy_no_skip", election)
    assert (skipped["c"].reason, skipped["c"].facts) == ("ended_before", {"ended_at": "b"})
    poznan = explained("greedy_eighty", election)
    assert poznan["b"].reason == "last_with_eighty_percent"


def test_a_tie_names_who_came_first_and_by_what() -> None:
    election = budget({"a": 600, "b": 600}, ["a", "b"], 1000)
    assert explained("greedy", election)["b"].reason == "lottery"
    assert explained("equal_shares", replace(election, budget_cents=1200))["b"].reason == "bought"
    both = budget({"a": 1000, "b": 900}, ["ab"], 1000)
    found = explained("equal_shares", both)["a"]
    assert (found.reason, found.facts["lost_to"], found.facts["decided_by"]) == ("tie", "b", "cost")


def test_voters_without_any_winner_are_counted() -> None:
    election = budget({"a": 600, "b": 600}, ["a", "a", "b"], 1000)
    found: Explanation = explain(run("greedy", election), election)
    assert found.without_winner == 1
    assert found.to_json()["average_winners"] == 0.6667
    assert found.comparison is not None
    assert found.comparison.rule == "equal_shares"


@settings(max_examples=60, deadline=None)
@given(elections(plain=True))
def test_greedy_tells_the_effective_support_of_equal_shares(election: Election) -> None:
    """What Equal Shares would have bought has enough, everything else the same figure as there."""
    shares = {one.id: one for one in explain(run("equal_shares", election), election, what_ifs=False).options}
    for option in explain(run("greedy", election), election).options:
        there, here = shares[option.id].effective_support_percent, option.effective_support_percent
        assert here == (100 if shares[option.id].won else there)
    quick = explain(run("greedy", election), election, what_ifs=False).options
    assert all(option.effective_support_percent is None for option in quick)


@settings(max_examples=60, deadline=None)
@given(elections(plain=True))
def test_losers_have_less_than_enough_and_winners_enough(election: Election) -> None:
    for option in explain(run("equal_shares", election), election, what_ifs=False).options:
        if option.effective_support_percent is not None and option.reason != "excluded_by":
            assert (option.effective_support_percent >= 100) == option.won


BUDGET_WAYS = [
    ("greedy", Terms()),
    ("greedy", Terms(threshold=1)),
    ("greedy_no_skip", Terms()),
    ("greedy_threshold", Terms(threshold=3)),
    ("greedy_eighty", Terms()),
    ("equal_shares", Terms()),
    ("equal_shares_comparison", Terms()),
    ("equal_shares_add1", Terms()),
    ("equal_shares_add1_comparison", Terms()),
]


@pytest.mark.parametrize(("rule", "terms"), BUDGET_WAYS)
# Others on every day; by day fewer of them.
@settings(max_examples=150 if WHOLE else 50, deadline=None)
@given(elections())
def test_what_ifs_are_true(rule: str, terms: Terms, election: Election) -> None:
    """Every loser, counted again by the whole rule: with this change it wins, with one less it does not."""

    def wins(one: str, changed: Election) -> bool:
        return one in run(rule, changed, terms=terms).winners

    unit = 1 if rule.startswith("greedy") else 100
    for option in explain(run(rule, election, terms=terms), election, terms=terms).options:
        j, cost, more = (
            election.positions[option.id],
            option.price_cents_that_wins,
            option.more_votes_that_win,
        )
        if cost is not None:
            assert cost < option.cost_cents
            assert wins(option.id, _at(election, j, cost))
            step = unit if option.reason != "comparison_preferred_greedy" else 1
            assert not wins(option.id, _at(election, j, cost + step))
        if more is not None:
            assert wins(option.id, _with(election, j, more))
            assert more == 1 or not wins(option.id, _with(election, j, more - 1))


def _at(election: Election, j: int, cost_cents: int) -> Election:
    listed = list(election.projects)
    listed[j] = replace(listed[j], cost_cents=cost_cents)
    return replace(election, projects=tuple(listed))


def _with(election: Election, j: int, voters: int) -> Election:
    most = max((value for ballot in election.ballots for value in ballot.values), default=None)
    more = Ballot((j,), () if most is None else (most,), voters)
    return replace(election, ballots=(*election.ballots, more))
