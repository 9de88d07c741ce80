"""Draws: who is in them and may step out until then, and the lots that everybody can work out again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session
from portal.core.permissions import ensure
from portal.groups.errors import TooLate
from portal.groups.errors.deciding import NotInTheDraw
from portal.groups.models import (
    DecisionOption,
    DecisionState,
    Elector,
    Group,
    GroupDecision,
    LotPerson,
    LotWord,
    Membership,
    Method,
    Status,
)
from portal.groups.operations.telling import tell
from portal.groups.permissions import membership_of
from portal.groups.queries.counting import Count, drawn_by
from portal.groups.queries.electors import lots_of

_BEFORE_THE_DRAW = (DecisionState.DRAFT, DecisionState.COLLECTING, DecisionState.OPEN)


def put_people(decision: GroupDecision, members: Mapping[str, str]) -> None:
    """Write down whom the lots stand for. `members`: number of the option -> public id of a membership."""
    by_public_id = {
        one.public_id: one.id
        for one in session.scalars(
            select(Membership).where(
                Membership.group_id == decision.group_id, Membership.public_id.in_(list(members.values()))
            )
        )
    }
    options = select(DecisionOption).where(DecisionOption.decision_id == decision.id)
    for option in session.scalars(options):
        person = by_public_id.get(members.get(str(option.number), ""))
        if person is not None:
            session.add(LotPerson(option_id=option.id, membership_id=person))
    session.flush()


def step_out(decision: GroupDecision, *, group: Group, actor: Actor) -> None:
    """The actor's own lots are out of the draw, and what they suggested for it. Nobody else's ever.

    The list is frozen from the opening on: it can only get shorter, and only by one's own will. Raises
    TooLate once it is drawn or its time is over, NotInTheDraw.
    """
    ensure(actor, "groups.answer", decision)
    session.refresh(decision, with_for_update=True)
    over = decision.state is DecisionState.OPEN and not decision.is_running(clock.now())
    if decision.method is not Method.LOTS or decision.state not in _BEFORE_THE_DRAW or over:
        raise TooLate
    numbers = lots_of(decision, membership_of(actor, group))
    if not numbers:
        raise NotInTheDraw
    _take_out(decision, numbers)
    tell(group, "lot_taken_out", decision=decision.public_id)


def _take_out(decision: GroupDecision, numbers: list[int]) -> None:
    session.execute(
        update(DecisionOption)
        .where(DecisionOption.decision_id == decision.id, DecisionOption.number.in_(numbers))
        .values(dropped=True)
    )
    session.flush()
    session.expire(decision, ["options"])


def drop_lots_of(membership_ref: str, group: Group) -> None:
    """Who leaves stands in no draw that is still to come."""
    query = (
        select(DecisionOption)
        .join(GroupDecision, GroupDecision.id == DecisionOption.decision_id)
        .join(LotPerson, LotPerson.option_id == DecisionOption.id)
        .join(Membership, Membership.id == LotPerson.membership_id)
        .where(GroupDecision.group_id == group.id, GroupDecision.state.in_(_BEFORE_THE_DRAW))
        .where(GroupDecision.method == Method.LOTS, Membership.ref == membership_ref)
    )
    options = session.scalars(query).all()
    for option in options:
        option.dropped = True
    session.execute(delete(LotPerson).where(LotPerson.option_id.in_([one.id for one in options])))
    session.flush()


def draw(decision: GroupDecision, options: list[DecisionOption]) -> Count:
    """The order of all lots that are in it; without one nothing is drawn."""
    order, facts = lots(decision, [option.number for option in options if not option.dropped])
    return Count(Status.ADOPTED if order else Status.NOT_ADOPTED, order[:1], order, facts)


def drawn_among(decision: GroupDecision, counted: Count) -> Count:
    """Equal to the end, and the group agreed to lots: drawn with the secret fixed at the opening."""
    order, facts = lots(decision, list(counted.winners))
    return Count(Status.ADOPTED, order[:1], counted.order, {**counted.facts, "lots": facts})


def lots(decision: GroupDecision, numbers: list[int]) -> tuple[tuple[int, ...], dict[str, Any]]:
    """The order of HMAC-SHA-256 under the secret of (all words, number): anybody can work it out again.

    words: those of the members, sorted, one per line; item: the option's number.
    """
    query = (
        select(LotWord.word)
        .join(Elector, Elector.id == LotWord.elector_id)
        .where(Elector.decision_id == decision.id)
    )
    words = "\n".join(sorted(session.scalars(query)))
    drawn = drawn_by(decision.lot_secret or "", words, numbers)
    facts = {
        "secret": decision.lot_secret,
        "commitment": hashlib.sha256((decision.lot_secret or "").encode()).hexdigest(),
        "words": words,
        "drawn": {str(number): value for number, value in drawn.items()},
    }
    return tuple(sorted(drawn, key=lambda number: drawn[number])), facts
