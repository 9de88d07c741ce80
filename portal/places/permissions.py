"""Places are public; organisations are kept by administrators."""

from __future__ import annotations

from portal.core.actors import StaffRole
from portal.core.permissions import Deny, anyone, declare, has_role

declare("places.read", anyone, visitors=True)
declare("places.keep_organizations", has_role(StaffRole.ADMINISTRATOR), deny=Deny.FORBIDDEN)
