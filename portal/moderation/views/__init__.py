"""Pages of moderation: for everybody (reports, reasons, figures) and for moderators (queue, cases)."""

from portal.moderation.views import desk, public
from portal.moderation.views.section import section

__all__ = ["desk", "public", "section"]
