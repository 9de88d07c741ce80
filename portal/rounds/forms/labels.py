"""Words for the choices in forms: each says what it does, not what it is called."""

from __future__ import annotations

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.rounds.models import BallotKind, MajorityKind, Rule

TEMPLATE_LABELS: dict[str, LazyString] = {
    "budget": _l("A budget: people choose what the money is spent on"),
    "question": _l("A question: yes or no"),
    "survey": _l("A survey: which of these is liked best"),
}
KIND_LABELS: dict[BallotKind, LazyString] = {
    BallotKind.APPROVAL: _l("Choose options"),
    BallotKind.BASKET: _l("Fill a basket until the budget is used up"),
    BallotKind.POINTS: _l("Give points"),
    BallotKind.SCORE: _l("Grade each option with a number"),
    BallotKind.RANKING: _l("Put options in order"),
    BallotKind.YES_NO: _l("Say yes or no"),
}
RULE_LABELS: dict[Rule, LazyString] = {
    Rule.EQUAL_SHARES_ADD1: _l(
        "Equal shares: the money is shared out among all voters; what is left raises everybody's part."
        " Recommended for budgets."
    ),
    Rule.EQUAL_SHARES: _l("Equal shares, without raising: what is left stays left"),
    Rule.GREEDY: _l("Most votes first: what does not fit into the budget is skipped"),
    Rule.GREEDY_NO_SKIP: _l("Most votes first: it ends at the first one that does not fit"),
    Rule.GREEDY_THRESHOLD: _l("Most votes first, with a minimum of votes"),
    Rule.MAJORITY: _l("Yes or no: the majority decides"),
    Rule.APPROVAL: _l("The options with the most votes win"),
    Rule.SCORE: _l("The options with the most points win"),
    Rule.SCHULZE: _l("Each against each (Schulze method)"),
}
MAJORITY_LABELS: dict[MajorityKind, LazyString] = {
    MajorityKind.SIMPLE: _l("More yes than no"),
    MajorityKind.ABSOLUTE: _l("Yes from more than half of all ballots"),
    MajorityKind.TWO_THIRDS: _l("Two thirds of yes and no"),
}
