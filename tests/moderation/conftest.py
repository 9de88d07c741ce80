"""A wall of leaflets on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.leaflets import Wall, wall_in


@pytest.fixture
def wall(both: Flask) -> Iterator[Wall]:
    """The test runs on SQLite and on PostgreSQL."""
    with wall_in(both) as made:
        yield made


@pytest.fixture
def wall_sqlite(app: Flask) -> Iterator[Wall]:
    """For what does not depend on the database."""
    with wall_in(app) as made:
        yield made
