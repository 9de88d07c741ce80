"""Alembic's entry: runs on the app's own engine (see portal/core/migrate.py)."""

from alembic import context

from portal.core.migrate import run_online

run_online(context)
