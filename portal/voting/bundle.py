"""`recount.pyz`: the engine as one file that any Python can run, the same bytes each time it is made."""

from __future__ import annotations

import sys
import zipfile
from io import BytesIO
from pathlib import Path

# Zip cannot say "no time"; this is the earliest it knows.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_START = (
    '"""Counts a published vote again: python3 recount.pyz FILE.pb"""\n\n'
    "import sys\n\n"
    "from portal.voting.recount import main\n\n"
    "sys.exit(main())\n"
)
_ROOT = '"""The part of Nachbarnetz that counts votes."""\n'


def recount_archive() -> bytes:
    """The bytes of recount.pyz: this package and a way to start it; always the same bytes."""
    folder = Path(__file__).parent
    files = {"__main__.py": _START, "portal/__init__.py": _ROOT}
    for path in sorted(folder.rglob("*.py")):
        files[f"portal/voting/{path.relative_to(folder).as_posix()}"] = path.read_text(encoding="utf-8")
    out = BytesIO()
    out.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, text)
    return out.getvalue()


def write_recount(path: Path | str) -> None:
    """Writes recount.pyz to this place."""
    Path(path).write_bytes(recount_archive())


if __name__ == "__main__":
    write_recount(sys.argv[1] if len(sys.argv) > 1 else "recount.pyz")
