"""The rules of a round in plain words, for its pages, the ballot and the result.

Rules for writers: short sentences, no word of social choice without what it does. What is not sure is not
promised.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.i18n import format_date, format_datetime, format_money_cents, format_number, ngettext
from portal.core.i18n import gettext as _
from portal.places.queries import district_names
from portal.processes.models import INFLUENCE_LOOKS, Influence
from portal.rounds.models import BallotKind, MajorityKind, Round, Rule

WHAT, COUNT, TIES, WHO, WHEN, SECRECY, WORTH = "what", "count", "ties", "who", "when", "secrecy", "worth"


@dataclass(frozen=True)
class RuleWords:
    """One rule: a name for the page, a short heading and whole sentences."""

    name: str
    heading: str
    sentences: tuple[str, ...]


def rules_in_words(vote: Round) -> list[RuleWords]:
    """Every rule of the round, in the order people ask."""
    return [
        RuleWords(WHAT, _("What you do"), tuple(ballot_words(vote))),
        RuleWords(WHO, _("Who may take part"), tuple(voter_words(vote))),
        RuleWords(WHEN, _("When"), tuple(date_words(vote))),
        RuleWords(COUNT, _("How it is counted"), tuple(counting_words(vote))),
        *([RuleWords(TIES, _("If two are level"), tuple(tie_words(vote)))] if _has_ties(vote) else []),
        RuleWords(SECRECY, _("Receipt and published file"), tuple(receipt_words(vote))),
        RuleWords(WORTH, _("What the result is worth"), (influence_words(vote.influence),)),
    ]


def ballot_words(vote: Round) -> list[str]:
    """What a voter writes down."""
    if vote.ballot_kind is BallotKind.APPROVAL:
        return _approval_words(vote)
    if vote.ballot_kind is BallotKind.BASKET:
        return [
            _(
                "You fill a basket: choose what you like, until the budget of %(amount)s is used up.",
                amount=_money(vote, vote.budget_cents),
            )
        ]
    if vote.ballot_kind is BallotKind.POINTS:
        return _points_words(vote)
    if vote.ballot_kind is BallotKind.SCORE:
        return [
            _(
                "You give each option a number from 0 to %(highest)s. The higher, the better you like it.",
                highest=format_number(vote.score_max or 0),
            ),
            _("An option without a number counts as 0."),
        ]
    if vote.ballot_kind is BallotKind.RANKING:
        return _ranking_words(vote)
    return [_("You answer yes or no to each question. You can also leave an answer out: then you abstain.")]


def _approval_words(vote: Round) -> list[str]:
    if vote.max_choices is None:
        return [_("You choose as many options as you like.")]
    return [
        ngettext("You choose up to %(num)s option.", "You choose up to %(num)s options.", vote.max_choices)
    ]


def _points_words(vote: Round) -> list[str]:
    words = [
        ngettext(
            "You have %(num)s point to give away.",
            "You have %(num)s points to give away.",
            vote.points_total or 0,
        )
    ]
    if vote.points_per_option_max:
        words.append(
            ngettext(
                "One option can get %(num)s point from you at most.",
                "One option can get %(num)s points from you at most.",
                vote.points_per_option_max,
            )
        )
    return words


def _ranking_words(vote: Round) -> list[str]:
    words = [_("You put the options in order: first what you like best.")]
    if vote.max_choices:
        words.append(
            ngettext(
                "You can put up to %(num)s option in order.",
                "You can put up to %(num)s options in order.",
                vote.max_choices,
            )
        )
    words.append(_("Options can stand side by side. Those you leave out come last."))
    return words


def counting_words(vote: Round) -> list[str]:
    """How ballots become winners, by rule."""
    words = [*_COUNTING[vote.rule](vote)]
    if vote.quorum:
        words.append(
            ngettext(
                "The result counts if at least %(num)s ballot is cast.",
                "The result counts if at least %(num)s ballots are cast.",
                vote.quorum,
            )
        )
    return words


def _money(vote: Round, cents: int | None) -> str:
    return format_money_cents(cents, vote.currency) if cents is not None else "…"


def _budget(vote: Round) -> str:
    return _("There are %(amount)s to spend.", amount=_money(vote, vote.budget_cents))


def _votes_or_points(vote: Round) -> str:
    if vote.ballot_kind in {BallotKind.POINTS, BallotKind.SCORE}:
        return _("The option with the most points comes first, then the next.")
    return _("The option with the most votes comes first, then the next.")


def _greedy(vote: Round) -> list[str]:
    return [_budget(vote), _votes_or_points(vote), _("What no longer fits into the budget is skipped.")]


def _greedy_no_skip(vote: Round) -> list[str]:
    end = _("At the first option that no longer fits into the budget the list ends.")
    return [_budget(vote), _votes_or_points(vote), end]


def _greedy_threshold(vote: Round) -> list[str]:
    least = ngettext(
        "An option needs at least %(num)s vote.",
        "An option needs at least %(num)s votes.",
        vote.threshold or 0,
    )
    return [*_greedy(vote), least]


def _equal_shares(vote: Round) -> list[str]:
    return [
        _budget(vote),
        _("The money is shared out in equal parts among all who vote."),
        _("Each option is paid by the people who chose it. It wins if their parts are enough for it."),
        _("So every part of the town gets something, and not only the largest group."),
    ]


def _equal_shares_add1(vote: Round) -> list[str]:
    more = _("Is money left at the end? Then every part is raised by one euro at a time, until it is used.")
    return [*_equal_shares(vote), more]


def _majority(vote: Round) -> list[str]:
    if vote.majority_kind is MajorityKind.ABSOLUTE:
        return [_("A question is decided with yes if more than half of all ballots say yes.")]
    if vote.majority_kind is MajorityKind.TWO_THIRDS:
        return [_("A question is decided with yes if two thirds of those who say yes or no say yes.")]
    return [_("A question is decided with yes if more people say yes than no.")]


def _winners(vote: Round) -> str:
    return ngettext(
        "%(num)s option wins: the one that is first.",
        "%(num)s options win: those that are first.",
        vote.winners_count or 1,
    )


def _approval(vote: Round) -> list[str]:
    return [_("Votes are added up."), _winners(vote)]


def _score(vote: Round) -> list[str]:
    return [_("Points are added up."), _winners(vote)]


def _schulze(vote: Round) -> list[str]:
    return [
        _("Each option is compared with each other one: who likes which better?"),
        _("The option that wins all its comparisons is the winner."),
        _("If none does, the strongest chain of comparisons decides (Schulze method)."),
    ]


_COUNTING = {
    Rule.GREEDY: _greedy,
    Rule.GREEDY_NO_SKIP: _greedy_no_skip,
    Rule.GREEDY_THRESHOLD: _greedy_threshold,
    Rule.EQUAL_SHARES: _equal_shares,
    Rule.EQUAL_SHARES_ADD1: _equal_shares_add1,
    Rule.MAJORITY: _majority,
    Rule.APPROVAL: _approval,
    Rule.SCORE: _score,
    Rule.SCHULZE: _schulze,
}


def _has_ties(vote: Round) -> bool:
    return vote.rule is not Rule.MAJORITY


def tie_words(vote: Round) -> list[str]:
    """What breaks a tie, and where chance comes from."""
    if vote.rule in {Rule.APPROVAL, Rule.SCORE, Rule.SCHULZE}:
        words = [_("Then a public draw decides.")]
    else:
        words = [_("Then the cheaper one wins; then the one with more votes; then a public draw decides.")]
    if vote.lottery_source and vote.lottery_on:
        words.append(
            _(
                "The draw: %(source)s, on %(day)s. Nobody can know it before.",
                source=vote.lottery_source,
                day=format_date(vote.lottery_on),
            )
        )
    return words


def voter_words(vote: Round) -> list[str]:
    """Who may take part: which districts, and how well one must be known."""
    names = district_names()
    here = ", ".join(names[one] for one in vote.district_ids if one in names)
    where = _("People of these districts: %(names)s.", names=here) if here else _("The whole town.")
    return [where, level_words(vote.level)]


def level_words(level: int) -> str:
    """How well somebody must be known (voting level 0 to 3), and what that cannot promise."""
    return {
        0: _(
            "Everybody with an account here. An e-mail address is enough, so nobody can be sure that each"
            " voter is one person of the town."
        ),
        1: _("People who are known in person: to staff at a counter, or to two neighbours."),
        2: _("People with the code from the town's letter. With the code you need no account."),
        3: _("People who confirm once with the town's sign-in who they are."),
    }[level]


def date_words(vote: Round) -> list[str]:
    """From when until when, and when the result is there."""
    if vote.opens_at is None or vote.closes_at is None:
        return [_("The dates are not set yet.")]
    words = [
        _(
            "From %(start)s until %(end)s. You can change your ballot until the end.",
            start=format_datetime(vote.opens_at),
            end=format_datetime(vote.closes_at),
        )
    ]
    if vote.publish_after_hours is not None:
        words.append(
            ngettext(
                "The result is public %(num)s hour after the end at the latest.",
                "The result is public %(num)s hours after the end at the latest.",
                vote.publish_after_hours,
            )
        )
    return words


def receipt_words(vote: Round) -> list[str]:
    """What voters get, and what everybody gets to read."""
    if vote.receipts:
        words = [
            _("You get a code. With it you find your own ballot in the published file."),
            _("Does somebody force you to show it? Change your ballot before the end: then it is gone."),
        ]
    else:
        words = [_("There is no receipt in this vote, so nobody can be forced to show how they voted.")]
    few = ngettext(
        "All ballots are published without names. With fewer than %(num)s ballot only the totals are.",
        "All ballots are published without names. With fewer than %(num)s ballots only the totals are.",
        vote.file_threshold,
    )
    observers = _("The observers of the vote can then be given the file, if two people of staff agree to it.")
    return [*words, few, observers]


def influence_words(influence: Influence) -> str:
    """What the result will change."""
    return str(INFLUENCE_LOOKS[influence].promise)


def secrecy_promise() -> tuple[str, ...]:
    """The promise on every page of a vote, not a word more than what holds."""
    return (
        _("The town's staff cannot look up your vote in the portal."),
        _("The technical operator could until the end of voting; afterwards the key is destroyed."),
        _("Not suitable for legally binding elections."),
    )


def who_could_learn() -> list[tuple[str, str]]:
    """(who with what, what they can learn): the truth about an operator, case by case (design, section 5)."""
    return [
        (
            _("Staff of the town, in the portal"),
            _("How many ballots there are. Never who voted, never how, and no count before the end."),
        ),
        (
            _("Somebody with the database only, while people vote"),
            _("How it stands, and roughly in which order ballots came. No name stands on any of them."),
        ),
        (
            _("Somebody with the database and the key of the vote, while people vote"),
            _("Everything: who voted, and how. So the key lies in another place and another backup."),
        ),
        (
            _("Somebody with the database after the end"),
            _(
                "Neither who voted nor how. With a copy of the key, kept against the rules, and a database"
                " from before: everything."
            ),
        ),
        (
            _("Whoever changes the running program"),
            _("Everything. So the program is public and can be checked."),
        ),
        (
            _("Somebody who compares the times of visits with the database"),
            _("Guesses. The portal writes no time and no name with a ballot."),
        ),
        (
            _("Anybody, if very few vote or all vote alike"),
            _("What follows from the numbers. Therefore small votes publish only totals."),
        ),
        (
            _("Somebody who looks over your shoulder"),
            _("What you do then. You can vote anew until the end; only the last ballot counts."),
        ),
    ]
