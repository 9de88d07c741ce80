"""What a process does about its memory while it starts."""

from __future__ import annotations

import gc

import pytest

from portal.core.memory import undisturbed


@pytest.mark.parametrize("was_on", [True, False])
def test_nothing_is_collected_while_loading_and_then_as_before(was_on: bool) -> None:
    (gc.enable if was_on else gc.disable)()
    try:
        with pytest.raises(ImportError), undisturbed():
            assert not gc.isenabled()
            raise ImportError
        assert gc.isenabled() is was_on
    finally:
        gc.enable()
