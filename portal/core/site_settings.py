"""Site settings: what administrators change in the browser. Packages declare them with type and default."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import Base, session, upsert
from portal.core.errors import DomainError
from portal.core.i18n import LazyString, lazy_gettext

CACHE_SECONDS = 5.0


class SiteSetting(Base):
    """One changed setting; what is not here has its default."""

    __tablename__ = "site_setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]


@dataclass(frozen=True)
class Declaration:
    """One setting. kind: int, bool, str, text, colour, picture, languages; label and help are lazy words."""

    key: str
    kind: str
    default: Any
    label: LazyString | str
    help: LazyString | str
    group: str
    minimum: int | None
    maximum: int | None


class ValueOutOfRange(DomainError):
    """The number is below or above what makes sense."""

    message = lazy_gettext("Please choose a number within the limits.")


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
) -> None:
    """A package declares a setting "package.name" at import."""
    if key in _declarations:
        raise ValueError(f"site setting {key} is declared twice")
    _declarations[key] = Declaration(key, kind, default, label, help, group, minimum, maximum)


def declarations() -> list[Declaration]:
    """Every declared setting, by group and key."""
    return sorted(_declarations.values(), key=lambda one: (one.group, one.key))


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


def change(key: str, value: Any, *, actor: Actor) -> None:
    """Set a value; ValueOutOfRange for numbers beyond the declared limits."""
    declared = _declarations[key]
    if declared.kind == "int":
        value = int(value)
        below = declared.minimum is not None and value < declared.minimum
        above = declared.maximum is not None and value > declared.maximum
        if below or above:
            raise ValueOutOfRange(field=key)
    row = {"value": {"value": value}, "changed_at": clock.now(), "changed_by": actor.account_id}
    statement = upsert(SiteSetting).values(key=key, **row)
    session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))
    audit.record("core.setting_changed", actor=actor, subject=("setting", 0), key=key)
    forget()
