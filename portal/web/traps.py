"""Forms that anybody may send without an account: two traps for machines that people do not notice.

A field that nobody sees or reaches, and a moment that passes before anybody has read and typed. Both are
asked of visitors only; no cookie, no script, no puzzle. Who is caught gets the page back with every word on
it, and a person who presses again gets through: an autofill that fills in everything keeps nobody out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from portal.core import clock
from portal.core.crypto import equal, keyed_hash
from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.web.context import current_actor
from portal.web.forms import Form, HiddenText

# Nobody reads the page, types and presses in less.
FASTEST_SECONDS = 2
FIRST, AGAIN = "web.begun", "web.begun-again"
TOO_FAST = _l("That was very fast. Please check your words and press the button once more.")
FILLED = _l("Something filled in a hidden field. Please press the button once more.")


def begun_now() -> str:
    """When the form was made, signed, so that it cannot be dated back."""
    return _sealed(FIRST, str(int(clock.now().timestamp())))


def _sealed(purpose: str, stamp: str) -> str:
    return f"{stamp}.{keyed_hash(purpose, stamp)[:20]}"


def _moment(begun: str) -> tuple[str, str] | None:
    """Which of our seals the stamp bears, and its seconds; None for a stamp that is not ours."""
    stamp = begun.partition(".")[0]
    if not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 12:
        return None
    return next(((seal, stamp) for seal in (FIRST, AGAIN) if equal(begun, _sealed(seal, stamp))), None)


def _seconds_since(stamp: str) -> float:
    return (clock.now() - datetime.fromtimestamp(int(stamp), UTC)).total_seconds()


class OpenForm(Form):
    """Base of the forms of visitors; their pages hold `ui.form.traps(form)`."""

    website = HiddenText()
    begun = HiddenText(default=begun_now)

    @property
    def is_asked(self) -> bool:
        """Whoever is signed in has shown to be somebody: by a code, with limits."""
        return current_actor().is_visitor

    def validate(self, extra_validators: Any = None) -> bool:
        """What machines do, asked last: other errors say more to a person."""
        is_fine = super().validate(extra_validators)
        caught = self._caught() if is_fine and self.is_asked else None
        if caught is not None:
            self.form_errors.append(str(caught))
        return is_fine and caught is None

    def _caught(self) -> LazyString | None:
        """The sentence for whoever is caught. From then on the stamp says that the hidden field was asked."""
        seal, stamp = _moment(self.begun.data or "") or (FIRST, "")
        if self.website.data and seal == FIRST:
            self.website.data = ""
            self.begun.data = _sealed(AGAIN, stamp or str(int(clock.now().timestamp())))
            return FILLED
        if not stamp or _seconds_since(stamp) < FASTEST_SECONDS:
            self.begun.data = self.begun.data if stamp else begun_now()
            return TOO_FAST
        return None
