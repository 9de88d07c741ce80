"""What all portals of a test process may share, since it depends on nothing but the checkout.

Without it every test would compile its templates and compress the style sheets anew: half of its time.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import CodeType

from flask import current_app, has_request_context, request
from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache

_folder = tempfile.TemporaryDirectory(prefix="portal-static-")


class CompiledTemplates(BytecodeCache):
    """Compiled templates in memory. One that was changed is compiled anew; so is one for another language or
    with other static files, whose addresses it holds.
    """

    def __init__(self) -> None:
        self.kept: dict[str, CodeType] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """The place of a template, named by everything that its code depends on."""
        surroundings = (
            getattr(environment, "language", ""),
            environment.auto_reload,
            request.script_root if has_request_context() else "",
            tuple(one.url for one in current_app.extensions["static_files"].files.values()),
        )
        key = f"{name} {filename} {self.get_source_checksum(source)} {surroundings!r}"
        bucket = Bucket(environment, key, "")
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code that was kept."""
        bucket.code = self.kept.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        if bucket.code is not None:
            self.kept[bucket.key] = bucket.code


COMPILED = CompiledTemplates()


def share_static_results(instance: Path) -> None:
    """Compressed static files go where those of the other tests are."""
    cache = instance / "cache"
    if not (cache / "static").exists():
        cache.mkdir(parents=True, exist_ok=True)
        (cache / "static").symlink_to(_folder.name, target_is_directory=True)
