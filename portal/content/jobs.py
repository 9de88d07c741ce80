"""What happens to pictures outside requests."""

from __future__ import annotations

from typing import Any

from portal.content.operations import (
    erase_files,
    forget_barrier_contacts,
    sweep_pictures,
    sweep_videos,
)
from portal.core.jobs import handler, periodic


@handler("content.erase_files")
def erase(payload: dict[str, Any]) -> None:
    """Delete the files of a picture that was removed."""
    erase_files(payload["folder"])


@periodic("content.sweep_pictures", every_minutes=24 * 60)
def sweep() -> None:
    """Remove pictures, videos and files nobody needs."""
    sweep_videos()
    sweep_pictures()


@periodic("content.forget_contacts", every_minutes=24 * 60)
def forget_contacts() -> None:
    """Erase contacts of barrier reports answered long ago."""
    forget_barrier_contacts()
