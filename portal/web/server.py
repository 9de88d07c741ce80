"""The web server of `portal serve`: waitress, hardened so that it may stand in the open without a proxy.

Waitress alone already reads headers and bodies in one cheap loop, so slow clients never hold a worker thread.
What is added here, each with a test in tests/web/test_server.py:

* 1,000 connections instead of 100, through poll() (select() ends at file number 1,024);
* a time for a whole request, not only for silence: 30 s for the headers and one second more for every
  8 kB of body, so a phone with a bad line may send a photo while a drip of bytes ends (waitress would
  wait forever for a client that sends one byte a minute);
* a client that stops reading its answer is let go, else eight of them would hold all threads;
* a body over the limit is refused at once, also with `Expect: 100-continue` and in chunks; the
  connection then lingers a moment so that the browser can still read the answer;
* a request that names both a length and chunks, or two hosts, is refused: a proxy may read it otherwise;
* an answer leaves in one piece and without the loop turning meanwhile (see `Channel.writable`);
* SIGTERM and SIGINT close the door, finish what has begun, and return. A second signal ends at once.

More than 1,000 connections held open on purpose still need a proxy or a firewall in front.
"""

from __future__ import annotations

import contextlib
import copy
import errno
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any, Protocol

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from portal.web.connections import Channel, ServerOptions

try:  # Windows has no such limits to raise
    import resource
except ImportError:  # pragma: no cover
    resource = None  # type: ignore[assignment]

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
logger = logging.getLogger(__name__)

DRAIN_GRACE_SECONDS = 0.3  # time for a request that is already on its way when the signal comes


class ServeSettings(Protocol):
    """What `serve` needs of the settings."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def threads(self) -> int: ...
    @property
    def proxy_hops(self) -> int: ...


class CannotListen(SystemExit):
    """The address cannot be used; the message says why and what to do. Ends the program with code 1."""


class Server(TcpWSGIServer):
    """One listening socket."""

    channel_class = Channel
    draining = False

    def __init__(self, application: WsgiApp, options: ServerOptions, **kwargs: Any) -> None:
        self.options = options
        super().__init__(application, **kwargs)

    def maintenance(self, now: float) -> None:
        """Not here: waitress calls this while it collects files for poll(), and a connection closed then
        would hand its file number, with its pending event, to the next one accepted. See `sweep`."""

    def sweep(self) -> None:
        """Let go of clients that have had their time; between two polls."""
        clock = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.is_too_slow(clock, self.options):
                channel.handle_close()  # will_close would wait until the client reads
        if len(self._map) >= 0.9 * self.adj.connection_limit:
            self.let_idle_go()

    def let_idle_go(self, quiet_for: float = 1.0) -> None:
        """Close connections that only wait for a next request; browsers simply open another."""
        for channel in list(self.active_channels.values()):
            if channel.is_idle() and time.time() - channel.last_activity > quiet_for:
                channel.will_close = True

    def stop_listening(self) -> None:
        """Take in what the kernel has already accepted for us, then close the door behind it."""
        self.draining = True
        if self.socket is None:
            return
        while len(self._map) < self.adj.connection_limit:
            before = len(self.active_channels)
            self.handle_accept()
            if len(self.active_channels) == before:
                break
        self.accepting = False
        self.del_channel()
        self.socket.close()


def serve(
    wsgi_app: WsgiApp,
    settings: ServeSettings,
    options: ServerOptions | None = None,
    *,
    ready: Callable[[str, int], None] | None = None,
) -> None:
    """Answer requests until SIGTERM or SIGINT, then finish the requests in hand and return.

    `ready(host, port)` is called once the socket listens (port 0 in the settings takes a free one).
    Raises CannotListen with a sentence for the terminal when the address is taken.
    """
    options = options or ServerOptions()
    _allow_many_files()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    dispatcher = ThreadedTaskDispatcher()
    servers = _listen(wsgi_app, settings, options, dispatcher)
    dispatcher.set_thread_count(settings.threads)
    stop = threading.Event()
    try:
        with _signals_set(stop, servers[0]):
            if ready:
                ready(servers[0].effective_host, int(servers[0].effective_port))
            _run(servers, dispatcher, stop, options)
    finally:
        dispatcher.shutdown(timeout=1)
        wasyncore.close_all(servers[0]._map, ignore_all=True)


def _listen(
    wsgi_app: WsgiApp,
    settings: ServeSettings,
    options: ServerOptions,
    dispatcher: ThreadedTaskDispatcher,
) -> list[Server]:
    try:
        adjustments = _adjustments(settings, options)
        shared_map: dict[int, Any] = {}
        return [
            Server(wsgi_app, options, map=shared_map, dispatcher=dispatcher, adj=adjustments, sockinfo=info)
            for info in adjustments.listen
        ]
    except (OSError, ValueError, OverflowError) as problem:
        raise CannotListen(_why_not(problem, settings)) from problem


def _adjustments(settings: ServeSettings, options: ServerOptions) -> Adjustments:
    adjustments = Adjustments(
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        connection_limit=options.connection_limit,
        max_request_body_size=options.max_body_bytes + 1,  # waitress refuses "as much as", we "more than"
        max_request_header_size=options.max_header_bytes,
        recv_bytes=65_536,
        asyncore_use_poll=True,
        asyncore_loop_timeout=1,
        log_socket_errors=False,
        ident="",
        # Without a proxy in front nobody may say where a request came from. With one, the application
        # reads its headers (ProxyFix), so they must arrive.
        clear_untrusted_proxy_headers=not settings.proxy_hops,
    )
    adjustments.for_videos = copy.copy(adjustments)
    adjustments.for_videos.max_request_body_size = options.max_video_bytes + 1
    return adjustments


def _why_not(problem: Exception, settings: ServeSettings) -> str:
    address = f"{settings.host}:{settings.port}"
    code = getattr(problem, "errno", None)
    if code == errno.EADDRINUSE:
        return (
            f"{address} is already in use by another program. Stop that program, "
            f"or choose another port: PORTAL_PORT={settings.port + 1}"
        )
    if code == errno.EACCES:
        return f"This user may not listen on {address}. Choose a port above 1023 with PORTAL_PORT."
    return f"Cannot listen on {address}: {problem}. Check PORTAL_HOST and PORTAL_PORT."


def _allow_many_files() -> None:
    """A connection may need three open files; many systems start programs with 1,024."""
    if resource is None:  # pragma: no cover
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8_192 if hard == resource.RLIM_INFINITY else min(8_192, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextlib.contextmanager
def _signals_set(stop: threading.Event, server: Server) -> Iterator[None]:
    def asked_to_stop(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise SystemExit(1)  # the second time: now
        stop.set()
        server.pull_trigger()  # else poll() sleeps on until its time is over

    if threading.current_thread() is not threading.main_thread():
        yield  # signals belong to the main thread; whoever runs us elsewhere stops us otherwise
        return
    before = {n: signal.signal(n, asked_to_stop) for n in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(
    servers: list[Server],
    dispatcher: ThreadedTaskDispatcher,
    stop: threading.Event,
    options: ServerOptions,
) -> None:
    shared_map = servers[0]._map
    next_sweep = 0.0
    while not stop.is_set():
        wasyncore.poll2(min(1.0, options.sweep_seconds), shared_map)
        if (now := time.monotonic()) >= next_sweep:
            next_sweep = now + options.sweep_seconds
            for server in servers:
                server.sweep()
    for server in servers:
        server.stop_listening()
    begun = time.monotonic()
    while (waited := time.monotonic() - begun) < options.drain_seconds:
        channels = [channel for server in servers for channel in server.active_channels.values()]
        if not channels:
            return
        if waited > DRAIN_GRACE_SECONDS:
            for channel in channels:
                if channel.may_go_while_draining():
                    channel.will_close = True
        wasyncore.poll2(0.05, shared_map)
    logger.warning("stopped with unfinished requests count=%d", len(channels))
