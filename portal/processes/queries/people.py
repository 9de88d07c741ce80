"""Who can be the contact person of a process."""

from __future__ import annotations

from portal.accounts.queries import account_names, staff_with_role
from portal.core.actors import StaffRole

CONTACT_ROLES = (StaffRole.MODERATOR, StaffRole.PROFESSIONAL, StaffRole.PLANNER)


def contact_choices() -> list[tuple[int, str]]:
    """(account id, name with hat) of everybody at work who could be asked, by name."""
    ids = {one for role in CONTACT_ROLES for one in staff_with_role(role)}
    names = account_names(ids)
    return sorted(((one, names[one].name) for one in ids), key=lambda pair: (pair[1], pair[0]))
