"""Questions that go across packages: what has these words, and which pages there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, String, func, literal, select, type_coerce, union_all

from portal.content.queries import default_text
from portal.content.settings import PAGES
from portal.core import search
from portal.core.db import session
from portal.core.text import tokens
from portal.groups.models import Group
from portal.groups.queries.finding import listed_condition
from portal.places.models import Organization
from portal.places.queries import DistrictCard, districts
from portal.processes.queries import ProcessName, process_names
from portal.proposals.models import Proposal
from portal.proposals.queries import ListFilter, ProposalRow, Sort, find_proposals, hits_wanted, page_of_hits
from portal.rounds.models import Round, RoundState

BESIDE = ("group", "organization", "process", "round")
MOST_BESIDE = 5
URLS_PER_SITEMAP = 1_000


class Named(NamedTuple):
    """Something that was found, by its address and name."""

    kind: str
    id: int
    public_id: str
    name: str


@dataclass(frozen=True)
class Found:
    """What search found: a page of proposals with their number; on the first page what stands beside, too."""

    proposals: list[ProposalRow]
    total: int
    is_more: bool = False
    districts: list[DistrictCard] = field(default_factory=list)
    organizations: list[Named] = field(default_factory=list)
    votes: list[Named] = field(default_factory=list)
    processes: list[ProcessName] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    groups: list[Named] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all has these words."""
        beside = (self.districts, self.organizations, self.votes, self.processes, self.pages, self.groups)
        return not (self.total or any(beside))


def find_everything(words: str, *, page: int, language: str, without: tuple[int, ...] = ()) -> Found:
    """Proposals (best first), and beside them districts, organisations, votes, groups, processes and pages of
    the site with all of these words.

    The first page costs one question to the index for all kinds together (a second one for similar words,
    when it knew nothing), one for the rows of proposals (two when a reader has blocked somebody) and one for
    the names of all others; later pages ask for proposals only. Nonsense costs none.
    """
    asked = tokens(words)
    if not asked:
        return Found([], 0)
    wanted = ListFilter(words=words, sort=Sort.RELEVANCE, page=page, without_authors=without)
    if page > 1:
        found = find_proposals(wanted)
        return Found(found.rows, found.total, found.is_more)
    hits = search.find_each(words, {"proposal": hits_wanted(wanted), **dict.fromkeys(BESIDE, MOST_BESIDE)})
    found, named = page_of_hits(wanted, hits["proposal"]), _named(hits)
    processes = process_names()
    return Found(
        found.rows,
        found.total,
        found.is_more,
        districts=[card for card in districts() if _has(asked, tokens(card.name))][:MOST_BESIDE],
        organizations=named["organization"],
        votes=named["round"],
        processes=[processes[hit.id] for hit in hits["process"] if hit.id in processes],
        pages=[slug for slug in PAGES if _has(asked, _words_of_page(slug, language))][:MOST_BESIDE],
        groups=named["group"],
    )


def _has(asked: list[str], words: list[str] | tuple[str, ...]) -> bool:
    """Every word asked for begins a word of the text, as in the search index."""
    return all(any(word.startswith(one) for word in words) for one in asked)


@cache
def _public_names() -> dict[str, Select[Any]]:
    """Kind -> everything of it that everybody may know of. The index should hold nothing else; the condition
    is asked again all the same, so that a forgotten document shows nothing."""
    organization, vote = Organization, Round
    return {
        # Names of groups stand encrypted, the others do not: a column each, so that one query holds both.
        "group": _name_of(Group, sealed=Group.name).where(listed_condition()),
        "organization": _name_of(organization, plain=organization.name).where(
            organization.closed_at.is_(None)
        ),
        "round": _name_of(vote, plain=vote.title).where(vote.state != RoundState.DRAFT),
    }


def _name_of(model: Any, *, plain: Any = None, sealed: Any = None) -> Select[Any]:
    return select(
        model.id.label("id"),
        model.public_id.label("public_id"),
        type_coerce(plain, String).label("plain"),
        type_coerce(sealed, Group.name.type).label("sealed"),
    )


def _named(hits: Mapping[str, Sequence[search.Hit]]) -> dict[str, list[Named]]:
    """Names of what was found of each kind, in the order of the hits; one query for all kinds."""
    parts = [
        query.add_columns(literal(kind).label("kind")).where(
            query.selected_columns.id.in_([hit.id for hit in hits[kind]])
        )
        for kind, query in _public_names().items()
        if hits[kind]
    ]
    rows = session.execute(union_all(*parts)).all() if parts else []
    known = {
        (row.kind, row.id): Named(row.kind, row.id, row.public_id, row.plain or row.sealed) for row in rows
    }
    return {
        kind: [known[kind, hit.id] for hit in found if (kind, hit.id) in known]
        for kind, found in hits.items()
    }


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
