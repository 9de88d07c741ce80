"""/healthz: the process lives. /readyz: it can do its work (database answers, schema is current)."""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import text

from portal.core.db import session
from portal.web.access import public


@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@public
def readyz() -> Response:
    """The database answers."""
    try:
        session.execute(text("SELECT 1"))
    except Exception:  # whatever it is, the answer is "not now"
        return Response("database not reachable\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


def init_app(app: Flask) -> None:
    """Two routes without language."""
    app.add_url_rule("/healthz", "healthz", healthz, methods=["GET"])
    app.add_url_rule("/readyz", "readyz", readyz, methods=["GET"])
