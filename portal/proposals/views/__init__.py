"""The pages of proposals: list and map, one proposal, writing, changing, support, help, and the office."""

from portal.proposals.views import (
    acting,
    changes,
    changing,
    detail,
    drafts,
    for_process,
    groups,
    listing,
    merging,
    needs,
    office,
    outcomes,
    people,
    reporting,
    texts,
    video,
)
from portal.proposals.views.section import section

__all__ = [
    "acting",
    "changes",
    "changing",
    "detail",
    "drafts",
    "for_process",
    "groups",
    "listing",
    "merging",
    "needs",
    "office",
    "outcomes",
    "people",
    "reporting",
    "section",
    "texts",
    "video",
]
