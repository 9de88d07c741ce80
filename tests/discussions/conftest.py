"""A wall of leaflets on either database."""

from tests.support.leaflets import wall, wall_sqlite

__all__ = ["wall", "wall_sqlite"]
