"""Kinds of notices: each package declares its own at import; people switch them one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.core.i18n import LazyString

Words = Callable[[dict[str, Any]], str]


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice. `text` makes the line in the portal from values (title, count, context's own)."""

    name: str
    label: LazyString | str
    text: Words | LazyString | str
    template: str | None
    default_mail: bool
    default_portal: bool
    grouped: bool
    required: bool
    staff: bool

    def line(self, values: dict[str, Any]) -> str:
        """The notice in words, in the reader's language."""
        return self.text(values) if callable(self.text) else str(self.text) % values


_kinds: dict[str, NoticeKind] = {}


def notification_kind(
    name: str,
    *,
    label: LazyString | str,
    text: Words | LazyString | str,
    template: str | None = None,
    default_mail: bool = True,
    default_portal: bool = True,
    grouped: bool = False,
    required: bool = False,
    staff: bool = False,
) -> NoticeKind:
    """Declare the kind "package.what_happened".

    label names the switch; text is the line in the portal: lazy words with %(title)s and %(count)s, or a
    function of such values (for plurals). template "package/mail/kind" names the mail (.txt and .html);
    None means never by mail. grouped: what is unread about one thing is one notice that counts. required:
    cannot be switched off (decisions about a person). staff: only staff accounts see the switch.
    """
    if name in _kinds:
        raise ValueError(f"notice kind {name} is declared twice")
    kind = NoticeKind(name, label, text, template, default_mail, default_portal, grouped, required, staff)
    _kinds[name] = kind
    return kind


def notice_kinds() -> list[NoticeKind]:
    """Every declared kind by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def get_notice_kind(name: str) -> NoticeKind:
    """The declared kind; KeyError for an unknown one."""
    return _kinds[name]


def find_notice_kind(name: str) -> NoticeKind | None:
    """The declared kind, or None when its package is gone."""
    return _kinds.get(name)
