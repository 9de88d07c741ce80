"""`python -m benchmarks.counting`: how fast votes are counted, beside pabutools in the same run.

Each row runs in a process of its own, so that its memory is its own. PORTAL_ORACLES_PYTHON names an
interpreter that has pabutools (extra `oracles`); without one the rows that compare say so. CPU time is
compared, since both count on one core; pabutools counts with the same whole euros.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from benchmarks.elections import random_election
from portal.voting import Ballot, Election, Terms, pabulib, run

ROOT = Path(__file__).resolve().parent.parent
Counted = dict[str, float]


@dataclass(frozen=True)
class Count:
    """One row: what is counted in its own process, and what we promise about each figure."""

    name: str
    measure: Callable[[], Counted]
    goals: dict[str, tuple[str, float]]
    needs_pabutools: bool = False
    is_long: bool = False


def ours(election: Election, rule: str, **terms: Any) -> float:
    """CPU seconds from single ballots to the winners: grouping is part of it."""
    single = [(b.options, b.values) for b in election.ballots for _ in range(b.voters)]
    began = process_time()
    grouped = tuple(Ballot(*choice, many) for choice, many in Counter(single).items())
    run(rule, replace(election, ballots=grouped), terms=Terms(**terms))
    return process_time() - began


def theirs(election: Election, measure: str, rule: str, **more: Any) -> float:
    """CPU seconds of pabutools for the same, from its plain profile to the winners."""
    pb, rules = import_module("pabutools.election"), import_module("pabutools.rules")
    projects = [pb.Project(p.id, cost=p.cost_cents // 100) for p in election.projects]
    instance = pb.Instance(projects, budget_limit=(election.budget_cents or 0) // 100)
    ballots = []
    for options, values, voters in election.ballots:
        chosen = [projects[o] for o in options]
        for _ in range(voters):
            points = dict(zip(chosen, values, strict=True)) if values else None
            ballots.append(pb.CumulativeBallot(points) if points else pb.ApprovalBallot(chosen))
    kind = pb.CumulativeProfile if election.ballots[0].values else pb.ApprovalProfile
    profile = kind(ballots, instance=instance)
    began = process_time()
    getattr(rules, rule)(instance, profile, sat_class=getattr(pb, measure), **more)
    return process_time() - began


def ratio(election: Election, measure: str, rule: str, times: int = 3, **terms: Any) -> Counted:
    """Medians of runs in turns; `pabutools` is how many times as long it takes."""
    name = "greedy_utilitarian_welfare" if rule == "greedy" else "method_of_equal_shares"
    more = {"voter_budget_increment": 1} if "add1" in rule else {}
    pairs = [(ours(election, rule, **terms), theirs(election, measure, name, **more)) for _ in range(times)]
    mine, other = median(a for a, _ in pairs), median(b for _, b in pairs)
    return {"seconds": mine, "pabutools": other / mine}


def peak_mb() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds(election: Election, rule: str) -> Counted:
    """The median of three counts, and the memory."""
    return {"seconds": median(ours(election, rule) for _ in range(3)), "MB": peak_mb()}


def wieliczka() -> Counted:
    """The real election of 6,586 voters, Add1 in 166 steps."""
    beside = [str(parent / "shared" / "data") for parent in ROOT.parents[:2]]
    folders = [os.environ["PORTAL_REAL_DATA"]] if "PORTAL_REAL_DATA" in os.environ else beside
    paths = [Path(folder) / "pb" / "Poland_Wieliczka_2023_Green_Budget.pb" for folder in folders]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        return {}
    election = pabulib.read(path).election
    return {"seconds": median(ours(election, "equal_shares_add1") for _ in range(3))}


def large_file(path: Path) -> None:
    """130,000 ballots, 200 projects, money for a quarter of them."""
    election = random_election(130_000, 200)
    ids = [project.id for project in election.projects]
    with path.open("w", encoding="utf-8") as file:
        file.write("META\nkey;value\nbudget;10000\nvote_type;approval\nrule;greedy\n")
        file.write("PROJECTS\nproject_id;cost\n")
        file.writelines(f"{one};{100 + n}\n" for n, one in enumerate(ids))
        file.write("VOTES\nvoter_id;vote\n")
        for group, ballot in enumerate(election.ballots):
            choice = ",".join(ids[o] for o in ballot.options)
            file.writelines(f"{group}-{n};{choice}\n" for n in range(ballot.voters))


def reading() -> Counted:
    """That file from the disk to an election."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.pb"
        large_file(path)
        code = "import sys, time; from benchmarks.counting import peak_mb, pabulib; b = time.process_time(); "
        code += "pabulib.read(sys.argv[1]); print(time.process_time() - b, peak_mb())"
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, cwd=ROOT
        )
    spent, memory = map(float, done.stdout.split())
    return {"seconds": spent, "MB": memory}


def importing() -> Counted:
    """That file by the command, into an empty SQLite portal: by the clock on the wall, start included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.pb"
        large_file(path)
        environ = {**os.environ, "PORTAL_INSTANCE": f"{folder}/instance", "PORTAL_WORKER": "0"}
        environ.pop("PORTAL_DATABASE_URL", None)
        for command in (["db", "upgrade"], ["import", "round", str(path)]):
            began = perf_counter()
            whole = [sys.executable, "-m", "portal", *command]
            subprocess.run(whole, capture_output=True, check=True, cwd=ROOT, env=environ)
        spent = perf_counter() - began
    return {"seconds": spent, "MB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def memory() -> Counted:
    """100,000 voters, 500 projects: the memory of each, in processes of their own."""
    found = {}
    for who in ("ours", "theirs"):
        call = "ours(e, 'equal_shares')"
        if who == "theirs":
            call = "theirs(e, 'Cost_Sat', 'method_of_equal_shares')"
        code = "from benchmarks.counting import *; e = random_election(100_000, 500); "
        code += f"{call}; print(peak_mb())"
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        found[who] = float(done.stdout.split()[-1])
    return {"MB": found["ours"], "pabutools": found["theirs"] / found["ours"]}


def _town(points: int = 0) -> Election:
    return random_election(10_000, 200, points=points)


def _rich_town() -> Election:
    return random_election(10_000, 200, scale=10)


AT_LEAST, AT_MOST = "≥", "≤"
COUNTS = [
    Count(
        "Equal Shares, approvals worth their cost, 10,000 × 200",
        lambda: ratio(_town(), "Cost_Sat", "equal_shares"),
        {"pabutools": (AT_LEAST, 25), "seconds": (AT_MOST, 1)},
        needs_pabutools=True,
    ),
    Count(
        "Equal Shares, approvals, 10,000 × 200",
        lambda: ratio(_town(), "Cardinality_Sat", "equal_shares", worth_cost=False),
        {"pabutools": (AT_LEAST, 15), "seconds": (AT_MOST, 1)},
        needs_pabutools=True,
    ),
    Count(
        "Equal Shares, points, 10,000 × 200",
        lambda: ratio(_town(5), "Additive_Cardinal_Sat", "equal_shares"),
        {"pabutools": (AT_LEAST, 7), "seconds": (AT_MOST, 1)},
        needs_pabutools=True,
    ),
    Count(
        "greedy, 10,000 × 200",
        lambda: ratio(_town(), "Cost_Sat", "greedy"),
        {"pabutools": (AT_LEAST, 15), "seconds": (AT_MOST, 1)},
        needs_pabutools=True,
    ),
    Count(
        "Add1, 10,000 × 200",
        lambda: ratio(_rich_town(), "Cost_Sat", "equal_shares_add1", times=1),
        {"pabutools": (AT_LEAST, 8)},
        needs_pabutools=True,
        is_long=True,
    ),
    Count("memory, 100,000 × 500", memory, {"pabutools": (AT_LEAST, 20)}, needs_pabutools=True, is_long=True),
    Count(
        "Equal Shares, 10,000 × 200, alone",
        lambda: seconds(_town(), "equal_shares"),
        {"seconds": (AT_MOST, 1)},
    ),
    Count(
        "Equal Shares, 100,000 × 500, alone",
        lambda: seconds(random_election(100_000, 500), "equal_shares"),
        {"seconds": (AT_MOST, 8), "MB": (AT_MOST, 340)},
    ),
    Count("Add1, Wieliczka 2023", wieliczka, {"seconds": (AT_MOST, 1.5)}),
    Count("reading 130,000 ballots", reading, {"seconds": (AT_MOST, 30), "MB": (AT_MOST, 200)}),
    Count("importing 130,000 ballots", importing, {"seconds": (AT_MOST, 30)}),
]


def interpreter() -> str | None:
    """A Python that has pabutools, or None."""
    named = os.environ.get("PORTAL_ORACLES_PYTHON")
    if named:
        return named
    return sys.executable if find_spec("pabutools") else None


def line(count: Count, python: str | None) -> tuple[str, int]:
    """The row as Markdown, and how many promises it breaks."""
    if count.needs_pabutools and python is None:
        return f"| {count.name} | – | – | – | pabutools is not installed |", 0
    command = [python or sys.executable, "-m", "benchmarks.counting", "--one", count.name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        return f"| {count.name} | – | – | – | failed: {done.stderr.strip().splitlines()[-1:]} ✗ |", 1
    found: Counted = json.loads(done.stdout.splitlines()[-1])
    if not found:
        return f"| {count.name} | – | – | – | the file is not here |", 0
    kept, broken = [], 0
    for what, (sign, goal) in count.goals.items():
        is_kept = found[what] >= goal if sign == AT_LEAST else found[what] <= goal
        unit = {"pabutools": "times", "seconds": "s", "MB": "MB"}[what]
        kept.append(f"{sign} {goal:g} {unit} {'✓' if is_kept else '✗'}")
        broken += not is_kept
    figures = [
        f"{found['seconds']:.3f}" if "seconds" in found else "–",
        f"{found['pabutools']:.0f}" if "pabutools" in found else "–",
        f"{found['MB']:.0f}" if "MB" in found else "–",
    ]
    return "| " + " | ".join([count.name, *figures, ", ".join(kept)]) + " |", broken


def table(*, quick: bool = False) -> tuple[str, int]:
    """All rows as Markdown, and how many promises are broken. Quick: without those that take minutes."""
    python = interpreter()
    rows = [line(count, python) for count in COUNTS if not (quick and count.is_long)]
    head = "| counting | CPU s | times as fast as pabutools | peak MB | goal |\n|---|---|---|---|---|"
    return "\n".join([head, *(text for text, _ in rows)]), sum(broken for _, broken in rows)


def main(arguments: list[str]) -> int:
    """Prints the table; `--one NAME` measures one row in this process."""
    if arguments[:1] == ["--one"]:
        (count,) = [count for count in COUNTS if count.name == arguments[1]]
        print(json.dumps(count.measure()))
        return 0
    text, broken = table(quick="--quick" in arguments)
    print(text)
    if broken:
        print(f"\n{broken} promises are not kept (✗).")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
