"""The shipped server against slow, silent, greedy and leaving clients, over real sockets on loopback."""

import contextlib
import http.client
import json
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

import psutil
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024


class Running:
    """A server process and how to talk to it."""

    def __init__(self, **options):
        self.process = subprocess.Popen(
            [sys.executable, "tests/support/bare_server.py", "0", json.dumps(options)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self.process.stdout.readline())
        self.connections = []

    def connect(self, first=b"", timeout=5.0):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        self.connections.append(connection)
        if first:
            connection.sendall(first)
        return connection

    def get(self, path="/", timeout=5.0, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def rss(self):
        return psutil.Process(self.process.pid).memory_info().rss

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.stdout.close()
        for connection in self.connections:
            connection.close()


@contextlib.contextmanager
def running(**options):
    server = Running(**options)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server():
    with running(max_body_bytes=5 * MEGABYTE) as one:
        yield one


def read_all(connection):
    """Everything the server says until it closes (a reset counts as the end)."""
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_probes_answer_while_hundreds_of_slow_and_silent_clients_hold_on(server):
    slow = [server.connect(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ") for _ in range(200)]
    slow += [
        server.connect(b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\nabc")
        for _ in range(60)
    ]
    idle = [server.connect(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(200)]
    try:
        times = []
        for _ in range(10):
            for connection in slow:
                connection.sendall(b"y")
            begun = time.monotonic()
            status, body, _ = server.get()
            times.append(time.monotonic() - begun)
            assert (status, body) == (200, b"hello")
        assert max(times) < 1.0
    finally:
        for connection in slow + idle:
            connection.close()


@pytest.mark.parametrize("expect", [b"", b"Expect: 100-continue\r\n"])
def test_a_body_over_the_limit_is_refused_at_once_and_costs_no_memory(server, expect):
    before = server.rss()
    connection = server.connect(
        b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%s\r\n" % (60 * MEGABYTE, expect)
    )
    begun = time.monotonic()
    with contextlib.suppress(ConnectionError):
        for _ in range(60):
            connection.sendall(b"x" * MEGABYTE)
    answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in answer
    assert b"nosniff" in answer
    assert b"Server:" not in answer
    assert time.monotonic() - begun < 2.0
    assert server.rss() - before < 10 * MEGABYTE
    connection.close()


def test_a_refused_client_can_read_the_answer_although_it_goes_on_sending_for_a_moment(
    server,
):
    connection = server.connect(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6000000\r\n\r\n")
    time.sleep(0.1)
    connection.sendall(b"x" * 6_000_000)  # would raise after a reset
    assert read_all(connection).startswith(b"HTTP/1.1 413 ")
    connection.close()


def test_a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not(server):
    for size, status in ((5 * MEGABYTE, b"200"), (5 * MEGABYTE + 1, b"413")):
        head = b"POST /length HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        connection = server.connect(head % size)
        connection.sendall(b"x" * size)
        assert read_all(connection).split(b" ")[1] == status
        connection.close()


def test_chunks_over_the_limit_are_refused_and_not_cut(server):
    connection = server.connect(b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        for _ in range(8):
            connection.sendall(b"%x\r\n%s\r\n" % (MEGABYTE, b"x" * MEGABYTE))
        connection.sendall(b"0\r\n\r\n")
    assert read_all(connection).startswith(b"HTTP/1.1 413 ")
    connection.close()


def test_chunks_within_the_limit_arrive_whole(server):
    connection = server.connect(
        b"POST /length HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    for _ in range(3):
        connection.sendall(b"%x\r\n%s\r\n" % (MEGABYTE, b"x" * MEGABYTE))
    connection.sendall(b"0\r\n\r\n")
    assert read_all(connection).endswith(b"\r\n\r\n%d" % (3 * MEGABYTE))
    connection.close()


def test_an_endless_chunk_line_is_refused(server):
    connection = server.connect(b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        connection.sendall(b"1" * 200_000)
    assert read_all(connection).startswith(b"HTTP/1.1 400 ")
    connection.close()


def test_headers_over_the_limit_are_refused(server):
    connection = server.connect(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"y" * 40_000 + b"\r\n\r\n")
    assert read_all(connection).startswith(b"HTTP/1.0 431 ")
    connection.close()


def test_what_a_stranger_says_about_forwarding_is_not_believed(server):
    headers = {
        "X-Forwarded-For": "1.2.3.4",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    seen = json.loads(server.get("/headers", **headers)[1])
    assert seen["REMOTE_ADDR"] == "127.0.0.1"
    assert seen["wsgi.url_scheme"] == "http"
    assert "evil.example" not in seen.values()
    assert "HTTP_X_FORWARDED_FOR" not in seen


def test_behind_a_proxy_its_headers_arrive():
    with running(proxy_hops=1) as behind:
        seen = json.loads(behind.get("/headers", **{"X-Forwarded-For": "203.0.113.7"})[1])
    assert seen["HTTP_X_FORWARDED_FOR"] == "203.0.113.7"


def drip(connection, every=0.1, seconds=8.0):
    """Seconds until the server hangs up on a client that sends one byte after the other."""
    begun = time.monotonic()
    connection.settimeout(every)
    while time.monotonic() - begun < seconds:
        try:
            connection.sendall(b"y")
            if connection.recv(100) == b"":
                break
        except TimeoutError:
            continue
        except ConnectionError:
            break
    connection.close()
    return time.monotonic() - begun


def test_dripping_headers_and_bodies_and_silent_clients_are_let_go():
    heads = [
        b"GET / HTTP/1.1\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
    ]
    with running(read_seconds=1.0, idle_seconds=1.0, sweep_seconds=0.2) as strict:
        silent = strict.connect()
        kept = strict.connect(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        times, threads = {}, []
        for head in heads:
            connection = strict.connect(head)
            thread = threading.Thread(target=lambda c=connection, h=head: times.update({h: drip(c)}))
            threads.append(thread)
            thread.start()
        assert read_all(silent) == b""
        assert read_all(kept).endswith(b"hello")
        for thread in threads:
            thread.join()
        assert set(times) == set(heads)
        assert max(times.values()) < 4.0
        assert strict.get()[0] == 200


def test_a_client_that_does_not_read_its_answer_gives_the_thread_back():
    with running(threads=1, idle_seconds=1.0, sweep_seconds=0.2) as strict:
        greedy = strict.connect(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        status, body, _ = strict.get(timeout=25.0)  # without the sweep the only thread is taken for ever
        assert (status, body) == (200, b"hello")
        greedy.close()


def test_an_answer_that_begins_late_is_not_cut_off():
    """The time to read it begins with the answer, not with the request that waited for it."""
    with running(idle_seconds=0.1, sweep_seconds=0.001) as strict:
        assert [strict.get("/slow")[:2] for _ in range(10)] == [(200, b"finished")] * 10


def test_when_all_places_are_taken_by_idle_clients_the_oldest_make_room():
    with running(connection_limit=40, idle_seconds=60.0, sweep_seconds=0.2) as small:
        idle = [small.connect() for _ in range(60)]
        assert small.get(timeout=6.0)[0] == 200
        for connection in idle:
            connection.close()


def test_sigterm_finishes_what_twelve_clients_have_begun():
    with running(threads=4) as leaving:
        results = []
        request = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"

        def ask(connection):
            results.append(read_all(connection))

        # Twelve clients that have asked, an upload half sent, one connected but not yet heard, one idle.
        asking = [leaving.connect(request) for _ in range(12)]
        half = leaving.connect(b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf")
        late = leaving.connect()
        threads = [threading.Thread(target=ask, args=(c,)) for c in asking]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        leaving.process.send_signal(signal.SIGTERM)
        late.sendall(request)
        time.sleep(0.2)
        half.sendall(b"done")
        assert read_all(half).endswith(b"\r\n\r\n8")
        assert read_all(late).endswith(b"finished")
        for thread in threads:
            thread.join()
        assert [r[-8:] for r in results] == [b"finished"] * 12
        assert all(b"Connection: close" in r for r in results[4:])
        assert leaving.process.wait(5) == 0
        assert leaving.process.stdout.read() == "stopped\n"


def test_sigterm_does_not_wait_for_slow_and_idle_clients():
    with running() as leaving:
        clients = [leaving.connect(b"GET / HTTP/1.1\r\nX: ") for _ in range(20)]
        clients += [leaving.connect() for _ in range(20)]
        time.sleep(0.1)
        begun = time.monotonic()
        leaving.process.send_signal(signal.SIGTERM)
        assert leaving.process.wait(10) == 0
        assert time.monotonic() - begun < 4.0
        for connection in clients:
            connection.close()


def test_a_second_signal_ends_at_once():
    with running() as leaving:
        waiting = leaving.connect(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n")
        time.sleep(0.1)
        leaving.process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        leaving.process.send_signal(signal.SIGINT)
        assert leaving.process.wait(2) == 1
        waiting.close()


def test_a_taken_port_is_said_in_one_sentence(server):
    second = subprocess.run(
        [sys.executable, "tests/support/bare_server.py", str(server.port), "{}"],
        cwd=ROOT,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr == (
        f"127.0.0.1:{server.port} is already in use by another program. Stop that program, "
        f"or choose another port: PORTAL_PORT={server.port + 1}\n"
    )


def test_only_videos_may_be_large_and_only_where_they_are_sent(server):
    for path, size, status in (
        (b"/de/proposals/abcdefgh/video", 8 * MEGABYTE, b"200"),
        (b"/leicht/staff/pages/help/video", 8 * MEGABYTE, b"200"),
        (b"/de/proposals/abcdefgh/video", 67 * MEGABYTE, b"413"),
        (b"/de/proposals/abcdefgh/video/remove", 8 * MEGABYTE, b"413"),
        (b"/de/proposals/abcdefgh", 8 * MEGABYTE, b"413"),
        (b"/x/de/proposals/abcdefgh/video", 8 * MEGABYTE, b"413"),
    ):
        connection = server.connect(
            b"POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (path, size)
        )
        with contextlib.suppress(ConnectionError):
            for _ in range(size // MEGABYTE if status == b"200" else 1):
                connection.sendall(b"x" * MEGABYTE)
        answer = read_all(connection)
        assert answer.startswith(b"HTTP/1.1 413 ") is (status == b"413"), (path, answer[:40])
        connection.close()


@pytest.mark.parametrize(
    "headers",
    [
        b"Host: x\r\nContent-Length: 60\r\nTransfer-Encoding: chunked",
        b"Host: x\r\ntransfer-encoding:chunked\r\nCONTENT-LENGTH:60",
        b"Host: x\r\nHost: y",
    ],
)
def test_what_a_proxy_may_read_otherwise_is_refused(server, headers):
    """Else the end of one person's request might be answered as the beginning of the next one's."""
    smuggled = b"0\r\n\r\nGET /length HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    said = read_all(server.connect(b"POST / HTTP/1.1\r\n" + headers + b"\r\n\r\n" + smuggled))
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1
