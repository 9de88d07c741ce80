"""People and steps that moderation tests share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core import clock
from portal.core.actors import VISITOR, Actor, StaffRole
from portal.core.db import session, transaction
from portal.moderation import operations
from portal.moderation.models import Appeal, Case, Category, Decision, Ground, Measure
from portal.moderation.operations import Ruling
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.leaflets import Leaflet, Wall, subject

NORTH, SOUTH = 1, 2
PASSAGE = "ihr Idioten"


@dataclass
class Town:
    """A leaflet of the north, its author, and moderators."""

    wall: Wall
    leaflet: Leaflet
    author: Account
    moderator: Account
    colleague: Account
    southern: Account


def make_town(wall: Wall) -> Town:
    """Two moderators in the north, one in the south."""
    author = settled()
    return Town(
        wall,
        wall.pin(author_id=author.id, district_id=NORTH),
        author,
        make_staff(StaffRole.MODERATOR, NORTH),
        make_staff(StaffRole.MODERATOR, NORTH),
        make_staff(StaffRole.MODERATOR, SOUTH),
    )


def settled(**given: object) -> Account:
    """A resident whose account is older than a week."""
    return make_resident(created_at=clock.now() - timedelta(days=30), **given)


def report(
    leaflet: Leaflet, who: Account | None = None, category: Category = Category.INSULT, **given: object
) -> str:
    """Report the leaflet; returns the receipt's code."""
    actor = actor_of(who) if who else VISITOR
    with transaction():
        receipt = operations.report_subject(
            subject(leaflet),
            actor=actor,
            category=category,
            language="de",
            **{"words": "Bitte schaut", **given},  # type: ignore[arg-type]
        )
        return receipt.code


def case_of(leaflet: Leaflet) -> Case:
    """The newest case about it, in the present transaction."""
    query = session.query(Case).filter_by(subject_kind="leaflet", subject_id=leaflet.id)
    found = query.order_by(Case.id.desc()).first()
    assert found is not None
    return found


def ruling(measure: Measure, **given: object) -> Ruling:
    """A complete ruling by rule 1."""
    values: dict[str, object] = {
        "ground_kind": Ground.RULE,
        "rule": 1,
        "passage": PASSAGE,
        "facts": "Die Worte setzen Menschen herab.",
    }
    if measure in {Measure.NONE, Measure.RESTORE, Measure.UNLOCK, Measure.UNSLOW, Measure.UNSUSPEND}:
        values = {"facts": "Der Text hält sich an die Regeln."}
    return Ruling(measure=measure, **{**values, **given})  # type: ignore[arg-type]


def decide(leaflet: Leaflet, who: Account, measure: Measure, *, is_last: bool = True, **given: object) -> int:
    """Decide the newest case; returns the decision's id."""
    actor = actor_of(who)
    with transaction():
        made = ruling(measure, **given)
        return operations.decide_case(case_of(leaflet), actor=actor, ruling=made, is_last=is_last).id


def open_case(leaflet: Leaflet, who: Account) -> None:
    """A moderator takes it up."""
    actor = actor_of(who)
    with transaction():
        operations.open_own_case(subject(leaflet), actor=actor)


def object_to(decision_id: int, who: Account, words: str = "Das war ein Zitat.") -> int:
    """Object; returns the objection's id."""
    actor = actor_of(who)
    with transaction():
        return operations.object_to(session.get_one(Decision, decision_id), actor=actor, words=words).id


def answer(
    appeal_id: int, who: Account, outcome: object, reply: str = "Wir haben es noch einmal gelesen."
) -> None:
    """Answer an objection."""
    actor = actor_of(who)
    with transaction():
        operations.answer_objection(
            session.get_one(Appeal, appeal_id),
            actor=actor,
            outcome=outcome,
            reply=reply,  # type: ignore[arg-type]
        )


def actor_in(account: Account) -> Actor:
    """The actor inside a running transaction."""
    return actor_for(session.get(Account, account.id))
