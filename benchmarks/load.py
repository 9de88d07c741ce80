"""The load: a few connections that ask again and again, and what they saw."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from statistics import quantiles
from urllib.parse import urlencode

CONNECTIONS = 8


class UnexpectedAnswer(Exception):
    """The server did not say what the row expects; a number for an error page would be worth nothing."""


@dataclass(frozen=True)
class Get:
    """A page to ask for."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    expect: int = 200

    @property
    def raw(self) -> bytes:
        """The request as it goes over the wire."""
        return self._raw("GET", b"")

    def _raw(self, method: str, body: bytes) -> bytes:
        lines = [f"{method} {self.path} HTTP/1.1", "Host: localhost", "Accept-Encoding: br, gzip"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Post(Get):
    """A form to send; the usual answer is a redirect."""

    form: Mapping[str, str] = field(default_factory=dict)
    expect: int = 303

    @property
    def raw(self) -> bytes:
        """The request as it goes over the wire."""
        return self._raw("POST", urlencode(self.form).encode())


@dataclass(frozen=True)
class Seen:
    """What one run of the load saw."""

    requests: int
    seconds: float
    p50_ms: float
    p95_ms: float
    bytes_each: int

    @property
    def per_second(self) -> float:
        """Requests per second over all connections."""
        return self.requests / self.seconds


class Connection:
    """One kept-alive connection that understands just enough HTTP."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def ask(self, request: Get) -> int:
        """Sends a request, reads the whole answer, returns its size; raises UnexpectedAnswer."""
        self.socket.sendall(request.raw)
        while (end := self.rest.find(b"\r\n\r\n")) < 0:
            self._read()
        head, self.rest = self.rest[:end], self.rest[end + 4 :]
        status = int(head[9:12])
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        size = int(fields.get(b"content-length", 0))
        while len(self.rest) < size:
            self._read()
        body, self.rest = self.rest[:size], self.rest[size:]
        if status != request.expect:
            raise UnexpectedAnswer(f"{request.path}: {status} instead of {request.expect}: {body[:200]!r}")
        return end + 4 + size

    def _read(self) -> None:
        part = self.socket.recv(262_144)
        if not part:
            raise UnexpectedAnswer("the server closed the connection")
        self.rest += part


class Load:
    """Eight connections that share one stream of requests."""

    def __init__(self, port: int, requests: Get | Iterator[Get]) -> None:
        self.port = port
        self.stream = repeat(requests) if isinstance(requests, Get) else requests
        self.lock = threading.Lock()
        self.times: list[float] = []
        self.sizes: list[int] = []
        self.problems: list[Exception] = []
        self.until = 0.0

    def run(self, seconds: float, connections: int = CONNECTIONS) -> Seen:
        """Asks for so many seconds; the first problem ends the run."""
        self.times, self.sizes, self.problems = [], [], []
        begin = time.perf_counter()
        self.until = begin + seconds
        threads = [threading.Thread(target=self._one) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.problems:
            raise self.problems[0]
        cuts = quantiles(self.times, n=20) if len(self.times) > 1 else self.times * 19
        return Seen(
            len(self.times), time.perf_counter() - begin, cuts[9] * 1000, cuts[18] * 1000, max(self.sizes)
        )

    def _one(self) -> None:
        try:
            connection = Connection(self.port)
            with connection.socket:
                while (begin := time.perf_counter()) < self.until and not self.problems:
                    with self.lock:
                        request = next(self.stream)
                    size = connection.ask(request)
                    self.times.append(time.perf_counter() - begin)
                    self.sizes.append(size)
        except Exception as problem:
            self.problems.append(problem)
