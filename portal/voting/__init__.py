"""Counting votes exactly: budgets, decisions of groups, and why each option won or lost.

Words: a *project* is an option of any vote; a *ballot* here is a choice with the number of people who made it
(equal ballots are kept once); an *election* is all that was voted on and by whom; a *rule* turns it into an
*outcome*. Money is integer cents, points are integers, every comparison is exact.

This package stands alone: the standard library and nothing else, no database, no web, nothing of the
portal. The same code runs as `python -m portal.voting.recount FILE`, by its path, and as the single file
`recount.pyz`.
"""

from portal.voting.election import ABSTAIN, NO, YES, Ballot, Election, Kind, Project
from portal.voting.explanation import Explanation, explain
from portal.voting.lottery import lottery_order, lottery_seed
from portal.voting.outcome import Outcome, Purchase, Tie
from portal.voting.rules import Rule, Terms, run

__all__ = [
    "ABSTAIN",
    "NO",
    "YES",
    "Ballot",
    "Election",
    "Explanation",
    "Kind",
    "Outcome",
    "Project",
    "Purchase",
    "Rule",
    "Terms",
    "Tie",
    "explain",
    "lottery_order",
    "lottery_seed",
    "run",
]
