"""The order of documents is in their numbers: what a page of hits rests on."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core import search
from portal.core.db import transaction
from portal.core.search.finding import COUNT_AHEAD
from portal.core.search.order import HIGHEST, MOST_OBJECTS, document_id, number_of_kind, read_id

NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def test_objects_in_many_languages_do_not_hide_others(both):
    languages = ("de", "leicht", "en", "tr", "uk", "ar", "fr")
    with transaction():
        for number in range(1, 61):
            for language in languages:
                search.put(
                    "proposal", number, language, "Bank", "", datetime(2026, 1, 1, 12, number - 1, tzinfo=UTC)
                )
    assert 60 * len(languages) > COUNT_AHEAD  # more documents than are looked at in one go
    hits = search.find("bank", ["proposal"], limit=60)
    assert [hit.id for hit in hits] == list(range(60, 0, -1))
    assert (hits.total, hits.is_more) == (60, False)
    assert search.find_each("bank", {"proposal": 5, "group": 5})["proposal"].total == 60


def test_the_number_of_a_document_says_where_it_stands():
    date = NOON
    newest = document_id("proposal", 7, "de", date)
    assert newest > document_id("proposal", MOST_OBJECTS - 1, "ar", date - timedelta(minutes=1))
    assert newest > document_id("proposal", 6, "ar", date)
    assert newest > document_id("proposal", 7, "de", None)
    assert document_id("group", 1, "de", None) > document_id("proposal", MOST_OBJECTS - 1, "zz", date)
    assert document_id("group", 1, "de", datetime(9999, 1, 1, tzinfo=UTC)) <= HIGHEST
    assert read_id(newest) == (number_of_kind("proposal"), date.timestamp() // 60, 7)
    for wrong in (-1, MOST_OBJECTS):
        with pytest.raises(ValueError, match="cannot number"):
            document_id("proposal", wrong, "de", None)
