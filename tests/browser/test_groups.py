"""Groups on a narrow phone: the directory, founding, one's own groups, a discreet one; German and Arabic."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.models import Account
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import Privacy
from tests.support.browser import Visit, as_person, check_accessible, check_fits
from tests.support.factories_groups import group_pid, make_group


def options(app: Flask, actor: Actor) -> dict[str, object]:
    with transaction(write=False):
        account = session.get_one(Account, actor.account_id)
        session.expunge(account)
    return as_person(app, account)


@pytest.mark.parametrize(("language", "width"), [("de", 320), ("ar", 360)])
def test_pages_fit_and_are_accessible(app: Flask, visit: Visit, language: str, width: int) -> None:
    shown, people = make_group(privacy=Privacy.OPEN)
    hidden, _same = make_group(privacy=Privacy.DISCREET, people=people, name="Stiller Kreis")
    begun, _same = make_group(founded=False, people=people, name="Chor am Fluss")
    paths = {
        "list": "groups",
        "detail": f"groups/{group_pid(shown)}",
        "about": f"groups/{group_pid(shown)}/about",
        "discreet": f"groups/{group_pid(hidden)}",
        "mine": "groups/mine",
        "founding": f"groups/{group_pid(begun)}/founding",
        "new": "groups/new",
        "ideas": "groups/ideas/new",
        "letter": "groups/letters/new",
        "code": "groups/code",
    }
    person = options(app, people[0])
    for path in paths.values():
        page = visit(f"/{language}/{path}", width=width, **person)
        check_fits(page)
        # The bar of tabs is fixed: what does not fit into it would not be scrolled to either.
        tabs = page.locator(".nav li, .subnav li").all()
        assert all(
            box["x"] >= 0 and box["x"] + box["width"] <= width for tab in tabs if (box := tab.bounding_box())
        )
        check_accessible(page)
