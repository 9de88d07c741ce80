"""Reading groups: lists of what the reader may know, members as their group sees them, roles."""

from portal.groups.permissions.holding import holders_of
from portal.groups.queries.finding import (
    GroupCard,
    directory_page,
    group_by_public_id,
    listed_groups,
    my_groups,
    require_group,
)
from portal.groups.queries.members import (
    MemberLine,
    active_count,
    count_band,
    group_of,
    member_lines,
    members_to_tell,
    membership_by_public_id,
    open_requests,
    request_line,
    shown_size,
)
from portal.groups.queries.roles import (
    RoleLine,
    empty_required_roles,
    role_lines,
    trust_given,
    trust_needed,
)
from portal.groups.queries.texts import CharterText, current_charter, history_of

__all__ = [
    "CharterText",
    "GroupCard",
    "MemberLine",
    "RoleLine",
    "active_count",
    "count_band",
    "current_charter",
    "directory_page",
    "empty_required_roles",
    "group_by_public_id",
    "group_of",
    "history_of",
    "holders_of",
    "listed_groups",
    "member_lines",
    "members_to_tell",
    "membership_by_public_id",
    "my_groups",
    "open_requests",
    "request_line",
    "require_group",
    "role_lines",
    "shown_size",
    "trust_given",
    "trust_needed",
]
