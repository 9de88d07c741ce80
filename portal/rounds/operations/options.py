"""Options of a draft: taken from proposals or typed, with what they cost; copied and taken out again."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.core.text import clean_line, clean_text, excerpt, plain_text, render_markdown
from portal.proposals.models import Proposal
from portal.rounds.errors import (
    CostNeeded,
    CostsTooMuch,
    OptionTitleMissing,
    ProposalNotEligible,
    RoundFrozen,
    TooManyOptions,
    UnknownOption,
)
from portal.rounds.models import OPTION_LIMIT, TITLE_LENGTH, Round, RoundOption
from portal.rounds.queries.opening import needs_costs
from portal.rounds.queries.options import is_eligible, option_of, options_of, proposals_of, words_of


@dataclass(frozen=True)
class Typed:
    """The words of an option that is no proposal."""

    title: str
    text: str = ""
    plain: str = ""
    district_id: int | None = None
    is_status_quo: bool = False


def _ensure_draft(vote: Round, actor: Actor) -> None:
    ensure(actor, "rounds.edit", vote)
    if not vote.is_draft:
        raise RoundFrozen


def _ensure_affordable(vote: Round, cost_cents: int | None) -> None:
    """A cost may still be unknown in a draft; one that is none, or can never be paid, is refused."""
    if cost_cents is None or not needs_costs(vote):
        return
    if cost_cents == 0:
        raise CostNeeded
    if vote.budget_cents and cost_cents > vote.budget_cents:
        raise CostsTooMuch


def _next_number(vote: Round) -> int:
    query = select(func.count(), func.max(RoundOption.position)).where(RoundOption.round_id == vote.id)
    count, highest = session.execute(query).one()
    if count >= OPTION_LIMIT:
        raise TooManyOptions
    return (highest or 0) + 1


def add_proposal(vote: Round, proposal: Proposal, *, actor: Actor) -> RoundOption:
    """Put a proposal on the ballot; twice is once. Raises ProposalNotEligible, TooManyOptions.

    What it costs comes from the assessment and can be changed here. Its words are copied again at opening.
    """
    _ensure_draft(vote, actor)
    known = session.scalar(
        select(RoundOption).where(RoundOption.round_id == vote.id, RoundOption.proposal_id == proposal.id)
    )
    if known is not None:
        return known
    if not is_eligible(proposal):
        raise ProposalNotEligible
    number = _next_number(vote)
    option = RoundOption(
        round_id=vote.id,
        code=str(number),
        position=number,
        proposal_id=proposal.id,
        cost_cents=proposal.cost_cents,
        category=proposal.topic.value if proposal.topic else "",
        **asdict(words_of([proposal])[proposal.id]),
    )
    session.add(option)
    session.flush()
    return option


def add_typed(
    vote: Round,
    *,
    actor: Actor,
    title: str,
    text: str = "",
    plain: str = "",
    cost_cents: int | None = None,
    district_id: int | None = None,
    is_status_quo: bool = False,
    exclusive_group: str = "",
) -> RoundOption:
    """Put something typed on the ballot.

    Raises OptionTitleMissing, TooManyOptions, CostNeeded, CostsTooMuch.
    """
    _ensure_draft(vote, actor)
    _ensure_affordable(vote, cost_cents)
    number = _next_number(vote)
    option = RoundOption(round_id=vote.id, code=str(number), position=number, language=vote.language)
    _write(option, title, text, plain)
    option.cost_cents, option.district_id, option.is_status_quo = cost_cents, district_id, is_status_quo
    option.exclusive_group = clean_line(exclusive_group)[:20] or None
    session.add(option)
    session.flush()
    return option


def _write(option: RoundOption, title: str, text: str, plain: str) -> None:
    title = clean_line(title)[:TITLE_LENGTH]
    if not title:
        raise OptionTitleMissing
    text = clean_text(text)
    option.title, option.text_md, option.text_html = title, text, render_markdown(text)
    option.summary, option.plain_text = excerpt(plain_text(text), 200), clean_text(plain) or None


def change_option(
    vote: Round,
    code: str,
    *,
    actor: Actor,
    cost_cents: int | None,
    exclusive_group: str = "",
    typed: Typed | None = None,
) -> RoundOption:
    """Change cost and exclusion; title, text and plain text of a typed one.

    Raises UnknownOption, CostNeeded, CostsTooMuch.
    """
    option = _option(vote, code, actor)
    _ensure_affordable(vote, cost_cents)
    if typed is not None and option.proposal_id is None:
        _write(option, typed.title, typed.text, typed.plain)
        option.district_id, option.is_status_quo = typed.district_id, typed.is_status_quo
    option.cost_cents, option.exclusive_group = cost_cents, clean_line(exclusive_group)[:20] or None
    session.flush()
    return option


def remove_option(vote: Round, code: str, *, actor: Actor) -> None:
    """Take an option off a draft; those behind it move up: ballots count from 1. Raises UnknownOption."""
    option = _option(vote, code, actor)
    session.delete(option)
    session.flush()
    renumber(vote)


def _option(vote: Round, code: str, actor: Actor) -> RoundOption:
    _ensure_draft(vote, actor)
    option = option_of(vote, code)
    if option is None:
        raise UnknownOption
    return option


def renumber(vote: Round) -> None:
    """Codes of a draft are 1, 2, 3 … in their order. Only ever downwards, so UNIQUE(round, code) holds."""
    for number, option in enumerate(options_of(vote), 1):
        if option.position != number or option.code != str(number):
            option.position, option.code = number, str(number)
            session.flush()


def refresh_words(vote: Round) -> None:
    """Copy the words of proposals as they stand now; the last time is at opening."""
    options = options_of(vote)
    words = words_of(proposals_of(options).values())
    for option in options:
        for name, value in asdict(words[option.proposal_id]).items() if option.proposal_id in words else ():
            setattr(option, name, value)
    session.flush()


def copy_options(source: Round, target: Round) -> None:
    """The options of an earlier round for a new draft: typed ones, and proposals that can still be chosen."""
    left_out = {"id", "round_id", "code", "position", "withdrawn_at", "withdrawn_reason"}
    names = [column.key for column in RoundOption.__table__.columns if column.key not in left_out]
    options = options_of(source)
    proposals = proposals_of(options)
    number = 0
    for option in options:
        proposal = proposals.get(option.proposal_id) if option.proposal_id else None
        if option.is_withdrawn or (option.proposal_id and (proposal is None or not is_eligible(proposal))):
            continue
        number += 1
        values = {name: getattr(option, name) for name in names}
        session.add(RoundOption(round_id=target.id, code=str(number), position=number, **values))
    session.flush()
