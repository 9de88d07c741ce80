"""43 real elections: the winners of other programs, in order, and what the towns published.

Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023. The files are no part of
the project; see real_files.py for where they are looked for.
"""

import json
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from portal.voting import Terms, run
from portal.voting.pabulib import PbFile, read
from portal.voting.recount import recount_file, without_conflicts
from portal.voting.shares import Field
from portal.voting.ties import TieOrder
from portal.voting.why_shares import watch
from tests.voting.real_files import REAL, real_files

pytestmark = pytest.mark.skipif(not REAL, reason="no folder with the 43 real elections (PORTAL_REAL_DATA)")
FILES = [path.name for path in real_files()]
BY_ID = ("id",)
# Published, but not by the rule of the file: see each file's comment; Las says nothing.
UNEXPLAINED = {
    "Hungary_Budapest_2022_VIII_Jozsefvaros.pb",
    "Hungary_Budapest_2025_VIII_Jozsefvaros.pb",
    "Hungary_Veszprem_2025.pb",
    "Poland_Warszawa_2018_Las.pb",
}
# A tie that the town broke otherwise than by cost.
OTHER_TIES = {
    "Poland_Gdynia_2020_Babie_Doly__small.pb": "order of the file",
    "Poland_Warszawa_2021_Ursynow.pb": "as published",
}


@cache
def expected() -> dict[str, dict[str, Any]]:
    assert REAL is not None
    found: dict[str, dict[str, Any]] = json.loads((REAL / "expected.json").read_text())
    return found


@cache
def file(name: str) -> PbFile:
    assert REAL is not None
    return read(REAL / name)


def test_no_file_is_missing() -> None:
    assert sorted(expected()) == FILES
    assert len(FILES) == 43


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_read_as_it_is(name: str) -> None:
    pb, said = file(name), expected()[name]
    assert pb.election.voters == said["voters"]
    assert len(pb.election.projects) == said["projects"]
    assert (pb.meta["vote_type"], pb.meta["rule"]) == (said["vote_type"], said["rule"])
    assert (pb.published and list(pb.published)) == said["published"]
    assert [note for note in pb.notes if note.code != "conflicts_from_comment"] == []


@pytest.mark.parametrize("name", FILES)
def test_the_winners_of_equal_shares_come_in_the_order_of_pabutools(name: str) -> None:
    election, said = without_conflicts(file(name)).election, expected()[name]
    for by_cost, key in ((True, "mes_cost_lexicographic_ties"), (False, "mes_one_lexicographic_ties")):
        if key in said:
            outcome = run("equal_shares", election, terms=Terms(tie_order=BY_ID, worth_cost=by_cost))
            assert list(outcome.winners) == said[key]


@pytest.mark.parametrize("name", FILES)
def test_published_outcomes_are_recounted(name: str) -> None:
    assert REAL is not None
    found, said = recount_file(REAL / name), expected()[name]["published"]
    assert found.is_equal == (None if said is None else name not in UNEXPLAINED)
    assert found.exit_code == (1 if name in UNEXPLAINED else 0)
    assert found.ties_by == OTHER_TIES.get(name, "cost, votes, order of the file")
    if "equalshares_add1" in expected()[name]:
        assert set(found.outcome.winners) == set(expected()[name]["equalshares_add1"]["winners"])


def test_the_file_where_floats_elect_nobody() -> None:
    pb = file("Poland_Warszawa_2019_RadiowoWolka_WeglowaPlacowkaHuta.pb")
    assert run("equal_shares", pb.election).winners == ("946",)


def test_wieliczka_s_published_figures() -> None:
    """Behind project 21 stood 93,873, behind 16 49,998 of 50,000 (99 %); the city says 93,900 and 49,998.

    The share is that of the city's own count, 2,080,104 / 6,586 = 315.84; ours comes to whole zlotys, 315.
    """
    election = file("Poland_Wieliczka_2023_Green_Budget.pb").election
    field = Field.of(election, TieOrder(election))
    losers = [election.positions[one] for one in ("21", "16")]
    seen = watch(field, Fraction(208_010_400, 6_586), losers)
    behind = {one: seen[election.positions[one]] for one in ("21", "16")}
    assert round(behind["21"].left_then / 100) == 93_873
    assert round(behind["16"].left_then / 100) == 49_998
    assert behind["16"].effective_percent == 99


def test_the_share_and_the_steps_in_wieliczka() -> None:
    pb = file("Poland_Wieliczka_2023_Green_Budget.pb")
    outcome = run("equal_shares_add1", pb.election)
    assert (outcome.final_share, outcome.runs, outcome.ties) == (31_500, 166, ())
    assert outcome.spent_cents == 99_507_900


def test_poznan_s_rule_differs_from_greedy(tmp_path: Path) -> None:
    """13 - Jeżyce: greedy would go on down the list; the town's rule ends at the first that does not fit."""
    pb = file("Poland_Poznan_2023_13_-_Jezyce_sw.Lazarz.pb")
    assert pb.published is not None
    assert pb.rule == "greedy_eighty"
    assert set(run("greedy", pb.election).winners) > set(pb.published)
