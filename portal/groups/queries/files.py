"""Files of a group: what there is, where it lies, and its content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from portal.core import crypto
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.settings import current_settings
from portal.groups.models import FileKind, Group, GroupFile, GroupPost, Membership, MemberState
from portal.groups.permissions import is_member, membership_of
from portal.groups.permissions.inside import closed_until

HERE = (MemberState.MEMBER, MemberState.PAUSED)
EXTENSIONS = ("webp", "jpg")


def files_folder() -> Path:
    """Where the files of all groups lie, encrypted; beside the pictures of proposals."""
    return current_settings().instance / "uploads" / "groups"


def folder_of(file: GroupFile) -> Path:
    """The folder of one file; its name is random and not in any address."""
    return files_folder() / file.folder[:2] / file.folder


def file_in_group(group_public_id: str, file_public_id: str) -> GroupFile | None:
    """The file, if it belongs to this group; the caller decides whether the reader may have it."""
    query = (
        select(GroupFile)
        .join(Group, Group.id == GroupFile.group_id)
        .where(Group.public_id == group_public_id, GroupFile.public_id == file_public_id)
    )
    return session.scalar(query)


def variant_of(file: GroupFile, variant: str) -> bytes | None:
    """The content of one variant ("720.webp", "file.pdf"), or None for one it does not have."""
    path = folder_of(file) / variant
    if not path.is_file():
        return None
    return crypto.open_file(file.secret, f"{file.folder}/{variant}", path.read_bytes())


def has_picture(file: GroupFile, width: int) -> bool:
    """Whether it is a picture that comes in this width."""
    return file.kind is FileKind.PICTURE and width in [one["width"] for one in file.widths]


@dataclass(frozen=True)
class FileLine:
    """A file in the list, with the name of whoever sent it; None for readers whom they gave none."""

    file: GroupFile
    sender: str | None
    is_former: bool
    is_own: bool


def files_for(group: Group, viewer: Actor) -> list[FileLine]:
    """The group's files, newest first, with the viewer's own pictures that wait for words. One question."""
    query = (
        select(GroupFile, Membership.alias, Membership.state, Membership.shown_publicly)
        .outerjoin(Membership, Membership.id == GroupFile.author_id)
        .where(GroupFile.group_id == group.id, GroupFile.post_id.is_(None))
        .order_by(GroupFile.id.desc())
    )
    until, knows = closed_until(viewer, group), is_member(viewer, group)
    if until is not None:
        query = query.where(GroupFile.added_on > until)
    member = membership_of(viewer, group)
    own = member.id if member else 0
    return [
        FileLine(
            file,
            (alias or file.alias) if knows or (shown and state in HERE) else None,
            state not in HERE,
            file.author_id == own,
        )
        for file, alias, state, shown in session.execute(query)
        if not file.is_pending or file.author_id == own
    ]


def group_files(group: Group) -> list[GroupFile]:
    """Every described picture and PDF of the group, oldest first: for the export.

    Pictures in posts too, as long as the post can be read.
    """
    readable = (GroupPost.removed_by.is_(None) & GroupPost.hidden_on.is_(None)) | GroupFile.post_id.is_(None)
    query = (
        select(GroupFile)
        .outerjoin(GroupPost, GroupPost.id == GroupFile.post_id)
        .where(GroupFile.group_id == group.id, readable)
        .order_by(GroupFile.id)
    )
    return [file for file in session.scalars(query) if not file.is_pending]


def pictures_in(post_ids: Iterable[int], viewer_id: int | None) -> dict[int, list[GroupFile]]:
    """post id -> its pictures in the order they came; one that waits for words only for its sender."""
    query = select(GroupFile).where(GroupFile.post_id.in_(list(post_ids))).order_by(GroupFile.id)
    shown: dict[int, list[GroupFile]] = {}
    for file in session.scalars(query):
        if file.post_id is not None and (not file.is_pending or file.author_id == viewer_id):
            shown.setdefault(file.post_id, []).append(file)
    return shown


def bytes_used(group: Group) -> int:
    """How much room the group's files take, in bytes."""
    query = select(func.coalesce(func.sum(GroupFile.bytes), 0)).where(GroupFile.group_id == group.id)
    return session.scalar(query) or 0
