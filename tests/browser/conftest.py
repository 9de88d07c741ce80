"""What tests in a browser share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.support.axe import LANGUAGES, Viewer, looks_at
from tests.support.browser import watch
from tests.support.every_page import NOT_200, PAGES
from tests.support.factories import sign_in
from tests.support.world import World
from tests.support.world_kept import town_of_everything


@pytest.fixture(scope="session")
def screen(browser: Browser) -> Iterator[Viewer]:
    """One per test process."""
    # The policy of the first answer would hold for all; the test client looks at each one's own.
    context = browser.new_context(service_workers="block", bypass_csp=True)
    viewer = Viewer(context.new_page())
    watch(viewer.page, "http://localhost", viewer.problems)
    yield viewer
    context.close()


@contextmanager
def lent(viewer: Viewer, app: Flask) -> Iterator[Viewer]:
    """The screen, for the pages of this portal. A foreign request or an error in the console fails."""
    viewer.lend(app)
    yield viewer
    assert viewer.problems == []


@pytest.fixture
def viewer(screen: Viewer, app: Flask) -> Iterator[Viewer]:
    """Looks at pages of the portal `app`."""
    with lent(screen, app) as ready:
        yield ready


@dataclass
class Gallery:
    """A town in which every page has something to show, and the browser that looks at it."""

    app: Flask
    world: World
    viewer: Viewer

    def faults_of_pages(self, name: str) -> list[str]:
        """What is wrong with the pages that this person sees."""
        client = self.app.test_client()
        if name in self.world.people:
            sign_in(client, self.world.people[name])
        found = []
        for path in PAGES[name]:
            is_first, number = path == PAGES[name][0], next(self.viewer.turns)
            for language in LANGUAGES:
                words = {**self.world.words, "version": self.world.words[f"version_{language}"]}
                answer = client.get(f"/{language}/" + path.format(**words))
                if answer.status_code != 200 and path not in NOT_200:
                    found.append(f"{path} {language}: {answer.status} {answer.location or ''}")
                    continue
                looks = looks_at(number, language, with_frame=is_first)
                faults = self.viewer.faults(client, answer, language, looks, with_frame=is_first)
                found += [f"{path} {one}" for one in faults]
        return found


@pytest.fixture(scope="module")
def gallery(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, screen: Viewer
) -> Iterator[Gallery]:
    """One for all tests of a file: nothing that they do is seen by another page."""
    with (
        town_of_everything(tmp_path_factory, sqlite_template) as (app, world),
        lent(screen, app) as ready,
    ):
        yield Gallery(app, world, ready)
