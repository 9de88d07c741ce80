"""What happens to notices and mails outside requests."""

from __future__ import annotations

from typing import Any

from portal.core.jobs import handler
from portal.notifications.operations import tell


@handler("notifications.tell")
def tell_some(payload: dict[str, Any]) -> None:
    """Write the notices for one part of many recipients."""
    tell(payload["ids"], payload["told"])
