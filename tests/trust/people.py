"""The personas of the policy: one account each, signed in for real.

V visitor; R resident whose account is new; RV resident for a month; AU author, CO co-author, SU suspended
resident; PA professional of the district, PC of the same organisation elsewhere, PX of another organisation;
MO moderator of the district, MX of another; PL planner; AD administrator; EX somebody whose role has ended;
S2 a moderator who has not shown the second factor yet. (Members and helpers follow with groups.)
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp

from portal.accounts.models import Account, StaffGrant, TotpSecret
from portal.core import clock
from portal.core.actors import StaffRole
from portal.core.db import session, transaction
from tests.support.factories import make_resident, make_staff
from tests.support.factories_places import make_district, make_organization
from tests.trust.canaries import Canaries

PERSONAS = ("V", "R", "RV", "AU", "CO", "SU", "PA", "PC", "PX", "MO", "MX", "PL", "AD", "EX", "S2")
RESIDENTS = {"R": "Lene", "RV": "Rafik", "AU": "Autorin Amal", "CO": "Mitautor Cem", "SU": "Sascha"}
STAFF = ("PA", "PC", "PX", "MO", "MX", "PL", "AD", "EX", "S2")
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class People:
    """The accounts by persona, and helpers without a persona: MO2 a colleague of MO, AD2 a second AD."""

    def __init__(self, canaries: Canaries) -> None:
        self.canaries = canaries
        with transaction():
            north, south = make_district("Nord"), make_district("Süd")
            house, other = make_organization("Quartiershaus"), make_organization("Andere Hilfe")
            self.north, self.south = north.id, south.id
            self.north_slug, self.house_public_id = north.slug, house.public_id
            self.house, self.other = house.id, other.id
        self.accounts: dict[str, Account] = {}
        self._make_residents()
        self._make_staff()
        self._end_a_role()
        self._give_a_second_factor()

    def _email(self, persona: str) -> str:
        return f"{self.canaries.plant(f'e-mail address of {persona}', {persona})}@example.org"

    def _make_residents(self) -> None:
        long_ago = clock.now() - timedelta(days=60)
        for persona, name in RESIDENTS.items():
            given: dict[str, Any] = {"email": self._email(persona), "district_id": self.north}
            if persona != "R":
                given["created_at"] = long_ago
            if persona == "SU":
                given["suspended_until"] = clock.now() + timedelta(days=30)
                given["erase_due_at"] = clock.now() + timedelta(days=9)
            self.accounts[persona] = make_resident(display_name=name, **given)

    def _make_staff(self) -> None:
        hats: dict[str, tuple[StaffRole, int | None, int | None]] = {
            "PA": (StaffRole.PROFESSIONAL, self.north, self.house),
            "PC": (StaffRole.PROFESSIONAL, self.south, self.house),
            "PX": (StaffRole.PROFESSIONAL, self.south, self.other),
            "MO": (StaffRole.MODERATOR, self.north, None),
            "MO2": (StaffRole.MODERATOR, self.north, None),
            "MX": (StaffRole.MODERATOR, self.south, None),
            "PL": (StaffRole.PLANNER, None, None),
            "AD": (StaffRole.ADMINISTRATOR, None, None),
            "AD2": (StaffRole.ADMINISTRATOR, None, None),
            "EX": (StaffRole.MODERATOR, self.north, None),
            "S2": (StaffRole.MODERATOR, self.north, None),
        }
        for persona, (role, district, organization) in hats.items():
            self.accounts[persona] = make_staff(
                role, district, organization_id=organization, email=self._email(persona)
            )

    def _end_a_role(self) -> None:
        with transaction():
            grant = session.query(StaffGrant).filter_by(account_id=self.accounts["EX"].id).one()
            grant.ended_at = clock.now()

    def _give_a_second_factor(self) -> None:
        with transaction():
            for persona in (*STAFF, "MO2", "AD2"):
                session.add(
                    TotpSecret(
                        account_id=self.accounts[persona].id,
                        secret=TOTP_SECRET,
                        created_at=clock.now(),
                        confirmed_at=clock.now(),
                    )
                )

    def id(self, persona: str) -> int:
        """The account's number."""
        return self.accounts[persona].id


def app_code() -> str:
    """What everybody's authenticator app shows now."""
    return pyotp.TOTP(TOTP_SECRET).at(clock.now())
