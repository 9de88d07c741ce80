"""Site settings: what administrators change in the browser. Packages declare them with type and default."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import Base, session, upsert
from portal.core.errors import DomainError
from portal.core.i18n import LANGUAGES, LazyString, lazy_gettext
from portal.core.text import clean_line, clean_text

CACHE_SECONDS = 5.0
LONGEST_LINE = 200
LONGEST_TEXT = 4000
COLOUR = re.compile(r"#[0-9a-f]{6}")


class SiteSetting(Base):
    """One changed setting; what is not here has its default."""

    __tablename__ = "site_setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]


@dataclass(frozen=True)
class Declaration:
    """One setting; label and help are lazy words, choices are (value, label).

    kind: int, bool, str (one line), text, colour (#rrggbb), languages (ordered), choice, date (or nothing),
    picture (an address, set by its own form).
    """

    key: str
    kind: str
    default: Any
    label: LazyString | str
    help: LazyString | str
    group: str
    minimum: int | None
    maximum: int | None
    choices: tuple[tuple[str, LazyString | str], ...] = ()
    # Raises a DomainError when the words of a text cannot be meant.
    check: Callable[[str], None] | None = None


class ValueOutOfRange(DomainError):
    """The number is below or above what makes sense."""

    message = lazy_gettext("Please choose a number within the limits.")


class NotAColour(DomainError):
    """A colour is a hash and six digits."""

    message = lazy_gettext("Please write a colour as # and six digits, for example #0a5450.")


class NoLanguage(DomainError):
    """Without a language there would be no pages."""

    message = lazy_gettext("Please choose at least one language.")


class SettingTooLong(DomainError):
    """Longer than any page has room for."""

    message = lazy_gettext("This is too long. Please write it shorter.")


class NotADay(DomainError):
    """A day is written year-month-day."""

    message = lazy_gettext("Please choose a day.")


class NotAChoice(DomainError):
    """The value is none of those offered."""

    message = lazy_gettext("Please choose one of the answers.")


_declarations: dict[str, Declaration] = {}
_cache: dict[str, Any] = {}
_cached_until = 0.0

audit.schema("core.setting_changed", fields=("key",), visibility="staff")


def declare(
    key: str,
    *,
    kind: str,
    default: Any,
    label: LazyString | str,
    group: str,
    help: LazyString | str = "",
    minimum: int | None = None,
    maximum: int | None = None,
    choices: tuple[tuple[str, LazyString | str], ...] = (),
    check: Callable[[str], None] | None = None,
) -> None:
    """A package declares a setting "package.name" at import."""
    if key in _declarations:
        raise ValueError(f"site setting {key} is declared twice")
    _declarations[key] = Declaration(key, kind, default, label, help, group, minimum, maximum, choices, check)


def declarations() -> list[Declaration]:
    """Every declared setting by group, in the order in which packages declare them."""
    return sorted(_declarations.values(), key=lambda one: one.group)


def _load() -> None:
    global _cached_until
    rows = session.execute(select(SiteSetting.key, SiteSetting.value)).all()
    _cache.clear()
    _cache.update({key: value.get("value") for key, value in rows})
    _cached_until = time.monotonic() + CACHE_SECONDS


def forget() -> None:
    """Read the settings anew at the next question (after a change or a rollback)."""
    global _cached_until
    _cached_until = 0.0


def site(key: str) -> Any:
    """The setting's value now. Other processes see a change within five seconds."""
    if time.monotonic() > _cached_until:
        _load()
    return _cache.get(key, _declarations[key].default)


def cleaned(key: str, value: Any) -> Any:
    """The value as it is stored. Raises the error of its kind (field=key) when it cannot be."""
    declared = _declarations[key]
    if declared.kind == "int":
        return _number(declared, value)
    if declared.kind == "bool":
        return bool(value)
    if declared.kind == "languages":
        return _languages(declared, value)
    words = clean_text(str(value)) if declared.kind == "text" else clean_line(str(value))
    if len(words) > (LONGEST_TEXT if declared.kind == "text" else LONGEST_LINE):
        raise SettingTooLong(field=key)
    if declared.kind == "colour" and not COLOUR.fullmatch(words := words.lower()):
        raise NotAColour(field=key)
    if declared.kind == "date" and words:
        _check_day(key, words)
    if declared.check is not None:
        declared.check(words)
    if declared.kind == "choice" and words not in {choice for choice, _ in declared.choices}:
        raise NotAChoice(field=key)
    return words


def _number(declared: Declaration, value: Any) -> int:
    number = int(value)
    below = declared.minimum is not None and number < declared.minimum
    above = declared.maximum is not None and number > declared.maximum
    if below or above:
        raise ValueOutOfRange(field=declared.key)
    return number


def _languages(declared: Declaration, value: Any) -> list[str]:
    chosen = [slug for slug in dict.fromkeys(value) if slug in LANGUAGES]
    if not chosen:
        raise NoLanguage(field=declared.key)
    return chosen


def _check_day(key: str, words: str) -> None:
    try:
        date.fromisoformat(words)
    except ValueError:
        raise NotADay(field=key) from None


def change(key: str, value: Any, *, actor: Actor) -> None:
    """Set a value; raises what `cleaned` raises."""
    row = {
        "value": {"value": cleaned(key, value)},
        "changed_at": clock.now(),
        "changed_by": actor.account_id,
    }
    statement = upsert(SiteSetting).values(key=key, **row)
    session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))
    audit.record("core.setting_changed", actor=actor, subject=("setting", 0), key=key)
    forget()
