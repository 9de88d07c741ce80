"""A real mail server inside the test, with the bad habits of real ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.services import free_port


class Postbox:
    """What arrived, and how the server behaves: `answers` are given to RCPT or DATA in turn."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.recipients: list[list[str]] = []
        self.rcpt_answers: list[str] = []
        self.data_answers: list[str] = []

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails, parsed."""
        found = [message_from_bytes(raw, policy=policy.default) for raw in self.raw]
        return [mail for mail in found if isinstance(mail, EmailMessage)]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Take the recipient, or give the next prepared answer."""
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take the mail, or give the next prepared answer."""
        if self.data_answers:
            return self.data_answers.pop(0)
        self.raw.append(envelope.content)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 Accepted"


@contextmanager
def mail_server() -> Iterator[tuple[Postbox, str]]:
    """A server for the length of the block; gives its postbox and its PORTAL_MAIL_URL."""
    postbox, port = Postbox(), free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield postbox, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
        time.sleep(0)


def mail_files(folder: Path) -> list[EmailMessage]:
    """The mails a portal without mail server wrote into its instance folder, oldest first."""
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((folder / "mail").glob("*.eml"))
    ]
    return [mail for mail in found if isinstance(mail, EmailMessage)]


def body(mail: EmailMessage, kind: str = "plain") -> str:
    """The text (or "html") of a mail."""
    part = mail.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content
