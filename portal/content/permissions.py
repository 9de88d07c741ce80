"""Who may see pictures and handle reports of barriers."""

from __future__ import annotations

from portal.content.models import Picture
from portal.core.actors import Actor, StaffRole
from portal.core.permissions import Deny, anyone, declare, has_role, predicate
from portal.core.subjects import Subject, SubjectRef, resolve


def owner_of(picture: Picture) -> Subject | None:
    """The thing the picture belongs to, or None while (or when) there is none."""
    return resolve(SubjectRef(picture.owner_kind, picture.owner_id)) if picture.owner_kind else None


@predicate
def is_uploader(actor: Actor, picture: Picture) -> bool:
    """Sent it in."""
    return actor.account_id is not None and picture.uploader_id == actor.account_id


@predicate
def sees_owner(actor: Actor, picture: Picture) -> bool:
    """Whoever sees the owner sees its pictures, once they are described."""
    owner = owner_of(picture)
    return owner is not None and not picture.is_pending and owner.visible_to(actor)


declare("content.read_pages", anyone, visitors=True)
declare("content.see_picture", is_uploader | sees_owner, visitors=True)
declare("content.report_barrier", anyone, visitors=True)
# Who reported a barrier is nobody else's business: not even that there is a report.
declare("content.handle_barriers", has_role(StaffRole.ADMINISTRATOR))
declare("content.publish_pages", has_role(StaffRole.ADMINISTRATOR), deny=Deny.FORBIDDEN)
