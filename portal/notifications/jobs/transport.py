"""Handing one mail to the mail server, or to a folder where there is none.

PORTAL_MAIL_URL: smtp://user:password@host:port or smtps://… ; `?tls=none` sends in the clear. On smtp:// we
insist on STARTTLS unless the server is this machine. A server that hangs costs ten seconds per step, and is
left alone for half a minute after it did not answer, so that the worker stays free for other work.
"""

from __future__ import annotations

import ipaddress
import logging
import smtplib
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

log = logging.getLogger("portal.notifications")

TIMEOUT_SECONDS = 10.0
REST_SECONDS = 30.0


class NotTaken(Exception):
    """The server certainly did not take the mail; `is_final`: and never will."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


class AnswerUnknown(Exception):
    """The whole mail was handed over, but the answer never came: it may have been taken or not."""


@dataclass(frozen=True)
class MailServer:
    """Where mails go, as PORTAL_MAIL_URL says."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    is_tls: bool = False
    is_starttls: bool = False

    @classmethod
    def from_url(cls, url: str) -> MailServer:
        """Read the setting; NotTaken for an address that is none."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise NotTaken("settings")
        is_tls = parts.scheme == "smtps"
        wish = parse_qs(parts.query).get("tls", ["none" if _is_this_machine(parts.hostname) else "starttls"])
        return cls(
            host=parts.hostname,
            port=_port(parts) or (465 if is_tls else 587),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_tls=is_tls,
            is_starttls=not is_tls and wish[0] == "starttls",
        )


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise NotTaken("settings") from None


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# host:port -> monotonic time until which we do not try again.
_resting: dict[tuple[str, int], float] = {}


def wake() -> None:
    """Try every server again at once (after a change of settings, and between tests)."""
    _resting.clear()


def send(server: MailServer, message: EmailMessage) -> None:
    """Hand the mail over. Raises NotTaken or AnswerUnknown; returning means the server took it."""
    key = (server.host, server.port)
    if _resting.get(key, 0.0) > time.monotonic():
        raise NotTaken("resting")
    try:
        connection = _connect(server)
        try:
            _introduce(connection, server)
            _hand_over(connection, message)
        finally:
            _say_goodbye(connection)
    except (NotTaken, AnswerUnknown) as error:
        if str(error) in {"unreachable", "hangs"}:
            _resting[key] = time.monotonic() + REST_SECONDS
        raise


def _say_goodbye(connection: smtplib.SMTP) -> None:
    """However the server takes leave, what it has taken stays taken."""
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    try:
        if server.is_tls:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    except smtplib.SMTPResponseException as error:
        raise NotTaken(f"greeting {error.smtp_code}") from None
    except (OSError, smtplib.SMTPException):
        raise NotTaken("unreachable") from None


def _introduce(connection: smtplib.SMTP, server: MailServer) -> None:
    """Hello, TLS, sign-in. Whatever goes wrong here is a matter of configuration: try again later."""
    try:
        connection.ehlo_or_helo_if_needed()
        if server.is_starttls:
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
    except smtplib.SMTPServerDisconnected:
        raise NotTaken("hangs") from None
    except smtplib.SMTPException as error:
        raise NotTaken(f"sign-in {type(error).__name__}") from None
    except OSError:
        raise NotTaken("hangs") from None


def _hand_over(connection: smtplib.SMTP, message: EmailMessage) -> None:
    """Sender, the one recipient, content: step by step, so that we know what the server knows."""
    sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
    try:
        _check(*connection.mail(sender))
        _check(*connection.rcpt(recipient))
    except (OSError, smtplib.SMTPException):
        raise NotTaken("hangs") from None
    try:
        code, answer = connection.data(message.as_bytes())
    except smtplib.SMTPDataError as error:  # refused before the content was sent
        _check(error.smtp_code, b"")
        return
    except (OSError, smtplib.SMTPException):
        raise AnswerUnknown("hangs") from None
    _check(code, answer)


def _check(code: int, answer: bytes) -> None:
    """4xx: later (greylisting). 5xx: never."""
    if not 200 <= code < 300:
        raise NotTaken(f"answer {code}", is_final=code >= 500)


def write_file(folder: Path, name: str, message: EmailMessage) -> Path:
    """Without a mail server: the mail as a file, for trying things out. The same name is written once."""
    path = folder / f"{name}.eml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(message.as_bytes())
    except OSError:  # a full disk
        raise NotTaken("disk") from None
    return path
