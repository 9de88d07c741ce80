"""The routes of moderation, what they load, and where they stand in the navigation."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.limits import declare_limit
from portal.core.subjects import Subject, resolve_public
from portal.web.blueprints import Section
from portal.web.navigation import register_nav

section = Section("moderation", __name__)

# A household or a library: many people may sit behind one network.
declare_limit("moderation.report", "20/hour")
declare_limit("moderation.receipt", "30/10 minutes")

register_nav("moderation.queue", _l("Moderation"), icon="shield", area="staff", permission="moderation.queue")
register_nav("moderation.figures", _l("Moderation in figures"), icon="list", area="footer", order=80)
register_nav("moderation.receipts", _l("What became of my report?"), icon="flag", area="footer", order=81)


def load_subject(kind: str, pid: str) -> Subject | None:
    """The thing of the URL, of a kind that can be reported."""
    subject = resolve_public(kind, pid)
    return subject if subject is not None and subject.kind.hide is not None else None
