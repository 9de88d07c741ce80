"""What happens to notices and mails outside requests."""

from __future__ import annotations

from typing import Any

from portal.core.jobs import handler, periodic
from portal.notifications.jobs.delivery import deliver
from portal.notifications.operations import prune_mails, prune_notices, tell


@handler("notifications.tell")
def tell_some(payload: dict[str, Any]) -> None:
    """Write the notices for one part of many recipients."""
    tell(payload["ids"], payload["told"])


@handler("mail.send", slow=True)
def send_one(payload: dict[str, Any]) -> None:
    """Deliver one mail; slow, because mail servers are."""
    deliver(payload["id"])


@periodic("notifications.prune", every_minutes=6 * 60)
def prune() -> None:
    """Forget mails after 14 days and read notices after half a year."""
    prune_mails()
    prune_notices()
