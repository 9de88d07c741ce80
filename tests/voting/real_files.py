"""Where the real elections lie: PORTAL_REAL_DATA, or ../shared/data beside the checkout."""

import os
from pathlib import Path


def _folder() -> Path | None:
    named = os.environ.get("PORTAL_REAL_DATA")
    root = Path(__file__).resolve().parents[2]
    for place in (
        [Path(named)] if named else [root.parent / "shared" / "data", root.parents[1] / "shared" / "data"]
    ):
        if (place / "pb" / "expected.json").is_file():
            return place / "pb"
    return None


REAL = _folder()


def real_files() -> list[Path]:
    """All of them, in the order of their names; none where there is no folder."""
    return sorted(REAL.glob("*.pb")) if REAL else []
