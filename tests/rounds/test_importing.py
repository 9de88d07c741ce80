"""Importing whole elections: everything is there, within the page budgets; twice is once."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import session, transaction
from portal.rounds.models import Ballot, Round, RoundExplanation, RoundOption
from portal.rounds.operations.counting import keep_explanation
from portal.rounds.operations.importing import import_round
from portal.rounds.queries import logbook, resulting
from portal.voting.pabulib import BadFile

DATA = Path(os.environ.get("PORTAL_REAL_DATA", "/nowhere")) / "pb"
SMALL = """META
key;value
description;Budget of Lindental
country;Germany
unit;Lindental
instance;2026
num_projects;3
num_votes;5
budget;1000
vote_type;approval
rule;greedy
date_begin;01.05.2026
date_end;20.05.2026
language;de
currency;EUR
PROJECTS
project_id;cost;votes;name;selected
1;600;4;Bank;1
2;500;3;Baum;0
3;300;2;Licht;1
VOTES
voter_id;vote
a;1,2
b;1,3
c;1
d;2,3,1
e;2
"""
LIMIT = 14 * 1024


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A file of five ballots."""
    path = tmp_path / "lindental.pb"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_everything_of_the_file_is_there(both: Flask, small: Path) -> None:
    with transaction():
        done = import_round(small, title="Unser Budget")
        pid, round_id = done.vote.public_id, done.vote.id
    assert (done.is_new, done.ballots) == (True, 5)
    with transaction(write=False):
        mine = select(func.count()).select_from(Ballot).where(Ballot.round_id == round_id)
        assert session.scalar(mine) == 5
        vote = session.get_one(Round, round_id)
        found = resulting.found_of(vote)
        assert found is not None
        assert [one.option.code for one in found.winners] == ["1", "3"]
        assert [one.option.title for one in found.options] == ["Bank", "Licht", "Baum"]
        assert resulting.file_content(vote) == small.read_bytes()
        assert logbook.is_unbroken(vote)
    page = both.test_client().get(f"/en/votes/{pid}/result").text
    assert "Not said how" not in page
    assert "Imported from a file" in page
    assert "The result is the same as the one the town published" in page
    assert "When its turn came €400 were left. €100 were missing." in page
    option = both.test_client().get(f"/en/votes/{pid}/result/options/2").text
    assert "€100 were missing" in option
    data = both.test_client().get(f"/en/votes/{pid}/result/ballots.pb").data
    assert data == small.read_bytes()


def test_the_same_bytes_are_one_round(app: Flask, small: Path) -> None:
    with transaction():
        first = import_round(small).vote.id
    with transaction():
        again = import_round(small)
    assert (again.vote.id, again.is_new) == (first, False)
    with transaction(write=False):
        assert session.scalar(select(func.count()).select_from(Round)) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("c;1\n", "c;9\n"), "not listed"),
        (("2;500;3", "2;viel;3"), "cost"),
        (("VOTES\n", ""), "not a number"),
        (("budget;1000", "budget;"), "budget"),
        (("META", "<script>alert(1)</script>"), "META"),
    ],
)
def test_a_broken_file_imports_nothing(app: Flask, small: Path, change: tuple[str, str], reason: str) -> None:
    small.write_text(SMALL.replace(*change), encoding="utf-8")
    with pytest.raises(BadFile, match=reason), transaction():
        import_round(small)
    with transaction(write=False):
        for model in (Round, RoundOption, Ballot):
            assert session.scalar(select(func.count()).select_from(model)) == 0


def test_a_file_with_strange_costs_says_what_it_does(app: Flask, small: Path) -> None:
    """Nothing is refused or changed: the file is the truth. What costs nothing or too much is said."""
    small.write_text(SMALL.replace("1;600;4", "1;0;4").replace("2;500;3", "2;5000;3"), encoding="utf-8")
    with transaction():
        done = import_round(small)
        pid, round_id = done.vote.public_id, done.vote.id
    said = " ".join(done.oddities)
    assert "1 costs nothing: kept and counted as it stands" in said
    assert "2 costs more than the budget: kept, it cannot win" in said
    with transaction(write=False):
        costs = {one.code: one.cost_cents for one in resulting.options_of(session.get_one(Round, round_id))}
    assert costs == {"1": 0, "2": 500_000, "3": 30_000}
    assert app.test_client().get(f"/de/votes/{pid}/result").status_code == 200
    assert app.test_client().get(f"/de/votes/{pid}/result/options/2").status_code == 200


def test_hostile_names_are_shown_as_text(app: Flask, small: Path) -> None:
    small.write_text(SMALL.replace("Bank", "<img src=x onerror=alert(1)> \u202eknaB"), encoding="utf-8")
    with transaction():
        pid = import_round(small).vote.public_id
    page = app.test_client().get(f"/de/votes/{pid}/result").text
    assert "<img src=x" not in page
    assert "\u202e" not in page


def test_every_option_has_its_page_whatever_its_number_looks_like(app: Flask, tmp_path: Path) -> None:
    """Gdynia and Katowice number their projects with strokes: 2022/KAG/0005."""
    strange = tmp_path / "strange.pb"
    text = SMALL.replace("\n3;", "\n2022/KAG/0005;").replace(",3", ",2022/KAG/0005")
    strange.write_text(text, encoding="utf-8")
    with transaction():
        pid = import_round(strange).vote.public_id
    browser = app.test_client()
    page = browser.get(f"/en/votes/{pid}/result").text
    links = set(re.findall(rf'href="(/en/votes/{pid}/result/options/[^"]+)"', page))
    assert f"/en/votes/{pid}/result/options/2022/KAG/0005" in links
    assert [browser.get(link).status_code for link in links] == [200, 200, 200]


@pytest.mark.skipif(not DATA.is_dir(), reason="PORTAL_REAL_DATA names no folder with real elections")
def test_every_real_election_stays_within_the_page_budget(app: Flask) -> None:
    sizes = {}
    for path in sorted(DATA.glob("*.pb")):
        with transaction():
            vote = import_round(path).vote
            pid, code = vote.public_id, fill_in_figures(vote.id)
        session.expunge_all()
        for language in ("de", "ar"):
            for page in ("", "?page=2", f"/options/{code}"):
                answer = app.test_client().get(f"/{language}/votes/{pid}/result{page}")
                assert answer.status_code == 200, path.name
                sizes[path.name, language, page] = len(brotli.compress(answer.data, quality=5))
    assert len(sizes) >= 43 * 6
    assert max(sizes.values()) <= LIMIT, max(sizes, key=lambda one: sizes[one])


def fill_in_figures(round_id: int) -> str:
    """The figures that are worked out later, which take minutes here: the pages are as heavy as they get."""
    told = json.loads(session.get_one(RoundExplanation, round_id).content)
    for place, one in enumerate(told["options"]):
        one |= {"effective_support_percent": 17 + place, "price_cents_that_wins": 1_234_500 + place}
        one |= {"more_votes_that_win": 123 + place}
    keep_explanation(round_id, json.dumps(told))
    return str(told["options"][-1]["id"])
