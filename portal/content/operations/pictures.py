"""Pictures: taking them in, describing, ordering and removing them.

A picture's files are written before its row is committed and erased after its row is gone, so a row always
has its files; files without a row are swept up by a job.
"""

from __future__ import annotations

import os
import shutil
from datetime import timedelta

from sqlalchemy import func, select, update

from portal.content.errors import DescriptionMissing, TextTooLong
from portal.content.events import PictureAdded
from portal.content.models import Picture, Video
from portal.content.operations.room import check_room
from portal.content.permissions import owner_of
from portal.content.queries.pictures import (
    folder_of,
    pictures_of,
    uploads_folder,
)
from portal.core import clock, jobs
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.events import emit
from portal.core.pictures import ProcessedPicture, process_upload
from portal.core.public_id import new_id
from portal.core.subjects import SubjectRef
from portal.core.text import clean_line

LONGEST_ALT = 300
# Pictures that never got an owner go after this time; files of a rolled-back request after a day.
KEEP_LOOSE = timedelta(days=7)
KEEP_STRAY_FILES = timedelta(days=1)
SWEEP_PARTS = 28


def add_picture(
    actor: Actor, data: bytes, alt: str, owner: SubjectRef | None, *, language: str = ""
) -> Picture:
    """Take in a photo for an owner (None: attach it later). Whether the actor may is the caller's question.

    Only pixels are kept: three widths, no EXIF. Without `alt` it is pending: the upload is not lost, but
    only its uploader sees it until `describe_picture`. Raises core's PictureRefused, TooManyPicturesToday,
    PicturesFull (see `room`) or TextTooLong.
    """
    alt = _checked_alt(alt)
    check_room(actor, field="picture")
    processed = process_upload(data)
    picture = Picture(
        owner_kind=owner.kind if owner else "",
        owner_id=owner.id if owner else 0,
        uploader_id=actor.account_id,
        folder=new_id(20),
        alt=alt,
        language=language or actor.language,
        widths=_widths(processed),
        color=processed.color,
        bytes=sum(len(variant.content) for variant in processed.variants),
        sha256=processed.sha256,
        position=_next_position(owner),
        created_at=clock.now(),
    )
    _write_files(picture, processed)
    session.add(picture)
    session.flush()
    emit(PictureAdded(picture.id, picture.owner_kind, picture.owner_id))
    return picture


def _checked_alt(alt: str) -> str:
    alt = clean_line(alt)
    if len(alt) > LONGEST_ALT:
        raise TextTooLong(field="alt")
    return alt


def _widths(processed: ProcessedPicture) -> list[dict[str, int]]:
    """[{width, w, h}]: the width that names the files, and their real size in pixels (that of the JPEG)."""
    return [
        {"width": variant.width, "w": variant.pixel_width, "h": variant.pixel_height}
        for variant in processed.variants
        if variant.extension == "jpg"
    ]


def _next_position(owner: SubjectRef | None) -> int:
    if owner is None:
        return 0
    here = (Picture.owner_kind == owner.kind, Picture.owner_id == owner.id)
    last = session.scalar(select(func.max(Picture.position)).where(*here))
    return 0 if last is None else last + 1


def _write_files(picture: Picture, processed: ProcessedPicture) -> None:
    """Write all files beside their place and move the folder there, so that it is never half full."""
    target = folder_of(picture)
    half = target.with_name(target.name + ".new")
    half.mkdir(mode=0o700, parents=True)
    for variant in processed.variants:
        (half / f"{variant.width}.{variant.extension}").write_bytes(variant.content)
    os.replace(half, target)


def describe_picture(actor: Actor, picture: Picture, alt: str) -> None:
    """Say in words what is to be seen; raises DescriptionMissing or TextTooLong."""
    alt = _checked_alt(alt)
    if not alt:
        raise DescriptionMissing
    picture.alt = alt
    session.flush()


def attach_picture(picture: Picture, owner: SubjectRef) -> None:
    """Give a loose picture to its owner, as the last one."""
    picture.position = _next_position(owner)
    picture.owner_kind, picture.owner_id = owner.kind, owner.id
    session.flush()


def order_pictures(owner: SubjectRef, public_ids: list[str]) -> None:
    """Show the owner's pictures in this order; ids that are not its own change nothing."""
    pictures = pictures_of(owner, with_pending=True)
    pictures.sort(key=lambda one: public_ids.index(one.public_id) if one.public_id in public_ids else 99)
    for position, picture in enumerate(pictures):
        picture.position = position
    session.flush()


def remove_picture(picture: Picture) -> None:
    """Delete a picture: the row now, its files after commit."""
    jobs.enqueue("content.erase_files", {"folder": picture.folder}, unique_key=f"files:{picture.folder}")
    session.delete(picture)
    session.flush()


def remove_pictures_of(owner: SubjectRef) -> None:
    """The owner is gone for good: so are its pictures."""
    for picture in pictures_of(owner, with_pending=True):
        remove_picture(picture)


def erase_files(folder: str) -> None:
    """Delete the files of a picture or video whose row is gone; while there is a row, nothing happens."""
    if not any(session.scalar(select(kind.id).where(kind.folder == folder)) for kind in (Picture, Video)):
        shutil.rmtree(uploads_folder() / folder[:2] / folder, ignore_errors=True)


def _known_folders() -> set[str]:
    return {*session.scalars(select(Picture.folder)), *session.scalars(select(Video.folder))}


def forget_uploader(account_id: int) -> None:
    """The account is erased: pictures of things that stay lose their uploader, loose ones go."""
    loose = select(Picture).where(Picture.uploader_id == account_id, Picture.owner_kind == "")
    for picture in session.scalars(loose):
        remove_picture(picture)
    session.execute(update(Picture).where(Picture.uploader_id == account_id).values(uploader_id=None))


def sweep_pictures() -> None:
    """Remove pictures that never got an owner or lost it, and files without a row. Runs daily.

    Owners are looked up for one in 28 pictures per run, so each about once a month and never all at once.
    """
    before = clock.now() - KEEP_LOOSE
    is_loose = Picture.owner_kind == ""
    is_due = Picture.id % SWEEP_PARTS == clock.today().toordinal() % SWEEP_PARTS
    query = select(Picture).where(Picture.created_at < before).where(is_loose | is_due)
    for picture in session.scalars(query):
        if owner_of(picture) is None:
            remove_picture(picture)
    _sweep_files()


def _sweep_files() -> None:
    known = _known_folders()
    oldest = (clock.now() - KEEP_STRAY_FILES).timestamp()
    for folder in uploads_folder().glob("??/*"):
        if folder.name not in known and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
