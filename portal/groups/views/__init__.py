"""The pages of groups, one module per topic."""

from __future__ import annotations

from flask import Flask

from portal.groups.views import (
    board,
    decision_answers,
    decision_drafts,
    decision_outcomes,
    decision_steps,
    decisions,
    files,
    minutes,
    posts,
    serving,
    showing,
    tasks,
    words,
)
from portal.groups.views.section import section

__all__ = [
    "board",
    "decision_answers",
    "decision_drafts",
    "decision_outcomes",
    "decision_steps",
    "decisions",
    "files",
    "init_app",
    "minutes",
    "posts",
    "section",
    "serving",
    "showing",
    "tasks",
    "words",
]


def init_app(app: Flask) -> None:
    """Words that templates of this package use."""
    words.init_app(app)
