"""What rights, roles and ways to a role are called."""

from __future__ import annotations

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.groups.models.people import GroupRole
from portal.groups.models.types import Right, RoleWay

RIGHT_LABELS: dict[Right, LazyString] = {
    Right.ACCEPT_MEMBERS: _l("Take in new members and invite people"),
    Right.EDIT_PROFILE: _l("Change what others read about the group"),
    Right.START_EVENTS: _l("Make dates and meetings"),
    Right.BOOK_ROOM: _l("Book a room for the group"),
    Right.MODERATE: _l("Hide posts that break what was agreed"),
    Right.FACILITATE_DECISION: _l("Lead decisions: open, extend and close them"),
    Right.ASSIGN_ROLES: _l("Make roles and share them out"),
    Right.ANSWER_CONTACT: _l("Answer people who write to the group"),
    Right.SEE_MEMBERS: _l("See who is in the group"),
    Right.KEEP_MINUTES: _l("Write the minutes"),
    Right.MONEY: _l("Look after the money"),
}
WAY_LABELS: dict[RoleWay, LazyString] = {
    RoleWay.TRUST: _l("Members say whom they trust; enough of them give the role"),
    RoleWay.DECISION: _l("The group decides together who holds it"),
    RoleWay.ROTATION: _l("It goes round: when a term ends, the next one is asked"),
    RoleWay.CLAIM: _l("Whoever wants to do it says so; nobody objects for a week"),
}
# Roles that came with a preset are named in the reader's language until the group renames them.
_PRESET_ROLES: dict[str, LazyString] = {"contact": _l("Contact person"), "circle": _l("Circle")}


def role_name(role: GroupRole) -> str:
    """A role's name: the group's own words, or those of a preset in the reader's language."""
    return str(_PRESET_ROLES[role.label]) if role.label in _PRESET_ROLES else role.label
