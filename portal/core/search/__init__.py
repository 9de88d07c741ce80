"""Search over everything that is public, the same on SQLite and PostgreSQL.

One table, `search_doc`, holds folded words (see core.text.fold); the index objects beside it exist only in
`ddl.py`. A question finds documents whose words begin with its words, and titles that contain them
("spielplatz" finds "Kinderspielplatz"); when there are none, titles with similar words ("spilplatz").

Packages call `put` and `drop` where they write, and register a provider, from which `rebuild` makes
everything anew. Only what every visitor may see belongs here.
"""

from portal.core.search import ddl
from portal.core.search.documents import SearchDoc, drop, put
from portal.core.search.finding import Hit, Hits, find, find_each, matching_ids
from portal.core.search.health import tidy, trigram_ok
from portal.core.search.rebuilding import Document, rebuild, register_provider
from portal.core.search.similarity import similar

create_index_ddl = ddl.create

__all__ = [
    "Document",
    "Hit",
    "Hits",
    "SearchDoc",
    "create_index_ddl",
    "ddl",
    "drop",
    "find",
    "find_each",
    "matching_ids",
    "put",
    "rebuild",
    "register_provider",
    "similar",
    "tidy",
    "trigram_ok",
]
