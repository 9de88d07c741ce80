"""What a newcomer reads in the terminal: the people of the demo town, and how to be one of them."""

from __future__ import annotations

import sys
from pathlib import Path

from portal.core.settings import Settings
from portal.demo.people import data

WHO = {
    "ruth": "resident, German; has a draft",
    "firas": "resident, Arabic interface",
    "olena": "resident, Ukrainian interface",
    "mehmet": "resident, Turkish interface",
    "grace": "resident, English interface; in a group nobody else can see",
    "frank": "resident, plain German (Leichte Sprache); founded a garden group",
}
HATS = {
    "moderator": "moderator",
    "professional": "social worker",
    "planner": "planner, answers for the town",
    "administrator": "administrator",
}


def lines(settings: Settings) -> list[str]:
    """The guide, line by line."""
    people = data("people.json")
    residents = {one["key"]: one for one in people["residents"]}
    found = ["", "The demo town: Lindental an der Aue. Everything and everybody in it is invented.", ""]
    found += [_row(residents[key]["email"], words) for key, words in WHO.items()]
    found += [_row(one["email"], HATS[one["roles"][0]["role"]]) for one in people["staff"]]
    found += [
        "",
        "To sign in, type one of these addresses. The code comes by mail; without a mail server",
        f"it lies as the newest file in {_near(settings.instance / 'mail')}/",
        "Staff need a second step. This shows the six digits (for the demo town only):",
        f"  {_command()} demo code kettler@rathaus.lindental.example",
        "",
    ]
    return found


def _row(email: str, words: str) -> str:
    return f"  {email:<40} {words}"


def _command() -> str:
    """How the command is called here: installed, or out of a checkout."""
    return "portal" if Path(sys.argv[0]).name == "portal" else ".venv/bin/python -m portal"


def _near(path: Path) -> str:
    """The path as seen from here, when that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
