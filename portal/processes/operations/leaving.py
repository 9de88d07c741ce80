"""What remains when somebody at work leaves the portal."""

from __future__ import annotations

from sqlalchemy import update

from portal.core.db import session
from portal.processes.models import PreviewLink, Process


def forget_person(account_id: int) -> None:
    """The account is erased: processes stay, without this contact person."""
    for column in (Process.contact_account_id, Process.created_by_id):
        session.execute(update(Process).where(column == account_id).values({column: None}))
    session.execute(
        update(PreviewLink).where(PreviewLink.created_by_id == account_id).values(created_by_id=None)
    )
