"""Server processes under measurement: how they start, what they cost."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load import Connection, Get
from tests.support.services import die_with_parent, free_port, wait_for_port

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A running server process."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, started_in: float) -> None:
        self.process = process
        self.port = port
        self.started_in = started_in

    def ask(self, request: Get) -> int:
        """One request, outside any measurement."""
        connection = Connection(self.port)
        with connection.socket:
            return connection.ask(request)

    def memory_mb(self) -> float:
        """Resident memory at this moment."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@contextmanager
def running(module: str, *arguments: str, ready: str = "/", **settings: str) -> Iterator[Server]:
    """A server for the length of the block: `python -m module`, with these PORTAL_ settings."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    chosen = {f"PORTAL_{name.upper()}": value for name, value in settings.items()}
    begin = time.perf_counter()
    # The log is written as in real life, since it costs time, too; but to a file, not over the table.
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed below, after the process that writes to it
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**clean, **chosen, "PORTAL_PORT": str(port), "PORTAL_BASE_URL": "http://localhost"},
        stdout=log,
        stderr=log,
        preexec_fn=die_with_parent(9),
    )
    try:
        wait_for_port(port, process)
        server = Server(process, port, 0.0)
        server.ask(Get(ready))
        server.started_in = time.perf_counter() - begin
        yield server
    except Exception as problem:
        log.seek(0)
        problem.add_note("The end of the server's log:\n" + log.read()[-2_000:].decode(errors="replace"))
        raise
    finally:
        process.terminate()
        process.wait(timeout=60)
        log.close()


def cpu_ms(pids: Iterable[int]) -> float:
    """CPU time these processes have used so far, in the program and in the kernel."""
    total = 0
    for pid in pids:
        # The name in brackets may hold spaces; what follows it may not.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS * 1000
