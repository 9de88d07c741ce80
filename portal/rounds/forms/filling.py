"""What was written on one page of the ballot paper. No WTForms here: fields come from the round's options."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from portal.core.i18n import LazyString
from portal.core.text import ascii_digits, clean_line
from portal.rounds.errors.box import NotAnAnswer, NotAWholeNumber, OptionTwice
from portal.rounds.models import BallotKind
from portal.rounds.operations.filling import ANSWERS, Rules, Value, Values
from portal.rounds.queries.filling import Wanted

BOX = "v-"
LONGEST_WORDS = 80
# Nobody means more; and no database column, sum or screen has to hold it.
LARGEST = 10**6


@dataclass
class Written:
    """The boxes of one page: what they say, and what could not be read (code -> problem, as it was typed)."""

    values: Values = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)
    problems: dict[str, LazyString | str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    def over(self, before: Values) -> Values:
        """The whole draft: what was there before, with the boxes of this page as they are now."""
        kept = {code: value for code, value in before.items() if code not in self.emptied}
        return {**kept, **self.values}


def read_boxes(rules: Rules, posted: MultiDict[str, str]) -> Written:
    """Only boxes that were shown count; options of other rounds and unknown ones are passed over."""
    written = Written()
    for code in _shown(rules, posted.getlist("shown")):
        said = {one.strip() for one in posted.getlist(BOX + code)}
        typed = min(said, default="")
        if len(said) > 1:
            # No page of ours sends two values for one box: which one would be meant?
            written.problems[code], written.typed[code] = OptionTwice.message, ""
            continue
        if not typed:
            written.emptied.add(code)
            continue
        try:
            written.values[code] = _value(rules, typed)
        except (NotAWholeNumber, NotAnAnswer) as problem:
            written.problems[code], written.typed[code] = problem.message, typed[:20]
    return written


def _shown(rules: Rules, codes: Iterable[str]) -> list[str]:
    return [code for code in dict.fromkeys(codes) if code in rules.costs and code not in rules.withdrawn]


def _value(rules: Rules, typed: str) -> Value:
    if rules.kind is BallotKind.YES_NO:
        if typed not in ANSWERS:
            raise NotAnAnswer
        return typed
    if not rules.numbers:
        return 1
    digits = ascii_digits(typed)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 7 or int(digits) > LARGEST:
        raise NotAWholeNumber
    return int(digits)


def wanted_from(given: MultiDict[str, str], districts: dict[str, int]) -> Wanted:
    """What the address (or the form above the list) asks for; nonsense asks for nothing."""
    page = given.get("page", "1")
    return Wanted(
        words=clean_line(given.get("q", ""))[:LONGEST_WORDS],
        district_id=districts.get(given.get("district", "")),
        category=clean_line(given.get("category", ""))[:40],
        only_chosen=given.get("mine") == "1",
        page=min(max(int(page), 1), 1000) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
    )
