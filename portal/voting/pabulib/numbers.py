"""Numbers as they stand in real files, exactly: "1 000 000", "106165.64", "12,5"; nothing endless."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

_GROUPED = re.compile(r"[\s\u00a0\u202f'’]")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{0,30})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)


def decimal(text: str) -> Decimal:
    """A number written with digits and at most one point or comma. Raises ValueError."""
    plain = _GROUPED.sub("", text)
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"not a number: {shown(text)}")
    return Decimal(plain.replace(",", "."))


def cents(text: str) -> tuple[int, bool]:
    """An amount of money in cents, and whether it had to be rounded to them. Not negative.

    >>> cents("106165.64"), cents("75000.0"), cents("33.3333")
    ((10616564, False), (7500000, False), (3333, True))
    """
    amount = decimal(text) * 100
    if amount < 0:
        raise ValueError(f"negative: {shown(text)}")
    whole = amount.to_integral_value(ROUND_HALF_EVEN)
    return int(whole), whole != amount


def whole(text: str) -> int:
    """A whole number, also "3.0". Raises ValueError."""
    if _WHOLE.fullmatch(text):
        return int(text)
    number = decimal(text)
    if number != number.to_integral_value():
        raise ValueError(f"not a whole number: {shown(text)}")
    return int(number)


def shown(text: str) -> str:
    """Foreign text for a message: short and on one line."""
    return ascii(text[:40])[1:-1] + ("..." if len(text) > 40 else "")
