"""The shared mailbox of the moderators: told beside them, in words that say nothing of the case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal.core import clock, jobs
from portal.core.db import session
from portal.core.site_settings import site
from portal.moderation.settings import for_district
from portal.notifications.models import MailMessage
from portal.notifications.operations import send_mail
from portal.places.queries import district

# What is not urgent waits for company until the quarter of an hour is over: one mail, not one each.
TOGETHER, GRACE = timedelta(minutes=15), timedelta(minutes=1)
WAITS = "moderation.waiting"
_TEMPLATES = {
    WAITS: "moderation/mail/mailbox",
    "moderation.urgent": "moderation/mail/mailbox_urgent",
    "moderation.overdue": "moderation/mail/mailbox_overdue",
}


def tell_mailbox(district_id: int | None, kind: str, *, dedupe_key: str | None = None) -> None:
    """The mailboxes of a district and of the town hear of a notice to moderators, if there are any."""
    if not _addresses(district_id):
        return
    if kind != WAITS:
        write_to_mailbox(district_id, kind, key=dedupe_key or "")
        return
    # A key holds for days after its job is done: the next quarter of an hour needs its own. A moment more,
    # so that what is written in its last second is there when the job looks.
    quarter = int(clock.now().timestamp() // TOGETHER.total_seconds())
    run_at = datetime.fromtimestamp((quarter + 1) * TOGETHER.total_seconds(), UTC) + GRACE
    key = f"mailbox:{district_id or 0}:{quarter}"
    jobs.enqueue("moderation.write_to_mailbox", {"district": district_id}, run_at=run_at, unique_key=key)


def write_to_mailbox(district_id: int | None, kind: str = WAITS, *, key: str = "") -> None:
    """One mail to each address, in the town's first language: what is to be done, and where the desk is.

    Under the same key nothing is written again for as long as rows of mails are kept (14 days).
    """
    name = f"{kind}:mailbox:{key}"
    if key and session.scalar(select(MailMessage.id).where(MailMessage.kind == name).limit(1)):
        return
    for address in _addresses(district_id):
        send_mail(address, _TEMPLATES[kind], site("web.languages")[0], kind=name)


def _addresses(district_id: int | None) -> list[str]:
    place = district(district_id)
    return list(dict.fromkeys(for_district(site("moderation.mailbox"), place.name if place else None)))
