"""The bench measures what it says and refuses to measure an error page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.load import Get, Load, UnexpectedAnswer
from benchmarks.processes import Server, cpu_ms, running
from benchmarks.report import Line, Measured
from benchmarks.rows import Row, Town


def measured(per_second: float, cpu: float) -> Measured:
    return Measured(per_second, 1.0, 2.0, cpu, 0.5, 100)


def line(name: str, cpu: float, proposals: int = 1_000, **goals: float) -> Line:
    row = Row(name, lambda town: Get("/"), **goals)  # type: ignore[arg-type]
    runs = [measured(100, cpu), measured(300, cpu), measured(200, cpu)]
    return Line(row, Town("sqlite", proposals), runs, [measured(1_000, 0.2)] * 3)


@pytest.fixture(scope="module")
def hello(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running("benchmarks.hello", instance=str(tmp_path_factory.mktemp("hello"))) as server:
        yield server


def test_the_load_counts_what_was_answered_and_the_cpu_it_cost(hello: Server) -> None:
    before = cpu_ms([hello.process.pid])
    seen = Load(hello.port, Get("/")).run(0.3, connections=2)
    assert seen.requests > 20
    assert 0 < seen.p50_ms <= seen.p95_ms
    assert cpu_ms([hello.process.pid]) > before


def test_an_error_page_is_not_measured(hello: Server) -> None:
    with pytest.raises(UnexpectedAnswer, match="404 instead of 200"):
        Load(hello.port, Get("/nowhere")).run(0.3, connections=2)


def test_the_median_of_the_runs_is_compared_with_hello() -> None:
    assert line("x", 1.5).of("per_second") == 200
    assert line("x", 1.5).ratio == 0.2
    assert line("x", 1.5).cpu_ms == 2.0


def test_promises_are_kept_or_not() -> None:
    assert line("x", 1.5, cpu_ms=2.0, ratio=0.2, p95_ms=2.0).goals() == [
        ("CPU ≤ 2 ms", True),
        ("≥ 0.2 of hello", True),
        ("p95 ≤ 2 ms", True),
    ]
    assert [kept for _, kept in line("x", 1.6, cpu_ms=2.0, ratio=0.3, p95_ms=1.9).goals()] == [False] * 3


def test_growth_compares_the_largest_town_with_the_smallest() -> None:
    found = report.growth([line("list", 2.5, 100_000), line("list", 1.5, 1_000), line("list", 9.5, 10_000)])
    assert found == ["- list, sqlite: 1.50 times the CPU from 1,000 to 100,000 proposals"]


def test_the_report_keeps_what_stands_around_it(tmp_path: Path) -> None:
    path = tmp_path / "quality.md"
    report.keep("first", path)
    path.write_text(path.read_text() + "\n## Other\n")
    report.keep("second", path)
    kept = path.read_text()
    assert "second" in kept
    assert "first" not in kept
    assert kept.endswith("## Other\n")
    path.write_text("nothing")
    with pytest.raises(ValueError, match="lost the marks"):
        report.keep("third", path)
