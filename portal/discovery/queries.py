"""Questions that go across packages: what has these words, and which pages there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select

from portal.content.queries import default_text
from portal.content.settings import PAGES
from portal.core import search
from portal.core.db import session
from portal.core.text import tokens
from portal.groups.queries.finding import FoundGroup, groups_with_words
from portal.places.models import Organization
from portal.places.queries import DistrictCard, districts, open_organizations
from portal.processes.queries import ProcessName, process_names
from portal.proposals.models import Proposal
from portal.proposals.queries import ListFilter, ProposalRow, Sort, find_proposals
from portal.rounds.queries.showing import ListedRound, listed_rounds

MOST_ORGANIZATIONS_READ = 1_000
MOST_BESIDE = 5
URLS_PER_SITEMAP = 1_000


@dataclass(frozen=True)
class Found:
    """What search found: a page of proposals with their number; on the first page what stands beside, too."""

    proposals: list[ProposalRow]
    total: int
    is_more: bool
    districts: list[DistrictCard]
    organizations: list[Organization]
    votes: list[ListedRound]
    processes: list[ProcessName]
    pages: list[str]
    groups: list[FoundGroup] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all has these words."""
        beside = (self.districts, self.organizations, self.votes, self.processes, self.pages, self.groups)
        return not (self.total or any(beside))


def find_everything(words: str, *, page: int, language: str, without: tuple[int, ...] = ()) -> Found:
    """Proposals (best first), districts, organisations, votes, the site's own pages with all of these words.

    Costs the two or three queries of the list of proposals, one for organisations and one for votes; nonsense
    costs none.
    """
    asked = tokens(words)
    if not asked:
        return Found([], 0, False, [], [], [], [], [])
    found = find_proposals(ListFilter(words=words, sort=Sort.RELEVANCE, page=page, without_authors=without))
    if page > 1:
        return Found(found.rows, found.total, found.is_more, [], [], [], [], [])
    return Found(
        found.rows,
        found.total,
        found.is_more,
        [card for card in districts() if _has(asked, tokens(card.name))][:MOST_BESIDE],
        _organizations(asked),
        [one for one in listed_rounds() if _has(asked, tokens(one.title))][:MOST_BESIDE],
        _processes(words),
        [slug for slug in PAGES if _has(asked, _words_of_page(slug, language))][:MOST_BESIDE],
        groups_with_words(words, limit=MOST_BESIDE),
    )


def _has(asked: list[str], words: list[str] | tuple[str, ...]) -> bool:
    """Every word asked for begins a word of the text, as in the search index."""
    return all(any(word.startswith(one) for word in words) for one in asked)


def _processes(words: str) -> list[ProcessName]:
    names = process_names()
    if not names:
        return []
    hits = search.find(words, ("process",), limit=MOST_BESIDE)
    return [names[hit.id] for hit in hits if hit.id in names]


def _organizations(asked: list[str]) -> list[Organization]:
    # A town has some hundred of them; an index of their own would be dearer than reading them.
    rows = session.scalars(open_organizations().limit(MOST_ORGANIZATIONS_READ))
    return [row for row in rows if _has(asked, tokens(f"{row.name} {row.description}"))][:MOST_BESIDE]


@lru_cache(maxsize=128)
def _words_of_page(slug: str, language: str) -> tuple[str, ...]:
    title, body = default_text(slug, language)
    return tuple(dict.fromkeys([*tokens(str(PAGES[slug])), *tokens(title), *tokens(body)]))


def sitemap_count() -> int:
    """How many sitemaps of proposals there are: each covers a stretch of a thousand ids."""
    last = session.scalar(select(func.max(Proposal.id)).where(Proposal.listed)) or 0
    return -(-last // URLS_PER_SITEMAP)


def proposals_in_sitemap(number: int) -> list[tuple[str, datetime]]:
    """(public id, last change) of the listed proposals of one stretch, oldest first."""
    first = (number - 1) * URLS_PER_SITEMAP
    query = (
        select(Proposal.public_id, Proposal.edited_at)
        .where(Proposal.listed, Proposal.id > first, Proposal.id <= first + URLS_PER_SITEMAP)
        .order_by(Proposal.id)
    )
    return [(public_id, edited_at) for public_id, edited_at in session.execute(query)]
