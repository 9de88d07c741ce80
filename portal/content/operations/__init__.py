"""What changes texts, pictures, pages and reports of barriers."""

from portal.content.operations.texts import (
    drop_text_versions,
    forget_author,
    request_plain_language,
    request_text_version,
    save_text_version,
    source_changed,
)

__all__ = [
    "drop_text_versions",
    "forget_author",
    "request_plain_language",
    "request_text_version",
    "save_text_version",
    "source_changed",
]
