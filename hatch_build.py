"""Build hook: translations (compiled), templates, static files, migrations -> portal/_data in the wheel."""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from tools import assets, catalogues  # noqa: E402  (the build runs without the checkout on its path)

DATA = ("templates", "static", "translations", "migrations")
# Sources of translations stay out; a wheel carries what the running portal opens.
LEFT_OUT = {".po", ".pot", ".pyc"}


class PortalBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes what git does not hold (htmx, .mo files) and lists every data file for the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files."""
        if version == "editable":
            return  # an editable install reads the checkout itself
        catalogues.compile_all(ROOT / "translations")
        if not assets.is_current() and not os.environ.get("PORTAL_BUILD_OFFLINE"):
            assets.main()
        for name in DATA:
            for path in sorted((ROOT / name).rglob("*")):
                if path.is_file() and path.suffix not in LEFT_OUT and "__pycache__" not in path.parts:
                    build_data["force_include"][str(path)] = f"portal/_data/{path.relative_to(ROOT)}"
