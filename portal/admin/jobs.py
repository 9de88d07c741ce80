"""What administration does outside requests."""

from __future__ import annotations

import logging
from typing import Any

from portal.admin import operations
from portal.core import search, statistics
from portal.core.jobs import handler, periodic

log = logging.getLogger("portal.admin")


@periodic("admin.retention", every_minutes=24 * 60)
def retention() -> None:
    """Delete what is past its date, and uploads nobody used."""
    for table, count in operations.sweep().items():
        log.info("retention table=%s rows=%s", table, count)
    operations.forget_pending()


periodic("admin.statistics", every_minutes=24 * 60)(statistics.renew)


@handler("admin.rebuild_search", slow=True)
def rebuild_search(payload: dict[str, Any]) -> None:
    """Make the search index anew, in batches of its own."""
    log.info("search_rebuilt documents=%s", sum(search.rebuild().values()))
