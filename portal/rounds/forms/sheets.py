"""Typing a paper sheet: one row per option, in the order and with the numbers of the paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import SelectField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.core.text import ascii_digits
from portal.rounds.forms.letters import BIGGEST
from portal.rounds.models import BallotKind
from portal.rounds.operations.filling import Content, Rules, Values, content_of, is_blank
from portal.web.forms import Form, WholeNumber

AS_TYPED, BLANK = "as_typed", "blank"
INVALID_WORDS: dict[str, LazyString] = {
    "unclear": _l("Invalid: one cannot tell what is meant"),
    "too_much": _l("Invalid: more than the rules allow"),
    "marked": _l("Invalid: signed, or marked so that one could tell whose it is"),
    "other_vote": _l("Invalid: not a ballot of this vote"),
    "missing": _l("Missing: handed out, but not in the urn"),
}
VERDICTS: dict[str, LazyString] = {
    AS_TYPED: _l("Valid, as typed above"),
    BLANK: _l("Blank: nothing is marked"),
    **INVALID_WORDS,
}
LONGEST_NUMBER = 6


class SheetForm(Form):
    """The number stamped on the sheet, and what it is. The marks are read by `content`."""

    serial = WholeNumber(_l("Number on the sheet"), [InputRequired()], least=1, most=BIGGEST)
    verdict = SelectField(
        _l("What is it?"), choices=[SelectChoice(value, words) for value, words in VERDICTS.items()]
    )

    def content(self, rules: Rules, given: Mapping[str, str]) -> Content | None:
        """What was typed, as a ballot or as invalid; None with an error in the form."""
        if self.verdict.data not in {AS_TYPED, BLANK}:
            return {"invalid": self.verdict.data}
        content = content_of(rules, marks(rules, given))
        if (self.verdict.data == BLANK) != is_blank(content):
            self.add_error("verdict", str(_l("Marks and answer do not fit: is the sheet blank or not?")))
            return None
        return content


def marks(rules: Rules, given: Mapping[str, str]) -> Values:
    """What stands in the boxes "o-<code>": a tick, a number, a word. Nonsense stays, to be refused."""
    found: dict[str, Any] = {}
    for code in rules.costs:
        raw = ascii_digits(given.get(f"o-{code}", "")).strip()
        if not raw:
            continue
        if rules.kind in {BallotKind.APPROVAL, BallotKind.BASKET}:
            found[code] = 1
        elif rules.numbers and raw.isdecimal() and len(raw) <= LONGEST_NUMBER:
            found[code] = int(raw)
        else:
            found[code] = raw[:20]
    return found
