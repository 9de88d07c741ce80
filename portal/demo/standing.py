"""Whether this is a demo town, may become one, or must be left alone; every start asks that."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core.db import session
from portal.core.settings import Settings
from portal.core.site_settings import SiteSetting
from portal.proposals.models import Proposal

MADE = "demo.made_at"


class NotADemo(Exception):
    """The database holds something that is not a demo town, or this is production: nothing is touched."""


def is_demo() -> bool:
    """Whether this database holds a demo town."""
    return session.get(SiteSetting, MADE) is not None


def is_empty() -> bool:
    """Whether nobody has ever used this portal."""
    return not any(session.scalar(select(func.count()).select_from(model)) for model in (Account, Proposal))


def refuse_in_production(settings: Settings) -> None:
    """A demo town has people anybody can be: it never stands where real people come."""
    if settings.production:
        raise NotADemo("This is a portal in production: no demo town is made here.")
