"""The numbers behind a result: a row per option, the duels of a ranking, whom to talk with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.core.i18n import format_number, ngettext
from portal.core.i18n import gettext as _
from portal.groups.models import GroupDecision, Method

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One option in the table of a result: its numbers by column, and how long its bar is (0 to 100)."""

    number: int
    text: str
    cells: tuple[str, ...]
    share: int
    is_winner: bool = False
    warning: str = ""


def table(
    decision: GroupDecision, result: Mapping[str, Any], texts: Mapping[int, str]
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """(headings, a row per option, best first); empty for methods about one text."""
    facts, names = result["facts"], _columns(decision.method)
    if not names:
        return (), ()
    keys = [key for key, _label in names]
    order = list(result["order"]) + [n for n in texts if n not in result["order"]]
    bars = facts.get(keys[0], {})
    highest = max([*bars.values(), *([10] if decision.method is Method.RESISTANCE else [])], default=0) or 1
    rows = [
        Row(
            number,
            texts[number],
            tuple(format_number(facts[key][str(number)]) for key in keys),
            round(100 * bars[str(number)] / highest),
            number in result["winners"],
            _("too few ratings") if number in facts.get("too_few", ()) else "",
        )
        for number in order
        if str(number) in bars
    ]
    return tuple(str(label) for _key, label in names), tuple(rows)


def _columns(method: Method) -> list[tuple[str, str]]:
    """(name among the facts, heading); the first one is drawn as a bar, too."""
    return {
        Method.CHOICE: [("votes", _("Votes"))],
        Method.DOTS: [("points", _("Points")), ("people", _("People"))],
        Method.SCORE: [("means", _("Average")), ("raters", _("Ratings")), ("spreads", _("Spread"))],
        Method.RESISTANCE: [
            ("means", _("Average resistance")),
            ("acceptance_percent", _("Acceptance in percent")),
            ("strong", _("Gave 8 or more")),
        ],
        Method.DATE: [
            ("fits", _("Suits")),
            ("if_need_be", _("If need be")),
            ("does_not", _("Does not suit")),
            ("unanswered", _("Not answered")),
        ],
    }.get(method, [])


def duels(facts: Facts, texts: Mapping[int, str]) -> list[str]:
    """Each pair once, the stronger side first."""
    duels: Mapping[str, Mapping[str, int]] = facts.get("duels", {})
    lines = []
    for a in duels:
        for b in duels[a]:
            ahead, behind = duels[a][b], duels[b].get(a, 0)
            if ahead > behind or (ahead == behind and int(a) < int(b)):
                pair = {"first": texts.get(int(a), "?"), "second": texts.get(int(b), "?")}
                lines.append(
                    _(
                        "%(first)s before %(second)s: %(ahead)s to %(behind)s",
                        **pair,
                        ahead=format_number(ahead),
                        behind=format_number(behind),
                    )
                )
    return lines


def warnings(facts: Facts, texts: Mapping[int, str], result: Mapping[str, Any]) -> list[str]:
    """Strong resistance to what was decided: a reason to talk, whatever the average."""
    if "strong" not in facts:
        return []
    return [
        ngettext(
            "%(num)s person gave “%(option)s” 8 or more. Talk with them before you begin.",
            "%(num)s people gave “%(option)s” 8 or more. Talk with them before you begin.",
            facts["strong"][str(number)],
            option=texts.get(number, "?"),
        )
        for number in facts["talk_with_them"]
        if number in result["winners"]
    ]
