"""`python -m benchmarks.ballots`: a thousand people vote within a minute, through two server processes.

Everybody has begun, chosen and looked at the last page; then all press "cast", evenly over fifty seconds.
Afterwards the box is compared with what people were told: nothing lost, nothing twice.
"""

import argparse
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from flask import Flask
from sqlalchemy import func, select

from benchmarks.load import Connection, Post
from benchmarks.processes import Server, running
from portal.app import create_app
from portal.core.db import Base, db, session
from portal.core.settings import load_settings
from portal.rounds.models import Ballot, BallotDraft, BallotKind
from tests.support.factories import make_resident, sign_in
from tests.support.factories_ballots import make_box
from tests.support.people import Person
from tests.support.services import running_postgres

PROCESSES, CONNECTIONS, OPTIONS = 2, 8, 30
# A thousand press the button within 50 seconds, and all have their answer within a minute.
SPREAD, GOAL_SECONDS, GOAL_P95_MS = 0.05, 60.0, 1_000.0


@dataclass(frozen=True)
class Outcome:
    """What one run saw, and what lies in the box."""

    voters: int
    seconds: float
    p95_ms: float
    ballots: int
    revisions: int
    drafts: int

    @property
    def lost(self) -> int:
        """Told "counted", and not in the box."""
        return self.voters - self.ballots

    @property
    def doubled(self) -> int:
        """Counted more than once."""
        return self.revisions - self.ballots

    @property
    def is_kept(self) -> bool:
        """Whether the promise holds: a thousand in a minute, none lost, none twice."""
        in_time = self.seconds * 1000 / self.voters <= GOAL_SECONDS
        return in_time and not self.lost and not self.doubled and self.p95_ms <= GOAL_P95_MS

    def line(self, name: str) -> str:
        """One line of the report."""
        mark = "✓" if self.is_kept else "✗"
        return (
            f"| {self.voters:,} ballots, {PROCESSES} processes, {name} | {self.seconds:.1f} s | p95"
            f" {self.p95_ms:.0f} ms | lost {self.lost} | doubled {self.doubled} | in a minute, p95 ≤"
            f" {GOAL_P95_MS:.0f} ms, 0 lost, 0 doubled {mark} |"
        )


def prepare(settings: dict[str, str], voters: int) -> list[Post]:
    """Tables, a round, and so many people on the last page; the forms they are about to send."""
    app = create_app(load_settings({f"PORTAL_{name.upper()}": value for name, value in settings.items()}))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        vote = make_box(BallotKind.BASKET, options=OPTIONS, budget_cents=10**9)
        path = f"/de/votes/{vote.public_id}/ballot"
        forms = [_about_to_cast(app, path, number) for number in range(voters)]
        session.remove()
        db.engine.dispose()
        return forms


def _about_to_cast(app: Flask, path: str, number: int) -> Post:
    account, person = make_resident(), Person(app)
    with app.app_context():
        sign_in(person.client, account)
        token = person.token("/de/account")
        person.client.post(f"{path}/begin", data={"csrf_token": token})
        chosen = {f"v-{number % OPTIONS + 1}": "1", f"v-{(number + 7) % OPTIONS + 1}": "1"}
        shown = [name.removeprefix("v-") for name in chosen]
        person.client.post(path, data={"csrf_token": token, "go": "check", "shown": shown, **chosen})
        page = person.client.get(f"{path}/check").get_data(as_text=True)
    fields = dict(re.findall(r'name="(seen|ballot)" value="([^"]*)"', page))
    draft = person.client.get_cookie("ballot")
    cookies = f"{person.jar()}; ballot={draft.value if draft else ''}"
    headers = {"Cookie": cookies, "X-Forwarded-For": f"10.{number // 250}.{number % 250}.1"}
    return Post(f"{path}/cast", headers, form={"csrf_token": token, **fields})


def cast_all(servers: list[Server], forms: list[Post], over: float) -> tuple[float, list[float]]:
    """Send every form once, evenly over so many seconds (0: at once), over some connections to each server.

    Returns the seconds in all, and of each answer from the moment the person pressed the button.
    """
    waiting, lock, times, problems = (
        iter(enumerate(forms)),
        threading.Lock(),
        list[float](),
        list[Exception](),
    )
    start = time.perf_counter()

    def one(server: Server) -> None:
        try:
            connection = Connection(server.port)
            with connection.socket:
                while True:
                    with lock:
                        number, form = next(waiting, (0, None))
                    if form is None:
                        return
                    pressed = start + number * over / len(forms) if over else time.perf_counter()
                    time.sleep(max(0.0, pressed - time.perf_counter()))
                    connection.ask(form)
                    times.append(time.perf_counter() - pressed)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=one, args=(server,)) for server in servers for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return time.perf_counter() - start, times


def run(settings: dict[str, str], voters: int, over: float = 0.0) -> Outcome:
    """Everybody votes once in a fresh portal with these settings."""
    forms = prepare(settings, voters)
    with ExitStack() as stack:
        servers = [
            stack.enter_context(running("portal", "serve", ready="/healthz", **settings))
            for _ in range(PROCESSES)
        ]
        seconds, times = cast_all(servers, forms, over)
    app = create_app(load_settings({f"PORTAL_{name.upper()}": value for name, value in settings.items()}))
    with app.app_context():
        ballots, revisions = session.execute(select(func.count(), func.sum(Ballot.revision))).one()
        drafts = session.scalar(select(func.count()).select_from(BallotDraft)) or 0
        session.remove()
        db.engine.dispose()
    return Outcome(voters, seconds, quantiles(times, n=20)[18] * 1000, ballots, revisions or 0, drafts)


def both(voters: int) -> Iterator[tuple[str, Outcome]]:
    """One run on each database."""
    with tempfile.TemporaryDirectory(prefix="ballots-") as folder, running_postgres() as postgres:
        for name in ("sqlite", "postgresql"):
            settings = {"instance": str(Path(folder) / name), "worker": "0", "proxy_hops": "1"}
            if name == "postgresql":
                settings["database_url"] = postgres.url(postgres.create())
            yield name, run(settings, voters, voters * SPREAD)


def table(*, quick: bool) -> tuple[str, int]:
    """The lines of `make bench`, and how many promises are not kept."""
    found = list(both(100 if quick else 1_000))
    head = (
        "| what | all answered after | p95 | told “counted” and lost | counted twice | goal |\n"
        + "|---" * 6
        + "|"
    )
    lines = [head, *(outcome.line(name) for name, outcome in found)]
    return "\n".join(lines), sum(not outcome.is_kept for _, outcome in found)


def main(given: list[str]) -> int:
    """Both databases, one line each."""
    parser = argparse.ArgumentParser(prog="benchmarks.ballots", description=__doc__)
    parser.add_argument("--voters", type=int, default=1_000)
    for name, outcome in both(parser.parse_args(given).voters):
        print(outcome.line(name), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
