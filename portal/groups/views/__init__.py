"""The pages of groups, one module per topic."""

from __future__ import annotations

from portal.groups.views import showing
from portal.groups.views.section import section

__all__ = ["section", "showing"]
