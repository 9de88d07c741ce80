"""The pages of groups, one module per topic."""

from __future__ import annotations

from flask import Flask

from portal.groups.views import (
    accompaniment,
    board,
    calendars,
    companions,
    decision_answers,
    decision_drafts,
    decision_outcomes,
    decision_steps,
    decisions,
    files,
    founding,
    joining,
    languages,
    meeting_parts,
    meetings,
    minutes,
    posts,
    reviews,
    serving,
    showing,
    taking,
    talks,
    tasks,
    together,
    wishing,
    words,
)
from portal.groups.views.section import section

__all__ = [
    "accompaniment",
    "board",
    "calendars",
    "companions",
    "decision_answers",
    "decision_drafts",
    "decision_outcomes",
    "decision_steps",
    "decisions",
    "files",
    "founding",
    "init_app",
    "joining",
    "languages",
    "meeting_parts",
    "meetings",
    "minutes",
    "posts",
    "reviews",
    "section",
    "serving",
    "showing",
    "taking",
    "talks",
    "tasks",
    "together",
    "wishing",
    "words",
]


def init_app(app: Flask) -> None:
    """Words that templates of this package use."""
    words.init_app(app)
