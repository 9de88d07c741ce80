"""Tables about people: accounts, signing in, roles, notices and mails."""

from __future__ import annotations

from portal.admin.queries.data_kept.vocabulary import (
    ADMINISTRATORS,
    EVERYBODY,
    NOBODY,
    OWNER,
    WITH_ACCOUNT,
    TableNote,
    personal,
    private,
    public,
    secret,
    technical,
)
from portal.core.i18n import lazy_gettext as _l

TABLES: dict[str, TableNote] = {
    "account": TableNote(
        _l("To sign in, to be named as the author, and to be written to."),
        _l("Until the person deletes it; 14 days to change one's mind, then an empty row stays."),
        OWNER,
        {
            "kind": technical(_l("Resident's account or account for work")),
            "display_name": public(_l("The name others see; need not be the real one")),
            "name_skeleton": technical(_l("What the name looks like, so that nobody can pass for another")),
            "email": secret(_l("Where codes and mails go; encrypted")),
            "email_hash": secret(_l("To find the account when somebody signs in")),
            "language": personal(_l("Language of mails and pages")),
            "district_id": personal(_l("The person's district, if they like")),
            "suspended_until": private(_l("Until when the account may only read")),
            "erase_due_at": private(_l("When the account will be deleted")),
            "blocked": private(_l("Whose texts and notices the person does not want")),
            "erase_choices": private(_l("What shall become of proposals, comments and support")),
        },
    ),
    "session": TableNote(
        _l("To know who is signed in on which browser."),
        _l("Until sign-out, at most 90 days; for staff 12 hours."),
        OWNER,
        {
            "is_shared_device": private(_l("Whether to sign out after 30 minutes")),
            "proved_at": private(_l("When the person last proved who they are")),
            "second_factor_at": private(_l("When staff showed their second step")),
            "second_factor_tries": technical(_l("Wrong tries, to stop guessing")),
            "challenge": secret(_l("What a passkey has to sign next; used once")),
        },
    ),
    "sign_in_code": TableNote(
        _l("One request for a code to sign in."),
        _l("One day."),
        NOBODY,
        {
            "browser_hash": secret(_l("Ties the code to the browser that asked")),
            "purpose": technical(_l("What the code is typed for")),
            "typed": secret(_l("What was typed: an address or a code name; encrypted")),
            "address": secret(_l("Where the code went; encrypted")),
            "address_hash": secret(_l("To limit codes per address")),
            "code_hash": secret(_l("Hash of the code")),
            "tries": technical(_l("Wrong tries, to stop guessing")),
            "is_shared_device": private(_l("Whether to sign out after 30 minutes")),
        },
    ),
    "email_change": TableNote(
        _l("So that the old address can take back a change for seven days."),
        _l("Seven days."),
        NOBODY,
        {"old_email": secret(_l("The address before; encrypted"))},
    ),
    "parked_post": TableNote(
        _l("What somebody had typed when the session was over, so that it is not lost."),
        _l("One day."),
        OWNER,
        {
            "sealed": secret(_l("The text, encrypted with a key that only the browser has")),
            "byte_count": technical(_l("Its size, for the limit")),
        },
    ),
    "staff_grant": TableNote(
        _l("Roles of staff: which, where, from when until when, and who agreed."),
        _l("Twelve months after the role ended."),
        EVERYBODY,
        {
            "role": public(_l("Moderation, social work, planning or administration")),
            "valid_from": public(_l("First day of the role")),
            "valid_until": public(_l("Last day of the role")),
        },
    ),
    "totp_secret": TableNote(
        _l("Second step of staff: the secret shared with an app."),
        _l("Until it is replaced or reset."),
        NOBODY,
        {
            "secret": secret(_l("The shared secret; encrypted")),
            "last_step": technical(_l("So that no code works twice")),
        },
    ),
    "passkey": TableNote(
        _l("Second step of staff: passkeys."),
        _l("Until it is removed or reset."),
        OWNER,
        {
            "credential_id": secret(_l("Which key signs")),
            "public_key": technical(_l("To check the signature")),
            "sign_count": technical(_l("To notice copied keys")),
            "label": private(_l("What the person calls it")),
        },
    ),
    "recovery_code": TableNote(
        _l("Ten codes for the day the phone is lost."),
        _l("Until they are made anew."),
        NOBODY,
        {"code_hash": secret(_l("Hash of the code"))},
    ),
    "second_factor_reset": TableNote(
        _l("A lost second step is taken away after a day."), _l("Twelve months."), ADMINISTRATORS
    ),
    "sign_in_card": TableNote(
        _l("Paper card to sign in without e-mail."),
        WITH_ACCOUNT,
        NOBODY,
        {
            "secret_hash": secret(_l("Hash of the secret on the card")),
            "tries": technical(_l("Wrong tries, to stop guessing")),
            "tries_since": technical(_l("When the wrong tries began")),
        },
    ),
    "notice": TableNote(
        _l("What a person is told in the portal."),
        _l("180 days after it was read, at most a year."),
        OWNER,
        {
            "actor_id": personal(_l("Whose deed it is about; empty once that account is deleted")),
            "context": private(_l("Numbers and ids for the sentence, no private text")),
            "group_key": technical(_l("To count instead of repeating")),
            "dedupe_key": technical(_l("So that nobody is told twice")),
            "count": technical(_l("How many things the notice stands for")),
            "is_silenced": technical(_l("Not shown while the thing is hidden")),
            "is_shown": technical(_l("Whether it is shown in the portal or only mailed")),
        },
    ),
    "notice_preference": TableNote(
        _l("Which notices and mails a person wants."),
        WITH_ACCOUNT,
        OWNER,
        {
            "by_mail": private(_l("Whether by mail")),
            "in_portal": private(_l("Whether in the portal")),
        },
    ),
    "mail_message": TableNote(
        _l("Mails to be sent."),
        _l("Address and text until sent, the row 14 days."),
        NOBODY,
        {
            "template": technical(_l("Which kind of mail")),
            "recipient": secret(_l("The address; encrypted, erased when sent")),
            "content": secret(_l("What is filled into the mail; encrypted, erased when sent")),
            "at_most_once": technical(_l("Whether it is rather lost than sent twice")),
            "attempts": technical(_l("How often it was tried")),
        },
    ),
}
