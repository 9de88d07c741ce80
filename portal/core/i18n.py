"""Languages and words: the registry of languages, chained catalogues, and CLDR formats.

One context variable holds the reader's language; everything that turns into words asks it. Catalogues fall
back along `Language.chain` (for example plain German -> German -> the English message itself).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import inf
from typing import Any

from babel import Locale
from babel.dates import TIMEDELTA_UNITS, format_timedelta
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations

from portal.core import clock
from portal.core.places_on_disk import data_root


@dataclass(frozen=True, eq=False)
class Language:
    """One language the portal speaks. `slug` stands in URLs, `babel` names the catalogue and CLDR locale."""

    slug: str
    babel: str
    html_lang: str
    dir: str
    name: str
    chain: tuple[str, ...] = ()

    @property
    def locale(self) -> Locale:
        """The CLDR locale; plain German shares German's dates and numbers."""
        return Locale.parse(self.babel.partition("@")[0])


# The order is the order of the language menu. English is the language of the messages in the code.
LANGUAGES: dict[str, Language] = {
    language.slug: language
    for language in (
        Language("de", "de", "de", "ltr", "Deutsch"),
        Language("leicht", "de@leicht", "de-simple", "ltr", "Leichte Sprache", ("de",)),
        Language("en", "en", "en", "ltr", "English"),
        Language("tr", "tr", "tr", "ltr", "Türkçe", ("de",)),
        Language("uk", "uk", "uk", "ltr", "Українська", ("de",)),
        Language("ar", "ar", "ar", "rtl", "العربية", ("de",)),
    )
}
DEFAULT_LANGUAGE = "de"
SOURCE_LANGUAGE = "en"
# Babel's own threshold: 0.85 of a unit is called one of it.
ROUNDED_UP_FROM = 0.85

_current: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def current_language() -> Language:
    """The language words are made in at this moment."""
    return LANGUAGES[_current.get()]


def set_language(slug: str) -> None:
    """Speak this language for the rest of the request."""
    _current.set(slug if slug in LANGUAGES else DEFAULT_LANGUAGE)


@contextmanager
def use_language(slug: str) -> Iterator[Language]:
    """Speak another language inside the block, for example a mail's recipient's."""
    token = _current.set(slug if slug in LANGUAGES else DEFAULT_LANGUAGE)
    try:
        yield current_language()
    finally:
        _current.reset(token)


@lru_cache(maxsize=32)
def translations_for(slug: str) -> NullTranslations:
    """The catalogue of a language with its fall-backs behind it; read from disk once."""
    if slug == SOURCE_LANGUAGE:
        return NullTranslations()
    language = LANGUAGES[slug]
    catalogue = Translations.load(str(data_root() / "translations"), [language.babel])
    if language.chain:
        # add_fallback, not merge: plural rules differ between catalogues. The next one brings those after it,
        # and is the same for all who fall back on it: a catalogue takes 1.4 MB.
        catalogue.add_fallback(translations_for(language.chain[0]))
    return catalogue


def gettext(message: str, **values: Any) -> str:
    """The message in the reader's language, with values filled in."""
    text = translations_for(_current.get()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """The right plural form; `n` is available as %(n)s and %(num)s."""
    text: str = translations_for(_current.get()).ngettext(singular, plural, n)
    return text % {"n": n, "num": n, **values}


def pgettext(context: str, message: str, **values: Any) -> str:
    """The message in a context, for words with two meanings."""
    text = translations_for(_current.get()).pgettext(context, message)
    text = str(text) if text else message
    return text % values if values else text


def npgettext(context: str, singular: str, plural: str, n: int, **values: Any) -> str:
    """The right plural form of a message in a context."""
    text = translations_for(_current.get()).npgettext(context, singular, plural, n)
    return str(text) % {"n": n, "num": n, **values}


def N_(message: str) -> str:
    """Marks a message for extraction without translating it now."""
    return message


class LazyString:
    """Words that are chosen only when they are read."""

    __slots__ = ("_args", "_function", "_values")

    def __init__(self, function: Callable[..., str], *args: Any, **values: Any) -> None:
        self._function, self._args, self._values = function, args, values

    def __str__(self) -> str:
        return self._function(*self._args, **self._values)

    def __repr__(self) -> str:
        return f"LazyString({self._args!r})"

    def __mod__(self, other: Any) -> str:
        return str(str(self) % other)

    def __add__(self, other: Any) -> str:
        return str(self) + str(other)

    def __radd__(self, other: Any) -> str:
        return str(other) + str(self)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self._args)

    def __len__(self) -> int:
        return len(str(self))

    def __contains__(self, part: str) -> bool:
        return part in str(self)


def lazy_gettext(message: str, **values: Any) -> LazyString:
    """Like `gettext`, for module level: labels, errors, choices."""
    return LazyString(gettext, message, **values)


def lazy_pgettext(context: str, message: str, **values: Any) -> LazyString:
    """Like `pgettext`, for module level."""
    return LazyString(pgettext, context, message, **values)


def lazy_ngettext(singular: str, plural: str, n: int, **values: Any) -> LazyString:
    """Like `ngettext`, chosen when it is read."""
    return LazyString(ngettext, singular, plural, n, **values)


@lru_cache(maxsize=4096)
def _date(day: date, slug: str, style: str) -> str:
    return babel_date(day, format=style, locale=LANGUAGES[slug].locale)


def format_date(value: date | datetime, style: str = "long") -> str:
    """A day in the reader's words and the town's zone: 3. Oktober 2026."""
    day = clock.local(value).date() if isinstance(value, datetime) else value
    return _date(day, _current.get(), style)


def format_datetime(value: datetime, style: str = "long") -> str:
    """A day with the time of day, in the town's zone, without seconds."""
    local = clock.local(value)
    time = babel_datetime(local, format="HH:mm", locale=LANGUAGES[_current.get()].locale)
    return gettext("%(day)s, %(time)s", day=format_date(value, style), time=time)


def format_relative(value: datetime) -> str:
    """How far away a moment is: "3 days ago", "in 2 hours"."""
    delta = value - clock.now()
    seconds = delta.days * 86_400 + delta.seconds
    for unit, length in TIMEDELTA_UNITS:
        if abs(seconds) >= length * ROUNDED_UP_FROM or unit == "second":
            count = round(abs(seconds) / length)
            return _relative(_current.get(), unit, count * length if seconds > 0 else -count * length)
    raise AssertionError("the last unit is the second")


@lru_cache(maxsize=4096)
def _relative(slug: str, unit: str, seconds: int) -> str:
    """A whole number of one unit in words: there are only some hundred, and Babel takes its time."""
    delta, locale = timedelta(seconds=seconds), LANGUAGES[slug].locale
    return format_timedelta(delta, granularity=unit, threshold=inf, add_direction=True, locale=locale)  # type: ignore[arg-type]


def format_number(value: int | float | Decimal) -> str:
    """A number with the language's separators and Latin digits."""
    return _number(value, _current.get())


@lru_cache(maxsize=2048)
def _number(value: int | float | Decimal, slug: str) -> str:
    return format_decimal(value, locale=LANGUAGES[slug].locale, numbering_system="latn")


def format_money_cents(cents: int, currency: str = "EUR") -> str:
    """An amount of money from cents; whole amounts lose their decimals."""
    locale = current_language().locale
    pattern = locale.currency_formats["standard"].pattern
    return format_currency(
        Decimal(cents) / 100,
        currency,
        format=pattern if cents % 100 else pattern.replace(".00", ""),
        locale=locale,
        currency_digits=bool(cents % 100),
        numbering_system="latn",
    )
