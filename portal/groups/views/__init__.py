"""The pages of groups, one module per topic."""

from __future__ import annotations

from flask import Flask

from portal.groups.views import (
    accompaniment,
    board,
    calendars,
    closing,
    companions,
    decision_answers,
    decision_drafts,
    decision_outcomes,
    decision_steps,
    decisions,
    files,
    founding,
    invitations,
    joining,
    languages,
    leaving,
    letters,
    meeting_parts,
    meetings,
    members,
    minutes,
    moderated,
    pairing,
    posts,
    reviews,
    roles,
    serving,
    shaping,
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
    "closing",
    "companions",
    "decision_answers",
    "decision_drafts",
    "decision_outcomes",
    "decision_steps",
    "decisions",
    "files",
    "founding",
    "init_app",
    "invitations",
    "joining",
    "languages",
    "leaving",
    "letters",
    "meeting_parts",
    "meetings",
    "members",
    "minutes",
    "moderated",
    "pairing",
    "posts",
    "reviews",
    "roles",
    "section",
    "serving",
    "shaping",
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
