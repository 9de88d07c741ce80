"""One connection of the server, with a socket whose other end the test holds."""

import errno
import socket
import threading
from types import SimpleNamespace

import pytest
from waitress.adjustments import Adjustments

from portal.web.connections import Channel

ASKED = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class WatchedSocket:
    """A socket that notes each handing over to the kernel, and may wait in the middle of one."""

    def __init__(self, real):
        self.real = real
        self.sent = []
        self.in_the_kernel, self.may_return = threading.Event(), threading.Event()
        self.may_return.set()
        self.room = 1_000_000

    def send(self, data):
        if not self.room:
            raise BlockingIOError(errno.EWOULDBLOCK, "full")
        number = self.real.send(data[: self.room])
        self.room -= number
        self.sent.append(bytes(data[:number]))
        self.in_the_kernel.set()
        assert self.may_return.wait(10)
        return number

    def __getattr__(self, name):
        return getattr(self.real, name)


def application(environ, start_response):
    """A small page; headers alone for `/moved`; two pieces for `/pieces`."""
    if environ["PATH_INFO"] == "/moved":
        start_response("303 See Other", [("Location", "/"), ("Content-Length", "0")])
        return []
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"he", b"llo"] if environ["PATH_INFO"] == "/pieces" else [b"hello"]


@pytest.fixture
def channel():
    ours, theirs = socket.socketpair()
    server = SimpleNamespace(
        active_channels={},
        add_task=lambda channel: None,
        pull_trigger=lambda: None,
        application=application,
        draining=False,
        effective_host="localhost",
        effective_port=1,
        server_name="localhost",
        adj=Adjustments(listen="127.0.0.1:0"),
    )
    channel = Channel(server, ours, ("127.0.0.1", 1), server.adj, map={})
    channel.socket = WatchedSocket(ours)
    with ours, theirs:
        yield channel


@pytest.mark.parametrize(("path", "pieces"), [(b"/", 1), (b"/moved", 1), (b"/pieces", 2)])
def test_headers_travel_with_the_first_words(channel, path, pieces):
    channel.received(ASKED.replace(b"/ ", path + b" ", 1))
    channel.service()
    sent = channel.socket.sent
    assert len(sent) == pieces
    assert sent[0].startswith(b"HTTP/1.1 ")
    assert b"".join(sent).endswith(b"\r\n\r\n" if path == b"/moved" else b"hello")


def test_the_loop_rests_while_a_thread_sends(channel):
    """Else it turns without a pause and holds the interpreter that the thread needs."""
    channel.socket.may_return.clear()
    channel.received(ASKED)
    thread = threading.Thread(target=channel.service)
    thread.start()
    assert channel.socket.in_the_kernel.wait(10)
    assert channel.total_outbufs_len
    assert not channel.writable()
    channel.socket.may_return.set()
    thread.join(10)
    assert not channel.writable()


def test_what_a_thread_could_not_send_is_the_loops_again(channel):
    """The loop is woken after the thread has let go, and finds that the connection is to be written."""
    channel.socket.room = 10
    found = []
    channel.server.pull_trigger = lambda: found.append(channel.writable())
    channel.received(ASKED)
    channel.service()
    assert found
    assert all(found)
    channel.socket.room = 1_000
    channel.handle_write()
    assert b"".join(channel.socket.sent).endswith(b"hello")
    assert not channel.writable()
