"""What moderation does by itself."""

from __future__ import annotations

from typing import Any

from portal.core.jobs import handler, periodic
from portal.core.subjects import SubjectRef
from portal.moderation import operations


@periodic("moderation.lift_expired", every_minutes=5)
def lift_expired() -> None:
    """Tidy up restrictions whose time is over."""
    operations.lift_expired()


@periodic("moderation.remind_overdue", every_minutes=15)
def remind_overdue() -> None:
    """Call moderators to what waits too long."""
    operations.remind_overdue()


@periodic("moderation.erase_old", every_minutes=24 * 60)
def erase_old() -> None:
    """Erase what is past its date."""
    operations.erase_old()


@handler("moderation.write_to_mailbox")
def write_to_mailbox(payload: dict[str, Any]) -> None:
    """One mail for everything of the last quarter of an hour."""
    operations.write_to_mailbox(payload["district"])


@handler("moderation.look_again")
def look_again(payload: dict[str, Any]) -> None:
    """Copies of a text that were written at the same moment as it."""
    operations.look_for_pattern(SubjectRef(payload["kind"], payload["id"]), is_first=False)
