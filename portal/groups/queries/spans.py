"""Spans of time in words of settings."""

from __future__ import annotations

from datetime import timedelta

_MONTH_DAYS = 30.44


def months(count: int) -> timedelta:
    """So many months as days: 24 months are 731 days."""
    return timedelta(days=round(count * _MONTH_DAYS))
