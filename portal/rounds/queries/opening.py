"""What an opening would freeze: the canonical rules with their hash, and what is still missing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select

from portal.core import clock
from portal.core.db import session
from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.places.queries import districts
from portal.rounds.models import BUDGET_RULES, BallotKind, Round, RoundOption, RoundState, Rule
from portal.rounds.queries.logbook import canonical
from portal.rounds.queries.options import (
    OptionWords,
    current_words,
    is_ready,
    options_of,
    proposals_of,
)

FORMAT = "nachbarnetz-round-1"


@dataclass(frozen=True)
class Gap:
    """Something that must be mended before opening; `step` is the page where that is done."""

    step: str
    words: LazyString | str


def _iso(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if instant else None


def rules_document(vote: Round) -> dict[str, Any]:
    """Everything that decides about the result and that nobody may change afterwards, as plain data.

    Of a draft: as it would be frozen now, with the words proposals have at this moment. Money in cents, times
    in UTC, districts by their slug.
    """
    slugs = {one.id: one.slug for one in districts()}
    options = options_of(vote)
    proposals = proposals_of(options)
    words = current_words(vote, options)
    return {
        "format": FORMAT,
        "round": vote.public_id,
        "title": vote.title,
        "question": vote.question,
        "intro": vote.intro_md,
        "language": vote.language,
        "influence": vote.influence.value,
        "ballot": _ballot(vote),
        "counting": _counting(vote),
        "lottery": {
            "source": vote.lottery_source,
            "on": vote.lottery_on.isoformat() if vote.lottery_on else None,
        },
        "secrecy": {"receipts": vote.receipts, "file_threshold": vote.file_threshold},
        "voters": {"level": vote.level, "districts": sorted(slugs[one] for one in vote.district_ids)},
        "dates": {
            "opens_at": _iso(vote.opens_at),
            "closes_at": _iso(vote.closes_at),
            "publish_after_hours": vote.publish_after_hours,
        },
        "options": [
            _option(one, words.get(one.proposal_id or 0), slugs)
            | {"proposal": proposals[one.proposal_id].public_id if one.proposal_id in proposals else None}
            for one in options
        ],
    }


def _ballot(vote: Round) -> dict[str, Any]:
    return {
        "kind": vote.ballot_kind.value,
        "max_choices": vote.max_choices,
        "points_total": vote.points_total,
        "points_per_option_max": vote.points_per_option_max,
        "score_max": vote.score_max,
    }


def _counting(vote: Round) -> dict[str, Any]:
    return {
        "rule": vote.rule.value,
        "threshold": vote.threshold,
        "majority": vote.majority_kind.value if vote.majority_kind else None,
        "quorum": vote.quorum,
        "winners": vote.winners_count,
        "ties": vote.tie_order,
        "budget_cents": vote.budget_cents,
        "currency": vote.currency,
    }


def _option(option: RoundOption, fresh: OptionWords | None, slugs: dict[int, str]) -> dict[str, Any]:
    words: OptionWords | RoundOption = fresh or option
    return {
        "code": option.code,
        "title": words.title,
        "summary": words.summary,
        "text": words.text_html,
        "plain_text": words.plain_text,
        "language": words.language,
        "cost_cents": option.cost_cents,
        "category": option.category,
        "place": words.place_words,
        "district": slugs.get(words.district_id) if words.district_id else None,
        "latitude": words.latitude,
        "longitude": words.longitude,
        "is_status_quo": option.is_status_quo,
        "excludes": option.exclusive_group,
        "proposal_version": words.proposal_version,
    }


def rules_text(vote: Round) -> str:
    """The rules as canonical JSON: of a frozen round the stored text, of a draft as it would be now."""
    return vote.rules_json if vote.rules_json is not None else canonical(rules_document(vote))


def sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def gaps(vote: Round) -> list[Gap]:
    """What is missing before the round can open, in the order of the steps; empty when nothing is."""
    options = options_of(vote)
    return [*_word_gaps(vote), *_option_gaps(vote, options), *_counting_gaps(vote), *_date_gaps(vote)]


def _word_gaps(vote: Round) -> list[Gap]:
    found = []
    if not vote.question:
        found.append(Gap("words", _l("The question to the people is missing.")))
    if not vote.intro_md:
        found.append(Gap("words", _l("Please explain in a few sentences what it is about.")))
    return found


def _option_gaps(vote: Round, options: list[RoundOption]) -> list[Gap]:
    found = []
    if vote.ballot_kind is BallotKind.YES_NO and not options:
        found.append(Gap("options", _l("There must be a question to say yes or no to.")))
    elif vote.ballot_kind is not BallotKind.YES_NO and len(options) < 2:
        found.append(Gap("options", _l("There must be at least two options to choose from.")))
    proposals = proposals_of(options)
    for option in options:
        proposal = proposals.get(option.proposal_id) if option.proposal_id else None
        if option.proposal_id and (proposal is None or not is_ready(proposal)):
            words = _l("“%(title)s” is not examined, or not public any more.", title=option.title)
            found.append(Gap("options", words))
        if needs_costs(vote) and not option.cost_cents:
            found.append(Gap("options", _l("“%(title)s” has no cost.", title=option.title)))
        elif needs_costs(vote) and vote.budget_cents and (option.cost_cents or 0) > vote.budget_cents:
            found.append(Gap("options", _l("“%(title)s” costs more than there is.", title=option.title)))
    return found


def needs_costs(vote: Round) -> bool:
    """Whether every option needs a price, and the round a budget."""
    return vote.rule in BUDGET_RULES or vote.ballot_kind is BallotKind.BASKET


def _counting_gaps(vote: Round) -> list[Gap]:
    found = []
    if vote.ballot_kind is BallotKind.POINTS and not vote.points_total:
        found.append(Gap("ballot", _l("Please say how many points everybody has.")))
    if vote.ballot_kind is BallotKind.SCORE and not vote.score_max:
        found.append(Gap("ballot", _l("Please say what the highest score is.")))
    if needs_costs(vote) and not vote.budget_cents:
        found.append(Gap("counting", _l("The budget is missing.")))
    if vote.rule is Rule.GREEDY_THRESHOLD and not vote.threshold:
        found.append(Gap("counting", _l("Please say how many votes an option needs at least.")))
    if vote.rule in {Rule.APPROVAL, Rule.SCORE} and not vote.winners_count:
        found.append(Gap("counting", _l("Please say how many options win.")))
    if vote.rule is not Rule.MAJORITY and not (vote.lottery_source and vote.lottery_on):
        words = _l("Please name a public draw for ties, and its day. It must be after the end of the vote.")
        found.append(Gap("counting", words))
    elif vote.lottery_on and vote.closes_at and vote.lottery_on <= clock.local(vote.closes_at).date():
        found.append(Gap("counting", _l("The draw for ties must be on a day after the end of the vote.")))
    return found


def _date_gaps(vote: Round) -> list[Gap]:
    if vote.opens_at is None or vote.closes_at is None:
        return [Gap("dates", _l("Start and end are missing."))]
    if vote.opens_at < clock.now():
        return [Gap("dates", _l("The start lies in the past. Please choose a later time."))]
    return []


def overlaps(vote: Round) -> list[Round]:
    """Rounds whose time overlaps with this one's, for people of the same districts. A warning, not a no."""
    if vote.opens_at is None or vote.closes_at is None:
        return []
    query = (
        select(Round)
        .where(Round.id != vote.id, or_(Round.state == RoundState.OPEN, Round.state == RoundState.DRAFT))
        .where(Round.opens_at < vote.closes_at, Round.closes_at > vote.opens_at)
        .order_by(Round.opens_at, Round.id)
    )
    here = set(vote.district_ids)
    return [
        one
        for one in session.scalars(query)
        if not here or not one.district_ids or here & set(one.district_ids)
    ]
