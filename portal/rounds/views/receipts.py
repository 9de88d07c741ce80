"""The ballot in words, and the ballot that counts: its code, a receipt to print, the way to change it."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from portal.core.crockford import grouped
from portal.core.i18n import format_money_cents, format_number, pgettext
from portal.core.i18n import gettext as _
from portal.rounds.models import Round
from portal.rounds.operations.filling import Content, Rules, rules_of, values_of
from portal.rounds.queries.box import OwnBallot, own_ballot
from portal.rounds.queries.filling import lines_of
from portal.rounds.views.ballots import OptionView, option_view, secrecy_context
from portal.rounds.views.box import entry_or_refuse, hides_earlier, is_not_begun
from portal.rounds.views.filling import refuse_unless_running
from portal.rounds.views.holding import held, is_helped, voter
from portal.rounds.views.section import load_round, section
from portal.web.access import requires
from portal.web.render import render
from portal.web.responses import redirect_to

Rows = list[tuple[str, list[OptionView]]]


@section.get("/votes/<pid>/ballot/receipt")
@requires("rounds.fill", on=load_round)
def receipt(vote: Round) -> ResponseReturnValue:
    """The ballot that counts, on any device of the same person or with the same code, until the end."""
    if refused := refuse_unless_running(vote):
        return refused
    own = counted(vote)
    if own is None:
        return redirect_to("rounds.ballot", pid=vote.public_id)
    return render("rounds/ballot/receipt.html", **receipt_context(vote, own))


@section.get("/votes/<pid>/ballot/receipt/print")
@requires("rounds.fill", on=load_round)
def printed_receipt(vote: Round) -> ResponseReturnValue:
    """The code on paper. What was chosen does not stand on it."""
    if refused := refuse_unless_running(vote):
        return refused
    own = counted(vote)
    if own is None or own.is_on_paper or not vote.receipts:
        return redirect_to("rounds.ballot", pid=vote.public_id)
    return render("rounds/ballot/printed.html", vote=vote, code=grouped(own.tracking), alternates=False)


def counted(vote: Round) -> OwnBallot | None:
    """The ballot that counts and may be shown here; None before one was cast."""
    right = voter(vote)
    if is_not_begun(right) or hides_earlier(vote):
        return None
    return own_ballot(vote, entry_or_refuse(right))


def receipt_context(vote: Round, own: OwnBallot) -> dict[str, Any]:
    """The ballot that counts, in words; of a paper ballot nobody here knows what stands on it."""
    shows_code = vote.receipts and not own.is_on_paper
    words = words_context(vote, rules_of(vote), own.content) if own.content is not None else {}
    return {
        "vote": vote,
        "own": own,
        "code": grouped(own.tracking) if shows_code else "",
        "is_helped": is_helped(vote),
        "holds_code": held(vote) is not None,
        "spoken": ", ".join(own.tracking) if shows_code else "",
        **words,
        **secrecy_context(),
    }


def words_context(vote: Round, rules: Rules, content: Content) -> dict[str, Any]:
    """A ballot in words: rows of (mark, options), what it adds up to, how many options got nothing."""
    rows = ballot_rows(vote, content)
    named = sum(len(options) for _mark, options in rows)
    return {"rows": rows, "sum": sum_words(vote, rules, content), "rest": len(rules.costs) - named}


def ballot_rows(vote: Round, content: Content) -> Rows:
    """(what the voter says, the options it is said of), best first."""
    values = values_of(content)
    lines = {line.option.code: line for line in lines_of(vote, values, values)}
    views = {code: option_view(vote, line) for code, line in lines.items()}
    if content["kind"] == "approval":
        return [("", [views[code]]) for code in content["choices"] if code in views]
    if content["kind"] == "ranking":
        places = enumerate(content["order"], 1)
        return [(f"{place}.", [views[code] for code in codes if code in views]) for place, codes in places]
    if content["kind"] == "yes_no":
        return [(answer_words(answer), [views[code]]) for code, answer in content["answers"].items()]
    points = sorted(content["points"].items(), key=lambda pair: -pair[1])
    return [(format_number(number), [views[code]]) for code, number in points]


def answer_words(answer: str) -> str:
    """Yes, no or abstention in the reader's language."""
    words = {"yes": pgettext("vote", "Yes"), "no": pgettext("vote", "No")}
    return words.get(answer, pgettext("vote", "Abstention"))


def sum_words(vote: Round, rules: Rules, content: Content) -> str:
    """What a basket costs or how many points are given, against what there is."""
    if rules.budget_cents is not None:
        used = sum(rules.costs[code] for code in content["choices"])
        return _(
            "Together %(amount)s of %(all)s.",
            amount=format_money_cents(used, vote.currency),
            all=format_money_cents(rules.budget_cents, vote.currency),
        )
    if rules.points_total is not None:
        used, total = sum(content["points"].values()), rules.points_total
        return _("%(count)s of %(all)s points given.", count=format_number(used), all=format_number(total))
    return ""
