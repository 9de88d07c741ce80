"""/readyz says no until the tables have the shape the code expects."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from portal.core import migrate
from portal.core.db import transaction
from tests.conftest import make_settings, running_app


def test_ready_only_with_current_tables(tmp_path: Path) -> None:
    with running_app(make_settings(tmp_path / "instance")) as portal:
        client = portal.test_client()
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        migrate.upgrade()
        assert client.get("/readyz").text == "ready\n"
        with transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        assert client.get("/readyz").status_code == 503
