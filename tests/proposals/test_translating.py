"""Texts of a proposal in other languages: wished for, offered, accepted or not."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.content.models import TextState, TextVersion
from portal.content.queries import version_of
from portal.core.db import session, transaction
from portal.core.errors import NotAllowed, NotFound
from portal.proposals import operations
from portal.proposals.errors import OfferOver
from portal.proposals.models import ConsentState, TextOffer, TextWish
from portal.proposals.queries import export_of_help, open_offers, open_wishes
from tests.proposals.office import Office, get, persons, publish, told
from tests.support.factories import actor_of, make_resident

WORDS = {"title": "A bench", "what": "A **bench** under the tree."}


def test_an_offered_translation_waits_for_a_yes(office: Office) -> None:
    author, translator, reader = make_resident(), make_resident(), make_resident()
    writer, helper, wisher = actor_of(author), actor_of(translator), actor_of(reader)
    pid = publish(office, author=author)
    for expected in (True, False):
        with transaction():
            assert operations.wish_for_text(get(pid), "en", actor=wisher) is expected
    for _ in range(2):
        with transaction():
            assert not operations.write_text(get(pid), "en", WORDS, actor=helper)
    assert told("proposals.text_offered") == [author.id]
    with transaction(write=False):
        assert version_of("proposal", pid, "en").state == TextState.MISSING  # type: ignore[union-attr]
        assert [p.id for _, p in open_offers(None)] == [pid]
        assert [(row.proposal.id, row.language, row.count) for row in open_wishes(None)] == [(pid, "en", 1)]
    for expected in (True, False):
        with transaction():
            offer = session.scalar(select(TextOffer))
            assert offer is not None
            assert operations.judge_offer(offer, get(pid), actor=writer, accept=True) is expected
    assert told("proposals.text_there") == [reader.id]
    with transaction(write=False):
        row = version_of("proposal", pid, "en")
        assert row is not None
        assert (row.state, row.author_id) == (TextState.CURRENT, translator.id)
        assert open_wishes(None) == []
        assert get(pid).text_count == 1
    with pytest.raises(OfferOver), transaction():
        offer = session.scalar(select(TextOffer))
        assert offer is not None
        operations.judge_offer(offer, get(pid), actor=writer, accept=False)


def test_an_accepted_text_of_an_older_original_is_outdated(office: Office) -> None:
    author = make_resident()
    writer, helper = actor_of(author), actor_of(make_resident())
    pid = publish(office, author=author)
    with transaction():
        operations.write_text(get(pid), "en", WORDS, actor=helper)
    with transaction():
        get(pid).title = "Zwei Bänke"
    with transaction():
        offer = session.scalar(select(TextOffer))
        assert offer is not None
        operations.judge_offer(offer, get(pid), actor=writer, accept=True)
    with transaction(write=False):
        assert version_of("proposal", pid, "en").state == TextState.OUTDATED  # type: ignore[union-attr]


def test_whose_text_is_shown_at_once(office: Office) -> None:
    author = make_resident()
    pid = publish(office, author=author)
    for name, actor in persons(office, actor_of(author)).items():
        with transaction():
            session.execute(TextVersion.__table__.delete())  # type: ignore[attr-defined]
        if name in {"author", "moderator", "professional"}:
            with transaction():
                assert operations.write_text(get(pid), "en", WORDS, actor=actor)
        elif name in {"resident", "moderator elsewhere"}:
            with transaction():
                assert not operations.write_text(get(pid), "en", WORDS, actor=actor)
        else:
            with pytest.raises(NotAllowed), transaction():
                operations.write_text(get(pid), "en", WORDS, actor=actor)


def test_a_refused_translation_stays_away(office: Office) -> None:
    author = make_resident()
    writer, translator = actor_of(author), make_resident()
    helper = actor_of(translator)
    pid = publish(office, author=author)
    with transaction():
        operations.write_text(get(pid), "en", WORDS, actor=helper)
        offer = session.scalar(select(TextOffer))
        assert offer is not None
        with pytest.raises(NotFound):
            operations.judge_offer(offer, get(pid), actor=helper, accept=True)
        operations.judge_offer(offer, get(pid), actor=writer, accept=False)
        assert not operations.take_back_text(offer, actor=helper)
    with transaction(write=False):
        assert version_of("proposal", pid, "en") is None
    with transaction():
        operations.write_text(get(pid), "en", WORDS, actor=helper)
        offer = session.scalar(select(TextOffer))
        assert offer is not None
        assert offer.state is ConsentState.ASKED
        assert operations.take_back_text(offer, actor=helper)
        operations.wish_for_text(get(pid), "tr", actor=helper)
        operations.forget_translator(translator.id)
        assert session.scalar(select(func.count()).select_from(TextWish)) == 0


def test_the_export_holds_what_somebody_offered(office: Office) -> None:
    helper, other = make_resident(), make_resident()
    pid = publish(office, title="Bank am Tor")
    for person, title in ((actor_of(helper), "A bench"), (actor_of(other), "Somebody else's")):
        with transaction():
            operations.offer_contact(get(pid), actor=person)
            operations.wish_for_text(get(pid), "tr", actor=person)
            operations.write_text(get(pid), "en", {**WORDS, "title": title}, actor=person)
    with transaction(write=False):
        rows = export_of_help(helper.id)
    assert [row["kind"] for row in rows] == ["contact offer", "wish for a text", "translation"]
    assert "Somebody" not in str(rows)
    assert rows[2]["texts"]["title"] == "A bench"
