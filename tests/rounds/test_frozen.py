"""Nobody edits an open round: not the operations, and not even the database would."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.core.db import session, transaction
from portal.rounds.models import RoundState
from tests.support.factories_places import make_district
from tests.support.factories_rounds import get_round, make_round

AT = "2026-12-01 10:00:00+00"
REFUSED = (
    "UPDATE voting_round SET title = 'anders'",
    "UPDATE voting_round SET closes_at = '2030-01-01 00:00:00'",
    "UPDATE voting_round SET rule = 'greedy', level = 0",
    "UPDATE voting_round SET rules_json = '{}'",
    "UPDATE voting_round SET state = 'draft'",
    "DELETE FROM voting_round",
    "UPDATE round_option SET cost_cents = 1",
    "UPDATE round_option SET title = 'anders'",
    "DELETE FROM round_option",
    "INSERT INTO round_option (round_id, code, position, title, summary, text_html, language, category,"
    " place_words, is_status_quo) SELECT id, '99', 99, 'neu', '', '', 'de', '', '', false FROM voting_round",
    "DELETE FROM round_district",
    "UPDATE round_log_entry SET kind = 'anders'",
    "DELETE FROM round_log_entry",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_change_an_open_round(both: Flask, statement: str) -> None:
    district = make_places()
    make_round(district_ids=(district,))
    with pytest.raises(DBAPIError), transaction():
        session.execute(text(statement))


def make_places() -> int:
    with transaction():
        return make_district("Nordend").id


def test_what_may_still_happen_to_an_open_round(both: Flask) -> None:
    round_id = make_round(proposals=1)
    with transaction():
        session.execute(
            text("UPDATE round_option SET withdrawn_at = :at, withdrawn_reason = 'x'"), {"at": AT}
        )
        session.execute(text("UPDATE round_option SET picture_id = NULL, proposal_id = NULL"))
        session.execute(text("UPDATE voting_round SET contact_account_id = NULL, created_by_id = NULL"))
    with pytest.raises(DBAPIError), transaction():
        session.execute(text("UPDATE round_option SET withdrawn_at = NULL, withdrawn_reason = NULL"))
    with transaction(write=False):
        assert get_round(round_id).state is RoundState.OPEN


def test_a_round_is_closed_only_with_the_hash_of_its_file(both: Flask) -> None:
    make_round()
    with pytest.raises(IntegrityError), transaction():
        session.execute(text("UPDATE voting_round SET state = 'closed'"))
    with transaction():
        session.execute(text("UPDATE voting_round SET state = 'closed', file_sha256 = 'x'"))


def test_void_is_for_ever(both: Flask) -> None:
    make_round()
    with transaction():
        session.execute(
            text("UPDATE voting_round SET state = 'void', void_reason = 'x', voided_at = :at"), {"at": AT}
        )
    with pytest.raises(DBAPIError), transaction():
        session.execute(text("UPDATE voting_round SET state = 'open', void_reason = '', voided_at = NULL"))
