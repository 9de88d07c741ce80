"""What happens to pictures and texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TextVersionSaved:
    """An object got its text in another language, or a newer one."""

    kind: str
    object_id: int
    language: str
    author_id: int | None
    was_requested: bool


@dataclass(frozen=True)
class TextVersionRequested:
    """Somebody asked for an object's text in a language (often plain language) for the first time."""

    kind: str
    object_id: int
    language: str


@dataclass(frozen=True)
class PictureAdded:
    """A picture was added to an owner (kind "" while it has none yet)."""

    picture_id: int
    owner_kind: str
    owner_id: int


@dataclass(frozen=True)
class BarrierReported:
    """Somebody could not use a page."""

    report_id: int
