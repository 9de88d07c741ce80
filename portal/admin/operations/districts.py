"""Loading districts from a file, in two steps: look first."""

from __future__ import annotations

import secrets
from datetime import timedelta

from portal.admin.errors import UploadGone
from portal.admin.queries.districts import pending_file, pending_folder
from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.permissions import ensure
from portal.places.operations import check_districts, load_districts

KEEP_PENDING = timedelta(days=1)


def keep_upload(actor: Actor, data: bytes) -> str:
    """Put a file aside for the check page; returns its token. BrokenDistricts for anything unreadable."""
    ensure(actor, "admin.load_districts")
    token = secrets.token_hex(16)
    folder = pending_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"districts-{token}.geojson"
    path.write_bytes(data)
    try:
        check_districts(path)
    except BaseException:
        path.unlink()
        raise
    return token


def load_upload(actor: Actor, token: str) -> int:
    """Load the file that was looked at; returns how many districts there are now. UploadGone."""
    ensure(actor, "admin.load_districts")
    path = pending_file(token)
    if path is None:
        raise UploadGone
    count = load_districts(path)
    path.unlink()
    audit.record("admin.districts_loaded", actor=actor, subject=("district", 0), count=count)
    return count


def forget_pending() -> None:
    """Delete files nobody loaded within a day."""
    oldest = (clock.now() - KEEP_PENDING).timestamp()
    for path in pending_folder().glob("districts-*.geojson"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
