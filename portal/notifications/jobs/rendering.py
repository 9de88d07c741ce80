"""Making a mail of a row: words in the recipient's language, links that work outside, headers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal.core import clock
from portal.core.i18n import current_language, use_language
from portal.core.mailsafe import build_message
from portal.core.settings import current_settings
from portal.core.site_settings import site
from portal.core.subjects import Subject
from portal.notifications.models import MailMessage, Notice
from portal.notifications.queries import unsubscribe_token
from portal.notifications.settings import get_notice_kind
from portal.web.links import absolute_url


@dataclass(frozen=True)
class Recipient:
    """Who a mail goes to; public_id only for accounts, which can unsubscribe."""

    address: str
    language: str
    public_id: str = ""


def build_mail(
    message: MailMessage, recipient: Recipient, notice: Notice | None, subject: Subject | None
) -> EmailMessage:
    """The whole mail, ready to be handed over."""
    with use_language(recipient.language) as language:
        values = _values(message, recipient, notice, subject)
        title, text, html = _render(message.template, values)
        host = urlsplit(current_settings().base_url).hostname or "localhost"
        return build_message(
            sender=current_settings().mail_from,
            sender_name=str(site("site.name")),
            recipient=recipient.address,
            subject=title,
            text=text,
            html=html,
            message_id=f"<{message.public_id}@{host}>",
            list_unsubscribe=values["unsubscribe_url"] or None,
            language=language.html_lang,
            sent_at=clock.now(),
        )


def _values(
    message: MailMessage, recipient: Recipient, notice: Notice | None, subject: Subject | None
) -> dict[str, Any]:
    """What templates may use: `url(endpoint, …)`; the subject's `title` and `link` (also `subject_url`); the
    context's own values; `count` of a grouped notice.
    """
    slug = current_language().slug
    given = notice.context if notice else json.loads(message.content or "{}")
    values: dict[str, Any] = {
        **given,
        "language": current_language(),
        "url": lambda endpoint, **its: absolute_url(endpoint, slug, **its),
        "count": notice.count if notice else 1,
        "title": subject.title if subject else "",
        "subject": subject,
        "subject_url": "",
        "link": "",
        "unsubscribe_url": "",
        "settings_url": "",
    }
    if subject:
        endpoint, place = subject.endpoint
        values["subject_url"] = values["link"] = absolute_url(endpoint, slug, **place)
    if notice and recipient.public_id:
        values["settings_url"] = absolute_url("notifications.settings", slug)
        if not get_notice_kind(notice.kind).required:
            token = unsubscribe_token(recipient.public_id, notice.kind)
            values["unsubscribe_url"] = absolute_url("notifications.unsubscribe", slug, token=token)
    return values


def _render(template: str, values: dict[str, Any]) -> tuple[str, str, str]:
    """(subject line, text, HTML). The subject is the block `subject` of the text template."""
    environment = current_app.jinja_env
    text = environment.get_template(f"{template}.txt")
    line = "".join(text.blocks["subject"](text.new_context(values))).strip()
    html = environment.get_template(f"{template}.html")
    return line, text.render(values).strip() + "\n", html.render({**values, "subject_line": line})
