"""`portal staff`: the first administrator, and roles from the terminal."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from portal.accounts import operations
from portal.accounts.models import StaffGrant
from portal.accounts.queries import accounts_with_address, address_hash, staff_desk
from portal.cli.root import main, open_app
from portal.core.actors import SYSTEM, StaffRole
from portal.core.db import transaction
from portal.core.errors import DomainError
from portal.core.i18n import use_language
from portal.core.mailsafe import valid_address

ROLES = click.Choice([role.value for role in StaffRole])


@main.group("staff")
def group() -> None:
    """People who work here: moderators, professionals, planners, administrators."""


def _refuse(error: DomainError) -> None:
    with use_language("en"):
        click.echo(str(error), err=True)
    sys.exit(1)


@group.command("grant")
@click.argument("email")
@click.argument("role", type=ROLES)
@click.option("--name", default="", help="Name others see; needed for a new account.")
@click.option("--district", type=int, help="Id of the district it counts for (default: everywhere).")
@click.option("--organization", type=int, help="Id of the organisation a professional belongs to.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day (default: no end).")
def grant(
    email: str, role: str, name: str, district: int | None, organization: int | None, until: datetime | None
) -> None:
    """Give EMAIL a ROLE. Once there are two administrators, one of them confirms it in the browser."""
    with open_app().app_context(), use_language("en"):
        try:
            with transaction():
                account = operations.staff_account_for(email, name or _name_from(email))
                made = operations.propose_role(
                    SYSTEM,
                    account,
                    StaffRole(role),
                    district_id=district,
                    organization_id=organization,
                    valid_until=until.replace(hour=23, minute=59, tzinfo=UTC) if until else None,
                )
                waits = made.confirmed_at is None
        except DomainError as error:
            _refuse(error)
    click.echo("Proposed: an administrator has to confirm it under Roles." if waits else "Granted.")
    click.echo("The person signs in with this address and then sets up the second step.")


def _name_from(email: str) -> str:
    """A name to begin with, from what stands before the @; it can be changed in the browser."""
    return email.partition("@")[0].replace(".", " ").replace("_", " ").title()


def _open_grants(email: str, role: str) -> list[StaffGrant]:
    hashed = address_hash(valid_address(email).canonical)
    ids = {account.id for account in accounts_with_address(hashed) if account.is_staff}
    people = [person for person in staff_desk() if person.account.id in ids]
    return [one for person in people for one in person.grants if one.role == role]


@group.command("revoke")
@click.argument("email")
@click.argument("role", type=ROLES)
def revoke(email: str, role: str) -> None:
    """End every ROLE of EMAIL at once, proposals too. The person is signed out everywhere."""
    with open_app().app_context():
        try:
            with transaction():
                grants = _open_grants(email, role)
                for one in grants:
                    operations.end_role(SYSTEM, one)
        except DomainError as error:
            _refuse(error)
    if not grants:
        click.echo("Nobody with this address has this role.", err=True)
        sys.exit(1)
    click.echo("Ended.")


@group.command("list")
def show() -> None:
    """Everybody with a staff account, and their roles."""
    with open_app().app_context(), transaction(write=False):
        for person in staff_desk():
            roles = [_describe(one) for one in person.grants] or ["no role"]
            click.echo(f"{person.account.display_name} <{person.account.email}>: {'; '.join(roles)}")


def _describe(grant: StaffGrant) -> str:
    parts = [grant.role]
    if grant.district_id is not None:
        parts.append(f"district {grant.district_id}")
    if grant.organization_id is not None:
        parts.append(f"organisation {grant.organization_id}")
    if grant.valid_until:
        parts.append(f"until {grant.valid_until:%Y-%m-%d}")
    return ", ".join(parts) + ("" if grant.confirmed_at else " (waits for confirmation)")
