"""/healthz: the process lives. /readyz: it can do its work (database answers, schema is current)."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, Response
from sqlalchemy import text

from portal.core import migrate
from portal.core.db import session
from portal.web.access import public


@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@public
def readyz() -> Response:
    """The database answers, and its tables have the shape this code expects."""
    try:
        current = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except Exception:  # whatever it is, the answer is "not now"
        return Response("database not reachable, or without tables\n", 503, mimetype="text/plain")
    if current != _newest():
        return Response("the tables need an upgrade\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


@lru_cache(maxsize=1)
def _newest() -> str | None:
    return migrate.head()


def init_app(app: Flask) -> None:
    """Two routes without language."""
    app.add_url_rule("/healthz", "healthz", healthz, methods=["GET"])
    app.add_url_rule("/readyz", "readyz", readyz, methods=["GET"])
