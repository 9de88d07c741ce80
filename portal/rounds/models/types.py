"""The words a round's columns may hold."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import DDL, FromClause, event


def guard(table: FromClause, dialect: str, *statements: str) -> None:
    """Triggers that are made with their table. The migration holds a copy, and a test compares both."""
    for statement in statements:
        ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


class RoundState(StrEnum):
    """Where a round stands. Whether ballots are taken right now is a question of time: `Round.is_running`."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    PUBLISHED = "published"
    VOID = "void"


# (from, to) -> permission. Voiding needs two people, closing comes by time: the system does it.
TRANSITIONS: dict[tuple[StrEnum, StrEnum], str] = {
    (RoundState.DRAFT, RoundState.OPEN): "rounds.open",
    (RoundState.OPEN, RoundState.CLOSING): "rounds.close",
    (RoundState.CLOSING, RoundState.CLOSED): "rounds.close",
    (RoundState.CLOSED, RoundState.PUBLISHED): "rounds.publish",
    (RoundState.OPEN, RoundState.VOID): "rounds.void",
    (RoundState.CLOSING, RoundState.VOID): "rounds.void",
    (RoundState.CLOSED, RoundState.VOID): "rounds.void",
    (RoundState.PUBLISHED, RoundState.VOID): "rounds.void",
}


class BallotKind(StrEnum):
    """What a voter writes down."""

    APPROVAL = "approval"
    BASKET = "basket"
    POINTS = "points"
    SCORE = "score"
    RANKING = "ranking"
    YES_NO = "yes_no"


class Rule(StrEnum):
    """How ballots become winners; the names of portal.voting."""

    GREEDY = "greedy"
    GREEDY_NO_SKIP = "greedy_no_skip"
    GREEDY_THRESHOLD = "greedy_threshold"
    EQUAL_SHARES = "equal_shares"
    EQUAL_SHARES_ADD1 = "equal_shares_add1"
    MAJORITY = "majority"
    APPROVAL = "approval"
    SCORE = "score"
    SCHULZE = "schulze"


# Rules that spend money; the others choose.
BUDGET_RULES = frozenset(
    {Rule.GREEDY, Rule.GREEDY_NO_SKIP, Rule.GREEDY_THRESHOLD, Rule.EQUAL_SHARES, Rule.EQUAL_SHARES_ADD1}
)
# Which rules can count which ballots; the first is what a new round gets. (Add1 exists for approvals only.)
RULES_FOR: dict[BallotKind, tuple[Rule, ...]] = {
    BallotKind.APPROVAL: (
        Rule.EQUAL_SHARES_ADD1,
        Rule.EQUAL_SHARES,
        Rule.GREEDY,
        Rule.GREEDY_NO_SKIP,
        Rule.GREEDY_THRESHOLD,
        Rule.APPROVAL,
    ),
    BallotKind.BASKET: (
        Rule.EQUAL_SHARES_ADD1,
        Rule.EQUAL_SHARES,
        Rule.GREEDY,
        Rule.GREEDY_NO_SKIP,
        Rule.GREEDY_THRESHOLD,
    ),
    BallotKind.POINTS: (
        Rule.EQUAL_SHARES,
        Rule.GREEDY,
        Rule.GREEDY_NO_SKIP,
        Rule.GREEDY_THRESHOLD,
        Rule.SCORE,
    ),
    BallotKind.SCORE: (
        Rule.SCORE,
        Rule.EQUAL_SHARES,
        Rule.GREEDY,
        Rule.GREEDY_NO_SKIP,
        Rule.GREEDY_THRESHOLD,
    ),
    BallotKind.RANKING: (Rule.SCHULZE,),
    BallotKind.YES_NO: (Rule.MAJORITY,),
}


class MajorityKind(StrEnum):
    """How much of a yes is enough: more than no; more than half of all; two thirds of yes and no."""

    SIMPLE = "simple"
    ABSOLUTE = "absolute"
    TWO_THIRDS = "two_thirds"


class BatchState(StrEnum):
    """Where a batch of letters stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    READY = "ready"
    DOWNLOADED = "downloaded"
    VOID = "void"


class VouchedBy(StrEnum):
    """Who knows the person."""

    STAFF = "staff"
    RESIDENT = "resident"


class Channel(StrEnum):
    """How a ballot came into the box."""

    ONLINE = "online"
    PAPER = "paper"


class SheetState(StrEnum):
    """Where the entry of a paper sheet stands."""

    TYPED_ONCE = "typed_once"
    AGREED = "agreed"
    DISPUTE = "dispute"
    DECIDED = "decided"
    INVALID = "invalid"


class ObjectionState(StrEnum):
    """Whether an objection to a result is answered."""

    OPEN = "open"
    ANSWERED = "answered"


TITLE_LENGTH = 120
QUESTION_LENGTH = 300
TEXT_LENGTH = 5_000
REASON_LENGTH = 1_000
# Long enough for the project ids of other towns, whose elections can be imported.
CODE_LENGTH = 24
OPTION_LIMIT = 250
