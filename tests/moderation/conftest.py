"""A wall of leaflets on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core import limits
from portal.core.db import session, transaction
from portal.places.models import District
from portal.places.queries import forget_districts
from tests.moderation.people import Town, make_town
from tests.support.leaflets import Wall, wall, wall_sqlite

__all__ = ["client", "town", "wall", "wall_sqlite"]


@pytest.fixture
def town(app: Flask, wall_sqlite: Wall) -> Iterator[Town]:
    """A town whose first district is called Nord."""
    limits.start_over()
    with transaction():
        shape = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
        session.add(District(slug="nord", name="Nord", geometry=shape, label_lat=0, label_lon=0))
    forget_districts()
    yield make_town(wall_sqlite)
    forget_districts()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()
