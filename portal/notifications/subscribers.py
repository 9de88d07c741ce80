"""Mails that accounts need, and what goes when an account goes."""

from __future__ import annotations

from datetime import timedelta

from portal.accounts.events import (
    AccountErased,
    EmailChanged,
    ErasureRequested,
    PersonBlocked,
    SecondFactorResetRequested,
    SignInCodeMade,
    StaffRoleProposed,
)
from portal.accounts.operations.own_data import register_export_section
from portal.core import clock
from portal.core.events import subscribe
from portal.core.i18n import format_date, use_language
from portal.core.i18n import lazy_gettext as _l
from portal.notifications.operations import (
    forget_account,
    notification_kind,
    notify,
    send_mail,
    silence_person,
)
from portal.notifications.queries import export_notices, export_switches, recipient_account

notification_kind(
    "accounts.role_proposed",
    label=_l("A role waits for my consent"),
    text=_l("A role waits for your consent."),
    template="accounts/mail/role_proposed",
    required=True,
    staff=True,
)


@subscribe(SignInCodeMade)
def mail_code(event: SignInCodeMade) -> None:
    """The code goes out once at most, and not after it has run out."""
    send_mail(
        event.address,
        "accounts/mail/sign_in_code",
        event.language,
        kind="accounts.code",
        at_most_once=True,
        expires_at=clock.now() + timedelta(minutes=event.minutes),
        code=event.code,
        request_id=event.request_id,
        purpose=str(event.purpose),
        is_known=event.is_known,
        minutes=event.minutes,
    )


@subscribe(PersonBlocked)
def hear_no_more(event: PersonBlocked) -> None:
    """Also what was told before and not read yet."""
    silence_person(event.account_id, event.blocked_id)


@subscribe(EmailChanged)
def mail_old_address(event: EmailChanged) -> None:
    """The old address learns of the change and can take it back."""
    with use_language(event.language):
        day = format_date(event.undo_until)
    send_mail(
        event.old_address,
        "accounts/mail/email_changed",
        event.language,
        kind="accounts.email_changed",
        account_id=event.account_id,
        undo_token=event.undo_token,
        undo_day=day,
    )


@subscribe(ErasureRequested)
def mail_erasure(event: ErasureRequested) -> None:
    """The person can still change their mind, whoever pressed the button."""
    _mail_due(event, "accounts/mail/erasure_requested", "accounts.erasure_requested")


@subscribe(SecondFactorResetRequested)
def mail_reset(event: SecondFactorResetRequested) -> None:
    """The person can stop it, if it was not their wish."""
    _mail_due(event, "accounts/mail/second_factor_reset", "accounts.second_factor_reset")


def _mail_due(event: ErasureRequested | SecondFactorResetRequested, template: str, kind: str) -> None:
    account = recipient_account(event.account_id)
    if account is None or not account.email:
        return
    with use_language(account.language):
        day = format_date(event.due_at)
    send_mail(account.email, template, account.language, kind=kind, account_id=account.id, due_day=day)


@subscribe(StaffRoleProposed)
def tell_administrators(event: StaffRoleProposed) -> None:
    """The second pair of eyes."""
    notify(
        event.administrator_ids,
        "accounts.role_proposed",
        dedupe_key=f"grant-{event.grant_id}",
    )


@subscribe(AccountErased)
def erased(event: AccountErased) -> None:
    """Notices, switches and mails go with the account."""
    forget_account(event.account_id)


register_export_section("notices", export_notices)
register_export_section("notice_switches", export_switches)
