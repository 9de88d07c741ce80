"""The pages of proposals: list and map, one proposal, writing, changing, support and co-authors."""

from portal.proposals.views import changing, detail, drafts, listing, people
from portal.proposals.views.section import section

__all__ = ["changing", "detail", "drafts", "listing", "people", "section"]
