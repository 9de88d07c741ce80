"""Urgent reports call whoever is on duty; a slip in the list never makes one wait."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.db import session, transaction
from portal.core.site_settings import change, forget
from portal.moderation.models import Category
from portal.notifications.models import Notice
from tests.moderation.people import Town, report, settled
from tests.support.factories import actor_of, make_staff


def told_of(town: Town, category: Category, duty: str, reporter: Account | None = None) -> set[int]:
    """Who is told of a report when this is the duty list."""
    administrator = actor_of(make_staff("administrator"))
    with transaction():
        change("moderation.on_duty", duty, actor=administrator)
    forget()
    report(town.leaflet, reporter or settled(), category=category)
    kinds = ("moderation.urgent", "moderation.waiting")
    with transaction(write=False):
        return set(session.scalars(select(Notice.account_id).where(Notice.kind.in_(kinds))))


def named(town: Town, line: str) -> str:
    return line.format(one=town.moderator.display_name, other=town.colleague.display_name)


@pytest.mark.parametrize(
    ("line", "is_one_alone"),
    [
        ("Nord: {one}", True),
        ("nord:  {one} , Niemand Bekanntes", True),
        ("*: {one}", True),
        ("Süd: {other}\nNord: {one}", True),
        ("", False),
        ("Süd: {one}", False),
        ("Nord: Niemand Bekanntes", False),
        ("{one}", False),
    ],
)
def test_who_is_called(town: Town, line: str, is_one_alone: bool) -> None:
    told = told_of(town, Category.DANGER, named(town, line))
    everybody = {town.moderator.id, town.colleague.id}
    assert told == ({town.moderator.id} if is_one_alone else everybody)


def test_what_is_not_urgent_is_for_all(town: Town) -> None:
    assert told_of(town, Category.SPAM, named(town, "Nord: {one}")) == {town.moderator.id, town.colleague.id}


def test_whoever_reported_it_is_not_on_duty_for_it(town: Town) -> None:
    told = told_of(town, Category.DANGER, named(town, "Nord: {one}"), reporter=town.moderator)
    assert told == {town.colleague.id}
