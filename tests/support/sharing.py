"""What all portals of a test process may share, since it depends on nothing but the checkout.

Without it every test would compile its templates and compress the style sheets anew: half of its time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar
from unittest.mock import patch

from flask import current_app, has_request_context, request
from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule, RuleFactory
from werkzeug.routing.map import MapAdapter

from portal.web import static_files
from portal.web.requests import PortalFlask
from portal.web.static_files import StaticFiles

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


class SharedMap(Map):
    """Addresses, parsed once: every portal has the same ones. A portal that gets others has its own map."""

    parsed: ClassVar[dict[tuple[Any, ...], Map]] = {}

    def __init__(self, *given: Any, **named: Any) -> None:
        self.waiting: list[Rule] = []
        super().__init__(*given, **named)

    def add(self, rulefactory: RuleFactory) -> None:
        """Keep it until somebody asks; what comes after that makes this map a different one."""
        self.waiting.extend(rulefactory.get_rules(self))
        self._remap = True

    def update(self) -> None:
        """Take the parsed addresses of the portal before, or parse them."""
        if not self._remap:
            return
        key = (
            self.host_matching,
            *((one.rule, one.endpoint, *sorted(one.methods or ())) for one in self.waiting),
        )
        if key not in self.parsed:
            own = self.parsed[key] = Map(host_matching=self.host_matching, converters=self.converters)
            for rule in self.waiting:
                own.add(_unbound(rule))
            own.update()
        kept = self.parsed[key]
        self._matcher, self._rules_by_endpoint = kept._matcher, kept._rules_by_endpoint
        self._remap = False

    def bind(self, *given: Any, **named: Any) -> MapAdapter:
        """Somebody asks."""
        self.update()
        return super().bind(*given, **named)


def _unbound(rule: Rule) -> Rule:
    """The rule, or its copy where it belongs to a map already."""
    if rule.map is None:
        return rule
    copied = rule.empty()
    copied.provide_automatic_options = rule.provide_automatic_options  # type: ignore[attr-defined]
    return copied


_rules: dict[tuple[object, ...], Rule] = {}
_add_rule = PortalFlask.add_url_rule


def _add_known_rule(
    portal: PortalFlask, rule: str, endpoint: str | None = None, view_func: Any = None, **options: Any
) -> None:
    """The same address with the same view is the same rule in every portal."""
    key = (rule, endpoint, view_func, repr(sorted(options.items())))
    if endpoint is None or endpoint in portal.view_functions or key not in _rules:
        _add_rule(portal, rule, endpoint, view_func, **options)
        _rules[key] = portal.url_map.waiting[-1]  # type: ignore[attr-defined]
    else:
        portal.url_map.add(_rules[key])
        portal.view_functions[endpoint] = view_func


MOST_STATEMENTS = 3_000
_compilers: dict[str, Engine] = {}


def share_statements(engine: Engine) -> None:
    """Statements compiled for one test's database serve the others of its kind: a fifth of all time."""
    first = _compilers.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine._compiled_cache = LRUCache(MOST_STATEMENTS)
    elif first.dialect.server_version_info:
        engine.dialect = first.dialect
        engine._compiled_cache = first._compiled_cache


_static: dict[tuple[Any, ...], StaticFiles] = {}


def _read_once(folder: Path, cache: Path | None = None, *, watch: bool = False) -> StaticFiles:
    if (folder, watch) not in _static:
        _static[folder, watch] = StaticFiles(folder, cache, watch=watch)
    return _static[folder, watch]


@contextmanager
def sharing() -> Iterator[None]:
    """Portals made in here share rules and parsed addresses, and style sheets read and made smaller."""
    with (
        patch.object(PortalFlask, "url_map_class", SharedMap),
        patch.object(PortalFlask, "add_url_rule", _add_known_rule),
        patch.object(static_files, "StaticFiles", _read_once),
    ):
        yield


def share_static_results(instance: Path) -> None:
    """Compressed static files go where those of the other tests are."""
    cache = instance / "cache"
    if not (cache / "static").exists():
        cache.mkdir(parents=True, exist_ok=True)
        (cache / "static").symlink_to(_folder.name, target_is_directory=True)
