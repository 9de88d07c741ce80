"""While a membership is talked about, who belongs and who does what stays as it is."""

from __future__ import annotations

from portal.groups.errors.peace import (
    FrozenByReview,
)
from portal.groups.models import Group
from portal.groups.queries.peace import is_frozen


def ensure_not_frozen(group: Group) -> None:
    """Invitations and roles stay as they are during a hearing and a vote. Raises FrozenByReview."""
    if is_frozen(group):
        raise FrozenByReview
