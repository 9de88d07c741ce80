"""Where templates, static files and translations lie: beside the package, or inside it in a wheel."""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def data_root() -> Path:
    """The folder that holds templates/, static/, translations/ and migrations/."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout
    return package / "_data"


def write_whole(target: Path, data: bytes) -> None:
    """Another process may start at the same time: a file appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    os.replace(name, target)
