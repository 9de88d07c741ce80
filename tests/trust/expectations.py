"""Reads expectations.json: who gets what answer, for each route, method and state."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.trust.people import PERSONAS

FILE = Path(__file__).with_name("expectations.json")
CONVERTER = re.compile(r"<[^<>]*:(\w+)>")
AUTOMATIC = {"HEAD", "OPTIONS"}
# Beside groups, which alone are nearly a half.
FIRST_HALF = ("/L/proposals", "/L/threads", "/L/office", "/L/votes", "/L/staff", "/L/account")
OK, SIGN_IN, SECOND_FACTOR, NOT_FOUND = "ok", "sign-in", "second-factor", "404"


@dataclass(frozen=True)
class Cell:
    """One method of one route with the thing in one state: persona -> outcome."""

    route: str
    method: str
    on: str
    state: str
    outcomes: dict[str, str]


def route_of(rule: Rule) -> str:
    """The route as the expectations call it."""
    return CONVERTER.sub(r"<\1>", rule.rule.replace("/<language:lang>", "/L"))


def routes_of(app: Flask) -> dict[str, set[str]]:
    """Every route of the app with the methods it declares."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(route_of(rule), set()).update((rule.methods or set()) - AUTOMATIC)
    return found


@cache
def _read() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def listed_routes() -> dict[str, set[str]]:
    """The routes of the expectations with their methods."""
    return {route: set(entry) - {"on", "note"} for route, entry in _read()["routes"].items()}


def cells(*, is_first_half: bool | None = None) -> list[Cell]:
    """Everything that is expected, route by route; or about half of it."""
    return [
        Cell(route, method, entry.get("on", ""), state, outcomes_of(words))
        for route, entry in _read()["routes"].items()
        if is_first_half is None or is_first_half == route.startswith(FIRST_HALF)
        for method in sorted(set(entry) - {"on", "note"})
        for state, words in _states(entry.get("on", ""), entry[method])
    ]


def _states(on: str, given: Any) -> list[tuple[str, str]]:
    if isinstance(given, str):
        return [("*" if on else "-", given)]
    aliases = _read()["states"]
    return [
        (state.strip(), words)
        for names, words in given.items()
        for name in names.split(",")
        for state in aliases.get(name.strip(), name).split(",")
    ]


def personas_in(words: str) -> set[str]:
    """The personas a list of names and groups stands for."""
    groups = _read()["groups"]
    found = {persona for word in words.split() for persona in groups.get(word, word).split()}
    assert found <= set(PERSONAS), f"unknown personas: {found - set(PERSONAS)}"
    return found


def outcomes_of(words: str) -> dict[str, str]:
    """persona -> what happens, the unsaid rules included."""
    allowed, *others = words.split(";")
    outcomes = dict.fromkeys(personas_in(allowed), OK)
    for part in others:
        code, _, names = part.strip().partition(" ")
        outcomes.update((persona, code) for persona in personas_in(names) if persona not in outcomes)
    outcomes.setdefault("V", SIGN_IN)
    like_visitor = outcomes["V"] if outcomes["V"] != SIGN_IN else SECOND_FACTOR
    outcomes.setdefault("S2", like_visitor)
    return {persona: outcomes.get(persona, NOT_FOUND) for persona in PERSONAS}
