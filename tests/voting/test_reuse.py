"""What-ifs count a share again only where the change could matter, and find the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.voting import Election, Project, run, what_if
from portal.voting.budgets import count_shares
from portal.voting.explanation import explain
from portal.voting.reuse import Base
from portal.voting.shares import Field
from portal.voting.ties import TieOrder
from tests.voting.elections import elections


def field_of(election: Election) -> Field:
    return Field.of(election, TieOrder(election))


def bought(election: Election, share: Fraction) -> list[int]:
    return [one.project for one in count_shares(field_of(election), share)]


@settings(max_examples=150, deadline=None)
@given(elections(), st.integers(1, 2_000), st.integers(1, 4), st.integers(1, 12))
def test_beyond_its_bounds_a_change_changes_nothing(
    election: Election, numerator: int, denominator: int, more: int
) -> None:
    """The bounds hold for every loser: dearer, or with too few more voters, the count is the same."""
    share = Fraction(numerator, denominator)
    before = bought(election, share)
    losers = [j for j in range(len(election.projects)) if j not in before]
    counted = Base(field_of(election), losers, election.most_points).at(share)
    assert [one.project for one in counted.bought] == before
    for j in losers:
        for cost in {int(counted.cost[j]) + 1, int(counted.cost[j]) + 2, election.projects[j].cost_cents}:
            if cost > counted.cost[j]:
                assert bought(election.with_cost(j, cost), share) == before
        if more < counted.voters[j]:
            assert bought(election.with_more(j, more), share) == before


def large_enough() -> Election:
    """Twelve projects, sixty voters, money for some: Add1 counts many times."""
    projects = [Project(f"p{n}", 40_000 + 7_300 * n) for n in range(12)]
    ballots = [{"choices": [f"p{(v * k) % 12}" for k in (1, 3, 5)]} for v in range(1, 61)]
    ballots = [{"choices": sorted(set(one["choices"]))} for one in ballots]
    return Election.of("approval", projects, ballots, budget_cents=320_000)


def test_most_counts_are_taken_from_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than half of what counting everything again takes; and the answers are the same."""
    election = large_enough()
    outcome = run("equal_shares_add1", election)
    counts: list[Fraction] = []
    honest = what_if.count_shares

    def counting(field: Field, share: Fraction) -> object:
        counts.append(share)
        return honest(field, share)

    for place in ("what_if", "budgets"):
        monkeypatch.setattr(f"portal.voting.{place}.count_shares", counting)
    told = explain(outcome, election).to_json()
    reused, counts[:] = len(counts), []
    monkeypatch.setattr("portal.voting.why_shares.Base", lambda *_given: None)
    assert explain(outcome, election).to_json() == told
    assert outcome.runs > 10
    assert reused < len(counts) / 2
