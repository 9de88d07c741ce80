"""The pages of groups, one module per topic."""

from __future__ import annotations

from flask import Flask

from portal.groups.views import (
    board,
    calendars,
    files,
    founding,
    joining,
    meeting_parts,
    meetings,
    minutes,
    posts,
    serving,
    showing,
    tasks,
    wishing,
    words,
)
from portal.groups.views.section import section

__all__ = [
    "board",
    "calendars",
    "files",
    "founding",
    "init_app",
    "joining",
    "meeting_parts",
    "meetings",
    "minutes",
    "posts",
    "section",
    "serving",
    "showing",
    "tasks",
    "wishing",
    "words",
]
from portal.groups.views import reviews, talks

__all__ = ["init_app", "reviews", "section", "showing", "talks", "words"]


def init_app(app: Flask) -> None:
    """Words that templates of this package use."""
    words.init_app(app)
