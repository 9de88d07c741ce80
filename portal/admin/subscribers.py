"""The town's own pictures as a thing that has an owner; the mails when a role begins and ends."""

from __future__ import annotations

from portal.accounts.events import StaffRoleEnded, StaffRoleGranted
from portal.accounts.models import StaffGrant
from portal.accounts.queries import role_label
from portal.core.db import session
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import use_language
from portal.core.site_settings import site
from portal.core.subjects import SubjectKind, register
from portal.notifications.operations import send_mail
from portal.notifications.queries import recipient_account

register(
    SubjectKind(
        kind="site",
        label=_l("The portal itself"),
        load=lambda number: "site" if number == 1 else None,
        load_public=lambda public_id: None,
        public_id=lambda thing: "",
        title=lambda thing: str(site("site.name")),
        endpoint=lambda thing: ("discovery.home", {}),
        can_see=lambda actor, thing: True,
    )
)


@subscribe(StaffRoleGranted)
def invite(event: StaffRoleGranted) -> None:
    """Tell the person that the role counts, and how to sign in.

    Roles from the terminal bring no mail: whoever types there tells the person, and a demo town writes to
    nobody.
    """
    grant = session.get(StaffGrant, event.grant_id)
    if grant is not None and grant.proposed_by is not None:
        _write(event.account_id, event.role, "granted")


@subscribe(StaffRoleEnded)
def say_goodbye(event: StaffRoleEnded) -> None:
    """Tell the person that the role counts no longer. What is ended in the terminal brings no mail."""
    grant = session.get(StaffGrant, event.grant_id)
    if grant is not None and grant.ended_by is not None:
        _write(event.account_id, event.role, "ended")


def _write(account_id: int, role: str, what: str) -> None:
    account = recipient_account(account_id)
    if account is None or not account.email:
        return
    with use_language(account.language):
        name = role_label([role]) or role
    send_mail(
        account.email,
        f"admin/mail/role_{what}",
        account.language,
        kind=f"accounts.role_{what}",
        account_id=account.id,
        role=name,
    )
