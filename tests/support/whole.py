"""By day or whole: `WHOLE=1` is for nights and releases, CONTRIBUTING.md says what it adds."""

from __future__ import annotations

import os

WHOLE = bool(os.environ.get("WHOLE"))
