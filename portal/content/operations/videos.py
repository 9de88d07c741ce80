"""Videos in sign language: taking one in, giving it its words, removing it.

Like pictures: files are written before the row is committed and erased after it is gone.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select, update

from portal.content.errors import (
    NotAVideoFile,
    TextTooLong,
    VideoTooLarge,
    VideoWordsMissing,
)
from portal.content.models import Video
from portal.content.operations.room import check_room
from portal.content.permissions import video_owner
from portal.content.queries.videos import (
    POSTER,
    forget_home_video,
    video_folder,
    video_of,
    video_of_page,
)
from portal.content.settings import HOME, LONGEST_WORDS_ON_HOME, VIDEO_SIZE
from portal.core import clock, jobs
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.pictures import process_upload
from portal.core.public_id import new_id
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef
from portal.core.text import clean_text, render_markdown
from portal.core.video import NotAVideo, VideoFacts, clean_video

LONGEST_WORDS = 20_000
POSTER_WIDTH = 720
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Place:
    """Where a video stands: below a thing, or on a page of the site."""

    owner: SubjectRef | None = None
    page: str = ""

    def video(self) -> Video | None:
        """The one that is there, also without words."""
        if self.owner is None:
            return video_of_page(self.page, with_pending=True)
        return video_of(self.owner, with_pending=True)

    @property
    def longest_words(self) -> int:
        """How many characters its words may have."""
        return LONGEST_WORDS_ON_HOME if self.page == HOME else LONGEST_WORDS


def save_video(
    actor: Actor,
    place: Place,
    *,
    file: BinaryIO | None,
    poster: bytes,
    words: str,
    language: str,
) -> Video:
    """Take in a video for its place, or change its words or its preview picture (file None: it stays).

    A new one replaces the old. Without words it is pending: the upload is not lost, but only its sender sees
    it. Whether the actor may is the caller's question. Raises NotAVideoFile, VideoTooLarge, PictureRefused,
    TextTooLong, PicturesFull, TooManyPicturesToday; VideoWordsMissing when there is neither file nor words.
    """
    words = clean_text(words).strip()
    if len(words) > place.longest_words:
        raise TextTooLong(field="words")
    preview = process_upload(poster).variant(POSTER_WIDTH, POSTER).content if poster else b""
    video = place.video()
    if file is None and video is not None and not words:
        raise VideoWordsMissing(field="words")
    if file is not None:
        check_room(actor, field="video")
        fresh = _taken_in(actor, place, file)
        if video is not None:
            remove_video(video)
        session.add(fresh)
        video = fresh
    if video is None:
        raise NotAVideoFile
    video.text_md, video.text_html, video.language = words, render_markdown(words), language
    if preview:
        _write_poster(video, preview)
    session.flush()
    forget_home_video()
    return video


def _taken_in(actor: Actor, place: Place, file: BinaryIO) -> Video:
    """The file beside its place, looked at there, and moved where it belongs: a folder is never half full."""
    video = Video(
        owner_kind=place.owner.kind if place.owner else "page",
        owner_id=place.owner.id if place.owner else 0,
        page=place.page,
        uploader_id=actor.account_id,
        folder=new_id(20),
        public_id=new_id(12),
        has_poster=False,
        created_at=clock.now(),
    )
    target = video_folder(video)
    half = target.with_name(target.name + ".new")
    half.mkdir(mode=0o700, parents=True)
    try:
        facts, video.bytes = _written(file, half / "video")
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    os.replace(half / "video", half / f"video.{facts.extension}")
    os.replace(half, target)
    video.extension, video.seconds = facts.extension, facts.seconds
    return video


def _written(file: BinaryIO, path: Path) -> tuple[VideoFacts, int]:
    """Copy piece by piece (a video never stands in memory), look inside, take out what tells too much."""
    most, size = int(site(VIDEO_SIZE)), 0
    with path.open("xb+") as kept:
        while data := file.read(CHUNK):
            size += len(data)
            if size > most * 1_000_000:
                raise VideoTooLarge(most)
            kept.write(data)
        try:
            return clean_video(kept), size
        except NotAVideo as problem:
            raise NotAVideoFile from problem


def _write_poster(video: Video, content: bytes) -> None:
    folder = video_folder(video)
    half = folder / "poster.new"
    half.write_bytes(content)
    os.replace(half, folder / f"video.{POSTER}")
    video.has_poster = True


def remove_video(video: Video) -> None:
    """Delete a video: the row now, its files after commit."""
    jobs.enqueue("content.erase_files", {"folder": video.folder}, unique_key=f"files:{video.folder}")
    session.delete(video)
    session.flush()


def remove_video_of(owner: SubjectRef) -> None:
    """The owner is gone for good: so is its video."""
    video = video_of(owner, with_pending=True)
    if video is not None:
        remove_video(video)


def forget_video_sender(account_id: int) -> None:
    """The account is erased: what belongs to things that stay loses its sender."""
    session.execute(update(Video).where(Video.uploader_id == account_id).values(uploader_id=None))


def sweep_videos() -> None:
    """Remove videos whose owner is gone. Runs daily; there are few, so all are asked."""
    for video in session.scalars(select(Video).where(Video.page == "")):
        if video_owner(video) is None:
            remove_video(video)
