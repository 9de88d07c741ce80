"""What of a result is public when few people voted: totals, and nothing that ties two answers of a ballot.

Who paid for what, how many voters two options share, what would have happened with other ballots: of a few
ballots each of these tells what stands on one of them. They stay away where the file stays away.
"""

from __future__ import annotations

from typing import Any

# Reasons whose numbers follow from the votes, the costs and the rules alone.
TOLD = frozenset(
    {
        "withdrawn",
        "excluded_by",
        "below_threshold",
        "no_votes",
        "greedy_fits",
        "last_with_eighty_percent",
        "from_reserve",
        "too_few_votes",
        "does_not_fit",
        "ended_before",
        "tie",
        "lottery",
        "most_votes",
        "fewer_votes",
        "enough_yes",
        "not_enough_yes",
        "quorum_missed",
        "beats_all",
        "schulze_path",
    }
)
_OF_ONE_OPTION = ("id", "won", "place", "votes", "score", "cost_cents")
_OF_A_PURCHASE = ("project", "cost_cents", "votes", "score")
_OF_ALL = (
    "rule",
    "budget_cents",
    "spent_cents",
    "left_cents",
    "voters",
    "blank",
    "first_share_cents",
    "ties",
)


def totals_of(outcome: dict[str, Any]) -> dict[str, Any]:
    """The outcome without prices, without the last share and without comparisons two at a time."""
    details = {name: one for name, one in (outcome["details"] or {}).items() if name == "order"}
    bought = [{name: one[name] for name in _OF_A_PURCHASE} for one in outcome["purchases"]]
    return {**outcome, "purchases": bought, "final_share_cents": None, "details": details}


def told_of(explanation: dict[str, Any]) -> dict[str, Any]:
    """The reasons without what only whole ballots tell: no comparison of rules, no support, no what-ifs."""
    kept = {name: explanation[name] for name in _OF_ALL if name in explanation}
    return {**kept, "options": [_told(one) for one in explanation.get("options", ())]}


def _told(one: dict[str, Any]) -> dict[str, Any]:
    kept = {name: one[name] for name in _OF_ONE_OPTION}
    if one["reason"] in TOLD:
        return {**kept, "reason": one["reason"], "facts": one["facts"]}
    return {**kept, "reason": f"{one['reason']}_untold", "facts": {}}
