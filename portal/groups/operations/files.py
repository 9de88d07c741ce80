"""Files of a group: pictures made anew from their pixels, PDFs as they are; both encrypted on the disk.

Files are written before their row is committed and erased after it is gone, so a row always has its files;
what is left over is swept up by a job, and unreadable already: its key stood in the row.
"""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import PurePath

from sqlalchemy import func, select

from portal.core import clock, crypto, jobs
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.limits import hit
from portal.core.permissions import ensure
from portal.core.pictures import PictureRefusal, PictureRefused, process_upload
from portal.core.site_settings import site
from portal.core.text import clean_line
from portal.groups.errors import NotAMember, TooLong
from portal.groups.errors.inside import (
    DescriptionMissing,
    FileMissing,
    FileTooLarge,
    GroupFull,
    NotAFileWeTake,
    PicturesEnough,
)
from portal.groups.models import (
    ALT_LENGTH,
    FILE_NAME_LENGTH,
    MOST_FILE_BYTES,
    MOST_GROUP_BYTES,
    MOST_PICTURES,
    FileKind,
    Group,
    GroupFile,
    GroupPost,
    Membership,
)
from portal.groups.permissions import membership_of
from portal.groups.queries.files import files_folder, folder_of
from portal.groups.queries.spans import months

KEEP_STRAY = timedelta(days=1)
PDF_SIGN = b"%PDF-"
# Readers look for the sign of a PDF in its first kilobyte.
PDF_SIGN_WITHIN = 1024
PDF_VARIANT = "file.pdf"


def add_picture(
    post: GroupPost, *, actor: Actor, data: bytes, alt: str = "", form_key: str = ""
) -> GroupFile:
    """Put a photo into one's own post. Without `alt` only its sender sees it until `describe_file`.

    Raises FileMissing, PictureRefused, PicturesEnough, GroupFull, TooLong, RateLimited.
    """
    ensure(actor, "groups.change_post", post)
    group = session.get_one(Group, post.group_id)
    known = _sent_before(group, form_key)
    if known is not None:
        return known
    member = _sender(group, actor)
    _hold(group)
    query = select(func.count()).where(GroupFile.post_id == post.id)
    if (session.scalar(query) or 0) >= MOST_PICTURES:
        raise PicturesEnough
    return _keep_picture(group, member, data, alt=alt, form_key=form_key, post_id=post.id)


def add_file(
    group: Group, *, actor: Actor, data: bytes, name: str, alt: str = "", form_key: str = ""
) -> GroupFile:
    """Keep a picture or a PDF for the members; what it is, its content says, never its name.

    Raises FileMissing, FileTooLarge, NotAFileWeTake, PictureRefused, GroupFull, TooLong, RateLimited.
    """
    ensure(actor, "groups.take_part", group)
    known = _sent_before(group, form_key)
    if known is not None:
        return known
    member = _sender(group, actor)
    _hold(group)
    shown = checked_name(name)
    if PDF_SIGN not in data[:PDF_SIGN_WITHIN]:
        return _keep_picture(group, member, data, name=shown, alt=alt, form_key=form_key)
    if len(data) > MOST_FILE_BYTES:
        raise FileTooLarge
    variants = {PDF_VARIANT: data}
    return _keep(group, member, FileKind.PDF, variants, name=shown, form_key=form_key)


def _sent_before(group: Group, form_key: str) -> GroupFile | None:
    if not form_key:
        return None
    query = select(GroupFile).where(GroupFile.group_id == group.id, GroupFile.form_key == form_key)
    return session.scalar(query)


def _sender(group: Group, actor: Actor) -> Membership:
    member = membership_of(actor, group)
    if member is None:
        raise NotAMember
    hit("groups.file", member.ref)
    return member


def _hold(group: Group) -> None:
    # Who sends at the same second waits here, so that the group's room is counted one after the other.
    session.execute(select(Group.id).where(Group.id == group.id).with_for_update())


def _keep_picture(
    group: Group,
    member: Membership,
    data: bytes,
    *,
    alt: str,
    form_key: str,
    name: str = "",
    post_id: int | None = None,
) -> GroupFile:
    if not data:
        raise FileMissing
    described = checked_alt(alt)
    try:
        processed = process_upload(data)
    except PictureRefused as refused:
        if post_id is None and refused.reason is PictureRefusal.NOT_A_PICTURE:
            raise NotAFileWeTake from refused
        raise PictureRefused(refused.reason, field="file") from refused
    variants = {f"{one.width}.{one.extension}": one.content for one in processed.variants}
    kept = _keep(group, member, FileKind.PICTURE, variants, name=name, form_key=form_key, post_id=post_id)
    kept.alt = described
    kept.widths = [
        {"width": one.width, "w": one.pixel_width, "h": one.pixel_height}
        for one in processed.variants
        if one.extension == "jpg"
    ]
    session.flush()
    return kept


def _keep(
    group: Group,
    member: Membership,
    kind: FileKind,
    variants: dict[str, bytes],
    *,
    name: str,
    form_key: str,
    post_id: int | None = None,
) -> GroupFile:
    size = sum(len(content) for content in variants.values())
    used = select(func.coalesce(func.sum(GroupFile.bytes), 0)).where(GroupFile.group_id == group.id)
    if (session.scalar(used) or 0) + size > MOST_GROUP_BYTES:
        raise GroupFull
    post = session.get(GroupPost, post_id) if post_id is not None else None
    kept = GroupFile(
        group_id=group.id,
        post_id=post_id,
        author_id=member.id,
        alias=member.alias,
        kind=kind,
        name=name,
        secret=crypto.new_file_key(),
        bytes=size,
        form_key=form_key or None,
        delete_on=post.delete_on if post else clock.today() + months(site("groups.papers_months")),
    )
    session.add(kept)
    session.flush()
    _write(kept, variants)
    return kept


def _write(kept: GroupFile, variants: dict[str, bytes]) -> None:
    """Write all variants beside their place and move the folder there, so that it is never half full."""
    target = folder_of(kept)
    half = target.with_name(target.name + ".new")
    half.mkdir(mode=0o700, parents=True)
    for variant, content in variants.items():
        (half / variant).write_bytes(crypto.seal_file(kept.secret, f"{kept.folder}/{variant}", content))
    os.replace(half, target)


def checked_name(name: str) -> str:
    """The name without folders, one clean line. Raises TooLong."""
    cleaned = clean_line(PurePath(name.replace("\\", "/")).name)
    if len(cleaned) > FILE_NAME_LENGTH:
        raise TooLong(field="name")
    return cleaned


def checked_alt(alt: str) -> str:
    """One clean line. Raises TooLong."""
    cleaned = clean_line(alt)
    if len(cleaned) > ALT_LENGTH:
        raise TooLong(field="alt")
    return cleaned


def describe_file(file: GroupFile, *, actor: Actor, alt: str) -> None:
    """Say in words what is to be seen, so that everybody gets it. Raises DescriptionMissing, TooLong."""
    ensure(actor, "groups.describe_file", file)
    cleaned = checked_alt(alt)
    if not cleaned:
        raise DescriptionMissing
    file.alt = cleaned


def remove_file(file: GroupFile, *, actor: Actor) -> None:
    """Delete it: the row and with it the key now, what lies on the disk after commit."""
    ensure(actor, "groups.remove_file", file)
    _drop(file)


def remove_pictures_of(post: GroupPost) -> None:
    """The post's words are gone: so are its pictures."""
    for file in session.scalars(select(GroupFile).where(GroupFile.post_id == post.id)).all():
        _drop(file)


def described_pictures(post: GroupPost) -> list[str]:
    """What is to be seen on the post's pictures, in words."""
    query = select(GroupFile).where(GroupFile.post_id == post.id).order_by(GroupFile.id)
    return [file.alt for file in session.scalars(query) if file.alt]


def remove_files_of(member: Membership) -> None:
    """Everything this member sent disappears."""
    for file in session.scalars(select(GroupFile).where(GroupFile.author_id == member.id)).all():
        _drop(file)


def remove_files_of_group(group: Group) -> None:
    """The group is erased: what it kept on the disk goes with it."""
    for file in session.scalars(select(GroupFile).where(GroupFile.group_id == group.id)).all():
        _drop(file)


def _drop(file: GroupFile) -> None:
    payload = {"folder": file.folder}
    jobs.enqueue("groups.erase_files", payload, unique_key=f"group-files:{file.folder}")
    session.delete(file)
    session.flush()


# ---- dates and what is left over


def forget_old_files(today: date) -> int:
    """Erase files whose date has come; returns how many. Pictures in posts go with their post."""
    query = select(GroupFile).where(GroupFile.delete_on <= today, GroupFile.post_id.is_(None))
    files = session.scalars(query).all()
    for file in files:
        _drop(file)
    return len(files)


def erase_folder(folder: str) -> None:
    """Delete what lies on the disk; while there is a row, nothing happens."""
    if session.scalar(select(GroupFile.id).where(GroupFile.folder == folder)) is None:
        shutil.rmtree(files_folder() / folder[:2] / folder, ignore_errors=True)


def sweep_files() -> None:
    """Delete folders without a row, of requests that were rolled back and of groups that are gone."""
    known = set(session.scalars(select(GroupFile.folder)))
    oldest = (clock.now() - KEEP_STRAY).timestamp()
    for folder in files_folder().glob("??/*"):
        if folder.name not in known and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
