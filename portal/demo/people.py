"""The people of the demo town: districts, organisations, residents, staff with their hats."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
from sqlalchemy import select

from portal.accounts import operations
from portal.accounts.models import Account, TotpSecret
from portal.accounts.queries import accounts_with_address, actor_for, address_hash
from portal.core import clock, site_settings
from portal.core.actors import SYSTEM, Actor, StaffRole
from portal.core.db import session
from portal.core.mailsafe import valid_address
from portal.places.operations import create_organization, load_districts
from portal.places.queries import district_by_slug

DATA = Path(__file__).parent / "data"
# Everybody has been here for longer than the oldest proposal.
CAME_DAYS_AGO = 400
FACTS = {
    "site.contact_email": "rathaus@lindental.example",
    "content.operator": "Stadt Lindental an der Aue (erfunden)",
    "content.address": "Marktplatz 1, 00000 Lindental an der Aue",
    "content.responsible": "Inge Tannhof, Marktplatz 1, 00000 Lindental an der Aue",
    "content.phone": "+49 000 000000",
    "content.privacy_contact": "datenschutz@lindental.example",
    "proposals.check_first": True,
}


def data(name: str) -> Any:
    """One of the files beside this one."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@dataclass
class People:
    """Who is who by key, and who belongs to the crowd that only supports."""

    accounts: dict[str, Account] = field(default_factory=dict)
    residents: list[str] = field(default_factory=list)
    crowd: list[str] = field(default_factory=list)
    organizations: dict[str, int] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """The person as an actor, as after a complete sign-in."""
        return actor_for(self.accounts[key])

    def moderator_of(self, slug: str) -> Actor:
        """Who moderates this district (one of two share the town)."""
        card = district_by_slug(slug)
        assert card is not None
        both = (self.actor("kettler"), self.actor("aydin"))
        return next(one for one in both if one.has_role(StaffRole.MODERATOR, card.id))


def settle() -> People:
    """Districts, facts about the town, organisations, and everybody with an account."""
    load_districts(DATA / "districts.geojson")
    for key, value in FACTS.items():
        site_settings.change(key, value, actor=SYSTEM)
    facts, people = data("people.json"), People()
    organizations = people.organizations
    for one in facts["organizations"]:
        key = one.pop("key")
        organizations[key] = create_organization(SYSTEM, **one).id
    for group in ("residents", "crowd"):
        for one in facts[group]:
            people.accounts[one["key"]] = _resident(one)
            getattr(people, group).append(one["key"])
    for one in facts["staff"]:
        people.accounts[one["key"]] = _staff(one, organizations)
    return people


def _resident(facts: dict[str, Any]) -> Account:
    district = district_by_slug(facts["district"])
    return operations.create_resident(
        display_name=facts["name"],
        email=facts.get("email"),
        language=facts["language"],
        district_id=district.id if district else None,
    )


def _staff(facts: dict[str, Any], organizations: dict[str, int]) -> Account:
    account = operations.create_staff(
        display_name=facts["name"], email=facts["email"], language=facts["language"]
    )
    for grant in facts["roles"]:
        for slug in grant["districts"] or [None]:
            card = district_by_slug(slug) if slug else None
            operations.establish_role(
                account,
                StaffRole(grant["role"]),
                district_id=card.id if card else None,
                organization_id=organizations.get(grant["organization"]),
            )
    return account


def give_second_factor(account: Account) -> None:
    """An authenticator app nobody holds: `portal demo code` shows what it would show."""
    secret, _address = operations.begin_totp(account, "demo")
    operations.confirm_totp(account, secret, pyotp.TOTP(secret).at(clock.now()))


def second_factor_code(email: str) -> str | None:
    """The six digits an app of this person would show now; None for somebody without one."""
    hashed = address_hash(valid_address(email).canonical)
    ids = [one.id for one in accounts_with_address(hashed) if one.is_staff]
    stored = session.scalar(select(TotpSecret).where(TotpSecret.account_id.in_(ids)))
    return pyotp.TOTP(stored.secret).at(clock.now()) if stored else None
