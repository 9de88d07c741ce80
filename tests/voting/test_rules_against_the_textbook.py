"""The fast engine against the textbook, and what must hold for every election whatever it is."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.elections import random_election
from portal.voting import Ballot, Election, Project, Terms, budgets, lottery_order, run
from portal.voting.budgets import count_shares
from portal.voting.shares import Field, Run
from portal.voting.ties import TieOrder
from tests.voting import textbook
from tests.voting.elections import elections

MANY = settings(max_examples=150, deadline=None)
FEW = settings(max_examples=60, deadline=None)


def ids(election: Election, won: list[int]) -> tuple[str, ...]:
    return tuple(election.projects[j].id for j in won)


@MANY
@given(elections(), st.booleans())
def test_equal_shares_is_the_textbook_s(election: Election, by_cost: bool) -> None:
    share = Fraction(election.budget_cents or 0, election.voters)
    expected = textbook.equal_shares(election, share, by_cost=by_cost)
    assert run("equal_shares", election, terms=Terms(worth_cost=by_cost)).winners == ids(election, expected)


@FEW
@given(elections())
def test_add1_is_the_textbook_s(election: Election) -> None:
    by_cost = not election.ballots[0].values
    outcome = run("equal_shares_add1", election)
    assert outcome.winners == ids(election, textbook.add_one(election, by_cost=by_cost))


@MANY
@given(elections())
def test_greedy_is_the_textbook_s(election: Election) -> None:
    assert run("greedy", election).winners == ids(election, textbook.greedy(election))


@FEW
@given(elections(plain=True), st.randoms(use_true_random=False))
def test_order_and_grouping_of_ballots_do_not_matter(election: Election, random: Random) -> None:
    single = [replace_voters(ballot) for ballot in election.ballots for _ in range(ballot.voters)]
    random.shuffle(single)
    other = replace(election, ballots=tuple(single))
    for rule in ("greedy", "equal_shares", "equal_shares_add1"):
        ours, theirs = run(rule, election), run(rule, other)
        assert ours.to_json() == theirs.to_json()


def replace_voters(ballot: Ballot) -> Ballot:
    return ballot._replace(voters=1)


@FEW
@given(elections(), st.integers(2, 1000))
def test_another_unit_of_money_does_not_matter(election: Election, times: int) -> None:
    projects = tuple(replace(p, cost_cents=p.cost_cents * times) for p in election.projects)
    larger = replace(election, projects=projects, budget_cents=(election.budget_cents or 0) * times)
    for rule in ("greedy", "greedy_no_skip", "equal_shares"):
        assert run(rule, larger).winners == run(rule, election).winners


@FEW
@given(elections())
def test_nobody_spends_more_than_there_is(election: Election) -> None:
    for rule in ("greedy", "greedy_no_skip", "equal_shares", "equal_shares_add1", "equal_shares_comparison"):
        assert run(rule, election).spent_cents <= (election.budget_cents or 0)


@FEW
@given(elections())
def test_every_winner_is_paid_exactly_and_nobody_falls_below_zero(election: Election) -> None:
    field = Field.of(election, TieOrder(election))
    share = Fraction(election.budget_cents or 0, election.voters)
    counting = Run(field, share)
    before = share * election.voters
    for bought in counting.purchases():
        assert min(counting.money) >= 0
        wallets = zip(counting.classes, election.ballots, strict=True)
        after = sum((Fraction(counting.money[c], counting.unit) * b.voters for c, b in wallets), Fraction(0))
        assert before - after == election.projects[bought.project].cost_cents
        before = after


@FEW
@given(elections())
def test_add1_fits_and_the_next_step_does_not(election: Election) -> None:
    outcome = run("equal_shares_add1", election)
    field = Field.of(election, TieOrder(election))
    won = {election.positions[one] for one in outcome.winners}
    if budgets.is_complete(field, won):
        return
    assert outcome.final_share is not None
    following = Fraction((outcome.final_share // 100 + 1) * 100)
    bought = count_shares(field, following)
    assert sum(election.projects[one.project].cost_cents for one in bought) > (election.budget_cents or 0)


def test_floats_would_elect_nobody_here() -> None:
    """Warszawa 2019, Radiowo: 142 voters and one project that costs the whole budget."""
    assert sum([200000 / 142] * 142) < 200000
    election = Election.of(
        "approval", [Project("946", 20000000)], [{"choices": ["946"]}] * 142, budget_cents=20000000
    )
    assert run("equal_shares", election).winners == ("946",)


def test_no_project_is_bought_beside_one_that_excludes_it() -> None:
    projects = [Project("a", 100, excluded_with=frozenset({"b"})), Project("b", 100), Project("c", 100)]
    ballots = [{"choices": ["a", "b", "c"]}] * 3 + [{"choices": ["a"]}]
    election = Election.of("approval", projects, ballots, budget_cents=1000)
    for rule in ("greedy", "greedy_no_skip", "equal_shares", "equal_shares_add1"):
        assert run(rule, election).winners == ("a", "c")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("greedy", ("b", "c")), ("greedy_no_skip", ("b",)), ("greedy_eighty", ("b",)), ("equal_shares", ("b",))],
)
def test_a_withdrawn_project_never_wins_and_never_ends_the_list(rule: str, expected: tuple[str, ...]) -> None:
    projects = [
        Project("a", 99999, withdrawn=True),
        Project("b", 600),
        Project("d", 900),
        Project("c", 400),
    ]
    votes = {"a": 9, "b": 8, "d": 7, "c": 1}
    ballots = [{"choices": [one]} for one, many in votes.items() for _ in range(many)]
    election = Election.of("approval", projects, ballots, budget_cents=1000)
    if rule == "equal_shares":
        election = replace(election, budget_cents=2000)
    assert run(rule, election).winners == expected


def test_ties_fall_by_cost_then_votes_then_lottery() -> None:
    projects = [Project("a", 300), Project("b", 200), Project("c", 200)]
    ballots = [{"choices": ["a", "b", "c"]}] * 2
    election = Election.of("approval", projects, ballots, budget_cents=300)
    seed = next(s for s in map(str, range(99)) if lottery_order(s, "abc").index("c") == 0)
    outcome = run("greedy", election, lottery_order(seed, "abc"))
    assert outcome.winners == ("c",)
    assert [tie.to_json() for tie in outcome.ties] == [
        {"step": 1, "projects": ["c", "b", "a"], "decided_by": "lottery"}
    ]


def test_a_lottery_order_must_name_every_project() -> None:
    election = Election.of(
        "approval", [Project("a", 1), Project("b", 1)], [{"choices": ["a"]}], budget_cents=1
    )
    with pytest.raises(ValueError, match="does not name b"):
        run("greedy", election, ["a"])


def test_an_election_without_ballots_has_no_winner_of_equal_shares() -> None:
    election = Election.of("approval", [Project("a", 100)], [{"choices": []}], budget_cents=1000)
    outcome = run("equal_shares_add1", election)
    assert (outcome.winners, outcome.voters, outcome.blank) == ((), 0, 1)


def test_blank_ballots_get_no_share() -> None:
    projects = [Project("a", 500)]
    with_blank = Election.of("approval", projects, [{"choices": ["a"]}, {"choices": []}], budget_cents=500)
    assert run("equal_shares", with_blank).winners == ("a",)


def test_a_large_election_keeps_few_classes() -> None:
    """The table of classes is swept: it does not grow with every purchase of a large election."""
    election = random_election(3_000, 60)
    counting = Run(Field.of(election, TieOrder(election)), Fraction(election.budget_cents or 0, 3_000))
    bought = list(counting.purchases())
    assert len(bought) > 3
    assert len(counting.money) <= 2 * len(election.ballots) + 4096


def test_add1_does_not_wait_for_what_costs_more_than_there_is() -> None:
    projects = [Project("a", 500), Project("b", 10**13)]
    election = Election.of("approval", projects, [{"choices": ["a", "b"]}], budget_cents=1000)
    outcome = run("equal_shares_add1", election)
    assert (outcome.winners, outcome.runs) == (("a",), 1)


def test_add1_widens_its_steps_for_a_handful_of_voters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten voters, "a" wanted by one: 8,900 more euros would be needed one by one."""
    ballots = [{"choices": ["a"]}] + [{"choices": ["b"]}] * 9
    election = Election.of(
        "approval", [Project("a", 900_000), Project("b", 100)], ballots, budget_cents=1_000_000
    )
    exact = run("equal_shares_add1", election)
    monkeypatch.setattr(budgets, "EXACT_RUNS", 20)
    monkeypatch.setattr(budgets, "WIDER", 5)
    coarse = run("equal_shares_add1", election)
    assert exact.winners == coarse.winners == ("b", "a")
    assert coarse.spent_cents <= 1_000_000
    assert coarse.runs < 60 < exact.runs


def test_a_million_and_four_voters_are_counted() -> None:
    projects = [Project("a", 30_000_000), Project("b", 90_000_000), Project("c", 100_000_000)]
    ballots = [{"choices": ["a", "b"]}, {"choices": ["b"]}, {"choices": ["c"]}, {"choices": ["a"]}]
    election = Election.of("approval", projects, ballots, budget_cents=100_000_000)
    outcome = run("equal_shares_add1", election)
    assert outcome.spent_cents <= 100_000_000
    assert outcome.winners
    assert outcome.runs < 40_000
