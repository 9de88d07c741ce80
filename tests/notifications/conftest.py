"""Trees that one can be told about, and two kinds of notices for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from portal.core import subjects
from portal.core.actors import Actor
from portal.core.i18n import ngettext
from portal.core.settings import current_settings, use_settings
from portal.core.subjects import SubjectKind
from portal.notifications import settings
from portal.notifications.jobs import transport
from portal.notifications.settings import notification_kind
from tests.support.mail import Postbox, mail_server


@dataclass
class Tree:
    """A thing with a title that may be hidden or private."""

    id: int
    title: str
    hidden: bool = False
    readers: set[int] | None = None


@dataclass
class Forest:
    """All trees of a test, and how often they were asked for."""

    trees: dict[int, Tree] = field(default_factory=dict)
    questions: int = 0

    def plant(self, title: str = "Oak", **values: object) -> Tree:
        """A new tree."""
        tree = Tree(len(self.trees) + 1, title, **values)  # type: ignore[arg-type]
        self.trees[tree.id] = tree
        return tree

    def load(self, tree_id: int) -> Tree | None:
        """One tree."""
        self.questions += 1
        return self.trees.get(tree_id)

    def load_many(self, ids: object) -> dict[int, Tree]:
        """Several trees at once."""
        self.questions += 1
        return {one: self.trees[one] for one in ids if one in self.trees}  # type: ignore[attr-defined]


def may_see(actor: Actor, tree: Tree) -> bool:
    """Everybody, or the named readers."""
    return tree.readers is None or actor.account_id in tree.readers


@pytest.fixture(autouse=True)
def forest() -> Iterator[Forest]:
    """The registries as they are, plus trees."""
    forest = Forest()
    subjects.register(
        SubjectKind(
            kind="tree",
            label="Tree",
            load=forest.load,
            load_many=forest.load_many,
            load_public=lambda public_id: None,
            public_id=lambda tree: str(tree.id),
            title=lambda tree: tree.title,
            endpoint=lambda tree: ("notifications.notices", {"page": tree.id}),
            can_see=may_see,
            is_hidden=lambda tree: tree.hidden,
        )
    )
    notification_kind(
        "test.grown",
        label="Trees grow",
        text="%(title)s has grown by %(cm)s cm",
        template="notifications/mail/test",
    )
    notification_kind(
        "test.leaf",
        label="New leaves",
        text=lambda v: ngettext("%(n)s leaf on %(title)s", "%(n)s leaves on %(title)s", v["count"], **v),
        grouped=True,
        template="notifications/mail/test",
    )
    notification_kind("test.felled", label="Felled", text="%(title)s", required=True, template="test/x")
    transport.wake()
    yield forest
    transport.wake()
    for name in ("test.grown", "test.leaf", "test.felled"):
        del settings._kinds[name]
    del subjects._kinds["tree"]


TEMPLATES = {
    "notifications/mail/test.txt": (
        '{% extends "layouts/mail.txt" %}{% block subject %}About {{ title }}{% endblock %}'
        "{% block body %}{{ title }} ({{ count }}) {{ link }} {{ cm }}{% endblock %}"
    ),
    "notifications/mail/test.html": (
        '{% extends "layouts/mail.html" %}{% block body %}<p>{{ title }}</p>{% endblock %}'
    ),
    "test/mail/direct.txt": (
        '{% extends "layouts/mail.txt" %}{% block subject %}Hello{% endblock %}'
        "{% block body %}{{ word }}{% endblock %}"
    ),
    "test/mail/direct.html": (
        '{% extends "layouts/mail.html" %}{% block body %}<p>{{ word }}</p>{% endblock %}'
    ),
}


@pytest.fixture
def portal(app: Flask) -> Flask:
    """The portal with templates for the tests' mails."""
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader])  # type: ignore[list-item]
    return app


@pytest.fixture
def postbox(portal: Flask) -> Iterator[Postbox]:
    """A mail server the portal is configured for."""
    with mail_server() as (box, url):
        use_settings(replace(current_settings(), mail_url=url))
        yield box
