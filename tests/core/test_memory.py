"""What a process does about its memory while it starts."""

from __future__ import annotations

import gc

import pytest

from portal.core.memory import begin_loading, end_loading, undisturbed


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


def test_what_a_command_loads_is_never_looked_through() -> None:
    frozen = gc.get_freeze_count()
    end_loading()  # nothing was begun, as in tests: nothing happens
    assert gc.get_freeze_count() == frozen
    begin_loading()
    try:
        assert not gc.isenabled()
        kept = [[] for _ in range(10_000)]  # type: ignore[var-annotated]
        end_loading()
        assert gc.isenabled()
        assert gc.get_freeze_count() >= frozen + len(kept)
    finally:
        gc.enable()
        gc.unfreeze()
