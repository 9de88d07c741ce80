"""Being known in person: staff vouch at a counter, or two neighbours do. Either side can take it back.

Against chains and rings: only people whom staff know vouch for neighbours; for three people a year; two who
share an e-mail address do not vouch for each other; and a neighbour's word counts only as long as the
neighbour is known to staff.
"""

from __future__ import annotations

from sqlalchemy import delete, or_, update

from portal.accounts.models import Account
from portal.accounts.queries import account_by_skeleton, get_account
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.crockford import new_code, read_code
from portal.core.db import session
from portal.core.i18n import lazy_gettext as _l
from portal.core.limits import declare_limit, hit
from portal.core.permissions import ensure
from portal.core.public_id import new_id
from portal.core.text import skeleton
from portal.rounds.errors.roll import (
    AlreadyKnown,
    CodeDoesNotFit,
    CodeMistyped,
    MayNotVouch,
    NobodyWithThisName,
)
from portal.rounds.models import TownIdentity, VouchedBy, Vouching
from portal.rounds.queries.known import (
    MOST_PER_YEAR,
    is_known,
    is_known_to_staff,
    vouched_this_year,
    wish_by_code,
    wish_hash,
    wish_of,
)

WISH_LETTERS = 9
declare_limit("rounds.wish_code", "10/hour")


def resident_named(name: str) -> Account:
    """The resident who stands at the counter and says this name. NobodyWithThisName."""
    found = account_by_skeleton(skeleton(name)) if name.strip() else None
    if found is None or found.is_staff:
        raise NobodyWithThisName
    return found


def vouch_at_counter(actor: Actor, account: Account) -> Vouching:
    """Staff know this person: it counts at once, and the person sees who it was. AlreadyKnown."""
    ensure(actor, "rounds.vouch_at_counter")
    if is_known_to_staff(account.id):
        raise AlreadyKnown
    return _vouch(actor, account.id, VouchedBy.STAFF, first=actor.account_id, counts=True)


def wish_to_be_known(actor: Actor) -> str:
    """A code to show to two neighbours within fourteen days; an earlier one stops working. AlreadyKnown."""
    ensure(actor, "rounds.vouch_for_neighbour")
    assert actor.account_id is not None
    if is_known(actor.account_id):
        raise AlreadyKnown
    code = new_code(WISH_LETTERS)
    wish = wish_of(actor.account_id)
    if wish is None:
        wish = _vouch(actor, actor.account_id, VouchedBy.RESIDENT, counts=False)
    wish.code_hash = wish_hash(code)
    return code


def wish_behind(actor: Actor, typed: str) -> Vouching:
    """The wish a neighbour was shown, if this person may vouch for it. MayNotVouch says why not."""
    ensure(actor, "rounds.vouch_for_neighbour")
    assert actor.account_id is not None
    if not is_known_to_staff(actor.account_id):
        raise MayNotVouch(_l("Only people whom the staff know in person can vouch for neighbours."))
    code = read_code(typed, WISH_LETTERS)
    if code is None:
        raise CodeMistyped(_l("There is a slip in this code. Please compare it once more."))
    hit("rounds.wish_code", str(actor.account_id))
    wish = wish_by_code(code)
    if wish is None:
        raise CodeDoesNotFit(_l("This code does not work any more. Your neighbour can get a new one."))
    _ensure_may_vouch(actor.account_id, wish)
    return wish


def vouch_for_neighbour(actor: Actor, wish: Vouching) -> bool:
    """One neighbour's word; with the second it counts (True). MayNotVouch."""
    ensure(actor, "rounds.vouch_for_neighbour")
    assert actor.account_id is not None
    session.refresh(wish, with_for_update=True)
    if wish.counts_at is not None or wish.revoked_at is not None:
        raise MayNotVouch(_l("Two neighbours have vouched already. Thank you!"))
    _ensure_may_vouch(actor.account_id, wish)
    if wish.first_voucher_id is None:
        wish.first_voucher_id = actor.account_id
        return False
    wish.second_voucher_id, wish.code_hash, wish.counts_at = actor.account_id, None, clock.now()
    audit.record("rounds.vouched", actor=actor, subject=("account", wish.account_id), by="resident")
    return True


def _ensure_may_vouch(account_id: int, wish: Vouching) -> None:
    if wish.account_id == account_id:
        raise MayNotVouch(_l("Somebody else has to vouch for you."))
    if wish.first_voucher_id == account_id:
        raise MayNotVouch(_l("You have vouched for this person already. One more neighbour is needed."))
    if vouched_this_year(account_id) >= MOST_PER_YEAR:
        raise MayNotVouch(_l("You have vouched for three people within a year. More is not possible."))
    others = {wish.account_id, wish.first_voucher_id} - {None}
    if _addresses({account_id}) & _addresses({one for one in others if one is not None}):
        raise MayNotVouch(_l("You share an e-mail address with one of the others. Please ask somebody else."))


def _addresses(ids: set[int]) -> set[str]:
    found = (get_account(one) for one in ids)
    return {account.email_hash for account in found if account is not None and account.email_hash}


def end_vouching(actor: Actor, vouching: Vouching) -> None:
    """Take it back: by who vouched, by the person itself, or by a moderator."""
    ensure(actor, "rounds.end_vouching", vouching)
    if vouching.revoked_at is not None:
        return
    vouching.revoked_at, vouching.revoked_by_id, vouching.code_hash = clock.now(), actor.account_id, None
    audit.record(
        "rounds.vouching_ended", actor=actor, subject=("account", vouching.account_id), by=str(actor.kind)
    )


def forget_person(account_id: int) -> None:
    """The account was erased: nobody vouches for it any more, it vouches for nobody, no town sign-in."""
    session.execute(delete(TownIdentity).where(TownIdentity.account_id == account_id))
    session.execute(delete(Vouching).where(Vouching.account_id == account_id))
    of_neighbours = or_(Vouching.first_voucher_id == account_id, Vouching.second_voucher_id == account_id)
    session.execute(
        update(Vouching)
        .where(of_neighbours, Vouching.by_kind == VouchedBy.RESIDENT, Vouching.revoked_at.is_(None))
        .values(revoked_at=clock.now(), code_hash=None)
    )


def _vouch(
    actor: Actor, account_id: int, by_kind: VouchedBy, *, first: int | None = None, counts: bool
) -> Vouching:
    now = clock.now()
    row = Vouching(
        public_id=new_id(),
        account_id=account_id,
        by_kind=by_kind,
        first_voucher_id=first,
        at=now,
        counts_at=now if counts else None,
    )
    session.add(row)
    session.flush()
    if counts:
        audit.record("rounds.vouched", actor=actor, subject=("account", account_id), by=str(by_kind))
    return row
