"""Fixtures every test may use: the portal on an empty database of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from flask import Flask

from portal.app import create_app
from portal.core import clock, crypto
from portal.core.db import Base, db, session
from portal.core.i18n import DEFAULT_LANGUAGE, use_language
from portal.core.settings import Settings, load_settings
from portal.web.fragments import forget_drawn
from tests.support.mutating import VARIABLE, stay_wrong
from tests.support.pages import CheckedClient
from tests.support.prepared import begin_like, begin_on
from tests.support.sharing import COMPILED, share_statements, share_static_results, sharing
from tests.support.whole import WHOLE

if TYPE_CHECKING:  # pytest imports it as a plugin, and wants to be the first
    from tests.support.services import Postgres

pytest_plugins = ["tests.support.services", "tests.support.browser"]


def pytest_collection_finish() -> None:
    """What was imported stays for all tests: looking through it for garbage cost a quarter of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def make_settings(folder: Path, **overrides: str) -> Settings:
    """Settings of a portal of its own in this folder."""
    environ = {"PORTAL_INSTANCE": str(folder), "PORTAL_WORKER": "0", "PORTAL_BASE_URL": "http://localhost"}
    environ.update({f"PORTAL_{name.upper()}": value for name, value in overrides.items()})
    return load_settings(environ)


@contextmanager
def running_app(settings: Settings) -> Iterator[Flask]:
    """The portal inside an app context, speaking German; its client checks every page.

    Tests stop our clock: then it must be the only one that is asked.
    """
    clock.is_the_only_one = True
    share_static_results(settings.instance)
    with sharing():
        portal = create_app(settings)
    if VARIABLE in os.environ:
        stay_wrong(os.environ[VARIABLE])
    portal.jinja_env.bytecode_cache = COMPILED
    portal.testing = True
    portal.test_client_class = CheckedClient
    with portal.app_context(), use_language(DEFAULT_LANGUAGE):
        share_statements(db.engine)
        try:
            yield portal
        finally:
            session.remove()
            db.engine.dispose()
            forget_drawn()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables, and keys; made once: a test copies it instead of making them again."""
    settings = make_settings(tmp_path_factory.mktemp("template") / "instance")
    with running_app(settings):
        Base.metadata.create_all(db.engine)
        crypto.keyring()
        crypto.keyed_hash("tests", "")
    return settings.instance / "portal.db"


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PostgreSQL database with all tables, made once, to be copied."""
    name = postgres.create()
    folder = tmp_path_factory.mktemp("template-pg") / "instance"
    with running_app(make_settings(folder, database_url=postgres.url(name))):
        Base.metadata.create_all(db.engine)
    return name


@pytest.fixture
def at_noon() -> Iterator[None]:
    """Days are the town's: late in the evening, or when clocks change, an hour more is the next one."""
    with time_machine.travel("2026-11-02 11:00:00+00:00", tick=False):
        yield


@pytest.fixture
def app(tmp_path: Path, sqlite_template: Path) -> Iterator[Flask]:
    """The portal on an empty SQLite database."""
    settings = make_settings(tmp_path / "instance")
    begin_like(settings.instance, sqlite_template)
    with running_app(settings) as portal:
        yield portal


@pytest.fixture
def app_pg(
    tmp_path: Path, postgres: Postgres, postgres_template: str, sqlite_template: Path
) -> Iterator[Flask]:
    """The portal on an empty PostgreSQL database."""
    name = postgres.lend(postgres_template)
    settings = make_settings(tmp_path / "instance", database_url=postgres.url(name))
    begin_on(postgres, name, settings.instance, sqlite_template)
    with running_app(settings) as portal:
        yield portal
    postgres.take_back(name)


# What a test of both databases says about itself, in its file or, nearer, at the function.
KINDS = {"logic", "on_both"}
DATABASES = {"sqlite": "app", "postgresql": "app_pg"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests with `both` run twice; by day those marked `logic` once, but for those marked `on_both`."""
    if "both" not in metafunc.fixturenames:
        return
    nearest = next(
        (mark.name for mark in metafunc.definition.iter_markers() if mark.name in KINDS), "on_both"
    )
    names = ["sqlite"] if nearest == "logic" and not WHOLE else list(DATABASES)
    metafunc.parametrize("both", [DATABASES[name] for name in names], ids=names, indirect=True)


@pytest.fixture
def both(request: pytest.FixtureRequest) -> Flask:
    """The portal on an empty database; the test runs on SQLite and on PostgreSQL."""
    portal: Flask = request.getfixturevalue(request.param)
    return portal
