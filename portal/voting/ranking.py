"""Rankings: who wins every duel wins; if nobody does, Schulze's strongest paths decide."""

from __future__ import annotations

from portal.voting.choosing import ranked
from portal.voting.election import Election
from portal.voting.outcome import Outcome
from portal.voting.ties import TieOrder

Table = list[list[int]]


def count_ranking(election: Election, ties: TieOrder, *, winners: int = 1) -> Outcome:
    """The Condorcet winner, who beats each other option one against one; else Schulze with winning votes.

    A duel is won by the option that more ballots put before the other. A path's strength is that of its
    weakest victory, counted in votes for the winner of the duel. A beats B if its strongest path to B is
    stronger than B's to A; somebody always is beaten by nobody. Several: the lottery. Equal places are
    allowed, and what a ballot does not name is last. Source: Schulze, "A new monotonic, clone-independent,
    reversal symmetric, and Condorcet-consistent single-winner election method", Social Choice and Welfare
    36, 2011; his first example, 45 voters, has no Condorcet winner, and E wins:

        >>> from portal.voting import Project, run
        >>> says = "ACBED " * 5 + "ADECB " * 5 + "BEDAC " * 8 + "CABED " * 3
        >>> says += "CAEBD " * 7 + "CBADE " * 2 + "DCEBA " * 7 + "EBADC " * 8
        >>> ballots = [{"order": [[one] for one in order]} for order in says.split()]
        >>> outcome = run("schulze", Election.of("ranking", [Project(one) for one in "ABCDE"], ballots))
        >>> outcome.winners, outcome.details["condorcet"], outcome.details["duels"]["A"]["B"]
        (('E',), None, 20)
        >>> outcome.details["paths"]["E"]["A"], outcome.details["paths"]["A"]["E"]
        (25, 24)
    """
    duels = duel_table(election)
    standing = [j for j, project in enumerate(election.projects) if not project.withdrawn]
    paths = strongest_paths(duels, standing)
    beaten = [sum(paths[i][j] > paths[j][i] for i in standing) for j in range(len(duels))]
    champions = [j for j in standing if all(duels[j][i] > duels[i][j] for i in standing if i != j)]
    ids = [project.id for project in election.projects]
    details = {
        "condorcet": ids[champions[0]] if champions else None,
        "duels": {ids[i]: {ids[j]: duels[i][j] for j in standing if j != i} for i in standing},
        "paths": {ids[i]: {ids[j]: paths[i][j] for j in standing if j != i} for i in standing},
    }
    keys = [(many,) for many in beaten]
    return ranked("schulze", election, ties, keys, ("beaten_by",), winners=winners, details=details)


def duel_table(election: Election) -> Table:
    """How many ballots put the one (row) before the other (column)."""
    size = len(election.projects)
    table = [[0] * size for _ in range(size)]
    for options, places, count in election.ballots:
        named = set(options)
        behind = [j for j in range(size) if j not in named]
        for option, place in zip(options, places, strict=True):
            row = table[option]
            for other, its in zip(options, places, strict=True):
                if place < its:
                    row[other] += count
            for other in behind:
                row[other] += count
    return table


def strongest_paths(duels: Table, among: list[int]) -> Table:
    """For each pair the strength of the strongest path, by Floyd and Warshall; 0 where there is none."""
    paths = [[0] * len(duels) for _ in duels]
    for i in among:
        for j in among:
            if duels[i][j] > duels[j][i]:
                paths[i][j] = duels[i][j]
    for via in among:
        for i in among:
            first = paths[i][via]
            if not first or i == via:
                continue
            row, last = paths[i], paths[via]
            for j in among:
                if j != i and row[j] < (through := min(first, last[j])):
                    row[j] = through
    return paths
