"""Memory of a process that serves: what is loaded at start stays, what threads use is given back."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# glibc's number for "most arenas". Left alone, each thread has an arena of its own and keeps what a page once
# needed: a third of the memory of eight threads.
_M_ARENA_MAX = -8
_MOST_ARENAS = 2
# New objects before Python looks for unreachable circles: a page makes some thousand.
_BEFORE_COLLECTING = 5_000


@contextmanager
def undisturbed() -> Iterator[None]:
    """While modules are loaded, which all stay: looking for what may go would cost a fifth of a start."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def begin_loading() -> None:
    """First thing in a process: nothing is looked through until `end_loading`."""
    gc.disable()


def end_loading() -> None:
    """What was loaded since `begin_loading` is never looked through. Without one nothing happens."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def settle() -> None:
    """Once, when everything is loaded and before threads start; without effect where there is no glibc.

    Modules, models and routes are not looked through any more for what may go: they never do, and looking
    costs a tenth of a page.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, _MOST_ARENAS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_BEFORE_COLLECTING, 20, 20)
