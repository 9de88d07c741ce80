"""Other people's programs count the same: pabutools and pabulib-checker (extra `oracles`)."""

import contextlib
import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from benchmarks.elections import random_election
from portal.voting import Election, Kind, Project, Rule, Terms, explain, lottery_order, run
from portal.voting.pabulib import read, write
from portal.voting.shares import Field
from portal.voting.ties import TieOrder
from portal.voting.why_shares import watch
from tests.voting.real_files import REAL, real_files
from tests.voting.rounds import WAYS, ballots, head, projects

try:
    from pabulib.checker import Checker
except ImportError:  # an extra: the line in the report says so
    Checker = None
try:
    import pabutools.election as pbe
    from pabutools.analysis import mesanalytics
    from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
    from pabutools.tiebreaking import lexico_tie_breaking
except ImportError:
    pbe = None

needs_checker = pytest.mark.skipif(
    Checker is None, reason="pabulib-checker is not installed (extra: oracles)"
)
needs_pabutools = pytest.mark.skipif(pbe is None, reason="pabutools is not installed (extra: oracles)")
BY_ID = Terms(tie_order=("id",))


def errors_of(path: Path) -> dict[str, Any]:
    """What pabulib-checker calls an error in a file; its warnings are matters of taste."""
    with contextlib.redirect_stdout(io.StringIO()):
        results = Checker().process_files([str(path)])
    return dict(results[path.stem]["results"]["errors"])


@needs_checker
@pytest.mark.parametrize(("kind", "rule", "terms"), WAYS)
@pytest.mark.parametrize("has_winners", [True, False])
def test_pabulib_checker_finds_no_error_in_what_we_write(
    tmp_path: Path, kind: Kind, rule: Rule, terms: Terms, has_winners: bool
) -> None:
    listed = projects()
    box = ballots(kind, listed)
    drawn = lottery_order("seed", [project.id for project in listed])
    budget = 5_000_00 if rule.startswith(("greedy", "equal")) else None
    election = Election.of(kind, listed, [content for _, content in box], budget_cents=budget)
    outcome = run(rule, election, drawn, terms) if has_winners else None
    top = head(kind, rule, terms=terms, budget_cents=budget, points_total=30)
    write(tmp_path / "round.pb", top, listed, box, outcome=outcome, lottery=drawn)
    assert errors_of(tmp_path / "round.pb") == {}


@needs_checker
@pytest.mark.parametrize("rule", [Rule.GREEDY, Rule.EQUAL_SHARES_ADD1])
def test_pabulib_checker_understands_withdrawn_and_exclusive_projects(tmp_path: Path, rule: Rule) -> None:
    listed = projects(withdrawn=True)
    listed[2] = Project("p3", listed[2].cost_cents, "C", excluded_with=frozenset({"p4"}))
    box = ballots(Kind.APPROVAL, listed)
    election = Election.of("approval", listed, [content for _, content in box], budget_cents=5_000_00)
    outcome = run(rule, election, terms=Terms(threshold=1))
    write(tmp_path / "round.pb", head(Kind.APPROVAL, rule), listed, box, outcome=outcome)
    assert errors_of(tmp_path / "round.pb") == {}


@needs_checker
def test_pabulib_checker_confirms_a_large_add1_result(tmp_path: Path) -> None:
    """1,000 voters, 50 projects: the checker computes the winners again with fractions."""
    election = random_election(1_000, 50)
    ids = [project.id for project in election.projects]
    single = [[ids[o] for o in ballot.options] for ballot in election.ballots for _ in range(ballot.voters)]
    box = [(f"C{number:04}", {"choices": choice}) for number, choice in enumerate(single)]
    outcome = run("equal_shares_add1", election)
    top = head(Kind.APPROVAL, Rule.EQUAL_SHARES_ADD1, budget_cents=election.budget_cents)
    write(tmp_path / "large.pb", top, list(election.projects), box, outcome=outcome)
    assert errors_of(tmp_path / "large.pb") == {}


def pabutools_election(election: Election, folder: Path) -> tuple[Any, Any]:
    """The same election in pabutools' classes."""
    projects_ = [pbe.Project(p.id, cost=p.cost_cents) for p in election.projects]
    instance = pbe.Instance(projects_, budget_limit=election.budget_cents)
    found = []
    for options, values, voters in election.ballots:
        chosen = [projects_[o] for o in options]
        for _ in range(voters):
            if values:
                found.append(pbe.CumulativeBallot(dict(zip(chosen, values, strict=True))))
            else:
                found.append(pbe.ApprovalBallot(chosen))
    profile = pbe.CumulativeProfile if election.ballots[0].values else pbe.ApprovalProfile
    return instance, profile(found, instance=instance)


@needs_pabutools
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("points", [0, 5])
def test_pabutools_elects_the_same_in_the_same_order(tmp_path: Path, seed: int, points: int) -> None:
    election = random_election(120, 14, points=points, chosen=4, seed=seed)
    instance, profile = pabutools_election(election, tmp_path)
    worth = (
        [(None, pbe.Additive_Cardinal_Sat)]
        if points
        else [(True, pbe.Cost_Sat), (False, pbe.Cardinality_Sat)]
    )
    for by_cost, measure in worth:
        terms = Terms(tie_order=("id",), worth_cost=by_cost)
        theirs = method_of_equal_shares(
            instance, profile, sat_class=measure, tie_breaking=lexico_tie_breaking
        )
        assert run("equal_shares", election, terms=terms).winners == tuple(p.name for p in theirs)
    measure = pbe.Additive_Cardinal_Sat if points else pbe.Cost_Sat
    if not points:
        theirs = greedy_utilitarian_welfare(
            instance, profile, sat_class=measure, tie_breaking=lexico_tie_breaking
        )
        assert set(run("greedy", election, terms=BY_ID).winners) == {p.name for p in theirs}


@needs_pabutools
def test_pabutools_has_the_same_effective_support(tmp_path: Path) -> None:
    election = random_election(100, 10, chosen=4, seed=3)
    instance, profile = pabutools_election(election, tmp_path)
    outcome = run("equal_shares", election, terms=BY_ID)
    won = [p for p in instance if p.name in outcome.winners]
    theirs = mesanalytics.calculate_effective_supports(
        instance, profile, won, {"sat_class": pbe.Cost_Sat, "tie_breaking": lexico_tie_breaking}
    )
    ours = explain(outcome, election, terms=BY_ID, what_ifs=False)
    # Ours stops losers at 99: 100 is just enough.
    assert {one.id: one.effective_support_percent for one in ours.options} == {
        p.name: support if p.name in outcome.winners else min(99, support) for p, support in theirs.items()
    }


@needs_pabutools
@pytest.mark.skipif(not REAL, reason="no folder with the real files (PORTAL_REAL_DATA)")
@pytest.mark.parametrize("loser", ["16", "21"])
def test_pabutools_agrees_about_wieliczka(loser: str) -> None:
    """With the share that Add1 came to, 315.84; the city published 99 % for project 16."""
    path = next(path for path in real_files() if "Wieliczka" in path.name)
    instance, profile = pbe.parse_pabulib(str(path))
    instance.budget_limit = 2_080_104
    project = next(p for p in instance if p.name == loser)
    theirs = mesanalytics.calculate_effective_support(
        instance, profile, project, False, {"sat_class": pbe.Cost_Sat}
    )
    election = read(path).election
    field = Field.of(election, TieOrder(election))
    j = election.positions[loser]
    assert watch(field, Fraction(208_010_400, 6_586), [j])[j].effective_percent == theirs
