"""Who may do what with accounts. Nobody may sign in as somebody else or search people by address."""

from __future__ import annotations

from typing import Any

from portal.core import audit
from portal.core.actors import Actor, StaffRole
from portal.core.permissions import administrator, declare, has_role, predicate, resident


@predicate
def moderates_account(actor: Actor, account: Any) -> bool:
    """Moderator of the resident's district; residents without a district belong to every moderator."""
    if account is None or account.id == actor.account_id or account.is_staff or account.deleted_at:
        return False
    return actor.has_role(StaffRole.MODERATOR, account.district_id)


@predicate
def other_account(actor: Actor, account: Any) -> bool:
    """Somebody else's account: no one changes their own hat."""
    return account is None or account.id != actor.account_id


@predicate
def can_be_blocked(actor: Actor, account: Any) -> bool:
    """Another resident. Staff write in the name of the town; what they say must reach people."""
    return account.id != actor.account_id and not account.is_staff and account.deleted_at is None


declare("accounts.block", resident & can_be_blocked)
declare("accounts.suspend", moderates_account)
declare("accounts.see_staff_desk", administrator)
declare("accounts.propose_role", administrator)
declare("accounts.confirm_role", administrator)
declare("accounts.end_role", administrator)
declare("accounts.reset_second_factor", administrator & other_account)
declare("accounts.make_card", has_role(StaffRole.PROFESSIONAL) | has_role(StaffRole.MODERATOR))

audit.schema("accounts.role_proposed", fields=("role", "grant"), visibility="parties")
audit.schema("accounts.role_granted", fields=("role", "grant"), visibility="parties")
audit.schema("accounts.role_ended", fields=("role", "grant"), visibility="parties")
audit.schema("accounts.suspended", fields=("until",), visibility="parties")
audit.schema("accounts.unsuspended", visibility="parties")
audit.schema("accounts.second_factor_reset_asked", fields=("due",), visibility="parties")
audit.schema("accounts.second_factor_reset", visibility="parties")
audit.schema("accounts.card_made", visibility="parties")
