"""Administrators only. Whoever is none gets the same answer as for a page that does not exist."""

from __future__ import annotations

from portal.core import audit
from portal.core.permissions import administrator, declare

declare("admin.change_settings", administrator)
declare("admin.load_districts", administrator)
declare("admin.read_log", administrator)
declare("admin.operate", administrator)
declare("admin.see_data_kept", administrator)

audit.schema("admin.logo_changed")
audit.schema("admin.districts_loaded", fields=("count",))
audit.schema("admin.job_retried", fields=("kind",))
audit.schema("admin.job_dropped", fields=("kind",))
audit.schema("admin.search_rebuild_asked")
audit.schema("admin.log_exported", fields=("rows",))
