"""What a browser does on the pages of a ballot, and what is stored of it."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core.db import session, transaction
from portal.rounds.models import Ballot, BallotDraft, Round
from portal.rounds.queries.box import own_ballot
from portal.rounds.queries.eligibility import entry_for
from tests.support.factories import actor_of


def url(vote: Round, rest: str = "") -> str:
    return f"/en/votes/{vote.public_id}/ballot{rest}"


def choose(browser: FlaskClient, vote: Round, go: str = "check", rest: str = "", **values: object) -> Any:
    """Post a page of the ballot paper on which these options were shown, and no others."""
    data: dict[str, Any] = {"go": go, "shown": [name.removeprefix("v") for name in values]}
    data |= {f"v-{name.removeprefix('v')}": str(value) for name, value in values.items() if value is not None}
    return browser.post(url(vote) + rest, data=data)


def begin(browser: FlaskClient, vote: Round) -> None:
    assert browser.post(url(vote, "/begin")).location.endswith("/ballot?begun=1")


def last_page(browser: FlaskClient, vote: Round) -> dict[str, str]:
    """The hidden fields of the last page's form."""
    text = browser.get(url(vote, "/check")).text
    return dict(re.findall(r'name="(seen|ballot)" value="([^"]*)"', text))


def cast(browser: FlaskClient, vote: Round, **more: str) -> Any:
    return browser.post(url(vote, "/cast"), data={**last_page(browser, vote), **more})


def stored(vote: Round, who: Account) -> Any:
    actor = actor_of(who)
    with transaction(write=False):
        entry = entry_for(actor, vote).entry_id
        own = own_ballot(vote, entry) if entry is not None else None
        return own.content if own else None


def kept() -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(BallotDraft)) or 0


def turnout_of(vote: Round) -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(Ballot).where(Ballot.round_id == vote.id)) or 0
