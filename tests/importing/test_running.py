"""Importing: nothing twice, nothing half, found by search, and steady in memory."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from portal import cli
from portal.cli import importing
from portal.cli import search as searching
from portal.core import search
from portal.core.db import transaction
from portal.importing.running import BATCH, check_file, import_file
from portal.places.operations import load_districts
from portal.proposals.models import Stage, Topic
from portal.proposals.queries import ListFilter, find_proposals, proposal_by_id, version_of
from tests.importing.helpers import (
    all_imported,
    cells,
    how_many,
    many_rows,
    resident_bytes,
    stop_after,
    table,
)
from tests.support.queries import counted_queries

REAL = os.environ.get("PORTAL_REAL_DATA", "")
DISTRICTS = Path(cli.__file__).parents[1] / "demo" / "data" / "districts.geojson"


def test_good_rows_become_public_proposals(both: Flask, tmp_path: Path) -> None:
    assert import_file(table(tmp_path)) == 3
    first, second, third = all_imported()
    assert (first["title"], first["what_md"], first["why_md"]) == (
        "Bank vor der Kita",
        "Eine Bank mit Lehne.",
        "Zum Ausruhen.",
    )
    assert first["what_html"] == "<p>Eine Bank mit Lehne.</p>\n"
    assert (first["cost_cents"], first["cost_currency"]) == (123_450, "EUR")
    assert (first["topic"], first["stage"], first["listed"]) == (Topic.MEETING, Stage.COLLECTING, True)
    assert first["published_at"] == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert (first["imported_from"], first["import_key"]) == ("wishes", "a1")
    assert (second["topic"], second["cost_cents"]) == (Topic.STREETS, 1_200_000)
    assert third["what_md"] == "Zwei Körbe;\nund ein Besen."
    assert len({row["thread_id"] for row in (first, second, third)} - {None}) == 3
    assert len({row["shuffle"] for row in (first, second, third)}) == 3
    assert [row["author_id"] for row in (first, second, third)] == [None, None, None]


def test_the_first_version_is_kept(both: Flask, tmp_path: Path) -> None:
    import_file(table(tmp_path))
    with transaction(write=False):
        proposal = proposal_by_id(all_imported()[0]["id"])
        assert proposal is not None
        version = version_of(proposal, 1)
        assert version is not None
        assert (version.title, version.what_md) == (proposal.title, proposal.what_md)


def test_running_twice_imports_nothing_twice(both: Flask, tmp_path: Path) -> None:
    assert import_file(table(tmp_path)) == 3
    before = all_imported()
    assert import_file(table(tmp_path)) == 0
    assert all_imported() == before


def test_what_people_changed_since_stays(both: Flask, tmp_path: Path) -> None:
    import_file(table(tmp_path))
    with transaction():
        proposal = proposal_by_id(all_imported()[0]["id"])
        assert proposal is not None
        proposal.title, proposal.stage = "Bank und Tisch", Stage.ACCEPTED
    import_file(table(tmp_path))
    assert cells(all_imported(), "title", "stage")[0] == ("Bank und Tisch", Stage.ACCEPTED)


def test_another_source_with_the_same_numbers_is_another_list(both: Flask, tmp_path: Path) -> None:
    import_file(table(tmp_path))
    assert import_file(table(tmp_path), name="Nordstadt") == 3


def test_rows_without_numbers_are_known_again_by_their_words(both: Flask, tmp_path: Path) -> None:
    path = table(tmp_path, "title;what\nEine Bank;Aus Holz\nEin Baum;Eine Linde\n")
    assert (import_file(path), import_file(path)) == (2, 0)


def test_stopped_in_the_middle_and_run_again(both: Flask, tmp_path: Path) -> None:
    path = many_rows(tmp_path, 3 * BATCH + 7)
    with pytest.raises(KeyboardInterrupt):
        import_file(path, progress=stop_after(BATCH))
    assert how_many() == BATCH
    assert import_file(path) == 2 * BATCH + 7
    assert how_many() == 3 * BATCH + 7


def test_search_and_lists_find_what_was_imported(both: Flask, tmp_path: Path) -> None:
    import_file(table(tmp_path))
    with transaction(write=False):
        assert [hit.kind for hit in search.find("zebrastreifen", ("proposal",))] == ["proposal"]
        assert find_proposals(ListFilter(words="besen")).rows[0].title == "Müllabfuhr für den Auepark"
        assert find_proposals(ListFilter(topics=(Topic.STREETS,))).total == 1


def test_the_rebuilt_index_is_the_same(both: Flask, tmp_path: Path) -> None:
    import_file(table(tmp_path))
    assert search.rebuild() == {"group": 0, "organization": 0, "process": 0, "proposal": 3, "round": 0}
    with transaction(write=False):
        assert search.find("zebrastreifen", ("proposal",)).total == 1


def test_points_count_only_inside_the_town(both: Flask, tmp_path: Path) -> None:
    with transaction():
        load_districts(DISTRICTS)
    text = (
        "title;lat;lon;district\nHier am Markt;50.62275;9.30702;\nAnderswo;48,1;11,5;\nNur Worte;;;Altstadt\n"
    )
    import_file(table(tmp_path, text))
    here, elsewhere, words = all_imported()
    assert (here["lat"], here["lon"]) == (50.62275, 9.30702)
    assert here["district_id"] == words["district_id"] is not None
    assert (elsewhere["lat"], elsewhere["district_id"]) == (None, None)


def test_a_batch_costs_the_same_number_of_statements_for_few_and_many_rows(
    app: Flask, tmp_path: Path
) -> None:
    counts = []
    for number in (30, 300):
        with counted_queries() as seen:
            import_file(many_rows(tmp_path, number), name=f"list {number}")
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 30


def test_memory_is_steady(app: Flask, tmp_path: Path) -> None:
    sizes: list[int] = []
    import_file(many_rows(tmp_path, 12_000), progress=lambda _count: sizes.append(resident_bytes()))
    assert len(sizes) == 12_000 // BATCH
    # What grows is the memory of the numbers seen so far, about a hundred bytes a row.
    assert max(sizes) - sizes[3] < 8_000_000


def test_the_command_checks_first_and_reports(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "open_app", lambda: app)
    path = table(tmp_path, "id;title;cost\n1;Eine Bank;5\n2;;7\n3;Ein Baum;viel\n")
    dry = CliRunner().invoke(cli.main, ["import", "proposals", str(path), "--dry-run"])
    assert dry.exit_code == 0
    assert "wishes: 1 good rows (de 1), 2 rows with problems." in dry.output
    assert "line 3: the title is missing" in dry.output
    assert "line 4: “viel” is not an amount of money" in dry.output
    assert how_many() == 0
    done = CliRunner().invoke(cli.main, ["import", "proposals", str(path)])
    assert "Imported 1 new proposals; 0 were there already." in done.output
    again = CliRunner().invoke(cli.main, ["import", "proposals", str(path)])
    assert "Imported 0 new proposals; 1 were there already." in again.output
    assert how_many() == 1


def test_a_broken_file_imports_nothing(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "open_app", lambda: app)
    rows = "".join(f"{number};Vorschlag {number}\n" for number in range(2 * BATCH))
    path = table(tmp_path, "id;title\n" + rows + '99999;"never closed\n')
    result = CliRunner().invoke(cli.main, ["import", "proposals", str(path)])
    assert result.exit_code == 1
    assert "never closed. Nothing was imported." in result.output
    assert how_many() == 0


def test_the_command_rebuilds_the_index(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "open_app", lambda: app)
    import_file(table(tmp_path))
    with transaction():
        search.drop("proposal", all_imported()[0]["id"])
    result = CliRunner().invoke(cli.main, ["search", "rebuild"])
    assert (result.exit_code, result.stdout) == (
        0,
        "group: 0\norganization: 0\nprocess: 0\nproposal: 3\nround: 0\nThe index holds 3 documents.\n",
    )
    with transaction(write=False):
        assert search.find("kita", ("proposal",)).total == 1


@pytest.mark.skipif(not REAL, reason="PORTAL_REAL_DATA names no folder with the cities' files")
def test_every_real_file_imports(both: Flask) -> None:
    files = sorted((Path(REAL) / "pb").glob("*.pb"))
    assert len(files) == 43
    reports = {path.name: check_file(path) for path in files}
    assert {name: report.problems for name, report in reports.items() if report.bad} == {}
    assert sum(import_file(path) for path in files) == sum(report.good for report in reports.values()) == 748
    assert sum(import_file(path) for path in files) == 0
    with transaction(write=False):
        assert find_proposals(ListFilter(words="Miyawaki")).rows[0].language == "hu"
        assert search.find("pépinière", ("proposal",)).total >= 1
    costs = {(row["cost_currency"]) for row in all_imported()}
    assert costs == {"CAD", "CHF", "EUR", "HUF", "PLN", "USD"}
    # A cost of 999,999,999 zloty needs more than 32 bits.
    assert max(row["cost_cents"] for row in all_imported()) == 99_999_999_900
