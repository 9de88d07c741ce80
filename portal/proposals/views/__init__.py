"""The pages of proposals: list and map, one proposal, writing, changing, support, help, and the office."""

from portal.proposals.views import (
    acting,
    changing,
    detail,
    drafts,
    listing,
    merging,
    needs,
    office,
    people,
    texts,
)
from portal.proposals.views.section import section

__all__ = [
    "acting",
    "changing",
    "detail",
    "drafts",
    "listing",
    "merging",
    "needs",
    "office",
    "people",
    "section",
    "texts",
]
