"""What tests of accounts share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.accounts.events import SignInCodeMade
from portal.core import limits
from tests.support.people import mailbox


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """Counters of one test do not stop the next one."""
    limits.start_over()
    yield
    limits.start_over()


@pytest.fixture
def codes() -> Iterator[list[SignInCodeMade]]:
    """The codes that were mailed."""
    with mailbox() as received:
        yield received
