"""What administrators change: settings, logo, districts, jobs that gave up."""

from portal.admin.operations.districts import forget_pending, keep_upload, load_upload
from portal.admin.operations.jobs import ask_for_rebuild, drop_job, retry_job
from portal.admin.operations.retention import sweep
from portal.admin.operations.settings import change_settings, remove_logo, set_logo

__all__ = [
    "ask_for_rebuild",
    "change_settings",
    "drop_job",
    "forget_pending",
    "keep_upload",
    "load_upload",
    "remove_logo",
    "retry_job",
    "set_logo",
    "sweep",
]
