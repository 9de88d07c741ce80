"""Hats of staff: proposed by one, confirmed by a second, ended by any administrator; with scope and span."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.accounts.errors import (
    AlreadyDecided,
    AlreadyGranted,
    LastAdministrator,
    NeedsSecondPerson,
    NotStaffAccount,
)
from portal.accounts.events import StaffRoleEnded, StaffRoleGranted, StaffRoleProposed
from portal.accounts.models import Account, AccountKind, StaffGrant
from portal.accounts.operations.residents import new_account
from portal.accounts.operations.sessions import end_all_sessions
from portal.accounts.queries import (
    accounts_with_address,
    address_hash,
    grant_is_valid,
    staff_with_role,
)
from portal.core import audit, clock
from portal.core.actors import SYSTEM, Actor, StaffRole
from portal.core.db import session
from portal.core.events import emit
from portal.core.i18n import DEFAULT_LANGUAGE
from portal.core.mailsafe import valid_address


def create_staff(*, display_name: str, email: str, language: str = DEFAULT_LANGUAGE) -> Account:
    """A new account for work, without any role yet. It is never a resident's account."""
    return new_account(AccountKind.STAFF, display_name, email, language)


def staff_account_for(email: str, display_name: str, language: str = DEFAULT_LANGUAGE) -> Account:
    """The staff account of this address, or a new one. A resident's account is never touched."""
    hashed = address_hash(valid_address(email).canonical)
    known = next((one for one in accounts_with_address(hashed) if one.is_staff), None)
    return known or create_staff(display_name=display_name, email=email, language=language)


def propose_role(
    actor: Actor,
    account: Account,
    role: StaffRole,
    *,
    district_id: int | None = None,
    organization_id: int | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> StaffGrant:
    """Give a role. Once there are two administrators it waits until another one confirms it.

    Raises NotStaffAccount, AlreadyGranted, and NeedsSecondPerson for a role for oneself.
    """
    if not account.is_staff or account.deleted_at is not None:
        raise NotStaffAccount
    if account.id == actor.account_id:
        raise NeedsSecondPerson
    grant = _new_grant(actor, account, role, district_id, organization_id, valid_from, valid_until)
    # A suspended administrator still counts: nobody becomes the only one by suspending the other.
    administrators = staff_with_role(StaffRole.ADMINISTRATOR, with_suspended=True)
    others = tuple(one for one in administrators if one not in {actor.account_id, account.id})
    _write_down("accounts.role_proposed", grant, actor)
    if len(administrators) >= 2:
        emit(StaffRoleProposed(grant.id, account.id, role.value, others))
    else:
        _count_from_now(grant, actor, confirmed_by=None)
    return grant


def establish_role(
    account: Account, role: StaffRole, *, district_id: int | None = None, organization_id: int | None = None
) -> StaffGrant:
    """A role that counts at once, by the installation itself (demo town). Audited as the system's."""
    grant = _new_grant(SYSTEM, account, role, district_id, organization_id, None, None)
    _count_from_now(grant, SYSTEM, confirmed_by=None)
    return grant


def _new_grant(
    actor: Actor,
    account: Account,
    role: StaffRole,
    district_id: int | None,
    organization_id: int | None,
    valid_from: datetime | None,
    valid_until: datetime | None,
) -> StaffGrant:
    now = clock.now()
    same = select(StaffGrant.id).where(
        StaffGrant.account_id == account.id,
        StaffGrant.role == role,
        StaffGrant.district_id.is_not_distinct_from(district_id),
        StaffGrant.organization_id.is_not_distinct_from(organization_id),
        StaffGrant.ended_at.is_(None),
        StaffGrant.valid_until.is_(None) | (StaffGrant.valid_until > now),
    )
    if session.scalar(same.limit(1)) is not None:
        raise AlreadyGranted
    grant = StaffGrant(
        account_id=account.id,
        role=role.value,
        district_id=district_id,
        organization_id=organization_id,
        valid_from=valid_from or now,
        valid_until=valid_until,
        proposed_by=actor.account_id,
        proposed_at=now,
    )
    session.add(grant)
    session.flush()
    return grant


def confirm_role(actor: Actor, grant: StaffGrant) -> None:
    """The second pair of eyes: the role counts from now on, and the person signs in again.

    Raises NeedsSecondPerson for the proposer and for the person it is about, AlreadyDecided when too late.
    """
    if grant.confirmed_at is not None or grant.ended_at is not None:
        raise AlreadyDecided
    if actor.account_id in {grant.proposed_by, grant.account_id}:
        raise NeedsSecondPerson
    _count_from_now(grant, actor, confirmed_by=actor.account_id)


def _write_down(what: str, grant: StaffGrant, actor: Actor) -> None:
    about = ("account", grant.account_id)
    audit.record(what, actor=actor, subject=about, role=StaffRole(grant.role).value, grant=grant.id)


def _count_from_now(grant: StaffGrant, actor: Actor, *, confirmed_by: int | None) -> None:
    grant.confirmed_at, grant.confirmed_by = clock.now(), confirmed_by
    session.flush()
    _write_down("accounts.role_granted", grant, actor)
    end_all_sessions(grant.account_id)
    emit(StaffRoleGranted(grant.id, grant.account_id, grant.role))


def end_role(actor: Actor, grant: StaffGrant) -> None:
    """Take a role away (or a proposal back): sessions end at once, and everything derived from it.

    Raises AlreadyDecided, and LastAdministrator when nobody could give roles afterwards.
    """
    if grant.ended_at is not None:
        raise AlreadyDecided
    counted = grant.confirmed_at is not None
    if counted and grant.role == StaffRole.ADMINISTRATOR and _other_administrators(grant) == 0:
        raise LastAdministrator
    grant.ended_at, grant.ended_by = clock.now(), actor.account_id
    session.flush()
    _write_down("accounts.role_ended", grant, actor)
    end_all_sessions(grant.account_id)
    if counted:
        emit(StaffRoleEnded(grant.id, grant.account_id, grant.role, grant.district_id, grant.organization_id))


def _other_administrators(grant: StaffGrant) -> int:
    """How many would be left who can act now. The rows are locked: two who end each other's role at once wait
    in line."""
    now = clock.now()
    resting = select(Account.id).where(Account.suspended_until > now)
    query = select(StaffGrant.id).where(
        StaffGrant.role == StaffRole.ADMINISTRATOR,
        grant_is_valid(now),
        StaffGrant.account_id.not_in(resting),
    )
    found = session.scalars(query.order_by(StaffGrant.id).with_for_update()).all()
    return len(set(found) - {grant.id})
