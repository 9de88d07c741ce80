"""Pages of processes."""

from portal.processes.views import desk, phases, public, texts
from portal.processes.views.section import section

__all__ = ["desk", "phases", "public", "section", "texts"]
