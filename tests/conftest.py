"""Fixtures every test may use: an app on an empty database, and its client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.core.db import Base, db, session
from portal.core.settings import Settings, load_settings

pytest_plugins = ["tests.support.services"]


def make_settings(folder: Path, **overrides: str) -> Settings:
    """Settings of a portal of its own in this folder."""
    environ = {"PORTAL_INSTANCE": str(folder), "PORTAL_WORKER": "0", "PORTAL_BASE_URL": "http://localhost"}
    environ.update({f"PORTAL_{name.upper()}": value for name, value in overrides.items()})
    return load_settings(environ)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The portal on an empty SQLite database."""
    portal = create_app(make_settings(tmp_path / "instance"))
    portal.testing = True
    with portal.app_context():
        Base.metadata.create_all(db.engine)
        yield portal
        session.remove()
        db.engine.dispose()
