"""What we write, we recount exactly, whatever was decided and how."""

from hashlib import sha256
from pathlib import Path

import pytest

from portal.voting import Election, Kind, Project, Rule, Terms, lottery_order, run
from portal.voting.pabulib import read, write
from portal.voting.recount import recount_file
from tests.voting.rounds import WAYS, ballots, head, projects


@pytest.mark.parametrize(("kind", "rule", "terms"), WAYS)
def test_what_is_written_is_recounted_to_the_same_outcome(
    tmp_path: Path, kind: Kind, rule: Rule, terms: Terms
) -> None:
    listed = projects()
    box = ballots(kind, listed)
    drawn = lottery_order("seed", [project.id for project in listed])
    budget = 5_000_00 if rule.startswith(("greedy", "equal")) else None
    election = Election.of(kind, listed, [content for _, content in box], budget_cents=budget)
    outcome = run(rule, election, drawn, terms)
    path = tmp_path / "round.pb"
    top = head(kind, rule, terms=terms, budget_cents=budget, points_total=30)
    hashed = write(path, top, listed, box, outcome=outcome, lottery=drawn)
    assert hashed == sha256(path.read_bytes()).hexdigest()
    found = recount_file(path)
    assert (found.is_equal, found.exit_code, found.rule) == (True, 0, rule)
    assert found.outcome.winners == outcome.winners
    assert found.outcome.ties == outcome.ties
    assert found.file.election.voters == election.voters
    assert [note for note in found.file.notes if note.code != "conflicts_from_comment"] == []


def test_the_same_round_gives_the_same_bytes(tmp_path: Path) -> None:
    listed = projects()
    box = ballots(Kind.APPROVAL, listed)
    top = head(Kind.APPROVAL, Rule.EQUAL_SHARES_ADD1)
    hashes = {write(tmp_path / "a.pb", top, listed, order, outcome=None) for order in (box, box[::-1])}
    assert len(hashes) == 1


def test_conflicts_and_withdrawals_come_back(tmp_path: Path) -> None:
    listed = [*projects(withdrawn=True)]
    listed[2] = Project("p3", listed[2].cost_cents, "C", excluded_with=frozenset({"p4"}))
    path = tmp_path / "round.pb"
    write(path, head(Kind.APPROVAL, Rule.EQUAL_SHARES_ADD1), listed, ballots(Kind.APPROVAL, listed))
    found = {project.id: project for project in read(path).election.projects}
    assert [one for one, project in found.items() if project.withdrawn] == ["p2"]
    assert found["p3"].excluded_with == {"p4"}
    assert found["p4"].excluded_with == {"p3"}
    assert "rule;unknown" in path.read_text(encoding="utf-8")


def test_nothing_of_a_voter_is_written_but_the_code(tmp_path: Path) -> None:
    listed = projects()
    path = tmp_path / "round.pb"
    write(path, head(Kind.APPROVAL, Rule.GREEDY), listed, ballots(Kind.APPROVAL, listed))
    lines = path.read_text(encoding="utf-8").splitlines()
    header = lines.index("VOTES") + 1
    assert lines[header] == "voter_id;vote"
    codes = [line.split(";")[0] for line in lines[header + 1 :]]
    assert codes == sorted(codes)
    assert "BLANK" not in codes
    assert "Blank ballots, not listed and without a share: 1." in "\n".join(lines)


def test_columns_are_written_in_the_order_of_the_format(tmp_path: Path) -> None:
    listed = projects(3)
    path = tmp_path / "round.pb"
    columns = {"p1": {"latitude": "50.1", "longitude": "8.2", "category": "a,b", "district": "Nord"}}
    box = ballots(Kind.APPROVAL, listed)
    write(path, head(Kind.APPROVAL, Rule.GREEDY), listed, box, columns=columns)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[lines.index("PROJECTS") + 1] == (
        "project_id;cost;votes;name;category;district;latitude;longitude"
    )
    assert read(path).rows["p2"]["district"] == "-"
