"""What moderation does to a group's card: hides it, shows it again."""

from __future__ import annotations

from portal.core import clock
from portal.core.db import session
from portal.groups.models import Group
from portal.groups.operations.indexing import reindex
from portal.groups.operations.telling import tell


def hide_card(group: Group) -> None:
    """Outside it is as if the group were not there: no page, no list, no search, no feed. Members go on."""
    group.hidden_on = group.hidden_on or clock.today()
    _shown_otherwise(group, "card_hidden")


def restore_card(group: Group) -> None:
    """Everybody finds it again, as its privacy says."""
    group.hidden_on = None
    _shown_otherwise(group, "card_restored")


def _shown_otherwise(group: Group, what: str) -> None:
    session.flush()
    reindex(group.id)
    tell(group, what, who="moderation")
