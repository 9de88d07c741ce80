"""Drafts nobody goes on with: their author is reminded, and a month later they are deleted."""

from __future__ import annotations

from datetime import timedelta

from portal.content.operations import remove_pictures_of, remove_video_of
from portal.core import clock
from portal.core.db import session
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef
from portal.notifications.operations import notify
from portal.proposals.models import Proposal
from portal.proposals.queries import resting_drafts

NOTICE = timedelta(days=30)
MONTH = timedelta(days=30.5)


def remind_of_drafts() -> int:
    """Tell the authors of drafts that end in a month, each once; how many were told."""
    now = clock.now()
    drafts = resting_drafts(now - MONTH * site("proposals.draft_months") + NOTICE, is_reminded=False)
    for draft in drafts:
        draft.draft_reminded_at = now
        subject = SubjectRef("proposal", draft.id)
        key = f"draft:{draft.id}:{now.date()}"
        notify([draft.author_id or 0], "proposals.draft_ends", subject=subject, dedupe_key=key)
    session.flush()
    return len(drafts)


def forget_drafts() -> int:
    """Delete drafts whose author was reminded a month ago and wrote nothing since; how many went."""
    now = clock.now()
    before = now - MONTH * site("proposals.draft_months")
    drafts = [
        one
        for one in resting_drafts(before, is_reminded=True)
        if one.draft_reminded_at and one.draft_reminded_at <= now - NOTICE
    ]
    for draft in drafts:
        remove_draft(draft)
    return len(drafts)


def remove_draft(draft: Proposal) -> None:
    """A draft goes with everything that hangs on it (rows go by the database's own cascade)."""
    ref = SubjectRef("proposal", draft.id)
    remove_pictures_of(ref)
    remove_video_of(ref)
    session.delete(draft)
    session.flush()
