"""The section of URLs, and how views load what a URL names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.content.queries import is_text_language
from portal.core.i18n import lazy_gettext as _l
from portal.processes.models import Phase, PreviewLink, Process
from portal.processes.queries import phase_of, preview_by_token, process_by_public_id
from portal.web.blueprints import Section
from portal.web.navigation import register_nav

section = Section("processes", __name__)

register_nav("processes.index", _l("Take part"), icon="calendar", order=30)
register_nav(
    "processes.desk", _l("Processes"), icon="calendar", order=30, area="staff", permission="processes.work"
)


def load_process(pid: str) -> Process | None:
    """The process of the URL, in whatever state; the permission decides who gets it."""
    return process_by_public_id(pid)


def load_preview(token: str) -> PreviewLink | None:
    """The link somebody holds."""
    return preview_by_token(token)


@dataclass(frozen=True)
class Beside:
    """Something that belongs to a process; permissions ask the process."""

    process: Process

    def __getattr__(self, name: str) -> Any:
        return getattr(self.process, name)


@dataclass(frozen=True)
class PhaseOf(Beside):
    """A phase of the process."""

    phase: Phase


@dataclass(frozen=True)
class OneLanguage(Beside):
    """A language to write the process in."""

    slug: str


def load_phase(pid: str, phase_id: str) -> PhaseOf | None:
    """The phase of the URL."""
    process = process_by_public_id(pid)
    phase = phase_of(process, phase_id) if process else None
    return PhaseOf(process, phase) if process and phase else None


def load_language(pid: str, slug: str) -> OneLanguage | None:
    """Process and language of the URL; the original's own is edited, not translated."""
    process = process_by_public_id(pid)
    if process is None or slug == process.language or not is_text_language(slug):
        return None
    return OneLanguage(process, slug)
