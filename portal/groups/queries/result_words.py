"""A result in one sentence that says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.core import clock
from portal.core.i18n import format_datetime, format_number, ngettext
from portal.core.i18n import gettext as _
from portal.groups.models import DecisionOption, GroupDecision, Method, Status
from portal.groups.models.decisions import ONE_TEXT
from portal.groups.queries.method_words import MAJORITY_WORDS, STATUS_QUO
from portal.groups.queries.result_tables import Facts, Row, duels, table, warnings


def option_text(option: DecisionOption) -> str:
    """What an option is called: its words, its date, or that everything stays as it is."""
    if option.is_status_quo:
        return str(STATUS_QUO)
    if option.local_start:
        when = date_words(option.local_start)
        return f"{when} · {option.text}" if option.text else when
    return option.text


def date_words(local_start: str) -> str:
    """A local day and time as people read it. The words say what clocks show, whatever the season."""
    shown = datetime.fromisoformat(local_start).replace(tzinfo=clock.zone())
    return format_datetime(shown, "medium")


@dataclass(frozen=True)
class Told:
    """A result for a page. `why` and `duels` are sentences, of `why` the deciding one first."""

    status: Status
    headline: str
    why: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    duels: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    lots: Mapping[str, Any] = field(default_factory=dict)


def told(decision: GroupDecision, result: Mapping[str, Any], *, shows_size: bool = True) -> Told:
    """Word a stored result. `shows_size`: whether the number of electors may be named (not when discreet)."""
    status, facts = Status(result["status"]), result["facts"]
    texts = {option.number: option_text(option) for option in decision.options}
    winners = [texts.get(number, "?") for number in result["winners"]]
    headline = _headline(decision, status, winners)
    if facts.get("veiled"):
        return Told(status, headline, (_veiled(),))
    if status is Status.NO_QUORUM:
        return Told(status, headline, (_no_quorum(facts),))
    say = _WHY[decision.method]
    columns, rows = table(decision, result, texts)
    return Told(
        status,
        headline,
        tuple(say(decision, status, facts, winners, shows_size)),
        columns,
        rows,
        tuple(duels(facts, texts)),
        tuple(warnings(facts, texts, result)),
        facts.get("lots") or (facts if decision.method is Method.LOTS else {}),
    )


def _headline(decision: GroupDecision, status: Status, winners: list[str]) -> str:
    one = winners[0] if winners else ""
    if status is Status.ADOPTED and decision.method is Method.LOTS:
        return _("The lot fell on: %(option)s", option=one)
    if status is Status.ADOPTED and decision.method is Method.DATE:
        return _("Everybody has been asked. Now choose the date.")
    if status is Status.ADOPTED and decision.method in ONE_TEXT:
        return _("Adopted")
    if status is Status.RUN_OFF:
        return _("Not decided yet: choose between %(options)s", options=" · ".join(winners))
    if status is Status.TIE:
        return _("No decision: equal between %(options)s", options=" · ".join(winners))
    if status is Status.ADOPTED:
        return _("Decided: %(option)s", option=one)
    if decision.method is Method.RESISTANCE and winners:
        return _("Everything stays as it is")
    return _("Too few took part") if status is Status.NO_QUORUM else _("Not adopted")


def _veiled() -> str:
    return _(
        "This was a secret vote. Few people voted, or all voted alike: numbers would tell who voted how, so"
        " none are shown."
    )


def _no_quorum(facts: Facts) -> str:
    many = int(facts.get("answered", 0))
    return ngettext(
        "%(num)s person answered. Fewer than you had agreed on, also in the longer time.",
        "%(num)s people answered. Fewer than you had agreed on, also in the longer time.",
        many,
    )


# ---- why, method by method: (decision, status, facts, winners, shows_size) -> sentences

Why = Callable[[GroupDecision, Status, Facts, list[str], bool], list[str]]


def _consent(
    decision: GroupDecision, status: Status, facts: Facts, winners: list[str], size: bool
) -> list[str]:
    if status is Status.ADOPTED:
        first = _("Nobody objects.")
    elif facts["objection"]:
        first = ngettext(
            "%(num)s serious objection stands to the end.",
            "%(num)s serious objections stand to the end.",
            facts["objection"],
        )
    else:
        first = _("Nobody answered.")
    counts = _(
        "Agree: %(consent)s · agree with a concern: %(concern)s · stand aside: %(aside)s",
        consent=format_number(facts["consent"]),
        concern=format_number(facts["concern"]),
        aside=format_number(facts["aside"]),
    )
    return [first, counts]


def _consensus(
    decision: GroupDecision, status: Status, facts: Facts, winners: list[str], size: bool
) -> list[str]:
    if facts["block"]:
        first = ngettext(
            "%(num)s person blocks it. One is enough to stop it.",
            "%(num)s people block it. One is enough to stop it.",
            facts["block"],
        )
    elif status is Status.ADOPTED:
        first = _("Nobody blocks it, and more agree than disagree.")
    else:
        first = _("Nobody blocks it, but no more agree than disagree.")
    counts = _(
        "Agree: %(yes)s · disagree: %(no)s · abstain: %(abstain)s",
        yes=format_number(facts["yes"]),
        no=format_number(facts["no"]),
        abstain=format_number(facts["abstain"]),
    )
    return [first, counts]


def _majority(
    decision: GroupDecision, status: Status, facts: Facts, winners: list[str], size: bool
) -> list[str]:
    counts = _(
        "Yes: %(yes)s · no: %(no)s · abstentions: %(abstain)s",
        yes=format_number(facts["yes"]),
        no=format_number(facts["no"]),
        abstain=format_number(facts["abstain"]),
    )
    needed = ngettext(
        "%(num)s yes was needed: %(rule)s.",
        "%(num)s yes were needed: %(rule)s.",
        facts["needed"],
        rule=str(MAJORITY_WORDS[decision.majority]),
    )
    if decision.majority in ("absolute", "all") and not size:
        needed = str(MAJORITY_WORDS[decision.majority]) + "."
    if decision.majority == "all":
        return [counts, needed]
    return [counts, needed, _("Abstentions count for neither side.")]


def _choice(
    decision: GroupDecision, status: Status, facts: Facts, winners: list[str], size: bool
) -> list[str]:
    votes = sorted(facts["votes"].values(), reverse=True)
    most = votes[0] if votes else 0
    if not most:
        return [_("Nobody chose anything.")]
    if status is Status.RUN_OFF and "tied" not in facts:
        return [_("Nothing was chosen by at least half of you. The first two go into a run-off.")]
    if "tied" in facts:
        return [_equal(facts, most)]
    second = votes[1] if len(votes) > 1 else 0
    return [
        ngettext(
            "%(num)s vote, the most. The next one has %(second)s.",
            "%(num)s votes, the most. The next one has %(second)s.",
            most,
            second=format_number(second),
        )
    ]


def _equal(facts: Facts, most: int) -> str:
    words = ngettext(
        "Several are equal at the top, with %(num)s vote each.",
        "Several are equal at the top, with %(num)s votes each.",
        most,
    )
    return f"{words} {_drawn()}" if facts.get("lots") else words


def _drawn() -> str:
    return _("The lot decided between them, as you had agreed.")


def _tied(facts: Facts) -> list[str]:
    if "tied" not in facts:
        return []
    words = _("Several are equal at the top.")
    return [f"{words} {_drawn()}" if facts.get("lots") else words]


def _dots(decision: GroupDecision, status: Status, facts: Facts, winners: list[str], size: bool) -> list[str]:
    most = max(facts["points"].values(), default=0)
    if not most:
        return [_("Nobody gave a point.")]
    people = max(
        (facts["people"][number] for number, many in facts["points"].items() if many == most), default=0
    )
    return _tied(facts) or [
        ngettext(
            "The most points: %(points)s, given by %(num)s person.",
            "The most points: %(points)s, given by %(num)s people.",
            people,
            points=format_number(most),
        )
    ]


def _score(
    decision: GroupDecision, status: Status, facts: Facts, winners: list[str], size: bool
) -> list[str]:
    if status is Status.NOT_ADOPTED:
        return [_("Nothing was rated by at least half of those who answered.")]
    good = {n: mean for n, mean in facts["means"].items() if int(n) not in facts["too_few"]}
    best = max(good, key=lambda n: good[n], default="")
    return _tied(facts) or [
        ngettext(
            "The best average: %(mean)s of 5, from %(num)s person who rated it.",
            "The best average: %(mean)s of 5, from %(num)s people who rated it.",
            facts["raters"].get(best, 0),
            mean=format_number(good.get(best, 0)),
        )
    ]


def _ranking(
    decision: GroupDecision, status: Status, facts: Facts, winners: list[str], size: bool
) -> list[str]:
    if status is Status.NOT_ADOPTED:
        return [_("Nobody put one before another.")]
    if facts.get("condorcet"):
        return [_("Compared with each other one, more of you prefer it.")]
    return _tied(facts) or [
        _("None wins every comparison. Over the strongest chains, nothing comes before this one.")
    ]


def _resistance(
    decision: GroupDecision, status: Status, facts: Facts, winners: list[str], size: bool
) -> list[str]:
    if not facts["answered"]:
        return [_("Nobody answered.")]
    if tied := _tied(facts):
        return tied
    best = min(facts["means"], key=lambda n: facts["means"][n])
    first = _(
        "It meets the least resistance: %(percent)s percent acceptance (average resistance %(mean)s of 10).",
        percent=format_number(facts["acceptance_percent"][best]),
        mean=format_number(facts["means"][best]),
    )
    if status is Status.NOT_ADOPTED:
        return [_("No suggestion meets less resistance than leaving everything as it is."), first]
    return [first]


def _dates(
    decision: GroupDecision, status: Status, facts: Facts, winners: list[str], size: bool
) -> list[str]:
    if status is not Status.ADOPTED:
        return [_("Nobody answered.")]
    best = max(facts["fits"], key=lambda n: (facts["fits"][n], facts["if_need_be"][n]), default="")
    text = next((option_text(one) for one in decision.options if str(one.number) == best), "")
    return [
        _(
            "This date suits most people: %(date)s. It suits %(fits)s, and %(perhaps)s more if need be.",
            date=text,
            fits=format_number(facts["fits"][best]),
            perhaps=format_number(facts["if_need_be"][best]),
        )
    ]


def _lots(decision: GroupDecision, status: Status, facts: Facts, winners: list[str], size: bool) -> list[str]:
    if status is Status.NOT_ADOPTED:
        return [_("Everybody has stepped out of the draw, so there was nothing to draw.")]
    return [_("Chance decided. Below stands how to work it out again.")]


_WHY: dict[Method, Why] = {
    Method.CONSENT: _consent,
    Method.CONSENSUS: _consensus,
    Method.MAJORITY: _majority,
    Method.CHOICE: _choice,
    Method.DOTS: _dots,
    Method.SCORE: _score,
    Method.RANKING: _ranking,
    Method.RESISTANCE: _resistance,
    Method.DATE: _dates,
    Method.LOTS: _lots,
}
