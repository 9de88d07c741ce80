"""Compiled templates are kept in instance/cache/templates: only the first start after a change compiles them.

The code of a template holds words, addresses and drawings (see environment.py). So it is kept under a name
made of everything these come from: the template's text, the language, the portal's code, the catalogues, the
macros, the static files and where the portal is mounted. What has another name is compiled anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import jinja2
from flask import has_request_context, request
from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache

from portal.core.places_on_disk import data_root, write_whole
from portal.web.environment import PortalEnvironment
from portal.web.static_files import StaticFiles

# What templates are made with, beside their own text.
TOOLS = (("templates/macros", ".html"), ("translations", ".mo"))
_DIGEST_BYTES = hashlib.sha256().digest_size


class KeptTemplates(BytecodeCache):
    """Compiled templates as files, each with a digest: a cut one is compiled anew."""

    def __init__(self, folder: Path, static: StaticFiles) -> None:
        self.folder, self.static = folder, static

    @cached_property
    def tools(self) -> str:
        """A name for this state of code, catalogues, macros and static files; older states go."""
        found = hashlib.sha256(jinja2.__version__.encode())
        for url in sorted(one.url for one in self.static.files.values()):
            found.update(url.encode())
        places = ((Path(__file__).parents[1], ".py"), *((data_root() / place, end) for place, end in TOOLS))
        for place, ending in places:
            for line in sorted(_stamps(str(place), ending)):
                found.update(line.encode())
        name = found.hexdigest()[:16]
        with contextlib.suppress(OSError):
            for old in self.folder.iterdir():
                if old.name != name:
                    shutil.rmtree(old, ignore_errors=True)
        return name

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Where this template is kept."""
        language = environment.language if isinstance(environment, PortalEnvironment) else ""
        root = request.script_root if has_request_context() else ""
        what = f"{language}\n{root}\n{name}\n{source}"
        bucket = Bucket(environment, hashlib.sha256(what.encode()).hexdigest(), "")
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code that was kept, if any was."""
        with contextlib.suppress(OSError):
            data = self._file(bucket).read_bytes()
            digest, code = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
            if hashlib.sha256(code).digest() == digest:
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it; a read-only or full disk costs slower starts, nothing else."""
        code = bucket.bytecode_to_string()
        with contextlib.suppress(OSError):
            write_whole(self._file(bucket), hashlib.sha256(code).digest() + code)

    def _file(self, bucket: Bucket) -> Path:
        return self.folder / self.tools / bucket.key


def _stamps(folder: str, ending: str) -> Iterator[str]:
    """Path, time and size of each file below."""
    for one in os.scandir(folder):
        if one.is_dir(follow_symlinks=False):
            yield from _stamps(one.path, ending) if one.name != "__pycache__" else ()
        elif one.name.endswith(ending):
            facts = one.stat()
            yield f"{one.path} {facts.st_mtime_ns} {facts.st_size}"
