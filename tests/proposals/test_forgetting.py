"""Drafts nobody goes on with: a reminder, a month, and gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.accounts.queries import actor_for
from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.site_settings import change
from portal.notifications.models import Notice
from portal.proposals import operations
from portal.proposals.jobs import forget_drafts
from portal.proposals.models import Proposal
from tests.support.factories import actor_of, make_resident, make_staff
from tests.support.factories_proposals import make_proposal


@pytest.fixture
def drafts(app: Flask) -> dict[str, int]:
    """An old and a young draft, and an old proposal."""
    author = make_resident()
    long_ago = clock.now() - timedelta(days=705)
    with transaction():
        made = {
            "old": make_proposal(author=author, published=False, edited_at=long_ago),
            "young": make_proposal(author=author, published=False),
            "public": make_proposal(author=author, edited_at=long_ago),
        }
        return {name: proposal.id for name, proposal in made.items()}


def run(days: int) -> None:
    """The daily job, so many days from now."""
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False), transaction():
        forget_drafts()


def left() -> set[int]:
    with transaction(write=False):
        return set(session.scalars(select(Proposal.id)))


def reminders() -> int:
    with transaction(write=False):
        query = select(func.count()).where(Notice.kind == "proposals.draft_ends")
        return session.scalar(query) or 0


def test_the_author_is_told_once_and_a_month_later_it_is_gone(drafts: dict[str, int]) -> None:
    run(0)
    run(1)
    assert reminders() == 1
    run(29)
    assert left() == set(drafts.values())
    run(31)
    assert left() == {drafts["young"], drafts["public"]}


def test_who_writes_on_keeps_it(drafts: dict[str, int]) -> None:
    run(0)
    with transaction():
        draft = session.get_one(Proposal, drafts["old"])
        operations.save_title(draft, actor=author_of(draft), title="Doch noch eine Bank")
    run(400)
    assert left() == set(drafts.values())


def test_nothing_goes_without_a_month_of_notice(drafts: dict[str, int]) -> None:
    """The portal was off for years: first the reminder, then the month."""
    run(2000)
    assert left() == set(drafts.values())
    assert reminders() == 2
    run(2031)
    assert left() == {drafts["public"]}


def test_a_town_may_keep_drafts_longer(drafts: dict[str, int]) -> None:
    admin = actor_of(make_staff("administrator"))
    with transaction():
        change("proposals.draft_months", 36, actor=admin)
    run(0)
    run(60)
    assert (reminders(), left()) == (0, set(drafts.values()))


def author_of(draft: Proposal) -> Actor:
    """Who writes the draft."""
    return actor_for(session.get_one(Account, draft.author_id))
