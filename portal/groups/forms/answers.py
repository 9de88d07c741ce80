"""What somebody answered on the page of a decision. No WTForms here: fields come from the options."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.text import ascii_digits
from portal.groups.errors import AnswerWrong
from portal.groups.models import REASON_LENGTH, GroupDecision, Method
from portal.groups.queries.method_words import ANSWER_WORDS
from portal.groups.queries.result_words import option_text

POINTS = "p-"
LONGEST_BALLOT = 4000


@dataclass
class Given:
    """The answer as it was typed, and what is wrong by option ("" for the whole)."""

    content: dict[str, Any]
    reason: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    # What is no number, as it was typed.
    typed: dict[str, str] = field(default_factory=dict)


def read_answer(decision: GroupDecision, posted: MultiDict[str, str]) -> Given:
    """Only what the page asked; unknown options and words are passed over, so that they cannot be kept."""
    numbers = [str(option.number) for option in decision.options if not option.dropped]
    reason = posted.get("reason", "")[: 2 * REASON_LENGTH]
    if decision.method in ANSWER_WORDS:
        word = posted.get("answer", "")
        known = word in ANSWER_WORDS[decision.method]
        return Given({"answers": {"1": word}} if known else {}, reason)
    if decision.method is Method.CHOICE:
        chosen = [one for one in posted.getlist("choice") if one in numbers]
        return Given({"choices": list(dict.fromkeys(chosen))}, reason)
    given = Given({}, reason)
    points: dict[str, int] = {}
    for number in numbers:
        typed = posted.get(POINTS + number, "").strip()
        value = ascii_digits(typed)
        if value and not (value.isascii() and value.isdigit() and len(value) < 5):
            given.problems[number] = _("Please write a whole number.")
            given.typed[number] = typed[:20]
        elif value:
            points[number] = int(value)
    if decision.method is Method.RANKING:
        places = sorted(set(points.values()))
        given.content = {"order": [[n for n in numbers if points.get(n) == at] for at in places]}
    else:
        given.content = {"points": points}
    return given


def missing_words(decision: GroupDecision, given: Given) -> dict[str, str]:
    """What still keeps an answer from counting, in words, by option ("" for the whole)."""
    problems = dict(given.problems)
    if decision.method in ANSWER_WORDS:
        problems |= _word_problems(decision, given)
    elif decision.method is Method.CHOICE:
        most = decision.max_choices or 1
        if len(given.content.get("choices", [])) > most:
            problems[""] = ngettext("Please choose %(num)s at most.", "Please choose %(num)s at most.", most)
    elif decision.method is Method.RANKING:
        if not given.content.get("order"):
            problems[""] = _("Please write a number beside at least one of them.")
    else:
        problems |= _point_problems(decision, given.content.get("points", {}))
    if len(given.reason.strip()) > REASON_LENGTH:
        problems["reason"] = _("This is too long. Please shorten it.")
    return problems


def _word_problems(decision: GroupDecision, given: Given) -> dict[str, str]:
    word = given.content.get("answers", {}).get("1")
    if word is None:
        return {"": _("Please choose one of the answers.")}
    if word in ("objection", "block") and not given.reason.strip() and not decision.secret:
        return {"reason": _("Please write why. One sentence is enough.")}
    return {}


def _point_problems(decision: GroupDecision, points: dict[str, int]) -> dict[str, str]:
    problems = {}
    most = {Method.SCORE: 5, Method.RESISTANCE: 10, Method.DATE: 2}.get(
        decision.method, decision.points_each or decision.points_total or 0
    )
    for number, value in points.items():
        if value > most:
            problems[number] = _("%(most)s is the most.", most=most)
    if decision.method is Method.RESISTANCE:
        for option in decision.options:
            if not option.dropped and str(option.number) not in points:
                words = _("Please give “%(option)s” a number, too.", option=option_text(option))
                problems[str(option.number)] = words
    total = decision.points_total or 0
    if decision.method is Method.DOTS and sum(points.values()) > total:
        problems[""] = ngettext(
            "You have shared out %(given)s points, and there is %(num)s.",
            "You have shared out %(given)s points, and there are %(num)s.",
            total,
            given=sum(points.values()),
        )
    return problems


def packed(given: Given) -> str:
    """An answer as it travels with the last page: a secret one is kept nowhere else before it counts."""
    return json.dumps({"content": given.content, "reason": given.reason}, ensure_ascii=False)


def unpacked(text: str) -> Given:
    """The answer of the last page. Raises AnswerWrong for anything else."""
    try:
        found: Any = json.loads(text) if len(text) <= LONGEST_BALLOT else None
        content, reason = found["content"], found["reason"]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise AnswerWrong from problem
    if not isinstance(content, dict) or not isinstance(reason, str):
        raise AnswerWrong
    return Given(content, reason)
