"""One connection of the web server: its clock, its answers, and how it ends. See `portal.web.server`."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from dataclasses import dataclass
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import BadRequest

VIDEO_PATH = re.compile(r"/[a-z]{2,8}/(?:proposals|staff/pages)/[^/]{1,40}/video")
BODY_BYTES_PER_SECOND = 8_000  # slower than this over the whole body is taken for an attack
LONGEST_CHUNK_LINE = 8_192  # waitress has no limit here, and joins the line anew for every packet
LENGTH, CHUNKS = re.compile(rb"(?i)\ncontent-length[ \t]*:"), re.compile(rb"(?i)\ntransfer-encoding[ \t]*:")
LINGER_SECONDS = 2.0
LINGER_BYTES = 16 * 1024 * 1024
DRAIN_SILENCE_SECONDS = 2.0  # a request that is still being sent then must keep coming


@dataclass(frozen=True)
class ServerOptions:
    """Numbers of the server; the defaults suit one town on one machine."""

    max_body_bytes: int = 12 * 1024 * 1024  # the hard end; the application sets a smaller one per route
    max_video_bytes: int = 66 * 1024 * 1024  # the same where videos are sent
    max_header_bytes: int = 32 * 1024
    connection_limit: int = 1000
    read_seconds: float = 30.0
    idle_seconds: float = 30.0
    drain_seconds: float = 25.0
    sweep_seconds: float = 2.0
    trusted_proxy: str | None = None  # address of the proxy whose X-Forwarded-* headers are believed


class Parser(HTTPRequestParser):
    """Waitress' parser with an end to the lines between chunks."""

    completed: bool
    adj: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)  # right after it, waitress asks how long the body may be
        # Waitress believes the chunks and goes on. Whoever stands in front may believe the length: then the
        # rest of the body would be the beginning of somebody else's request (RFC 9112, 6.3).
        if LENGTH.search(header_plus) and CHUNKS.search(header_plus):
            raise ParsingError("Length and chunks")
        if "," in self.headers.get("HOST", ""):
            raise ParsingError("More than one host")
        if VIDEO_PATH.fullmatch(self.path):
            self.adj = getattr(self.adj, "for_videos", self.adj)

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        body = self.body_rcv
        if not self.chunked or body is None or self.completed:
            return consumed
        if max(len(body.control_line), len(body.trailer)) > LONGEST_CHUNK_LINE:
            self.error = BadRequest("Chunk line too long")
            self.completed = True
        return consumed


class PlainErrorTask(ErrorTask):
    """What the server itself refuses: one plain line, and the headers every answer carries."""

    def execute(self) -> None:
        error = self.request.error
        self.status = f"{error.code} {error.reason}"
        body = f"{error.code} {error.reason}\n".encode()
        self.response_headers.extend(
            [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Cache-Control", "no-store"),
                ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "same-origin"),
            ]
        )
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Task(WSGITask):
    """A request answered by the application; the first words of the body travel with the headers."""

    def build_response_header(self) -> bytes:
        self.channel.head = super().build_response_header()
        return b""

    def finish(self) -> None:
        super().finish()
        self.channel.send_head()


class Channel(HTTPChannel):
    """One connection, with a clock for the request that is being read."""

    parser_class = Parser
    error_task_class = PlainErrorTask
    task_class = Task
    reading: HTTPRequestParser | None = None  # the request whose clock runs
    reading_since = 0.0
    refused = False
    lingering_since = 0.0
    lingering_bytes = 0
    head = b""  # headers that wait for the first words of the body
    is_sending = False  # right now, in the thread that answers

    def received(self, data: bytes) -> bool:
        result: bool = super().received(data)
        if self.request is not self.reading:
            self.reading, self.reading_since = self.request, time.monotonic()
        return result

    def send_continue(self) -> None:
        # Waitress would unmark a request that is already refused and read the whole body after all.
        if self.request.error:
            self.request.expect_continue = False
        else:
            super().send_continue()

    def service(self) -> None:
        first = self.requests[0]
        self.refused = bool(first.error)
        if self.server.draining:
            first.headers["CONNECTION"] = "close"
        super().service()

    def write_soon(self, data: Any) -> int:
        if not data:
            return 0
        # The time to read an answer begins with it, however long the request has waited for a thread.
        if not self.total_outbufs_len:
            self.last_activity = time.time()
        if self.head and isinstance(data, bytes):
            data, self.head = self.head + data, b""
        self.send_head()
        return int(super().write_soon(data))

    def send_head(self) -> None:
        """Headers without a body, or before a file."""
        head, self.head = self.head, b""
        super().write_soon(head)

    def writable(self) -> bool:
        # While a thread hands its answer to the kernel, poll() would say at once, again and again, that this
        # connection may be written, and the loop would hold the interpreter that the thread waits for until
        # the switch interval (5 ms) is over. A thread that could not send all wakes the loop when it is done.
        return not self.is_sending and bool(super().writable())

    def _flush_some(self, do_close: bool = True) -> bool:
        self.is_sending = True
        try:
            return bool(super()._flush_some(do_close=do_close))
        finally:
            self.is_sending = False

    def is_too_slow(self, now: float, options: ServerOptions) -> bool:
        """Whether this connection has had its time."""
        if self.lingering_since:
            return now - self.lingering_since > LINGER_SECONDS
        if self.total_outbufs_len:  # the client does not read its answer
            return time.time() - self.last_activity > options.idle_seconds
        if self.requests:
            return False
        if self.reading is not None:
            allowed = options.read_seconds + self.reading.body_bytes_received / BODY_BYTES_PER_SECOND
            return now - self.reading_since > allowed
        return time.time() - self.last_activity > options.idle_seconds

    def is_idle(self) -> bool:
        """Nothing asked, nothing being asked, nothing left to say."""
        return not (self.requests or self.reading or self.total_outbufs_len or self.will_close)

    def may_go_while_draining(self) -> bool:
        """After the signal: nothing to finish here, or the client has stopped sending its request."""
        silent = time.time() - self.last_activity
        return self.is_idle() or (self.reading is not None and silent > DRAIN_SILENCE_SECONDS)

    def handle_close(self) -> None:
        # Closing with unread input makes the kernel send a reset, and the browser may lose the answer
        # that told it why. So say "no more from me", and swallow what still comes for a moment.
        if self.refused and self.connected and not self.lingering_since:
            self.lingering_since = time.monotonic()
            self.will_close = self.close_when_flushed = False
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
                return
        super().handle_close()

    def readable(self) -> bool:
        return bool(self.lingering_since or super().readable())

    def handle_read(self) -> None:
        if not self.lingering_since:
            super().handle_read()
            return
        with contextlib.suppress(OSError):
            data = self.socket.recv(self.adj.recv_bytes)
            self.lingering_bytes += len(data)
            if data and self.lingering_bytes < LINGER_BYTES:
                return
        self.handle_close()
