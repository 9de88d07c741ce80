"""Putting words into a proposal: cleaned, rendered to safe HTML once, the language guessed."""

from __future__ import annotations

from portal.core import clock
from portal.core.db import session
from portal.core.i18n import DEFAULT_LANGUAGE
from portal.core.text import (
    clean_line,
    clean_text,
    excerpt,
    guess_language,
    plain_text,
    render_markdown,
)
from portal.places.queries import district, district_at, districts
from portal.proposals.errors import PlaceOutsideTown, UnknownDistrict
from portal.proposals.models import PLACE_LENGTH, TITLE_LENGTH, Proposal, ProposalVersion

EXCERPT_LENGTH = 200
TEXT_FIELDS = ("what", "why", "for_whom")


def set_title(proposal: Proposal, title: str) -> None:
    """The title on one line, cut at its longest."""
    proposal.title = clean_line(title)[:TITLE_LENGTH]
    _touch(proposal)


def set_text(proposal: Proposal, field: str, source: str) -> None:
    """One of the three texts: `what`, `why` or `for_whom`, as Markdown and as safe HTML."""
    if field not in TEXT_FIELDS:
        raise ValueError(f"{field} is no text of a proposal")
    source = clean_text(source)
    setattr(proposal, f"{field}_md", source)
    setattr(proposal, f"{field}_html", render_markdown(source))
    if field == "what":
        proposal.excerpt = excerpt(plain_text(source), EXCERPT_LENGTH)
    _touch(proposal)


def guess_text_language(proposal: Proposal, fallback: str) -> None:
    """Guess the language from everything written, unless the author has chosen it."""
    if proposal.is_language_chosen:
        return
    # A new draft has no texts yet, not even empty ones.
    parts = [proposal.title, plain_text(proposal.what_md or ""), plain_text(proposal.why_md or "")]
    words = "\n".join(parts)
    proposal.language = guess_language(words, fallback or DEFAULT_LANGUAGE)


def set_place(
    proposal: Proposal, *, district_id: int | None, lat: float | None, lon: float | None, place_words: str
) -> None:
    """Where it is: by words, by district, or by a point, whose district then counts.

    Raises PlaceOutsideTown for a point in none of the districts, UnknownDistrict for a wrong number.
    """
    if lat is not None and lon is not None and districts():
        found = district_at(lat, lon)
        if found is None:
            raise PlaceOutsideTown
        district_id = found.id
    elif district_id is not None and district(district_id) is None:
        raise UnknownDistrict
    proposal.district_id, proposal.lat, proposal.lon = district_id, lat, lon
    proposal.place_words = clean_line(place_words)[:PLACE_LENGTH]
    _touch(proposal)


def _touch(proposal: Proposal) -> None:
    proposal.edited_at = clock.now()


def snapshot(proposal: Proposal, *, number: int, editor_id: int | None) -> ProposalVersion:
    """The public text as it is now, as a version that is not stored yet."""
    return ProposalVersion(
        proposal_id=proposal.id,
        number=number,
        at=clock.now(),
        editor_id=editor_id,
        support_count=proposal.support_count,
        is_substance=False,
        language=proposal.language,
        title=proposal.title,
        what_md=proposal.what_md,
        why_md=proposal.why_md,
        for_whom_md=proposal.for_whom_md,
        place_words=proposal.place_words,
    )


def store_version(version: ProposalVersion) -> None:
    """Keep a version; its number is unique for the proposal."""
    session.add(version)
    session.flush()
