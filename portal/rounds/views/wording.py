"""Facts of a count as sentences: why an option won, or what was missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.core.i18n import format_money_cents, format_number, ngettext
from portal.core.i18n import gettext as _
from portal.rounds.models import Round
from portal.rounds.queries.resulting import Found, OptionResult


class Telling:
    """One option's facts, ready for sentences."""

    def __init__(self, vote: Round, found: Found, one: OptionResult) -> None:
        self.vote, self.found, self.one = vote, found, one

    def money(self, name: str) -> str:
        """A fact in cents as money; a rest of a cent is rounded."""
        return format_money_cents(round(self.one.facts[name]), self.vote.currency)

    def number(self, name: str) -> str:
        """A fact as a number, points without their scale."""
        scale = self.found.outcome.get("point_scale") or 1
        value = self.one.facts[name]
        return format_number(value / scale if value % scale else value // scale)

    def name(self, name: str) -> str:
        """The title of the option that a fact names."""
        other = self.found.by_code.get(self.one.facts[name])
        return other.option.title if other else str(self.one.facts[name])


def why(vote: Round, found: Found, one: OptionResult) -> str:
    """One plain sentence: why it won, or what was missing."""
    maker = SENTENCES.get(one.reason)
    if maker is not None:
        return maker(Telling(vote, found, one))
    return _("Elected.") if one.is_winner else _("It did not get enough votes.")


def _bought(it: Telling) -> str:
    return ngettext(
        "Elected: %(num)s voter paid for it, with %(price)s.",
        "Elected: %(num)s voters shared its cost, each with %(price)s or less.",
        it.one.facts["paid_in_full"] + it.one.facts["gave_their_rest"],
        price=it.money("price_cents"),
    )


def _too_few_votes(it: Telling) -> str:
    return _(
        "Too few votes: all shares of its voters together were %(money)s. %(missing)s were missing.",
        money=it.money("behind_cents"),
        missing=it.money("missing_cents"),
    )


def _money_spent(it: Telling) -> str:
    return _(
        "Its voters had spent their shares on other options they chose. %(missing)s were missing.",
        missing=it.money("missing_cents"),
    )


def _final_step(it: Telling) -> str:
    return _(
        "Only just missed: with a slightly larger share it would be in, but then all together cost %(cost)s.",
        cost=it.money("would_cost_cents"),
    )


def _does_not_fit(it: Telling) -> str:
    return _(
        "When its turn came %(left)s were left. %(missing)s were missing.",
        left=it.money("left_cents"),
        missing=it.money("missing_cents"),
    )


def _tie(it: Telling) -> str:
    by, other = it.one.facts.get("decided_by"), it.name("lost_to")
    if by == "cost":
        return _("Equal with “%(other)s”. The cheaper one was taken.", other=other)
    if by == "votes":
        return _("Equal with “%(other)s”. The one with more votes was taken.", other=other)
    return _("Equal with “%(other)s”. The public draw decided.", other=other)


def _not_enough_yes(it: Telling) -> str:
    if it.one.facts["yes"] > it.one.facts["no"]:
        return _(
            "%(yes)s said yes, %(no)s said no. By the rules %(needed)s had to say yes.",
            yes=it.number("yes"),
            no=it.number("no"),
            needed=it.number("needed"),
        )
    return _("%(yes)s said yes, %(no)s said no.", yes=it.number("yes"), no=it.number("no"))


def _loses_duel(it: Telling) -> str:
    return _(
        "Compared with “%(other)s”, %(own)s prefer this one and %(others)s the other.",
        other=it.name("to"),
        own=it.number("for"),
        others=it.number("against"),
    )


SENTENCES: dict[str, Callable[[Telling], str]] = {
    "pending": lambda it: _("The reason is being worked out."),
    "bought": _bought,
    "greedy_fits": lambda it: _("Elected: when its turn came there was still enough money."),
    "last_with_eighty_percent": lambda it: _("Elected: at least 80 percent of its cost were left."),
    "from_reserve": lambda it: _("Elected: paid from a reserve of the town."),
    "too_few_votes": _too_few_votes,
    "money_spent": _money_spent,
    "final_step": _final_step,
    "does_not_fit": _does_not_fit,
    "ended_before": lambda it: _(
        "The count had ended: by the rule it stops at the first option that does not fit."
    ),
    "tie": _tie,
    "lottery": _tie,
    "below_threshold": lambda it: _(
        "Too few votes: by the rules %(threshold)s are needed.", threshold=it.number("threshold")
    ),
    "excluded_by": lambda it: _(
        "Only one of the two is possible: “%(other)s” was elected.", other=it.name("by")
    ),
    "withdrawn": lambda it: _("It was taken back while people voted."),
    "no_votes": lambda it: _("Nobody chose it."),
    "most_votes": lambda it: _("Elected: it got the most."),
    "fewer_votes": lambda it: _("%(missing)s less than the last one elected.", missing=it.number("missing")),
    "enough_yes": lambda it: _(
        "Accepted: %(yes)s said yes, %(no)s said no.", yes=it.number("yes"), no=it.number("no")
    ),
    "not_enough_yes": _not_enough_yes,
    "quorum_missed": lambda it: _(
        "Too few took part: %(cast)s voted, %(quorum)s were needed.",
        cast=it.number("cast"),
        quorum=it.number("quorum"),
    ),
    "beats_all": lambda it: _("Elected: compared with each other option, more people prefer this one."),
    "schulze_path": lambda it: _("Elected: no option beats all others; this one has the strongest support."),
    "loses_duel": _loses_duel,
    # Few people voted, and the numbers would tell what stands on single ballots.
    "money_spent_untold": lambda it: _("Its voters had spent their shares on other options they chose."),
    "final_step_untold": lambda it: _("Only just missed: all together it would have cost too much."),
    "loses_duel_untold": lambda it: _("More people prefer another option."),
    "weaker_path_untold": lambda it: _("More people prefer another option."),
    "weaker_path": lambda it: _(
        "No option beats all others; “%(other)s” stands stronger.", other=it.name("to")
    ),
}


def rivals_of(found: Found, one: OptionResult) -> list[tuple[Any, int]]:
    """The winners on which most of its voters' money went, with how many of 100 voters they share."""
    shared = one.facts.get("shared_with", [])
    return [(found.by_code[s["id"]], s["shared_percent"]) for s in shared if s["id"] in found.by_code]
