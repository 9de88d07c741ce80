"""Videos in sign language: whose, where their files lie, and what a person has sent."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select

from portal.content.models import Video
from portal.content.queries.pictures import uploads_folder
from portal.content.settings import HOME
from portal.core import clock
from portal.core.actors import VISITOR
from portal.core.db import db, session
from portal.core.permissions import can
from portal.core.subjects import SubjectRef

POSTER = "webp"
# Other server processes show a first video on the home page after this time at the latest.
CACHE_SECONDS = 30.0
_none_until: WeakKeyDictionary[Engine, float] = WeakKeyDictionary()


def video_folder(video: Video) -> Path:
    """The folder of its files; its name is random and not in any address."""
    return uploads_folder() / video.folder[:2] / video.folder


def video_file(video: Video, extension: str) -> Path | None:
    """The video itself, or its preview picture; None for what it does not have."""
    if extension == video.extension or (extension == POSTER and video.has_poster):
        return video_folder(video) / f"video.{extension}"
    return None


def video_by_public_id(public_id: str) -> Video | None:
    """One video by the id in its address, or None."""
    return session.scalar(select(Video).where(Video.public_id == public_id))


def is_video_public(video: Video) -> bool:
    """Whether everybody may see it now."""
    return can(VISITOR, "content.see_video", video)


def video_of(owner: SubjectRef, *, with_pending: bool = False) -> Video | None:
    """The video of a thing; one without words only for the form (with_pending)."""
    query = select(Video).where(Video.owner_kind == owner.kind, Video.owner_id == owner.id, Video.page == "")
    return _shown(session.scalar(query), with_pending=with_pending)


def video_of_page(page: str, *, with_pending: bool = False) -> Video | None:
    """The video of a page of the site."""
    return _shown(session.scalar(select(Video).where(Video.page == page)), with_pending=with_pending)


def home_video() -> Video | None:
    """The video of the home page; a town without one costs a query in half a minute."""
    if time.monotonic() < _none_until.get(db.engine, 0.0):
        return None
    found = video_of_page(HOME)
    if found is None:
        _none_until[db.engine] = time.monotonic() + CACHE_SECONDS
    return found


def forget_home_video() -> None:
    """Ask anew at the next question."""
    _none_until.pop(db.engine, None)


def _shown(video: Video | None, *, with_pending: bool) -> Video | None:
    return video if video is not None and (with_pending or not video.is_pending) else None


def videos_lately(account_id: int) -> int:
    """How many videos a person sent in the last 24 hours."""
    since = clock.now() - timedelta(days=1)
    query = select(func.count()).where(Video.uploader_id == account_id, Video.created_at > since)
    return session.scalar(query) or 0


def video_bytes_used(account_id: int) -> int:
    """How much room a person's videos take on disk, in bytes."""
    query = select(func.coalesce(func.sum(Video.bytes), 0)).where(Video.uploader_id == account_id)
    return session.scalar(query) or 0


def export_videos(account_id: int) -> list[dict[str, Any]]:
    """The person's videos, for the own export: where they are, and their words."""
    query = select(Video).where(Video.uploader_id == account_id).order_by(Video.id)
    return [
        {
            "about": row.page or f"{row.owner_kind} {row.owner_id}",
            "file": f"/videos/{row.public_id}.{row.extension}",
            "words": row.text_md,
            "created_at": row.created_at.isoformat(),
        }
        for row in session.scalars(query)
    ]
