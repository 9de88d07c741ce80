"""Accounts stand below places: they are told here what people may choose from."""

from __future__ import annotations

from portal.accounts.settings import provide_districts, provide_organizations
from portal.core.db import session
from portal.places.queries import districts, open_organizations

provide_districts(lambda: [(card.id, card.name) for card in districts()])
provide_organizations(lambda: [(one.id, one.name) for one in session.scalars(open_organizations())])
