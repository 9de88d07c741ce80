"""The command `portal`: each file is read when one of its commands is asked for, and no later than that."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

from click import Context
from click.testing import CliRunner

from portal import cli
from portal.cli.root import FILES, main
from tests.support.prepared import begin_like

# What a portal that serves has no use for, or not before somebody asks for it.
NOT_AT_START = {
    "alembic",
    "email_validator",
    "icalendar",
    "jwt",
    "portal.cli.importing",
    "portal.cli.staff",
    "portal.demo.town",
    "portal.importing",
    "redis",
    "segno",
    "tqdm",
    "webauthn",
}


def test_every_file_adds_the_commands_it_is_read_for() -> None:
    folder = Path(cli.__file__).parent
    files = {one.stem for one in folder.glob("*.py")} - {"__init__", "root"}
    assert files == set(FILES.values())
    for name in files:
        import_module(f"portal.cli.{name}")
    assert set(main.commands) == set(FILES)
    for name, command in main.commands.items():
        assert main.get_command(Context(main), name) is command
        assert (command.callback.__module__ if command.callback else "") == f"portal.cli.{FILES[name]}"


def test_help_names_all_and_a_word_that_is_no_command_is_refused() -> None:
    words = CliRunner().invoke(main, ["--help"]).output
    assert all(f"\n  {name} " in words for name in FILES)
    refused = CliRunner().invoke(main, ["running"])
    assert (refused.exit_code, "No such command" in refused.output) == (2, True)


def test_a_start_brings_only_what_serving_needs(tmp_path: Path, sqlite_template: Path) -> None:
    """In a process of its own, as `portal serve` does it up to the first page."""
    begin_like(tmp_path, sqlite_template)
    program = """
import sys
from portal.cli.root import main, open_app
from click import Context
main.get_command(Context(main), "serve")
assert open_app().test_client().get("/de/").status_code == 200
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PORTAL_INSTANCE": str(tmp_path), "PORTAL_BASE_URL": "http://localhost"},
        cwd=Path(cli.__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "portal.cli.running" in loaded
    assert loaded & NOT_AT_START == set()
