"""Notices are about the person's own account only; there is no other view of them."""

from __future__ import annotations

from portal.core.permissions import declare, signed_in

declare("notifications.read_own", signed_in)
