"""The room and the number for a day that a person's pictures and videos share."""

from __future__ import annotations

from portal.content.errors import PicturesFull, TooManyPicturesToday
from portal.content.queries.pictures import bytes_used, uploaded_lately
from portal.content.queries.videos import video_bytes_used, videos_lately
from portal.core.actors import Actor

PER_DAY = 20
BYTES_PER_PERSON = 200 * 1024 * 1024


def check_room(actor: Actor, *, field: str) -> None:
    """Raise TooManyPicturesToday (20 in 24 hours) or PicturesFull (200 MB per person) for this field."""
    account_id = actor.account_id
    if account_id is None:
        return
    if uploaded_lately(account_id) + videos_lately(account_id) >= PER_DAY:
        raise TooManyPicturesToday(field=field)
    if bytes_used(account_id) + video_bytes_used(account_id) >= BYTES_PER_PERSON:
        raise PicturesFull(field=field)
