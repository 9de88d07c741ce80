"""A draft of a round: begun from a template or a copy, changed, deleted. Only its moderators see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.mailsafe import valid_address
from portal.core.permissions import ensure
from portal.core.public_id import new_id
from portal.core.text import clean_line, clean_text, render_markdown
from portal.places.queries import districts
from portal.processes.models import Influence
from portal.rounds.errors import (
    BudgetTooSmall,
    ClosesBeforeItOpens,
    DoubtfulNight,
    NotYourDistrict,
    RoundFrozen,
    RoundTitleMissing,
    RuleDoesNotFit,
    UnknownDistrictOfRound,
)
from portal.rounds.models import (
    BUDGET_RULES,
    RULES_FOR,
    BallotKind,
    MajorityKind,
    Round,
    RoundDistrict,
    RoundOption,
    Rule,
)
from portal.rounds.operations.options import copy_options
from portal.rounds.permissions import is_moderated
from portal.rounds.queries.options import options_of

# What a draft begins with. A budget decides and wants letters; a survey asks and is open to every account.
TEMPLATES: dict[str, dict[str, Any]] = {
    "budget": {
        "ballot_kind": BallotKind.APPROVAL,
        "rule": Rule.EQUAL_SHARES_ADD1,
        "max_choices": 10,
        "level": 2,
        "influence": Influence.DECISION,
    },
    "question": {
        "ballot_kind": BallotKind.YES_NO,
        "rule": Rule.MAJORITY,
        "majority_kind": MajorityKind.SIMPLE,
        "level": 2,
        "influence": Influence.CONSULTATION,
    },
    "survey": {
        "ballot_kind": BallotKind.APPROVAL,
        "rule": Rule.APPROVAL,
        "winners_count": 1,
        "level": 0,
        "influence": Influence.CONSULTATION,
    },
}
# What a copy takes along; dates, lottery and hashes belong to the round they were set for.
COPIED = [
    "process_id",
    "question",
    "intro_md",
    "intro_html",
    "language",
    "influence",
    "contact_account_id",
    "ballot_kind",
    "max_choices",
    "points_total",
    "points_per_option_max",
    "score_max",
    "rule",
    "threshold",
    "majority_kind",
    "quorum",
    "winners_count",
    "tie_order",
    "budget_cents",
    "currency",
    "receipts",
    "file_threshold",
    "level",
    "publish_after_hours",
    "observers",
]
LIMITS_FOR: dict[BallotKind, tuple[str, ...]] = {
    BallotKind.APPROVAL: ("max_choices",),
    BallotKind.BASKET: (),
    BallotKind.POINTS: ("points_total", "points_per_option_max"),
    BallotKind.SCORE: ("score_max",),
    BallotKind.RANKING: ("max_choices",),
    BallotKind.YES_NO: (),
}
ALL_LIMITS = ("max_choices", "points_total", "points_per_option_max", "score_max")


def create_round(
    *,
    actor: Actor,
    title: str,
    template: str = "budget",
    copy_of: Round | None = None,
    process_id: int | None = None,
    draft_key: str | None = None,
) -> Round:
    """Begin a draft from a template ("budget", "question", "survey") or as a copy of an earlier round.

    The same `draft_key` again (a double click) gives back the same draft. Raises RoundTitleMissing.
    """
    ensure(actor, "rounds.create")
    if not clean_line(title):
        raise RoundTitleMissing
    known = _known(draft_key)
    if known is not None:
        return known
    values = {name: getattr(copy_of, name) for name in COPIED} if copy_of else TEMPLATES[template]
    vote = Round(
        **{"language": actor.language or "de", "process_id": process_id, **values},
        public_id=new_id(),
        title=clean_line(title)[:120],
        draft_key=draft_key,
        created_by_id=actor.account_id,
    )
    session.add(vote)
    session.flush()
    if copy_of is not None:
        _set_districts(vote, copy_of.district_ids)
        copy_options(copy_of, vote)
    elif actor_districts := {one.district_id for one in actor.roles if one.district_id is not None}:
        _set_districts(vote, sorted(actor_districts) if not _works_everywhere(actor) else [])
    audit.record("rounds.created", actor=actor, subject=("round", vote.id))
    return vote


def _known(draft_key: str | None) -> Round | None:
    return session.scalar(select(Round).where(Round.draft_key == draft_key)) if draft_key else None


def _works_everywhere(actor: Actor) -> bool:
    return any(one.district_id is None and one.role.value == "moderator" for one in actor.roles)


def ensure_draft(vote: Round, actor: Actor) -> None:
    """Raise NotFound for people who may not, RoundFrozen for a round that is open or over."""
    ensure(actor, "rounds.edit", vote)
    if not vote.is_draft:
        raise RoundFrozen


def save_words(
    vote: Round,
    *,
    actor: Actor,
    title: str,
    question: str,
    intro: str,
    language: str,
    influence: Influence,
    contact_account_id: int | None = None,
    process_id: int | None = None,
) -> None:
    """What it is about, what its result is worth, and who answers questions. Raises RoundTitleMissing."""
    ensure_draft(vote, actor)
    if not clean_line(title):
        raise RoundTitleMissing
    vote.title, vote.question = clean_line(title)[:120], clean_line(question)[:300]
    vote.intro_md = clean_text(intro)
    vote.intro_html = render_markdown(vote.intro_md)
    vote.language, vote.influence, vote.contact_account_id = language, influence, contact_account_id
    vote.process_id = process_id


def save_ballot(vote: Round, *, actor: Actor, kind: BallotKind, **limits: int | None) -> None:
    """What voters write down. Limits this kind does not know are dropped; so is a rule that does not fit."""
    ensure_draft(vote, actor)
    vote.ballot_kind = kind
    for name in ALL_LIMITS:
        setattr(vote, name, limits.get(name) if name in LIMITS_FOR[kind] else None)
    if vote.rule not in RULES_FOR[kind]:
        vote.rule = RULES_FOR[kind][0]
        vote.majority_kind = MajorityKind.SIMPLE if vote.rule is Rule.MAJORITY else None


def save_counting(
    vote: Round,
    *,
    actor: Actor,
    rule: Rule,
    budget_cents: int | None = None,
    threshold: int | None = None,
    majority_kind: MajorityKind | None = None,
    quorum: int | None = None,
    winners_count: int | None = None,
    lottery_source: str = "",
    lottery_on: date | None = None,
) -> None:
    """How ballots are counted and ties are broken. Raises RuleDoesNotFit, BudgetTooSmall."""
    ensure_draft(vote, actor)
    if rule not in RULES_FOR[vote.ballot_kind]:
        raise RuleDoesNotFit
    spends = rule in BUDGET_RULES or vote.ballot_kind is BallotKind.BASKET
    if spends and budget_cents and any((one.cost_cents or 0) > budget_cents for one in options_of(vote)):
        raise BudgetTooSmall
    vote.rule, vote.budget_cents, vote.quorum = rule, budget_cents, quorum
    vote.threshold = threshold if rule is Rule.GREEDY_THRESHOLD else None
    is_majority = rule is Rule.MAJORITY
    vote.majority_kind = (majority_kind or MajorityKind.SIMPLE) if is_majority else None
    vote.winners_count = winners_count if rule in {Rule.APPROVAL, Rule.SCORE} else None
    vote.lottery_source, vote.lottery_on = clean_text(lottery_source), lottery_on


def save_voters(
    vote: Round,
    *,
    actor: Actor,
    level: int,
    district_ids: Iterable[int],
    receipts: bool,
    file_threshold: int,
    observers: str = "",
) -> None:
    """Who may take part, their receipts, and who watches. Raises UnknownDistrictOfRound, BadAddress,
    NotYourDistrict for a moderator who would lose sight of it.
    """
    ensure_draft(vote, actor)
    wanted, people = _known_districts(district_ids), addresses(observers)
    if not is_moderated(actor, wanted):
        raise NotYourDistrict
    vote.level, vote.receipts, vote.file_threshold = level, receipts, file_threshold
    vote.observers = "\n".join(people) or None
    _set_districts(vote, wanted)


def addresses(words: str) -> list[str]:
    """Mail addresses out of lines, each once. Raises BadAddress for what is none."""
    lines = (clean_line(line) for line in words.replace(",", "\n").splitlines())
    return list(dict.fromkeys(valid_address(line).canonical for line in lines if line))


def _known_districts(district_ids: Iterable[int]) -> set[int]:
    wanted = set(district_ids)
    if not wanted <= {one.id for one in districts()}:
        raise UnknownDistrictOfRound
    return wanted


def _set_districts(vote: Round, wanted: Iterable[int]) -> None:
    session.execute(delete(RoundDistrict).where(RoundDistrict.round_id == vote.id))
    session.add_all(RoundDistrict(round_id=vote.id, district_id=one) for one in sorted(wanted))
    session.flush()
    session.expire(vote, ["districts"])


def save_dates(
    vote: Round,
    *,
    actor: Actor,
    opens_at: datetime | None,
    closes_at: datetime | None,
    publish_after_hours: int | None = None,
) -> None:
    """When ballots are taken, as instants. Raises ClosesBeforeItOpens."""
    ensure_draft(vote, actor)
    if opens_at and closes_at and opens_at >= closes_at:
        raise ClosesBeforeItOpens
    vote.opens_at, vote.closes_at, vote.publish_after_hours = opens_at, closes_at, publish_after_hours


def town_instant(day: date, at: time, *, field: str = "closes_at") -> datetime:
    """The instant of a time on the town's clocks. Raises DoubtfulNight for 02:00 to 03:00 when clocks change.

    Europe/Berlin 2026-10-25 02:30 is two instants, 2027-03-28 02:30 is none: both are refused.
    """
    zone = clock.zone()
    morning = datetime.combine(day, time(0), zone)
    evening = datetime.combine(day + timedelta(days=1), time(0), zone)
    if morning.utcoffset() != evening.utcoffset() and time(2) <= at < time(3):
        raise DoubtfulNight(field=field)
    return datetime.combine(day, at, zone)


def delete_draft(vote: Round, *, actor: Actor) -> None:
    """Throw a draft away with its options. Raises RoundFrozen for everything else."""
    ensure_draft(vote, actor)
    session.execute(delete(RoundOption).where(RoundOption.round_id == vote.id))
    session.execute(delete(RoundDistrict).where(RoundDistrict.round_id == vote.id))
    session.delete(vote)
    session.flush()
