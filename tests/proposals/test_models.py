"""Facts the database itself holds about proposals."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import session, transaction
from portal.proposals.models import Proposal, Support, shuffle_of
from tests.support.factories import make_resident
from tests.support.factories_proposals import make_proposal


@pytest.mark.parametrize(
    ("columns", "listed"),
    [
        ({}, True),
        ({"published": False}, False),
        ({"hidden_at": clock.now()}, False),
        ({"withdrawn_at": clock.now(), "withdrawn_reason": "other"}, False),
        ({"expired_at": clock.now()}, False),
    ],
)
def test_the_database_says_what_stands_in_lists(app: Flask, columns: dict[str, object], listed: bool) -> None:
    with transaction():
        proposal_id = make_proposal(**columns).id
    assert session.scalar(select(Proposal.listed).where(Proposal.id == proposal_id)) is listed


@pytest.mark.parametrize(
    "columns",
    [
        {"lat": 50.0},
        {"lat": 91.0, "lon": 8.0},
        {"cost_cents": -1},
        {"support_count": -1},
        {"withdrawn_at": clock.now()},
        {"withdrawn_reason": "other"},
        {"public_id": "same"},
        {"published": False, "hidden_at": clock.now()},
        {"imported_from": "list", "import_key": "1"},
    ],
)
def test_impossible_facts_are_refused(app: Flask, columns: dict[str, object]) -> None:
    with transaction():
        make_proposal(public_id="same", imported_from="list", import_key="1")
    with pytest.raises(IntegrityError), transaction():
        make_proposal(**columns)


def test_one_person_supports_once(app: Flask) -> None:
    account_id = make_resident().id
    with transaction():
        proposal = make_proposal()
        row: Callable[[], Support] = lambda: Support(  # noqa: E731
            proposal_id=proposal.id, account_id=account_id, created_at=clock.now()
        )
        session.add(row())
    with pytest.raises(IntegrityError), transaction():
        session.add(row())


def test_the_circle_of_the_random_order_is_even() -> None:
    places = sorted(shuffle_of(number) for number in range(1, 1001))
    gaps = [after - before for before, after in pairwise(places)]
    # Three-gap theorem: at most three different lengths, so none is much likelier to be first.
    assert len(set(gaps)) <= 3
    assert max(gaps) < 3 * min(gaps)
