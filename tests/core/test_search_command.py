"""`portal search rebuild` in a process of its own, as an operator types it."""

import os
import subprocess
import sys
from pathlib import Path

from portal.core import search
from portal.core.db import session, transaction

ROOT = Path(__file__).resolve().parents[2]


def test_the_command_says_what_it_did_and_forgets_what_is_gone(app):
    with transaction():
        search.put("gone", 1, "de", "Gibt es nicht mehr", "")
    instance = app.instance_path
    done = subprocess.run(
        [sys.executable, "-m", "portal", "search", "rebuild"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORTAL_INSTANCE": instance},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "The index holds 0 documents."
    assert search.find("gibt", ["gone"]) == []
    session.rollback()
