"""Who may do what with processes: moderators prepare them, everybody reads what is published."""

from __future__ import annotations

from portal.core import audit
from portal.core.actors import Actor, StaffRole
from portal.core.permissions import anyone, declare, moderator, not_suspended, predicate
from portal.processes.models import PreviewLink, Process


@predicate
def is_public(actor: Actor, process: Process) -> bool:
    """Published, or archived afterwards."""
    return not process.is_draft


@predicate
def moderates(actor: Actor, process: Process) -> bool:
    """Moderator of one of its districts; a process of the whole town belongs to every moderator."""
    return actor.has_role_in(StaffRole.MODERATOR, [one.id for one in process.districts])


@predicate
def is_valid(actor: Actor, link: PreviewLink) -> bool:
    """The link was not revoked."""
    return link.revoked_at is None


declare("processes.list", anyone, visitors=True)
declare("processes.see", is_public | moderates, visitors=True)
# Whoever holds the link: that is what it is for.
declare("processes.preview", is_valid, visitors=True)
declare("processes.work", moderator & not_suspended)
declare("processes.create", moderator & not_suspended)
declare("processes.edit", moderates & not_suspended)

audit.schema("processes.created", fields=("source",), visibility="staff")
audit.schema("processes.edited", visibility="staff")
audit.schema("processes.published", visibility="public")
audit.schema("processes.archived", visibility="public")
audit.schema("processes.reopened", visibility="public")
audit.schema("processes.deleted", visibility="staff")
audit.schema("processes.phase_added", fields=("kind", "starts_at", "ends_at"), visibility="public")
audit.schema("processes.phase_moved", fields=("kind", "was", "starts_at", "ends_at"), visibility="public")
audit.schema("processes.phase_removed", fields=("kind", "starts_at", "ends_at"), visibility="public")
audit.schema("processes.preview_made", visibility="staff")
audit.schema("processes.previews_revoked", visibility="staff")
