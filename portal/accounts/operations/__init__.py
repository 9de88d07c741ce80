"""What can be done with accounts, by what it is about."""

from portal.accounts.operations.residents import change_profile, create_resident
from portal.accounts.operations.sessions import (
    begin_session,
    end_all_sessions,
    end_session,
    end_session_by_token,
    renew_session,
)
from portal.accounts.operations.staff import (
    confirm_role,
    create_staff,
    end_role,
    establish_role,
    propose_role,
)

__all__ = [
    "begin_session",
    "change_profile",
    "confirm_role",
    "create_resident",
    "create_staff",
    "end_all_sessions",
    "end_role",
    "end_session",
    "end_session_by_token",
    "establish_role",
    "propose_role",
    "renew_session",
]
