"""Section: a blueprint below the language prefix."""

from __future__ import annotations

from flask import Blueprint


class Section(Blueprint):
    """The routes of one package, all under /<language>/."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name, url_prefix="/<language:lang>")
