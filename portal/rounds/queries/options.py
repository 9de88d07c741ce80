"""Options of a round: those it has, as they would be frozen now, and the proposals that could become some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import case, select

from portal.content.models import TextVersion
from portal.content.queries import PLAIN, first_pictures
from portal.core.db import session
from portal.core.text import plain_text
from portal.proposals.models import BEFORE_DECISION, Proposal, Stage
from portal.rounds.models import Round, RoundOption


@dataclass(frozen=True)
class OptionWords:
    """What is copied from a proposal when the round freezes it."""

    proposal_version: int | None
    title: str
    summary: str
    text_html: str
    plain_text: str | None
    language: str
    place_words: str
    district_id: int | None
    latitude: float | None
    longitude: float | None
    picture_id: int | None


def options_of(vote: Round) -> list[RoundOption]:
    """The options in their order, withdrawn ones too."""
    query = select(RoundOption).where(RoundOption.round_id == vote.id)
    return list(session.scalars(query.order_by(RoundOption.position, RoundOption.id)))


def option_of(vote: Round, code: str) -> RoundOption | None:
    """One option by its code on ballots, or None."""
    query = select(RoundOption).where(RoundOption.round_id == vote.id, RoundOption.code == code)
    return session.scalar(query)


def words_of(proposals: Iterable[Proposal]) -> dict[int, OptionWords]:
    """proposal id -> its words as they stand now, in three queries however many there are."""
    known = {one.id: one for one in proposals}
    pictures = first_pictures("proposal", known)
    query = select(TextVersion).where(
        TextVersion.kind == "proposal", TextVersion.object_id.in_(list(known)), TextVersion.language == PLAIN
    )
    plain = {one.object_id: one.fields.get("what", "") for one in session.scalars(query)}
    return {
        key: OptionWords(
            proposal_version=one.version_count or None,
            title=one.title,
            summary=one.excerpt,
            text_html=one.what_html + one.why_html,
            plain_text=plain_text(plain[key]) if plain.get(key) else None,
            language=one.language,
            place_words=one.place_words,
            district_id=one.district_id,
            latitude=one.lat,
            longitude=one.lon,
            picture_id=pictures[key].id if key in pictures else None,
        )
        for key, one in known.items()
    }


def proposals_of(options: Iterable[RoundOption]) -> dict[int, Proposal]:
    """proposal id -> proposal, for the options that come from one. One query."""
    ids = [one.proposal_id for one in options if one.proposal_id is not None]
    if not ids:
        return {}
    return {one.id: one for one in session.scalars(select(Proposal).where(Proposal.id.in_(ids)))}


def current_words(vote: Round, options: Iterable[RoundOption]) -> dict[int, OptionWords]:
    """proposal id -> its words now, for the options of a draft; nothing for a frozen round."""
    return words_of(proposals_of(options).values()) if vote.is_draft else {}


def is_eligible(proposal: Proposal) -> bool:
    """Whether it can be put on a draft: public, going its way, and not decided or in another vote."""
    return proposal.is_open and proposal.stage in BEFORE_DECISION - {Stage.IN_ROUND}


def is_ready(proposal: Proposal) -> bool:
    """Whether a round that contains it can open: it was examined."""
    return proposal.is_open and proposal.stage is Stage.EXAMINED


def candidates(vote: Round, *, limit: int = 200) -> list[Proposal]:
    """Proposals that are not options yet, examined ones first, then by supporters; those of its districts."""
    taken = select(RoundOption.proposal_id).where(
        RoundOption.round_id == vote.id, RoundOption.proposal_id.is_not(None)
    )
    query = (
        select(Proposal)
        .where(Proposal.listed, Proposal.stage.in_(BEFORE_DECISION - {Stage.IN_ROUND}))
        .where(Proposal.id.not_in(taken))
    )
    if vote.district_ids:
        query = query.where(Proposal.district_id.in_(vote.district_ids))
    examined = case((Proposal.stage == Stage.EXAMINED, 0), else_=1)
    order = (examined, Proposal.support_count.desc(), Proposal.id)
    return list(session.scalars(query.order_by(*order).limit(limit)))
