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
from portal.discussions.models import Thread
from portal.discussions.operations import add_comment
from portal.proposals.models import Proposal
from portal.proposals.operations import support_proposal
from portal.proposals.queries import find_proposals
from portal.proposals.queries.listing import ListFilter
from portal.proposals.views.presenting import cards
from portal.web.fragments import drawn
from tests.support.factories import actor_of, make_resident, sign_in
from tests.support.factories_proposals import make_proposal
from tests.support.people import TOKEN


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


def test_marks_of_one_person_are_never_drawn_for_another(app: Flask) -> None:
    """Pieces that are remembered hold nothing of whoever looked first: own buttons, tokens, support."""
    one, other = (make_resident(display_name=name) for name in ("Amira Kanari", "Bo Nachbar"))
    actor = actor_of(one)
    with transaction():
        proposal = make_proposal(title="Bank am Bach", author=other, with_thread=True)
        thread = session.get_one(Thread, proposal.thread_id)
        comment = add_comment(thread, actor=actor, body="Ich helfe gern mit.")
        support_proposal(proposal, actor=actor)
        pid, own = proposal.public_id, f"/comments/{comment.public_id}/edit"
    browsers = {"one": app.test_client(), "other": app.test_client(), "visitor": app.test_client()}
    sign_in(browsers["one"], one)
    sign_in(browsers["other"], other)
    for order in (("one", "other", "visitor"), ("visitor", "other", "one")):
        for path in (f"/de/proposals/{pid}", "/de/proposals", "/de/", "/de/search?q=bank"):
            pages = {who: browsers[who].get(path).text for who in order}
            tokens = {who: set(TOKEN.findall(page)) for who, page in pages.items()}
            assert tokens["visitor"] == set()
            assert tokens["one"]
            assert not tokens["one"] & tokens["other"]
            signed_in = {who for who, page in pages.items() if "sign-out" in page}
            assert signed_in == {"one", "other"}
            if path.endswith(pid):
                assert [who for who, page in pages.items() if own in page] == ["one"]
                assert [who for who, page in pages.items() if 'aria-pressed="true"' in page] == ["one"]
