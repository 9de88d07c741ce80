"""The world of the trust tests, made once and opened for each file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.core import limits
from tests.trust.world import World, world_in


@pytest.fixture(scope="session")
def world_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it is kept."""
    return tmp_path_factory.mktemp("world")


@pytest.fixture(scope="module")
def frozen_world(world_folder: Path, sqlite_template: Path) -> Iterator[World]:
    """One town for all tests of a file."""
    with world_in(world_folder, sqlite_template) as made:
        yield made
    limits.start_over()


@pytest.fixture
def world(frozen_world: World) -> Iterator[World]:
    """The town as it was made."""
    frozen_world.restore()
    yield frozen_world
    frozen_world.restore()
