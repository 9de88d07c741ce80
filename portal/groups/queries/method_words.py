"""The ten methods in plain words, ready beginnings, and the adviser's four questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.groups.models import Method, Target


@dataclass(frozen=True)
class MethodWords:
    """How a method is explained. `what`: in one sentence; `fits`: when; `answer`: how one answers;
    `rule`: how it is counted.
    """

    name: LazyString
    icon: str
    what: LazyString
    fits: LazyString
    answer: LazyString
    rule: LazyString


USUAL_METHOD = _l("How your group usually decides")
METHODS: dict[Method, MethodWords] = {
    Method.CONSENT: MethodWords(
        _pl("method", "Consent"),
        "heart",
        _l("Does anybody have a serious objection? If not, you try it."),
        _l("For most things you do together. It need not be perfect, only good enough for now."),
        _l("Say whether you agree. If you object, say why: it helps to find a better text."),
        _l("It is adopted when nobody objects. After an objection there is a new text, up to three times."),
    ),
    Method.CONSENSUS: MethodWords(
        _pl("method", "Consensus"),
        "people",
        _l("More people agree than disagree, and nobody blocks it."),
        _l("For things that touch everybody deeply. One person can stop it."),
        _l("Agree, disagree or abstain. If you cannot live with it at all, block it and say why."),
        _l("It is adopted when nobody blocks it and more agree than disagree."),
    ),
    Method.MAJORITY: MethodWords(
        _pl("method", "Yes or no"),
        "check",
        _l("A question with yes or no. The majority decides."),
        _l("For clear questions that have to be settled."),
        _l("Say yes, no, or abstain."),
        _l("It is adopted when enough people say yes. As many yes as no is not enough."),
    ),
    Method.CHOICE: MethodWords(
        _pl("method", "Choose"),
        "list",
        _l("Everybody chooses. What most people choose wins."),
        _l("For a few suggestions that are easy to tell apart."),
        _l("Tick what you want."),
        _l("The suggestion with the most votes wins. If several are equal, you choose between those."),
    ),
    Method.DOTS: MethodWords(
        _pl("method", "Share out points"),
        "star",
        _l("Everybody has the same number of points and shares them out."),
        _l("When there are many wishes and you look for what matters most."),
        _l("Share out your points. Several points for one suggestion are fine."),
        _l("The most points win. If points are equal, the number of people behind them counts."),
    ),
    Method.SCORE: MethodWords(
        _pl("method", "Rate"),
        "star",
        _l("Everybody rates each suggestion from 0 to 5. The best average wins."),
        _l("When you want to know how good people find each suggestion."),
        _l("Rate each suggestion. If you do not know, say so: it pulls nothing down."),
        _l(
            "The best average of those who rated it wins, if at least half of you rated it."
            " If averages are equal, the one people agree on more."
        ),
    ),
    Method.RANKING: MethodWords(
        _pl("method", "Put in order"),
        "list",
        _l("Everybody puts the suggestions in order. Each is compared with each."),
        _l("When there are several good suggestions and none should lose by splitting votes."),
        _l("Write 1 for the best one, then 2, then 3. The same number twice is fine, and so are gaps."),
        _l("What wins against each other one wins. If nothing does, the strongest chains decide (Schulze)."),
    ),
    Method.RESISTANCE: MethodWords(
        _pl("method", "Least resistance"),
        "shield",
        _l("Everybody says how much speaks against each suggestion. The least resistance wins."),
        _l("When you look for what everybody can live with, and feelings run high."),
        _l("Give each suggestion 0 (nothing speaks against it) to 10 (I cannot accept it)."),
        _l(
            "The suggestion with the least resistance wins."
            " “Everything stays as it is” stands beside the others and wins if nothing meets less."
        ),
    ),
    Method.DATE: MethodWords(
        _pl("method", "Find a date"),
        "calendar",
        _l("Everybody says when they can come. You choose the date."),
        _l("For a meeting, a trip, a party."),
        _l("Say for each date whether it suits you."),
        _l("You see when most people can come. The portal chooses nothing by itself."),
    ),
    Method.LOTS: MethodWords(
        _pl("method", "Draw lots"),
        "qr",
        _l("Chance decides, and everybody can check that nobody helped it along."),
        _l("When all are equally good, or somebody has to begin."),
        _l("You may add a word of your own. It is mixed into the draw."),
        _l("The lot is fixed when it begins and opened at the end. Every member can work it out again."),
    ),
}


@dataclass(frozen=True)
class Beginning:
    """Something many groups decide, ready to fill in. `title` is the first draft of the question."""

    name: LazyString
    what: LazyString
    method: Method
    title: LazyString | str = ""
    target: Target = Target.FREE


BEGINNINGS: dict[str, Beginning] = {
    "meeting": Beginning(
        _l("When do we meet?"),
        _l("Find a date that suits most people. The one you choose stands in your calendar then."),
        Method.DATE,
        _l("When do we meet?"),
        Target.DATE,
    ),
    "try": Beginning(
        _l("Shall we try this?"),
        _l("One suggestion, and whoever sees harm in it says so."),
        Method.CONSENT,
        _l("We try this: "),
    ),
    "name": Beginning(
        _l("Which suggestion can we all live with?"),
        _l("A name, a colour, a place: the one that bothers people least."),
        Method.RESISTANCE,
        _l("Which one can we all live with?"),
    ),
    "wishes": Beginning(
        _l("What matters most to us?"),
        _l("Many wishes, and everybody shares out points."),
        Method.DOTS,
        _l("What matters most to us?"),
    ),
    "money": Beginning(
        _l("Shall we spend this money?"),
        _l("Yes or no, with an end and a number of people who have to take part."),
        Method.MAJORITY,
        _l("Shall we spend this money?"),
    ),
    "turn": Beginning(
        _l("Who begins?"), _l("Draw lots, and everybody can check it."), Method.LOTS, _l("Who begins?")
    ),
    "role": Beginning(
        _l("Who takes on a role?"),
        _l("The group gives a role to one of you. If you want, you take it back the same way."),
        Method.CONSENT,
        _l("Who takes on this role?"),
        Target.ROLE,
    ),
    "charter": Beginning(
        _l("Change what we have agreed on"),
        _l("A new version of your charter. It counts once you have decided so."),
        Method.CONSENT,
        _l("We change what we have agreed on"),
        Target.CHARTER,
    ),
    "pause": Beginning(
        _l("Take a break"),
        _l("The group rests until a day and then goes on by itself."),
        Method.CONSENT,
        _l("We take a break"),
        Target.PAUSE,
    ),
    "end": Beginning(
        _l("End the group"),
        _l("The group is archived. You can take everything with you, and decide to go on after all."),
        Method.CONSENT,
        _l("We end our group"),
        Target.END,
    ),
    "starters": Beginning(
        _l("Who may begin decisions?"),
        _l("The group leaves it to a role to begin decisions, or gives it back to everybody."),
        Method.CONSENT,
        _l("Who begins our decisions?"),
        Target.STARTERS,
    ),
}

Choices = dict[str, LazyString]


@dataclass(frozen=True)
class Question:
    """One of the adviser's four questions."""

    text: LazyString
    answers: Choices


ADVISER: dict[str, Question] = {
    "about": Question(
        _l("What is it about?"),
        {
            "one": _l("One suggestion: do we do it or not?"),
            "several": _l("Several suggestions: which one?"),
            "date": _l("A date"),
            "chance": _l("Everything is equally fine, or somebody has to begin"),
        },
    ),
    "all": Question(
        _l("Has everybody to be able to live with it?"),
        {
            "yes": _l("Yes, nobody should be run over"),
            "no": _l("No, it is enough if most of us want it"),
        },
    ),
    "fine": Question(
        _l("How would you like to answer, if there are several suggestions?"),
        {
            "tick": _l("Just tick something"),
            "rate": _l("Say of each how good it is"),
            "share": _l("Share out points, because there are many"),
            "order": _l("Put them in order"),
        },
    ),
    "secret": Question(
        _l("May the others see what you answered?"),
        {
            "open": _l("Yes, we trust each other with that"),
            "secret": _l("No, it should be secret"),
        },
    ),
}


def advised(answers: Mapping[str, str]) -> tuple[Method, bool, LazyString] | None:
    """(method, secret, why) for the four answers, None while the first one is missing."""
    about, secret = answers.get("about"), answers.get("secret") == "secret"
    if about == "date":
        return Method.DATE, False, _l("For a date everybody has to see who can come when.")
    if about == "chance":
        return Method.LOTS, False, _l("When all are equally good, chance is the fairest.")
    if about == "one":
        return _for_one(answers.get("all") == "yes", secret)
    if about != "several":
        return None
    if answers.get("all") == "yes":
        why = _l("You see at once which suggestion would hurt somebody, and avoid it.")
        return Method.RESISTANCE, secret, why
    return {
        "rate": (Method.SCORE, secret, _l("A rating tells more than a tick: a good second choice can win.")),
        "share": (Method.DOTS, secret, _l("With many wishes, points show what really matters.")),
        "order": (Method.RANKING, secret, _l("An order compares each with each, and no votes are lost.")),
    }.get(answers.get("fine", ""), (Method.CHOICE, secret, _l("Ticking is quick, and everybody knows it.")))


def _for_one(for_all: bool, secret: bool) -> tuple[Method, bool, LazyString]:
    if not for_all:
        return Method.MAJORITY, secret, _l("A clear question, a clear answer.")
    if secret:
        why = _l("Consent needs a talk about objections, so it cannot be secret. Consensus can.")
        return Method.CONSENSUS, True, why
    return Method.CONSENT, False, _l("Nobody is run over, and it is quick when nobody objects.")


# How an answer is worded, on the form, on the last page and in the list of who said what.
ANSWER_WORDS: dict[Method, dict[str, LazyString]] = {
    Method.CONSENT: {
        "consent": _l("I agree"),
        "concern": _l("I agree, but I have a concern"),
        "objection": _l("I object: it would do harm"),
        "aside": _l("I stand aside: decide without me"),
    },
    Method.CONSENSUS: {
        "yes": _pl("answer", "I agree"),
        "abstain": _pl("answer", "I abstain"),
        "no": _pl("answer", "I disagree"),
        "block": _l("I block it: I cannot live with it"),
    },
    Method.MAJORITY: {
        "yes": _pl("vote", "Yes"),
        "no": _pl("vote", "No"),
        "abstain": _pl("vote", "Abstention"),
    },
}
DATE_WORDS: dict[int, LazyString] = {
    2: _pl("date", "Suits me"),
    1: _pl("date", "If need be"),
    0: _pl("date", "Does not suit me"),
}
# What the numbers of resistance mean, where people look for a hold.
ANCHORS: dict[int, LazyString] = {
    0: _l("nothing speaks against it"),
    3: _l("I do not like it, but it is fine"),
    7: _l("hard to bear"),
    10: _l("I cannot accept it"),
}
MAJORITY_WORDS: dict[str, LazyString] = {
    "simple": _l("More yes than no"),
    "absolute": _l("Yes from more than half of all who may answer"),
    "two_thirds": _l("At least two thirds of yes and no say yes"),
    "all": _l("Everybody who may answer says yes"),
}
STATUS_QUO = _l("Everything stays as it is")
