"""What is counted: the election of a closed round, from its options, its box and its paper sheets."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.rounds.models import BallotKind, MajorityKind, Round, RoundOption
from portal.rounds.queries import box
from portal.rounds.queries.resulting import options_of
from portal.rounds.queries.sheets import paper_ballots
from portal.voting import Election, Kind, Project, Terms
from portal.voting.pabulib import Head
from portal.voting.rules import Rule as EngineRule

KINDS = {
    BallotKind.APPROVAL: Kind.APPROVAL,
    BallotKind.BASKET: Kind.APPROVAL,
    BallotKind.POINTS: Kind.POINTS,
    BallotKind.SCORE: Kind.SCORE,
    BallotKind.RANKING: Kind.RANKING,
    BallotKind.YES_NO: Kind.YES_NO,
}


def paper_of(vote: Round) -> list[tuple[str, dict[str, Any]]]:
    """(number, content) of every valid sheet. The order is that of what stands on them: it tells nothing."""
    return [(f"P{number:05}", one) for number, one in enumerate(paper_ballots(vote).contents, 1)]


def ballots_of(vote: Round) -> list[tuple[str, dict[str, Any]]]:
    """(tracking code, content) of everything that counts, online and paper, by code."""
    online = [(code, json.loads(content)) for code, content in box.sorted_ballots(vote)]
    return sorted(online + paper_of(vote), key=lambda one: one[0])


def projects_of(vote: Round) -> tuple[Project, ...]:
    """The options as the engine knows them, with what excludes what."""
    options = options_of(vote)
    return tuple(
        Project(
            one.code,
            one.cost_cents or 0,
            one.title,
            frozenset(
                other.code
                for other in options
                if one.exclusive_group and other.exclusive_group == one.exclusive_group and other is not one
            ),
            one.is_withdrawn,
        )
        for one in options
    )


def terms_of(vote: Round) -> Terms:
    """What the rule needs beside the ballots. An absolute majority is one of all ballots, blank ones too."""
    is_absolute = vote.majority_kind is MajorityKind.ABSOLUTE
    status_quo = next((one.code for one in options_of(vote) if one.is_status_quo), None)
    return Terms(
        threshold=vote.threshold or 0,
        tie_order=tuple(vote.tie_order.split(",")),
        winners=vote.winners_count or 1,
        majority=(vote.majority_kind.value if vote.majority_kind else "simple"),
        quorum=vote.quorum or 0,
        eligible=len(ballots_of(vote)) if is_absolute else None,
        status_quo=status_quo,
    )


def election_of(vote: Round) -> Election:
    """The whole election of a round whose voting is over. Raises BoxStillOpen before."""
    contents = [content for _code, content in ballots_of(vote)]
    kind = KINDS[vote.ballot_kind]
    return Election.of(kind, projects_of(vote), contents, budget_cents=vote.budget_cents)


def head_of(vote: Round, *comments: str) -> Head:
    """What the file says about the vote: only what was frozen, so that it is the same at every repetition."""
    assert vote.opens_at is not None
    assert vote.closes_at is not None
    return Head(
        description=vote.question or vote.title,
        unit=vote.title,
        instance=f"{vote.public_id} {clock.local(vote.closes_at).year}",
        date_begin=clock.local(vote.opens_at).date(),
        date_end=clock.local(vote.closes_at).date(),
        kind=KINDS[vote.ballot_kind],
        rule=EngineRule(vote.rule.value),
        terms=terms_of(vote),
        budget_cents=vote.budget_cents,
        max_length=vote.max_choices,
        points_total=vote.points_total,
        points_most=vote.points_per_option_max or vote.score_max,
        language=vote.language[:2] if vote.language != "leicht" else "de",
        currency=vote.currency,
        comments=(f"Rules frozen before voting with SHA-256 {vote.rules_sha256}", *comments),
    )


def columns_of(vote: Round) -> dict[str, dict[str, str]]:
    """Further cells of the options."""
    return {one.code: _cells(one) for one in options_of(vote)}


def _cells(one: RoundOption) -> dict[str, str]:
    cells = {"category": one.category}
    if one.latitude is not None and one.longitude is not None:
        cells |= {"latitude": f"{one.latitude:.6f}", "longitude": f"{one.longitude:.6f}"}
    return cells


def due_rounds() -> list[int]:
    """Rounds whose end has passed and that are not closed yet."""
    query = select(Round.id).where(
        (Round.state == "closing") | ((Round.state == "open") & (Round.closes_at <= clock.now()))
    )
    return list(session.scalars(query.order_by(Round.id)))
