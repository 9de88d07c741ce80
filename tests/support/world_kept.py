"""The small town with something on every page, made once for all test processes: the others take a copy.

with town_of_everything(tmp_path_factory, sqlite_template) as (app, world): ...
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.core import limits
from portal.core.db import session, transaction
from tests.conftest import make_settings, running_app
from tests.support import (
    factories,
    factories_ballots,
    factories_places,
    factories_processes,
    factories_proposals,
    factories_rounds,
)
from tests.support.world import World, make_world

# Their numbers stand in names and addresses, which nobody may have twice.
NUMBERED = (
    factories,
    factories_ballots,
    factories_places,
    factories_processes,
    factories_proposals,
    factories_rounds,
)


@contextmanager
def town_of_everything(
    factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[tuple[Flask, World]]:
    """A copy of the town for a file of tests, and who lives there."""
    kept, folder = _kept(factory, sqlite_template), factory.mktemp("town") / "instance"
    shutil.copytree(kept / "instance", folder)
    found = json.loads((kept / "world").read_text())
    for module, number in zip(NUMBERED, found["numbers"], strict=True):
        module._numbers = count(max(number, next(module._numbers)))
    limits.start_over()
    with running_app(make_settings(folder)) as app:
        with transaction(write=False):
            people = {name: session.get_one(Account, number) for name, number in found["people"].items()}
            session.expunge_all()
        yield app, World(people, found["words"])
    limits.start_over()


def _kept(factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "kept-town"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "world").exists():
            _make(folder, sqlite_template)
    return folder


def _make(folder: Path, sqlite_template: Path) -> None:
    shutil.rmtree(folder / "instance", ignore_errors=True)
    settings = make_settings(folder / "instance")
    shutil.copyfile(sqlite_template, settings.instance / "portal.db")
    limits.start_over()
    with running_app(settings):
        world = make_world()
    people = {name: account.id for name, account in world.people.items()}
    numbers = [next(module._numbers) for module in NUMBERED]
    # Written last: who finds it finds all of it.
    (folder / "world").write_text(json.dumps({"people": people, "words": world.words, "numbers": numbers}))
