"""Questions about texts, pictures, pages and reports of barriers."""

from portal.content.queries.texts import (
    PLAIN,
    TextView,
    VersionState,
    best_text,
    best_texts,
    html_language,
    is_text_language,
    requested_versions,
    source_hash,
    text_in,
    version_of,
    version_states,
)

__all__ = [
    "PLAIN",
    "TextView",
    "VersionState",
    "best_text",
    "best_texts",
    "html_language",
    "is_text_language",
    "requested_versions",
    "source_hash",
    "text_in",
    "version_of",
    "version_states",
]
