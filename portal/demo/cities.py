"""Lists of three real cities beside the demo town, through the importer, where their files are at hand.

The files (Pabulib, pabulib.org) are not part of the portal: PORTAL_REAL_DATA names the folder they lie in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from portal.importing.running import import_file

FOLDER = "PORTAL_REAL_DATA"
# Small to middle, in three languages, with names and descriptions of different kinds.
FILES = ("Netherlands_Assen_2024.pb", "France_Toulouse_2019.pb", "Poland_Warszawa_2022_Bemowo.pb")


def files() -> list[Path]:
    """The files that are there."""
    folder = os.environ.get(FOLDER, "")
    return [path for name in FILES if folder and (path := Path(folder) / "pb" / name).is_file()]


def import_cities(progress: Callable[[int], object] = lambda steps: None) -> Iterator[tuple[str, int]]:
    """(name of the file, number of new proposals) of each, as they are imported."""
    for path in files():
        yield path.stem.replace("_", " "), import_file(path, progress=progress)
