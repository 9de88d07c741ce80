"""Leaflets: a kind of thing for tests of comments and moderation, with an author, a district and a thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from flask import Flask

from portal.core import subjects
from portal.core.actors import Actor
from portal.core.db import transaction
from portal.core.subjects import Subject, SubjectKind, SubjectRef
from portal.discussions.operations import create_thread
from portal.discussions.views import conversation
from portal.web.access import public
from portal.web.render import render


@dataclass
class Leaflet:
    """One sheet of paper on the wall."""

    id: int
    author_id: int | None = None
    district_id: int | None = None
    text: str = "Das ist doch Quatsch, ihr Idioten. Mehr Bänke!"
    title: str = "Mehr Bänke"
    hidden: bool = False
    private: bool = False
    thread_id: int = 0
    thread_public_id: str = ""

    @property
    def public_id(self) -> str:
        """Its id in addresses."""
        return f"leaf{self.id}"


@dataclass
class Wall:
    """All leaflets of a test."""

    leaflets: dict[int, Leaflet] = field(default_factory=dict)

    def pin(self, **values: object) -> Leaflet:
        """A new leaflet with a thread."""
        leaflet = Leaflet(len(self.leaflets) + 1, **values)  # type: ignore[arg-type]
        self.leaflets[leaflet.id] = leaflet
        with transaction():
            thread = create_thread(SubjectRef("leaflet", leaflet.id))
            leaflet.thread_id, leaflet.thread_public_id = thread.id, thread.public_id
        return leaflet

    def find(self, public_id: str) -> Leaflet | None:
        """By public id."""
        return next((one for one in self.leaflets.values() if one.public_id == public_id), None)


def subject(leaflet: Leaflet) -> Subject:
    """The leaflet as moderation sees it."""
    found = subjects.resolve(SubjectRef("leaflet", leaflet.id))
    assert found is not None
    return found


def may_see(actor: Actor, leaflet: Leaflet) -> bool:
    """Hidden ones nobody; private ones their author."""
    own = actor.account_id is not None and actor.account_id == leaflet.author_id
    return not leaflet.hidden and (not leaflet.private or own)


def set_hidden(hidden: bool):  # type: ignore[no-untyped-def]
    """A hook that hides or shows."""

    def hook(leaflet: Leaflet) -> None:
        leaflet.hidden = hidden

    return hook


@contextmanager
def wall_in(app: Flask) -> Iterator[Wall]:
    """A wall whose leaflets are a registered kind and have a page with their conversation."""
    wall = Wall()
    subjects.register(
        SubjectKind(
            kind="leaflet",
            label="Leaflet",
            load=wall.leaflets.get,
            load_public=wall.find,
            public_id=lambda one: one.public_id,
            title=lambda one: one.title,
            endpoint=lambda one: ("leaflet", {"pid": one.public_id}),
            can_see=may_see,
            author_id=lambda one: one.author_id,
            district_id=lambda one: one.district_id,
            language=lambda one: "de",
            excerpt=lambda one: one.text,
            hide=set_hidden(True),
            restore=set_hidden(False),
            is_hidden=lambda one: one.hidden,
            can_see_place=lambda actor, one: not one.private,
            edit_endpoint=lambda one: ("leaflet", {"pid": one.public_id}),
        )
    )

    @public
    def page(pid: str) -> object:
        leaflet = wall.find(pid)
        assert leaflet is not None
        source = (
            '{% extends "layouts/page.html" %}{% block title %}{{ leaflet.title }}{% endblock %}'
            '{% block content %}<h1>{{ leaflet.title }}</h1><section id="discussion">'
            '<h2>Gespräch</h2>{% include "discussions/thread.html" %}</section>{% endblock %}'
        )
        template = app.jinja_env.from_string(source)
        return render(template, leaflet=leaflet, **conversation(leaflet.thread_id))

    app._got_first_request = False
    app.add_url_rule("/<language:lang>/leaflets/<pid>", "leaflet", page)
    try:
        yield wall
    finally:
        del subjects._kinds["leaflet"]


@pytest.fixture
def wall(both: Flask) -> Iterator[Wall]:
    """The test runs on SQLite and on PostgreSQL."""
    with wall_in(both) as made:
        yield made


@pytest.fixture
def wall_sqlite(app: Flask) -> Iterator[Wall]:
    """For what does not depend on the database."""
    with wall_in(app) as made:
        yield made
