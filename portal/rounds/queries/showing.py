"""Rounds for pages: loaded by their address, listed by time, and what is shown of their options."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, or_, select
from sqlalchemy.orm import defer

from portal.content.models import Picture
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import can
from portal.proposals.models import Proposal
from portal.rounds.models import Round, RoundOption, RoundState

PER_PAGE = 20
MOST_LISTED = 500
# Long texts that no list shows.
_HEAVY = (defer(Round.rules_json), defer(Round.intro_html), defer(Round.intro_md))


@dataclass(frozen=True)
class ListedRound:
    """A public round by its address and title."""

    public_id: str
    title: str


@dataclass(frozen=True)
class ShownOption:
    """An option as readers see it. A text that moderation has hidden is not shown, nor its picture."""

    option: RoundOption
    picture: Picture | None
    proposal_public_id: str | None
    is_hidden: bool


def round_by_id(round_id: int) -> Round | None:
    """The round, in whatever state."""
    return session.get(Round, round_id)


def round_by_public_id(public_id: str) -> Round | None:
    """The round of an address, in whatever state; the permission decides who gets it."""
    return session.scalar(select(Round).where(Round.public_id == public_id))


def rounds_by_ids(ids: Sequence[int]) -> dict[int, Round]:
    """Several rounds at once."""
    return {one.id: one for one in session.scalars(select(Round).where(Round.id.in_(ids)))}


def running_rounds(limit: int = PER_PAGE) -> list[Round]:
    """Rounds in which ballots are taken right now, the one that ends first on top."""
    ids = session.execute(_running_statement(), {"now": clock.now(), "most": limit}).all()
    if not ids:
        return []
    found = {one.id: one for one in session.scalars(_with_these_ids(), {"ids": [one for (one,) in ids]})}
    return [found[one] for (one,) in ids]


@cache
def _running_statement() -> Any:
    """Ids first: the home page asks each time, mostly for nothing, and whole rounds have fifty columns."""
    table = Round.__table__.c
    now = bindparam("now", type_=table.opens_at.type)
    running = and_(table.state == RoundState.OPEN, table.opens_at <= now, table.closes_at > now)
    query = select(table.id).where(running).order_by(table.closes_at, table.id)
    return query.limit(bindparam("most", type_=Integer))


@cache
def _with_these_ids() -> Any:
    return select(Round).options(*_HEAVY).where(Round.id.in_(bindparam("ids", expanding=True)))


def coming_rounds(limit: int = PER_PAGE) -> list[Round]:
    """Rounds that are frozen and announced, the next one first."""
    query = select(Round).options(*_HEAVY).where(Round.state == RoundState.OPEN, Round.opens_at > clock.now())
    return list(session.scalars(query.order_by(Round.opens_at, Round.id).limit(limit)))


def past_rounds(page: int) -> tuple[list[Round], int]:
    """One page of rounds that are over, counted, published or void, newest first, and how many there are."""
    over = or_(
        Round.state.in_((RoundState.CLOSING, RoundState.CLOSED, RoundState.PUBLISHED, RoundState.VOID)),
        and_(Round.state == RoundState.OPEN, Round.closes_at <= clock.now()),
    )
    total = session.scalar(select(func.count()).select_from(Round).where(over)) or 0
    query = select(Round).options(*_HEAVY).where(over).order_by(Round.closes_at.desc(), Round.id.desc())
    return list(session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))), total


def open_rounds() -> list[Round]:
    """Every round in the state "open", by age; for jobs."""
    return list(session.scalars(select(Round).where(Round.state == RoundState.OPEN).order_by(Round.id)))


def rounds_of_process(process_id: int) -> list[Round]:
    """Public rounds of a process, in the order of their dates."""
    query = select(Round).options(*_HEAVY)
    query = query.where(Round.process_id == process_id, Round.state != RoundState.DRAFT)
    return list(session.scalars(query.order_by(Round.opens_at, Round.id)))


def rounds_of_office(actor: Actor, page: int) -> tuple[list[Round], int]:
    """One page of the rounds a moderator works with: drafts first, then by date, and how many there are."""
    found = [
        one
        for one in session.scalars(select(Round).options(*_HEAVY).order_by(Round.id.desc()))
        if can(actor, "rounds.edit", one)
    ]
    found.sort(key=lambda one: (not one.is_draft, one.is_void))
    return found[(page - 1) * PER_PAGE : page * PER_PAGE], len(found)


def copyable_rounds(actor: Actor, limit: int = 30) -> list[Round]:
    """Rounds this moderator can begin a new draft from, newest first."""
    query = select(Round).options(*_HEAVY).where(Round.imported.is_(False)).order_by(Round.id.desc())
    return [one for one in session.scalars(query.limit(limit * 3)) if can(actor, "rounds.edit", one)][:limit]


def shown_options(options: Iterable[RoundOption]) -> list[ShownOption]:
    """Options with their pictures, in two queries however many there are."""
    options = list(options)
    pictures = _pictures([one.picture_id for one in options if one.picture_id is not None])
    proposals = _proposals([one.proposal_id for one in options if one.proposal_id is not None])
    shown = []
    for option in options:
        public_id, is_hidden = proposals.get(option.proposal_id or 0, (None, False))
        picture = pictures.get(option.picture_id or 0) if not is_hidden else None
        shown.append(ShownOption(option, picture, None if is_hidden else public_id, is_hidden))
    return shown


def _pictures(ids: list[int]) -> dict[int, Picture]:
    if not ids:
        return {}
    query = select(Picture).where(Picture.id.in_(ids), Picture.alt != "")
    return {one.id: one for one in session.scalars(query)}


def _proposals(ids: list[int]) -> dict[int, tuple[str, bool]]:
    if not ids:
        return {}
    query = select(Proposal.id, Proposal.public_id, Proposal.hidden_at).where(Proposal.id.in_(ids))
    return {row.id: (row.public_id, row.hidden_at is not None) for row in session.execute(query)}


def listed_rounds(limit: int = MOST_LISTED) -> list[ListedRound]:
    """The newest public rounds, for the sitemap. A town has a few a year."""
    query = select(Round.public_id, Round.title).where(Round.state != RoundState.DRAFT)
    rows = session.execute(query.order_by(Round.id.desc()).limit(limit))
    return [ListedRound(row.public_id, row.title) for row in rows]
