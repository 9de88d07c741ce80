"""Parts drawn once: the same as drawn anew, in each language, and never an older value."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from babel.dates import format_timedelta
from flask import Flask

from portal.core import clock
from portal.core.db import session, transaction
from portal.core.i18n import current_language, format_relative, use_language
from portal.proposals.models import Proposal
from portal.proposals.queries import find_proposals
from portal.proposals.queries.listing import ListFilter
from portal.proposals.views.presenting import cards
from portal.web.fragments import drawn
from tests.support.factories_proposals import make_proposal


def test_a_kept_part_is_what_the_macro_draws_now(app: Flask) -> None:
    """Another value, another part; back to the first one, and it is the first part again."""
    make_proposal(title="Nur hier")
    with app.test_request_context("/de/proposals"):
        macro = app.jinja_env.globals["ui"].proposal.card
        (card,) = cards(find_proposals(ListFilter()).rows)
        first = drawn(macro, card)
        changed = drawn(macro, replace(card, title="Zwei Bänke", comments=3))
        assert first == macro(card)
        assert "Nur hier" in first
        assert "Zwei Bänke" in changed
        assert "Nur hier" not in changed
        assert drawn(macro, card) == first
        with use_language("en"):
            assert drawn(macro, card) == macro(card) != first


def test_what_was_hidden_is_gone_with_the_next_page(app: Flask) -> None:
    """The list asks the database each time, whatever was drawn before."""
    client = app.test_client()
    with transaction():
        proposal = make_proposal(title="Geheimnis am Bach")
    assert "Geheimnis am Bach" in client.get("/de/proposals").get_data(as_text=True)
    with transaction():
        session.get_one(Proposal, proposal.id).hidden_at = clock.now()
    assert "Geheimnis am Bach" not in client.get("/de/proposals").get_data(as_text=True)


@pytest.mark.parametrize("slug", ["de", "ar", "uk"])
def test_relative_times_are_babels_own(app: Flask, slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remembered words are the words Babel would choose, at every threshold."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    with app.test_request_context("/de/"), use_language(slug):
        locale = current_language().locale
        for seconds in (0, 1, 49, 51, 52, 3_000, 3_059, 3_061, 73_000, 74_000, 514_000, 515_000, 9**8):
            for delta in (timedelta(seconds=seconds), timedelta(seconds=-seconds)):
                assert format_relative(now + delta) == format_timedelta(
                    delta, add_direction=True, locale=locale
                )
