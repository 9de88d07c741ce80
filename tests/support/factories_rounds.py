"""Rounds for tests, made by the portal's own operations. Needs an app context and no open transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.proposals.models import Proposal, Stage
from portal.rounds.models import BUDGET_RULES, BallotKind, MajorityKind, Round, RoundState, Rule
from portal.rounds.operations import drafting, opening
from portal.rounds.operations import options as optioning
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_proposals import make_proposal

_numbers = count(1)
# What a draft of each kind gets when a test does not say.
LIMITS: dict[BallotKind, dict[str, int]] = {
    BallotKind.APPROVAL: {},
    BallotKind.BASKET: {},
    BallotKind.POINTS: {"points_total": 10},
    BallotKind.SCORE: {"score_max": 5},
    BallotKind.RANKING: {},
    BallotKind.YES_NO: {},
}


def make_round(
    *,
    state: RoundState = RoundState.OPEN,
    kind: BallotKind = BallotKind.APPROVAL,
    rule: Rule | None = None,
    options: int = 3,
    proposals: int = 0,
    costs: tuple[int, ...] = (),
    moderator: Account | None = None,
    begins: timedelta = timedelta(hours=-1),
    lasts: timedelta = timedelta(days=14),
    level: int = 0,
    district_ids: tuple[int, ...] = (),
    is_running: bool = True,
    **columns: Any,
) -> int:
    """A round in a transaction of its own; its id. `options` are typed, `proposals` come on top of them.

    state: DRAFT or OPEN (running now; with is_running=False it begins tomorrow). Later states are made by the
    operations of closing. `costs` in cents for the options in their order. Every other column can be given.
    """
    actor = actor_of(moderator or make_staff("moderator"))
    budget = {"budget_cents": 100_000} if (rule or drafting.RULES_FOR[kind][0]) in BUDGET_RULES else {}
    given = {**LIMITS[kind], **budget, **columns}
    with transaction():
        vote = _draft(actor, kind, rule, given)
        _options(vote, actor, options, costs)
        for _ in range(proposals):
            add_proposal(vote, actor)
        drafting.save_voters(
            vote,
            actor=actor,
            level=level,
            district_ids=district_ids,
            receipts=given.get("receipts", True),
            file_threshold=given.get("file_threshold", 50),
        )
        for name in columns:
            setattr(vote, name, columns[name])
        _dates(vote, clock.now() + (begins if is_running else timedelta(days=1)), lasts)
        round_id = vote.id
    if state is not RoundState.DRAFT:
        open_now(round_id, actor)
    return round_id


def _draft(actor: Actor, kind: BallotKind, rule: Rule | None, given: dict[str, Any]) -> Round:
    vote = drafting.create_round(actor=actor, title=f"Abstimmung {next(_numbers)}", template="budget")
    drafting.save_words(
        vote,
        actor=actor,
        title=vote.title,
        question="Was soll die Stadt bauen?",
        intro="Es geht um **unser** Viertel.",
        language="de",
        influence=vote.influence,
    )
    drafting.save_ballot(vote, actor=actor, kind=kind, **{n: given.get(n) for n in drafting.ALL_LIMITS})
    drafting.save_counting(
        vote,
        actor=actor,
        rule=rule or vote.rule,
        budget_cents=given.get("budget_cents"),
        threshold=given.get("threshold", 2),
        majority_kind=given.get("majority_kind", MajorityKind.SIMPLE),
        quorum=given.get("quorum"),
        winners_count=given.get("winners_count", 1),
        lottery_source="Lotto 6 aus 49, Ziehung am Samstag",
        lottery_on=clock.today() + timedelta(days=400),
    )
    return vote


def _options(vote: Round, actor: Actor, number: int, costs: tuple[int, ...]) -> None:
    for index in range(number):
        optioning.add_typed(
            vote,
            actor=actor,
            title=f"Option {chr(65 + index % 26)}{index // 26 or ''}",
            text=f"Was Option {index + 1} bringt.",
            cost_cents=costs[index] if index < len(costs) else 30_000 + 1_000 * index,
        )


def add_proposal(vote: Round, actor: Actor, **columns: Any) -> Proposal:
    """An examined proposal on a draft, in the current transaction."""
    columns = {"stage": Stage.EXAMINED, "cost_cents": 45_000, **columns}
    proposal = make_proposal(**columns)
    optioning.add_proposal(vote, proposal, actor=actor)
    return proposal


def _dates(vote: Round, begins: datetime, lasts: timedelta) -> None:
    vote.opens_at, vote.closes_at = begins, begins + lasts
    session.flush()


def open_now(round_id: int, actor: Actor) -> None:
    """Open a draft as if it were a minute before its start."""
    with transaction():
        vote = session.get_one(Round, round_id)
        assert vote.opens_at is not None
        before = min(clock.now(), vote.opens_at - timedelta(minutes=1))
        with clock.pretend(before):
            assert opening.open_round(vote, actor=actor)


def get_round(round_id: int) -> Round:
    """The round as it is stored now."""
    return session.get_one(Round, round_id, populate_existing=True)


def voters(number: int) -> list[Actor]:
    """Residents who could take part."""
    return [actor_of(make_resident()) for _ in range(number)]
