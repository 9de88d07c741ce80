"""Handing out pictures: without language in the address, and only while their owner may be seen."""

from __future__ import annotations

from flask import Flask, Response

from portal.content.queries import is_picture_public, picture_by_public_id, picture_file
from portal.core.errors import NotFound
from portal.core.permissions import ensure
from portal.web.access import public
from portal.web.context import current_actor

TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
# Browsers keep it, shared caches do not: what is hidden later must not live on in somebody's proxy.
KEPT = "private, max-age=31536000, immutable"


@public
def picture(public_id: str, width: int, extension: str) -> Response:
    """One file of a picture; hidden, private and unknown ones answer alike."""
    found = picture_by_public_id(public_id)
    file = picture_file(found, width, extension) if found else None
    if found is None or file is None or not file.is_file():
        raise NotFound
    ensure(current_actor(), "content.see_picture", found)
    response = Response(file.read_bytes(), mimetype=TYPES[extension])
    response.headers["Cache-Control"] = KEPT if is_picture_public(found) else "no-store"
    response.headers["Content-Disposition"] = f'inline; filename="{found.public_id}-{width}.{extension}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def init_app(app: Flask) -> None:
    """One route without language prefix, so that a picture has one address."""
    app.add_url_rule(
        "/pictures/<public_id>/<int:width>.<any(webp, jpg):extension>",
        "content.picture",
        picture,
        methods=["GET"],
    )
