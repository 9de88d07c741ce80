"""Groups of the small town: the same things the policy walk knows, under readable names.

A thing's word is `kind_state_field`, spaces as underscores: `{group_decision_closed_did}`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from portal.core import clock, limits
from portal.core.actors import VISITOR, Actor
from portal.core.db import session, transaction
from portal.groups.models import Electorate, GroupDecision, Method, Target
from portal.groups.operations.deciding import answering, closing, drafting, outcomes
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_groups import get_group, make_group, settled
from tests.trust.decisionwork import fill_decisions
from tests.trust.groupwork import fill_groups
from tests.trust.inwork import fill_inside
from tests.trust.meetingwork import fill_meetings
from tests.trust.peacework import fill_peace
from tests.trust.rolework import fill_roles

if TYPE_CHECKING:
    from portal.accounts.models import Account
    from tests.support.world import World


@dataclass
class Readable:
    """In place of canaries: words a person could have typed."""

    count: int = 0

    def plant(self, place: str, allowed: Any = ()) -> str:
        """Another name each time."""
        self.count += 1
        return f"Gartenkreis {self.count}"


@dataclass
class Neighbours:
    """What the builders of the policy walk ask for, with people of the small town."""

    accounts: dict[str, Account]
    canaries: Readable = field(default_factory=Readable)
    things: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = SimpleNamespace(
            accounts=self.accounts,
            id=lambda name: self.accounts[name].id,
            north=next(one.district_id for one in actor_of(self.accounts["MO"]).roles),
        )
        self.actors = {name: actor_of(account) for name, account in self.accounts.items()}

    def put(self, kind: str, state: str, /, **values: Any) -> None:
        """Remember what an address needs."""
        self.things.setdefault(kind, {})[state] = values

    def actor(self, persona: str) -> Actor:
        """Somebody as an actor."""
        return VISITOR if persona == "V" else self.actors[persona]


def _more_decisions(build: Neighbours) -> None:
    """A draft of a new charter, one that can be asked once more, one with an outcome."""
    group_id, people = make_group(people=[build.actor("AU"), build.actor("CO"), settled()], name="Nähstube")
    leads = people[0]
    with transaction():
        group = get_group(group_id)
        soon = clock.now() + timedelta(days=2)

        def asked(method: Method, **given: Any) -> GroupDecision:
            wish = drafting.Wish(title=build.canaries.plant("title"), method=method, **given)
            return drafting.draft_decision(group, wish, actor=leads)

        def ended(**given: Any) -> GroupDecision:
            made = asked(Method.CHOICE, options=("Holz", "Metall"), max_choices=1, **given)
            drafting.open_decision(made, group=group, actor=leads, closes_at=soon)
            for person, choice in zip(people, "121", strict=True):
                answering.hand_in(made, {"choices": [choice]}, group=group, actor=person)
            session.flush()
            closing.close_decision(made.id, now=soon)
            session.refresh(made)
            return made

        told = ended()
        agreed = outcomes.Agreed("Wir nehmen Holz.", "Nadel 0", clock.today() + timedelta(days=9))
        outcomes.write_outcome(told, agreed, group=group, actor=leads)
        some = asked(Method.MAJORITY, electorate=Electorate.NAMED_LIST)
        dates = asked(Method.DATE, local_starts=("2027-01-12T18:00", "2027-01-13T18:00"))
        drafting.open_decision(dates, group=group, actor=leads, closes_at=soon)
        states = {"charter": asked(Method.CONSENT, target=Target.CHARTER), "again": ended(), "told": told}
        states |= {"some": some, "dates": dates}
        for state, made in states.items():
            build.put("group decision", state, pid=group.public_id, did=made.public_id)


def fill_groups_of(world: World) -> None:
    """The author leads and the neighbour is a member, as AU and CO do in the policy walk."""
    mine = {"AU": "author", "CO": "neighbour", "PA": "professional", "MO": "moderator", "AD": "administrator"}
    accounts = {persona: world.people[name] for persona, name in mine.items()}
    world.people["member"], world.people["writer"] = world.people["author"], make_resident()
    accounts |= {"R": make_resident(), "RV": world.people["writer"], "SU": make_resident()}
    accounts |= {"PX": make_staff("professional"), "MO2": world.people["colleague"]}
    accounts |= {"S2": make_staff("moderator")}
    build: Any = Neighbours(accounts)
    for fill in (fill_decisions, fill_meetings, fill_roles, fill_groups, fill_inside, fill_peace):
        limits.start_over()  # one person may begin three groups a day
        fill(build)
    _more_decisions(build)
    world.words |= {
        f"{kind}_{state}_{name}".replace(" ", "_"): str(value)
        for kind, states in build.things.items()
        for state, values in states.items()
        for name, value in values.items()
    }
