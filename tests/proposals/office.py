"""The people of the office, and what they and others were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Account
from portal.core import clock
from portal.core.actors import Actor, StaffRole
from portal.core.db import session, transaction
from portal.notifications.models import Notice
from portal.proposals.models import Proposal
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_places import make_district
from tests.support.factories_proposals import make_proposal, make_support
from tests.support.people import deliver


@dataclass
class Office:
    """One district with everybody who works for it, and somebody of another district."""

    district_id: int
    moderator: Account
    planner: Account
    professional: Account
    elsewhere: Account

    def __post_init__(self) -> None:
        # Asked once, outside of any test's transaction.
        self.moderating: Actor = actor_of(self.moderator)
        self.planning: Actor = actor_of(self.planner)
        self.accompanying: Actor = actor_of(self.professional)


def make_office() -> Office:
    """A district with its staff."""
    with transaction():
        district, other = make_district("Nordend"), make_district("Südend")
        ids = district.id, other.id
    return Office(
        ids[0],
        make_staff(StaffRole.MODERATOR, ids[0]),
        make_staff(StaffRole.PLANNER),
        make_staff(StaffRole.PROFESSIONAL, ids[0]),
        make_staff(StaffRole.MODERATOR, ids[1]),
    )


def publish(office: Office, *, supporters: int = 0, **columns: object) -> int:
    """A public proposal of the district with so many supporters; its id."""
    author = columns.pop("author", None) or make_resident()
    neighbours = [make_resident() for _ in range(supporters)]
    with transaction():
        columns.setdefault("district_id", office.district_id)
        proposal = make_proposal(author=author, with_thread=True, **columns)  # type: ignore[arg-type]
        for neighbour in neighbours:
            make_support(proposal, neighbour)
        return proposal.id


def get(proposal_id: int) -> Proposal:
    """The proposal as it is stored now."""
    return session.get_one(Proposal, proposal_id, populate_existing=True)


def told(kind: str, proposal_id: int | None = None) -> list[int]:
    """The accounts that were told, each as often as it was told; jobs for many recipients are run first."""
    deliver()
    with transaction(write=False):
        query = select(Notice.account_id).where(Notice.kind == kind).order_by(Notice.account_id)
        if proposal_id is not None:
            query = query.where(Notice.subject_id == proposal_id)
        return list(session.scalars(query))


def persons(office: Office, author: Actor) -> dict[str, Actor]:
    """Everybody who could try something."""
    return {
        "moderator": office.moderating,
        "professional": office.accompanying,
        "planner": office.planning,
        "moderator elsewhere": actor_of(office.elsewhere),
        "administrator": actor_of(make_staff("administrator")),
        "author": author,
        "resident": actor_of(make_resident()),
        "suspended": actor_of(make_resident(suspended_until=clock.now() + timedelta(days=1))),
    }
