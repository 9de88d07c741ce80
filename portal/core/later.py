"""Libraries that few installations or few people need: imported when they are first used.

Saves memory and time at start: webauthn (staff with passkeys) 7 MB, redis (several processes) 6 MB.
"""

from __future__ import annotations

import importlib
from typing import Any


class Later:
    """Stands for a module: `webauthn = Later("webauthn")`, then `webauthn.options_to_json` as usual."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)
