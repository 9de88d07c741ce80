"""The lists in docs/ are what the code says. One command makes them anew: portal docs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

from portal.cli.documents import DOCUMENTS, ENVIRONMENT
from portal.core.settings import Settings

ROOT = Path(__file__).parents[2]


def test_the_lists_are_current(tmp_path: Path) -> None:
    # In a process of its own: tests declare permissions and settings for themselves.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environ |= {"PORTAL_INSTANCE": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-m", "portal", "docs", "--check"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_every_variable_of_the_environment_is_explained() -> None:
    assert set(ENVIRONMENT) == {one.name for one in fields(Settings)}


def test_each_list_says_where_it_comes_from() -> None:
    for name in DOCUMENTS:
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert name.endswith(".txt") or "made by `portal docs`" in text
