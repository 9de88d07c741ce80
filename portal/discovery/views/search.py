"""Search over everything public, grouped, with numbered pages."""

from __future__ import annotations

from flask import Response, request, url_for

from portal.content.settings import PAGES
from portal.core.i18n import current_language
from portal.core.text import clean_line
from portal.discovery.queries import Found, find_everything
from portal.discovery.views.section import section
from portal.proposals.queries import PER_PAGE
from portal.proposals.views.presenting import cards
from portal.web.access import public
from portal.web.context import current_actor
from portal.web.render import Page, page_number, render

LONGEST_QUERY = 80
Link = tuple[str, str]


@section.get("/search")
@public
def search() -> Response:
    """Everything public that has these words."""
    words = clean_line(request.args.get("q", ""))[:LONGEST_QUERY]
    found = find_everything(words, page=page_number(), language=current_language().slug, without=_blocked())
    return render(
        "discovery/search.html",
        fragment="results",
        q=words,
        found=found,
        proposals=cards(found.proposals),
        beside=beside(found),
        page=Page(page_number(), PER_PAGE, found.total),
    )


def _blocked() -> tuple[int, ...]:
    return tuple(sorted(current_actor().blocked))


def beside(found: Found) -> dict[str, list[Link]]:
    """Districts, organisations, votes and pages as (name, address)."""
    return {
        "districts": [(one.name, url_for("places.district_page", slug=one.slug)) for one in found.districts],
        "organizations": [
            (one.name, url_for("places.organization", public_id=one.public_id)) for one in found.organizations
        ],
        "votes": [(one.name, url_for("rounds.detail", pid=one.public_id)) for one in found.votes],
        "processes": [
            (one.in_language(current_language().slug)[0], url_for("processes.detail", pid=one.public_id))
            for one in found.processes
        ],
        "groups": [(one.name, url_for("groups.detail", pid=one.public_id)) for one in found.groups],
        "pages": [(str(PAGES[slug]), url_for("content.page", page=slug)) for slug in found.pages],
    }
