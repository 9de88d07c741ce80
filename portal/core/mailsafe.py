"""Mails that say what we wrote and go where we sent them, whatever people put into names and titles.

Python 3.11.7's `email` decodes an encoded word in a header value while writing it and so lets
`=?utf-8?q?=0ABcc:_x=40y?=` add a header (the class of CVE-2024-6923, fixed in later interpreters only).
So nothing that looks like an encoded word reaches a header here.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy

from portal.core.errors import DomainError
from portal.core.i18n import lazy_gettext
from portal.core.later import Later

email_validator = Later("email_validator")

MAX_HEADER_CHARACTERS = 200

# Space is collapsed; format characters (bidi overrides, zero width) hide or reverse what is read.
_SPACE = re.compile(r"\s+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]{1,120}@[A-Za-z0-9.-]{1,120}>")
_URL = re.compile(r"https?://[!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]{1,900}")


class _UnfoldedHeader(UnstructuredHeader, BaseHeader):
    """A header written on one line as it is.

    The library cuts a long word at 76 characters by turning it into encoded words, which no mail
    program reads in List-Unsubscribe; our links stay far below the hard limit of 998 (RFC 5322, 2.1.1).
    """

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", _UnfoldedHeader)
_POLICY = policy.SMTP.clone(max_line_length=76, header_factory=_headers)


class BadAddress(DomainError):
    """What was typed is not exactly one mail address that we can write to."""

    message = lazy_gettext("This is not a mail address we can write to. Please check it.")
    field = "email"


class BadHeader(ValueError):
    """A value that only the portal itself supplies (message id, link) is not well-formed."""


@dataclass(frozen=True)
class MailAddress:
    """One mail address: `address` to write to, `canonical` to recognise it again (for hashing only)."""

    address: str
    canonical: str


def clean_header(value: str) -> str:
    """The value as one line without control, format and encoded-word characters, at most 200 long.

    `=?` and `?=` are pulled apart by a space, so that no reader takes the text for an encoded word.
    """
    text = _SPACE.sub(" ", value)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    # Characters left out may have held the two apart, hence after them; twice for "==??==".
    for _ in range(2):
        text = text.replace("=?", "= ?").replace("?=", "? =")
    text = _SPACE.sub(" ", text).strip()
    if len(text) > MAX_HEADER_CHARACTERS:
        text = text[: MAX_HEADER_CHARACTERS - 1].rstrip() + "…"
    return text


def valid_address(value: str) -> MailAddress:
    """The one mail address in `value`; raises BadAddress for none, several or anything around it.

    Syntax only, no look-up. International domains come back in ASCII. The canonical form has a lower
    case domain and a case-folded local part; "+tags" and dots stay, since they may be other mailboxes.
    """
    typed = value.strip()
    if len(typed) > 254:
        raise BadAddress
    try:
        checked = email_validator.validate_email(
            typed,
            check_deliverability=False,
            allow_smtputf8=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
        )
    except email_validator.EmailNotValidError as error:
        raise BadAddress from error
    address = checked.ascii_email
    if address is None:
        raise BadAddress
    local, _, domain = address.rpartition("@")
    return MailAddress(address=address, canonical=f"{local.casefold()}@{domain.lower()}")


def build_message(
    *,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    html: str | None,
    message_id: str,
    list_unsubscribe: str | None,
    language: str,
    sender_name: str = "",
    sent_at: datetime | None = None,
) -> EmailMessage:
    """A mail to exactly one person, in plain text and (when given) HTML, ready for any SMTP client.

    `sender` and `recipient` are bare addresses (BadAddress otherwise); `message_id` has the form
    `<id@host>`; `list_unsubscribe` is an http(s) address that unsubscribes by one POST (RFC 8058).
    `sent_at` is an aware instant for the Date header; without it the mail server writes the date.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(sender, sender_name)
    message["To"] = _address(recipient, "")
    message["Subject"] = clean_header(subject)
    message["Message-ID"] = _matching(_MESSAGE_ID, message_id, "message id")
    if sent_at is not None:
        if sent_at.tzinfo is None:
            raise BadHeader("sent_at has no time zone")
        message["Date"] = sent_at
    # RFC 3834: holiday replies do not answer us; with List-Unsubscribe no junk filter has to guess.
    message["Auto-Submitted"] = "auto-generated"
    if list_unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{_matching(_URL, list_unsubscribe, 'link')}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Quoted-printable keeps lines under 998 bytes whatever people wrote and stays readable in .eml files.
    message.set_content(_body(text), charset="utf-8", cte="quoted-printable")
    if html is not None:
        message.add_alternative(_body(html), subtype="html", charset="utf-8", cte="quoted-printable")
    # Last, since setting a content takes away every Content-* header set before.
    message["Content-Language"] = _matching(_LANGUAGE, language, "language")
    return message


def _address(address: str, name: str) -> Address:
    """One address for a header, with a cleaned name before it."""
    return Address(display_name=clean_header(name), addr_spec=valid_address(address).address)


def _matching(pattern: re.Pattern[str], value: str, what: str) -> str:
    if not pattern.fullmatch(value):
        raise BadHeader(f"not a well-formed {what}")
    return value


def _body(text: str) -> str:
    """A body with plain line ends and without what cannot be sent: NUL and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")
