"""The servers that tests use are real, clean and gone afterwards."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from tests.support import services

ROOT = Path(__file__).parents[2]


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""))


def test_postgres_has_what_search_needs(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        # With LC_CTYPE=C this would be empty for every language that is not written in ASCII.
        assert connection.execute("SELECT cardinality(show_trgm('مرحبا')) > 0").fetchone() == (True,)


def test_a_database_is_a_copy_of_its_template_and_its_own(postgres: services.Postgres) -> None:
    template = postgres.create()
    with connect(postgres.url(template)) as connection:
        connection.execute("CREATE TABLE thing (id int)")
    copy = postgres.create(template)
    with connect(postgres.url(copy)) as connection:
        connection.execute("INSERT INTO thing VALUES (1)")
    with connect(postgres.url(template)) as connection:
        assert connection.execute("SELECT count(*) FROM thing").fetchone() == (0,)
    postgres.drop(copy)
    postgres.drop(template)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_postgres_starts_as_root_where_user_namespaces_are_off() -> None:
    server = services.Postgres(user_namespaces=False)
    try:
        server.start()
        with connect(server.url("postgres")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()
    assert not server.folder.exists()


def test_valkey_is_empty_for_every_test(valkey_url: str) -> None:
    client = redis.Redis.from_url(valkey_url)
    assert client.dbsize() == 0
    client.set("left", "behind")
    client.close()


def test_valkey_is_empty_again(valkey_url: str) -> None:
    client = redis.Redis.from_url(valkey_url)
    assert client.get("left") is None
    client.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_no_server_outlives_tests_that_were_killed() -> None:
    script = (
        "import time\n"
        "from tests.support import services\n"
        "with services.running_postgres() as server, services.running_valkey() as url:\n"
        "    print(server._process.pid, url, server.folder, flush=True)\n"
        "    time.sleep(60)\n"
    )
    tests = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert tests.stdout is not None
    pid, url, folder = tests.stdout.readline().split()
    tests.send_signal(signal.SIGKILL)
    tests.wait()
    tests.stdout.close()
    assert gone(int(pid))
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(url).ping()
    services.shutil.rmtree(folder)


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or ") Z " in status.read_text(encoding="ascii"):
            return True
        time.sleep(0.05)
    return False
