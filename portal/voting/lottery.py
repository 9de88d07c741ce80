"""The public lottery: an order that nobody could choose and everybody can compute again."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def lottery_seed(file_sha256: str, draw: str) -> str:
    """SHA-256 of the ballot file's hash (64 hex letters) followed by what was drawn in public after closing.

    Neither half alone decides: the file is fixed before the draw, and the draw (for instance "6 aus 49,
    2026-05-16: 3 11 19 28 33 47") is not in the hands of those who keep the box. The idea is RFC 3797's.
    """
    return sha256(f"{file_sha256}{draw}".encode()).hexdigest()


def lottery_order(seed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids in the order of SHA-256(seed "|" id); who comes first wins a tie.

    >>> lottery_order("seed", ["1", "2", "3"])
    ('3', '2', '1')
    """
    return tuple(sorted(ids, key=lambda one: (sha256(f"{seed}|{one}".encode()).hexdigest(), one)))
