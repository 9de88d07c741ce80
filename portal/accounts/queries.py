"""Questions about accounts: names, hats, sessions. Nothing here writes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select

from portal.accounts.models import Account, AccountKind, EmailChange, SessionRow, StaffGrant
from portal.core import clock
from portal.core.actors import Actor, ActorKind, RoleGrant, StaffRole
from portal.core.crypto import keyed_hash
from portal.core.db import session
from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l

FRESH_FOR = timedelta(minutes=10)
IDLE_SHORT = timedelta(minutes=30)
IDLE_OWN_DEVICE = timedelta(days=30)

ROLE_LABELS: dict[StaffRole, LazyString] = {
    StaffRole.MODERATOR: _l("Moderation"),
    StaffRole.PROFESSIONAL: _l("Social work"),
    StaffRole.PLANNER: _l("Planning of the town"),
    StaffRole.ADMINISTRATOR: _l("Administration"),
}
FORMER_MEMBER = _l("Former member")
ROLE_ORDER = list(StaffRole)


class AuthorCard(NamedTuple):
    """How an author is shown: name, the hat if it is staff, and the account's public id ("" when gone)."""

    name: str
    role_label: str | None
    public_id: str


@dataclass(frozen=True)
class MailRecipient:
    """Where and in which language an account is written to. For the mail outbox only, never for a page."""

    email: str
    language: str


@dataclass(frozen=True)
class OpenSession:
    """A signed-in browser together with the person it belongs to, as one query found it."""

    row: SessionRow
    account: Account
    actor: Actor

    @property
    def idle_limit(self) -> timedelta:
        """How long nothing may happen before the session is over."""
        return IDLE_SHORT if self.row.is_shared_device or self.account.is_staff else IDLE_OWN_DEVICE


def address_hash(address: str) -> str:
    """What an address (in its canonical form) is looked up by."""
    return keyed_hash("account.email", address)


def hash_token(token: str) -> str:
    """What a random token is stored as. 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def grant_is_valid(now: datetime | BindParameter[datetime], grant: Any = StaffGrant) -> ColumnElement[bool]:
    """The grants that count at this moment. grant: the model, or the columns of its table."""
    return and_(
        grant.confirmed_at.is_not(None),
        grant.ended_at.is_(None),
        grant.valid_from <= now,
        or_(grant.valid_until.is_(None), grant.valid_until > now),
    )


def get_account(account_id: int) -> Account | None:
    """The account by id, erased ones included."""
    return session.get(Account, account_id)


def account_by_public_id(public_id: str) -> Account | None:
    """A living account by its public id."""
    query = select(Account).where(Account.public_id == public_id, Account.deleted_at.is_(None))
    return session.scalar(query)


def account_names(ids: Iterable[int | None]) -> dict[int, AuthorCard]:
    """Author cards for these ids in one query; unknown and erased accounts are "Former member"."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    former = AuthorCard(str(FORMER_MEMBER), None, "")
    cards = dict.fromkeys(wanted, former)
    rows = session.execute(_names_statement(), {"ids": list(wanted), "now": clock.now()})
    roles: dict[int, set[str]] = {}
    for account_id, name, public_id, role in rows:
        label = None
        if role:
            roles.setdefault(account_id, set()).add(role)
            label = role_label(roles[account_id])
        cards[account_id] = AuthorCard(name, label, public_id)
    return cards


@cache
def _names_statement() -> Any:
    """Built once: that takes longer than the database needs to answer it."""
    account, grant = Account.__table__, StaffGrant.__table__
    now = bindparam("now", type_=grant.c.valid_from.type)
    return (
        select(account.c.id, account.c.display_name, account.c.public_id, grant.c.role)
        .select_from(account)
        .outerjoin(grant, and_(grant.c.account_id == account.c.id, grant_is_valid(now, grant.c)))
        .where(account.c.id.in_(bindparam("ids", expanding=True)), account.c.deleted_at.is_(None))
    )


def role_label(roles: Iterable[str]) -> str | None:
    """The words for the first of these hats, None without any."""
    held = set(roles)
    return next((str(ROLE_LABELS[role]) for role in ROLE_ORDER if role in held), None)


def staff_with_role(
    role: StaffRole, district_id: int | None = None, *, with_suspended: bool = False
) -> list[int]:
    """Ids of accounts that wear this hat now; with a district only those it counts for.

    The hats of a suspended account rest: nobody calls it, and it answers nothing.
    """
    hats = hats_of_role(role, with_suspended=with_suspended)
    counts = {None, district_id}
    return sorted({one for one, where in hats if district_id is None or where in counts})


def hats_of_role(role: StaffRole, *, with_suspended: bool = False) -> list[tuple[int, int | None]]:
    """(account id, district id) of everybody who wears this hat now; None counts for the whole town."""
    query = select(StaffGrant.account_id, StaffGrant.district_id).where(
        StaffGrant.role == role, grant_is_valid(clock.now())
    )
    if not with_suspended:
        free = or_(Account.suspended_until.is_(None), Account.suspended_until <= clock.now())
        query = query.join(Account, Account.id == StaffGrant.account_id).where(free)
    return [(account_id, district_id) for account_id, district_id in session.execute(query)]


def grants_of(account_id: int) -> list[StaffGrant]:
    """The hats that count now, oldest first."""
    query = select(StaffGrant).where(StaffGrant.account_id == account_id, grant_is_valid(clock.now()))
    return list(session.scalars(query.order_by(StaffGrant.id)))


def actor_for(account: Account | None) -> Actor:
    """The account as an actor with all its hats, for jobs that ask "may this person see it?"."""
    if account is None or account.deleted_at is not None:
        return Actor(kind=ActorKind.VISITOR)
    grants = grants_of(account.id) if account.is_staff else []
    return _actor(account, grants, needs_second_factor=False, is_fresh=False)


def _actor(account: Account, grants: Sequence[Any], *, needs_second_factor: bool, is_fresh: bool) -> Actor:
    # Suspended: every hat rests, so that no permission of any package has to think of it.
    worn = () if account.is_suspended else grants
    return Actor(
        kind=ActorKind.STAFF if account.is_staff else ActorKind.RESIDENT,
        account_id=account.id,
        public_id=account.public_id,
        display_name=account.display_name,
        language=account.language,
        district_id=account.district_id,
        suspended=account.is_suspended,
        roles=tuple(
            RoleGrant(StaffRole(grant.role), grant.district_id, grant.organization_id) for grant in worn
        ),
        needs_second_factor=needs_second_factor,
        is_new=account.is_new,
        is_fresh=is_fresh,
        blocked=frozenset(account.blocked),
    )


def without_blockers(ids: Iterable[int], account_id: int | None) -> list[int]:
    """These accounts without those that have blocked this one, which reaches them no more."""
    wanted = list(ids)
    if account_id is None or not wanted:
        return wanted
    rows = session.execute(select(Account.id, Account.blocked).where(Account.id.in_(wanted)))
    blockers = {one for one, blocked in rows if account_id in blocked}
    return [one for one in wanted if one not in blockers]


def open_session(token: str) -> OpenSession | None:
    """The session a token opens, with account and hats in one query; None when it has ended."""
    now = clock.now()
    found = session.execute(_session_statement(), {"token_hash": hash_token(token), "now": now}).all()
    if not found:
        return None
    row, account = found[0][0], found[0][1]
    locked = account.is_staff and row.second_factor_at is None
    actor = _actor(
        account,
        [] if locked else [one[2] for one in found if one[2] is not None],
        needs_second_factor=locked,
        is_fresh=not locked and row.proved_at > now - FRESH_FOR,
    )
    return OpenSession(row, account, actor)


@cache
def _session_statement() -> Any:
    now = bindparam("now", type_=StaffGrant.valid_from.type)
    is_hat = and_(StaffGrant.account_id == Account.id, Account.kind == AccountKind.STAFF, grant_is_valid(now))
    return (
        select(SessionRow, Account, StaffGrant)
        .join(Account, Account.id == SessionRow.account_id)
        .outerjoin(StaffGrant, is_hat)
        .where(SessionRow.token_hash == bindparam("token_hash"), SessionRow.expires_at > now)
        .where(Account.deleted_at.is_(None))
        .order_by(StaffGrant.id)
    )


def sessions_of(account_id: int) -> list[SessionRow]:
    """The account's open sessions, newest first."""
    query = select(SessionRow).where(SessionRow.account_id == account_id, SessionRow.expires_at > clock.now())
    return list(session.scalars(query.order_by(SessionRow.id.desc())))


def accounts_with_address(hashed: str) -> list[Account]:
    """The living accounts of an address, oldest first (a household may share one)."""
    query = select(Account).where(Account.email_hash == hashed, Account.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Account.id)))


def account_by_skeleton(name_skeleton: str) -> Account | None:
    """The living account whose name looks like this."""
    query = select(Account).where(Account.name_skeleton == name_skeleton, Account.deleted_at.is_(None))
    return session.scalar(query)


def mail_recipients(ids: Iterable[int]) -> dict[int, MailRecipient]:
    """Addresses and languages of those accounts that have an address."""
    query = select(Account).where(Account.id.in_(set(ids)), Account.deleted_at.is_(None))
    return {
        account.id: MailRecipient(account.email, account.language)
        for account in session.scalars(query)
        if account.email
    }


def undoable_email_change(token: str) -> EmailChange | None:
    """The change of address a link from the mail to the old address points at, while it can be undone."""
    query = select(EmailChange).where(
        EmailChange.token_hash == hash_token(token), EmailChange.undo_until > clock.now()
    )
    return session.scalar(query)


def grant_by_public_id(grant_id: str) -> StaffGrant | None:
    """One hat by its public id."""
    return session.scalar(select(StaffGrant).where(StaffGrant.public_id == grant_id))


@dataclass(frozen=True)
class StaffPerson:
    """A staff account with its hats: those that count and those that wait."""

    account: Account
    grants: tuple[StaffGrant, ...]

    @property
    def label(self) -> str:
        """The words for its first hat that counts."""
        return role_label(grant.role for grant in self.grants if grant.confirmed_at) or ""


def staff_desk() -> list[StaffPerson]:
    """Every staff account by name, with hats that have not ended, in one query."""
    open_grant = and_(
        StaffGrant.account_id == Account.id,
        StaffGrant.ended_at.is_(None),
        or_(StaffGrant.valid_until.is_(None), StaffGrant.valid_until > clock.now()),
    )
    return _people(
        select(Account, StaffGrant)
        .outerjoin(StaffGrant, open_grant)
        .where(Account.kind == AccountKind.STAFF, Account.deleted_at.is_(None))
    )


def team() -> list[StaffPerson]:
    """People whose role counts now, by name: what everybody may know."""
    return _people(
        select(Account, StaffGrant)
        .join(StaffGrant, and_(StaffGrant.account_id == Account.id, grant_is_valid(clock.now())))
        .where(Account.deleted_at.is_(None))
    )


def _people(query: Any) -> list[StaffPerson]:
    found: dict[Account, list[StaffGrant]] = {}
    for account, grant in session.execute(query.order_by(Account.display_name, Account.id, StaffGrant.id)):
        found.setdefault(account, []).extend([grant] if grant else [])
    return [StaffPerson(account, tuple(grants)) for account, grants in found.items()]
