"""Pictures of things, their files, and what a person has left of the quota."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from portal.content.models import Picture
from portal.core import clock
from portal.core.actors import VISITOR
from portal.core.db import session
from portal.core.permissions import can
from portal.core.settings import current_settings
from portal.core.subjects import SubjectRef

EXTENSIONS = ("webp", "jpg")


def uploads_folder() -> Path:
    """Where the files lie: outside everything the web server hands out by itself."""
    return current_settings().instance / "uploads"


def folder_of(picture: Picture) -> Path:
    """The folder of one picture's files; its name is random and not in any address."""
    return uploads_folder() / picture.folder[:2] / picture.folder


def picture_file(picture: Picture, width: int, extension: str) -> Path | None:
    """One of the picture's files, or None for a width or kind it does not have."""
    widths = [one["width"] for one in picture.widths]
    if width not in widths or extension not in EXTENSIONS:
        return None
    return folder_of(picture) / f"{width}.{extension}"


def picture_by_public_id(public_id: str) -> Picture | None:
    """One picture by the id in its address, or None."""
    return session.scalar(select(Picture).where(Picture.public_id == public_id))


def is_picture_public(picture: Picture) -> bool:
    """Whether everybody may see it now."""
    return can(VISITOR, "content.see_picture", picture)


def pictures_of(owner: SubjectRef, *, with_pending: bool = False) -> list[Picture]:
    """The owner's pictures in their order; those without description only for the form (with_pending)."""
    query = select(Picture).where(Picture.owner_kind == owner.kind, Picture.owner_id == owner.id)
    if not with_pending:
        query = query.where(Picture.alt != "")
    return list(session.scalars(query.order_by(Picture.position, Picture.id)))


def first_pictures(kind: str, owner_ids: Iterable[int]) -> dict[int, Picture]:
    """owner id -> its first described picture, in one query, for lists."""
    query = (
        select(Picture)
        .where(Picture.owner_kind == kind, Picture.owner_id.in_(list(owner_ids)), Picture.alt != "")
        .order_by(Picture.position.desc(), Picture.id.desc())
    )
    return {picture.owner_id: picture for picture in session.scalars(query)}


def uploaded_lately(account_id: int) -> int:
    """How many pictures a person sent in the last 24 hours."""
    since = clock.now() - timedelta(days=1)
    query = select(func.count()).where(Picture.uploader_id == account_id, Picture.created_at > since)
    return session.scalar(query) or 0


def bytes_used(account_id: int) -> int:
    """How much room a person's pictures take on disk, in bytes."""
    query = select(func.coalesce(func.sum(Picture.bytes), 0)).where(Picture.uploader_id == account_id)
    return session.scalar(query) or 0


def export_pictures(account_id: int) -> list[dict[str, Any]]:
    """The person's pictures, for the own export: where they are, and what they say."""
    query = select(Picture).where(Picture.uploader_id == account_id).order_by(Picture.id)
    return [
        {
            "about": f"{row.owner_kind} {row.owner_id}".strip(),
            "file": f"/pictures/{row.public_id}/{row.widths[-1]['width']}.jpg",
            "description": row.alt,
            "created_at": row.created_at.isoformat(),
        }
        for row in session.scalars(query)
    ]
