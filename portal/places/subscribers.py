"""What places tell others: accounts, which stand below, what people may choose from; search, who works."""

from __future__ import annotations

from portal.accounts.settings import provide_districts, provide_organizations
from portal.core import search
from portal.core.db import session
from portal.places.queries import districts, open_organizations, search_documents

provide_districts(lambda: [(card.id, card.name) for card in districts()])
provide_organizations(lambda: [(one.id, one.name) for one in session.scalars(open_organizations())])
search.register_provider("organization", search_documents)
