"""Handing out videos in sign language: in parts, as players ask, and only while their owner may be seen."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request, send_file

from portal.content.models import Video
from portal.content.queries.videos import POSTER, is_video_public, video_by_public_id, video_file
from portal.content.views.pictures import KEPT
from portal.core.errors import NotFound
from portal.core.permissions import ensure
from portal.web.access import public
from portal.web.context import current_actor

TYPES = {"mp4": "video/mp4", "webm": "video/webm", "webp": "image/webp"}


@public
def video(public_id: str, extension: str) -> Response:
    """The video or its preview picture; hidden, private and unknown ones answer alike."""
    found = video_by_public_id(public_id)
    file = video_file(found, extension) if found else None
    if found is None or file is None or not file.is_file():
        raise NotFound
    ensure(current_actor(), "content.see_video", found)
    return _sent(found, file, extension)


def _sent(found: Video, file: Path, extension: str) -> Response:
    response = send_file(file, mimetype=TYPES[extension], conditional=True, etag=True)
    kept = "private, no-cache" if extension == POSTER else KEPT  # the preview picture may change
    response.headers["Cache-Control"] = kept if is_video_public(found) else "no-store"
    kind = "attachment" if "download" in request.args else "inline"
    response.headers["Content-Disposition"] = f'{kind}; filename="{found.public_id}.{extension}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if request.method == "HEAD" or response.status_code == 304:
        response.close()  # nothing of the file is sent, and nobody else would close it
    return response


def init_app(app: Flask) -> None:
    """One route without language prefix, so that a video has one address."""
    app.add_url_rule(
        "/videos/<public_id>.<any(mp4, webm, webp):extension>", "content.video", video, methods=["GET"]
    )
