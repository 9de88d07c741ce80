"""Rate limits: block at N+1, open again after the window, with and without Valkey, and keep no address."""

import socket
from datetime import UTC, datetime, timedelta

import pytest

from portal.core import limits
from portal.core.errors import RateLimited
from portal.core.settings import Settings, use_settings

limits.declare_limit("test.code", "5/hour")
limits.declare_limit("test.other", "2/minute")
START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "valkey"])
def store(request):
    url = request.getfixturevalue("valkey_url") if request.param == "valkey" else ""
    use_settings(Settings(secret_key="a" * 40, valkey_url=url))
    limits.start_over()
    yield url
    limits.start_over()


@pytest.fixture
def memory():
    use_settings(Settings(secret_key="a" * 40))
    limits.start_over()
    yield
    limits.start_over()


def test_the_sixth_of_five_is_refused_and_says_how_long(store):
    for left in (5, 4, 3, 2, 1):
        assert limits.peek("test.code", "anna") == left
        limits.hit("test.code", "anna")
    with pytest.raises(RateLimited) as refused:
        limits.hit("test.code", "anna")
    assert 1 <= refused.value.retry_after <= 3601
    assert limits.peek("test.code", "anna") == 0


def test_keys_and_limits_do_not_know_each_other(store):
    for _ in range(5):
        limits.hit("test.code", "anna")
    limits.hit("test.code", "bela")
    limits.hit("test.other", "anna")
    assert limits.peek("test.code", "bela") == 4


def test_a_key_can_be_given_its_limit_back(store):
    for _ in range(5):
        limits.hit("test.code", "anna")
    limits.forget("test.code", "anna")
    assert limits.peek("test.code", "anna") == 5


def test_the_window_slides(memory, time_machine):
    # The library takes the count of the window before, weighted by how much of it is still in sight.
    time_machine.move_to(START, tick=False)
    for _ in range(5):
        limits.hit("test.code", "anna")
    time_machine.move_to(START + timedelta(minutes=61), tick=False)
    with pytest.raises(RateLimited):
        for _ in range(5):
            limits.hit("test.code", "anna")
    assert limits.peek("test.code", "anna") == 0
    time_machine.move_to(START + timedelta(minutes=61 + 120), tick=False)
    assert limits.peek("test.code", "anna") == 5


@pytest.mark.parametrize("begin", [0, 1, 31, 59])
def test_whoever_waits_as_told_gets_through_and_not_much_earlier(memory, time_machine, begin):
    at = START + timedelta(seconds=begin)
    waits = []
    for _ in range(6):  # over several windows, always asking again at the moment that was told
        time_machine.move_to(at, tick=False)
        with pytest.raises(RateLimited) as refused:
            for _ in range(3):
                limits.hit("test.other", "anna")
        waits.append(refused.value.retry_after)
        if waits[-1] > 2:
            time_machine.move_to(at + timedelta(seconds=waits[-1] - 2), tick=False)
            with pytest.raises(RateLimited):
                limits.hit("test.other", "anna")
        at += timedelta(seconds=waits[-1])
        time_machine.move_to(at, tick=False)
        limits.hit("test.other", "anna")
    assert max(waits) <= 61


def test_without_valkey_each_process_counts_alone_and_comes_back(valkey_url, monkeypatch, caplog):
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))  # a port where nobody listens
    away = f"redis://127.0.0.1:{closed.getsockname()[1]}/0"
    counters = limits.Counters(away)
    item, key = limits.parse("2/minute"), "x"
    assert counters.ask(lambda limiter: limiter.hit(item, key))
    assert counters.ask(lambda limiter: limiter.hit(item, key))
    assert not counters.ask(lambda limiter: limiter.hit(item, key))
    assert [r.getMessage() for r in caplog.records] == ["limits_count_alone error=ConnectionError"]
    closed.close()
    # Valkey is there again: after the pause it is asked, and its counters are fresh.
    counters.shared, counters.url, counters.try_at = None, valkey_url, 0.0
    assert counters.ask(lambda limiter: limiter.hit(item, key))
    other_process = limits.Counters(valkey_url)
    assert other_process.ask(lambda limiter: limiter.hit(item, key))
    assert not counters.ask(lambda limiter: limiter.hit(item, key))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.250", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.9", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("nonsense", None, True),
        ("203.0.113.7", None, False),
    ],
)
def test_a_network_is_what_one_household_gets(memory, one, other, same):
    assert (limits.network_key(one) == limits.network_key(other)) is same


def test_the_key_of_a_network_says_nothing_and_changes_daily(memory, time_machine):
    time_machine.move_to(START)
    today = limits.network_key("203.0.113.7")
    assert len(today) == 32
    assert set(today) <= set("0123456789abcdef")
    time_machine.move_to(START + timedelta(days=1))
    assert limits.network_key("203.0.113.7") != today


def test_neither_address_nor_key_reach_the_store(valkey_url):
    use_settings(Settings(secret_key="a" * 40, valkey_url=valkey_url))
    limits.start_over()
    limits.hit("test.code", "anna@example.org")
    limits.hit("test.code", limits.network_key("203.0.113.7"))
    client = limits._counters()._connected().storage.get_connection()
    keys = [key.decode() for key in client.scan_iter("*")]
    assert len(keys) >= 2
    assert not any("anna" in key or "203.0" in key for key in keys)


def test_a_limit_must_be_declared_once(memory):
    with pytest.raises(limits.UnknownLimit):
        limits.hit("test.unknown", "x")
    limits.declare_limit("test.code", "5/hour")
    with pytest.raises(ValueError, match="declared twice"):
        limits.declare_limit("test.code", "6/hour")
    assert limits.declared_limits()["test.code"] == "5 per 1 hour"
