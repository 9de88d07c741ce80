"""Pages on which neighbours help: contact persons, pledges, texts in other languages."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from portal.core.db import session, transaction
from portal.proposals.models import ConsentState, ProposalNeed, Stage, TextOffer
from tests.proposals.helpers import post
from tests.proposals.office import Office, get, publish
from tests.proposals.office_pages import Browsers, browser, page, public_id
from tests.support.factories import make_resident


def test_contact_person_from_offer_to_stepping_back(app: Flask, office: Office, desk: Browsers) -> None:
    volunteer = make_resident(display_name="Vera Ahorn")
    proposal_id = publish(office)
    pid = public_id(proposal_id)
    helper = browser(app, volunteer)
    assert "I would do it" in page(helper, f"/en/proposals/{pid}")
    for _ in range(2):
        assert post(helper, f"/en/proposals/{pid}/contact/offer").status_code == 303
    assert "Take my offer back" in page(helper, f"/en/proposals/{pid}")
    form = page(desk["moderator"], f"/en/proposals/{pid}/contact")
    assert "Vera Ahorn (offered to do it)" in form
    url = f"/en/proposals/{pid}/contact"
    same = post(desk["moderator"], url, contact=volunteer.id, substitute=volunteer.id)
    assert same.status_code == 422
    assert (
        post(desk["moderator"], url, contact=volunteer.id, substitute=office.professional.id).status_code
        == 303
    )
    shown = page(desk["visitor"], f"/en/proposals/{pid}")
    assert "Vera Ahorn" in shown
    assert office.professional.display_name in shown
    assert post(helper, f"/en/proposals/{pid}/contact/leave").status_code == 303
    assert post(helper, f"/en/proposals/{pid}/contact/leave").status_code == 404
    with transaction(write=False):
        assert get(proposal_id).contact_account_id == office.professional.id


def test_pledging_on_the_page(app: Flask, office: Office, desk: Browsers) -> None:
    author, neighbour = make_resident(), make_resident(display_name="Nele Linde")
    proposal_id = publish(office, author=author)
    pid = public_id(proposal_id)
    mine, theirs = browser(app, author), browser(app, neighbour)
    assert (
        post(mine, f"/en/proposals/{pid}/needs", kind="money", words="Holz", quantity="50").status_code == 303
    )
    assert post(mine, f"/en/proposals/{pid}/needs", kind="hands", words="", quantity="0").status_code == 422
    with transaction(write=False):
        nid = session.scalar(select(ProposalNeed.public_id))
    url = f"/en/proposals/{pid}/needs/{nid}/pledge"
    assert "I can help" in page(desk["visitor"], f"/en/proposals/{pid}")
    assert desk["visitor"].get(url).status_code == 303
    assert "How many euros?" in page(theirs, url)
    too_much = post(theirs, url, quantity="51", words="gern")
    assert too_much.status_code == 422
    assert 'value="gern"' in too_much.get_data(as_text=True)
    for _ in range(2):
        assert post(theirs, url, quantity="50", words="Am Samstag").status_code == 303
    public = page(desk["visitor"], f"/en/proposals/{pid}?fresh=1")
    assert "Nele Linde" not in public
    assert "Am Samstag" not in public
    assert "1 person helps" in public
    own = page(mine, f"/en/proposals/{pid}/needs")
    assert "Nele Linde" in own
    assert "Am Samstag" in own
    assert theirs.get(f"/en/proposals/{pid}/needs").status_code == 404
    assert post(theirs, url, quantity="50", is_named="y").status_code == 303
    assert "Nele Linde" in page(desk["visitor"], f"/en/proposals/{pid}?fresh=2")
    assert "It is under way" in page(mine, f"/en/proposals/{pid}")
    assert "It is under way" in page(desk["moderator"], f"/en/proposals/{pid}")
    assert "It is under way" not in page(theirs, f"/en/proposals/{pid}")
    for _ in range(2):
        assert post(mine, f"/en/proposals/{pid}/begin").status_code == 303
    with transaction(write=False):
        assert get(proposal_id).stage is Stage.UNDER_WAY
    assert post(theirs, f"{url}/withdraw").status_code == 303
    assert post(mine, f"/en/proposals/{pid}/needs/{nid}/remove").status_code == 303
    assert post(mine, f"/en/proposals/{pid}/needs/{nid}/remove").status_code == 404


def test_texts_in_other_languages(app: Flask, office: Office, desk: Browsers) -> None:
    author, translator = make_resident(), make_resident(display_name="Tara Ulme")
    proposal_id = publish(office, author=author, title="Bank am Tor", why="Zum Ausruhen.")
    pid = public_id(proposal_id)
    writer, helper = browser(app, author), browser(app, translator)
    overview = page(desk["visitor"], f"/en/proposals/{pid}/texts")
    assert "I need this" in overview
    assert desk["visitor"].get(f"/en/proposals/{pid}/texts/leicht/wish").status_code == 303
    assert "I need this text" in page(desk["resident"], f"/en/proposals/{pid}/texts/leicht/wish")
    for _ in range(2):
        assert post(desk["resident"], f"/en/proposals/{pid}/texts/leicht/wish").status_code == 303
    assert "1 person waits for it" in page(desk["visitor"], f"/en/proposals/{pid}/texts?fresh=1")
    assert "Bank am Tor" in page(desk["professional"], "/en/office/texts")
    url = f"/en/proposals/{pid}/texts/en"
    for wrong in ("de", "xx"):
        assert helper.get(f"/en/proposals/{pid}/texts/{wrong}").status_code == 404
    missing = post(helper, url, title="A bench", what="A bench by the gate.", why="")
    assert missing.status_code == 422
    assert "A bench by the gate." in missing.get_data(as_text=True)
    assert (
        post(helper, url, title="A bench", what="A **bench** by the gate.", why="To rest.").status_code == 303
    )
    assert "A bench" not in page(desk["visitor"], f"/en/proposals/{pid}?fresh=1").split("<main")[1]
    with transaction(write=False):
        oid = session.scalar(select(TextOffer.public_id))
    offer = f"/en/proposals/{pid}/texts/offers/{oid}"
    assert helper.get(offer).status_code == 404
    assert "<strong>bench</strong>" in page(writer, offer)
    for _ in range(2):
        assert post(writer, offer, answer="accept").status_code == 303
    shown = page(desk["visitor"], f"/en/proposals/{pid}?fresh=2")
    assert "<strong>bench</strong>" in shown
    assert "Tara Ulme" in shown
    assert re.search(r'<h1 lang="en"[^>]*>A bench</h1>', shown)
    original = page(desk["visitor"], f"/en/proposals/{pid}?text=original")
    assert re.search(r'<h1 lang="de"[^>]*>Bank am Tor</h1>', original)
    assert re.search(r'<h1 lang="en"', page(desk["visitor"], f"/de/proposals/{pid}?text=en"))
    assert re.search(r'<h1 lang="de"', page(desk["visitor"], f"/de/proposals/{pid}"))
    with transaction():
        get(proposal_id).title = "Zwei Bänke"
        offer_row = session.scalar(select(TextOffer))
        assert offer_row is not None
        assert offer_row.state is ConsentState.AGREED
