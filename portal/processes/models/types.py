"""The words the columns of processes may hold, and how long texts may be."""

from __future__ import annotations

from enum import StrEnum

TITLE_LENGTH = 120
SUMMARY_LENGTH = 400
TEXT_LENGTH = 20_000
PHASE_TEXT_LENGTH = 2_000
MOST_PHASES = 20
HIGHEST_BUDGET_CENTS = 10**14


class ProcessKind(StrEnum):
    """What is asked for."""

    BUDGET = "budget"
    QUESTION = "question"
    SURVEY = "survey"


class Influence(StrEnum):
    """What residents' words will change; promised at the top of the page."""

    INFORMATION = "information"
    CONSULTATION = "consultation"
    COOPERATION = "cooperation"
    DECISION = "decision"


class ProcessState(StrEnum):
    """Who sees it: a draft only who prepares it. Archived: public, closed, its dates no longer count."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class PhaseKind(StrEnum):
    """What people can do in a phase."""

    INFORMATION = "information"
    PROPOSALS = "proposals"
    DISCUSSION = "discussion"
    EXAMINATION = "examination"
    VOTING = "voting"
    RESULT = "result"
    REALISATION = "realisation"
