"""Rate limits: how often something may happen for one key (an address's network, an account, a mail address).

A sliding window counts, so nobody gets twice the limit at the turn of the hour. Counters are in memory, or in
Valkey when PORTAL_VALKEY_URL is set; while Valkey is away each process counts by itself, and tries Valkey
again every few seconds. Limits protect; they never stop the portal.

Keys are hashed with a secret that lives in memory only and changes every day: no address and no mail
address is kept anywhere, not even in Valkey. (With several processes the secret is derived from the
portal's secret key and the day, so that they agree.)
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar, cast

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, SlidingWindowCounterSupport, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from portal.core import clock
from portal.core.errors import RateLimited
from portal.core.settings import current_settings

log = logging.getLogger("portal.limits")
Result = TypeVar("Result")

TRY_AGAIN_SECONDS = 5.0
VALKEY_TIMEOUT_SECONDS = 0.5  # a hanging Valkey costs a request half a second once per TRY_AGAIN_SECONDS


class UnknownLimit(LookupError):
    """A limit was used that nobody declared."""


_declared: dict[str, RateLimitItem] = {}


def declare_limit(name: str, rate: str) -> None:
    """Declare a limit such as "5/hour" or "3/10 minutes"; a second, different declaration is a mistake."""
    item = parse(rate)
    if _declared.setdefault(name, item) != item:
        raise ValueError(f"limit {name} is declared twice")


def declared_limits() -> dict[str, str]:
    """name -> rate in words, for the list in the documentation."""
    return {name: str(item) for name, item in sorted(_declared.items())}


def hit(name: str, key: str) -> None:
    """Count one more for this key; raises RateLimited with the seconds to wait when the limit is reached.

    A refused hit is not counted, so whoever waits as told gets through.
    """
    item, hashed = _item(name), _hashed(name, key)
    if not _counters().ask(lambda limiter: limiter.hit(item, hashed)):
        raise RateLimited(retry_after=_retry_after(item, hashed))


def peek(name: str, key: str) -> int:
    """How many more hits this key has at the moment; counts nothing."""
    item, hashed = _item(name), _hashed(name, key)
    return _counters().ask(lambda limiter: limiter.get_window_stats(item, hashed).remaining)


def forget(name: str, key: str) -> None:
    """Give the key its full limit again (after a right code, for example)."""
    item, hashed = _item(name), _hashed(name, key)
    _counters().ask(lambda limiter: limiter.clear(item, hashed))


def network_key(address: str | None) -> str:
    """The network an address belongs to, as a keyed hash that is worth nothing tomorrow.

    /24 for IPv4 and /64 for IPv6: what one household or one phone gets. The key changes daily and is
    never written down.
    """
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return _keyed("unknown")
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    bits = 24 if ip.version == 4 else 64
    return _keyed(str(ipaddress.ip_network((ip, bits), strict=False)))


def _item(name: str) -> RateLimitItem:
    try:
        return _declared[name]
    except KeyError:
        raise UnknownLimit(name) from None


def _retry_after(item: RateLimitItem, hashed: str) -> int:
    """Seconds until the next hit passes. (The library's own reset_time is the turn of the window, too early.)

    The count in sight is `previous x its share still in sight + current`; it must fall below the limit.
    """
    window, most = item.get_expiry(), item.amount

    def numbers(limiter: SlidingWindowCounterRateLimiter) -> tuple[int, float, int, float]:
        storage = cast(SlidingWindowCounterSupport, limiter.storage)
        return storage.get_sliding_window(item.key_for(hashed), window)

    previous, previous_left, current, current_left = _counters().ask(numbers)
    if current < most and previous:
        wait = previous_left - (most - current) * window / previous
    else:
        wait = current_left - window
    return max(1, min(int(wait + 0.01) + 1, 2 * window))


def _hashed(name: str, key: str) -> str:
    return f"{name}/{_keyed(f'{name}:{key}')}"


def _keyed(value: str) -> str:
    return hmac.new(_key_of_the_day(), value.encode(), hashlib.sha256).hexdigest()[:32]


_key: tuple[date, str, bytes] | None = None


def _key_of_the_day() -> bytes:
    """Derived, so that several processes agree; yesterday's cannot be made from today's memory."""
    global _key
    today, secret = clock.today(), current_settings().secret_key
    if _key is None or _key[:2] != (today, secret):
        made = hmac.new(secret.encode(), f"limits:{today}".encode(), hashlib.sha256).digest()
        _key = (today, secret, made)
    return _key[2]


class Counters:
    """Valkey while it answers, else the memory of this process."""

    def __init__(self, valkey_url: str = "") -> None:
        self.own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.shared: SlidingWindowCounterRateLimiter | None = None
        self.url = valkey_url
        self.try_at = 0.0
        self._lock = threading.Lock()

    def ask(self, question: Callable[[SlidingWindowCounterRateLimiter], Result]) -> Result:
        """The answer of the shared counters, or of our own while those are away."""
        if self.url and time.monotonic() >= self.try_at:
            try:
                return question(self._connected())
            except Exception as error:  # whatever a network brings; limits never stop the portal
                if not isinstance(error, (StorageError, OSError, ValueError)) and not _is_valkeys(error):
                    raise
                self.try_at = time.monotonic() + TRY_AGAIN_SECONDS
                log.warning("limits_count_alone error=%s", type(error).__name__)
        return question(self.own)

    def _connected(self) -> SlidingWindowCounterRateLimiter:
        with self._lock:
            if self.shared is None:
                storage = storage_from_string(
                    self.url.replace("valkey://", "redis://").replace("valkeys://", "rediss://"),
                    socket_timeout=VALKEY_TIMEOUT_SECONDS,
                    socket_connect_timeout=VALKEY_TIMEOUT_SECONDS,
                )
                self.shared = SlidingWindowCounterRateLimiter(storage)
        return self.shared


def _is_valkeys(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in {"redis", "valkey", "limits"}


_current: Counters | None = None


def _counters() -> Counters:
    global _current
    url = current_settings().valkey_url
    if _current is None or _current.url != url:
        _current = Counters(url)
    return _current


def start_over() -> None:
    """Forget every counter of this process (tests)."""
    global _current
    _current = None
