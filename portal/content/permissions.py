"""Who may see pictures and videos and handle reports of barriers."""

from __future__ import annotations

from portal.content.models import Picture, Video
from portal.core.actors import Actor
from portal.core.permissions import Deny, administrator, anyone, declare, predicate
from portal.core.subjects import Subject, SubjectRef, resolve


def owner_of(picture: Picture) -> Subject | None:
    """The thing the picture belongs to, or None while (or when) there is none."""
    return resolve(SubjectRef(picture.owner_kind, picture.owner_id)) if picture.owner_kind else None


def video_owner(video: Video) -> Subject | None:
    """The thing the video belongs to, or None for a page of the site and when it is gone."""
    return None if video.page else resolve(SubjectRef(video.owner_kind, video.owner_id))


@predicate
def is_uploader(actor: Actor, picture: Picture) -> bool:
    """Sent it in."""
    return actor.account_id is not None and picture.uploader_id == actor.account_id


@predicate
def sees_owner(actor: Actor, picture: Picture) -> bool:
    """Whoever sees the owner sees its pictures, once they are described."""
    owner = owner_of(picture)
    return owner is not None and not picture.is_pending and owner.visible_to(actor)


@predicate
def is_video_sender(actor: Actor, video: Video) -> bool:
    """Sent it in."""
    return actor.account_id is not None and video.uploader_id == actor.account_id


@predicate
def sees_video_owner(actor: Actor, video: Video) -> bool:
    """Whoever sees the owner sees its video, once its words are there. Pages of the site are everybody's."""
    if video.is_pending:
        return False
    owner = video_owner(video)
    return bool(video.page) or (owner is not None and owner.visible_to(actor))


declare("content.see_video", is_video_sender | sees_video_owner, visitors=True)
declare("content.read_pages", anyone, visitors=True)
declare("content.see_picture", is_uploader | sees_owner, visitors=True)
declare("content.report_barrier", anyone, visitors=True)
# Who reported a barrier is nobody else's business: not even that there is a report.
declare("content.handle_barriers", administrator)
declare("content.publish_pages", administrator, deny=Deny.FORBIDDEN)
