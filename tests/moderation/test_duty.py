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


def test_social_workers_on_duty_are_told_where_but_not_by_whom(town: Town) -> None:
    """Only of danger and calls for help, only those of the list, and never whoever reported it."""
    here, other = make_staff("professional", 1), make_staff("professional", 1)
    line = f"Nord: {{one}}, {here.display_name}"
    assert told_of(town, Category.HELP, named(town, line)) == {town.moderator.id}
    kind = "moderation.help_needed"
    with transaction(write=False):
        told = session.scalars(select(Notice).where(Notice.kind == kind)).one()
        assert (told.account_id, told.subject_kind, told.subject_id) == (here.id, "leaflet", town.leaflet.id)
        assert (told.actor_id, told.context) == (None, {})
    told_of(town, Category.THREAT, named(town, line))
    told_of(town, Category.DANGER, named(town, f"Nord: {other.display_name}"), reporter=other)
    with transaction(write=False):
        assert set(session.scalars(select(Notice.account_id).where(Notice.kind == kind))) == {here.id}
