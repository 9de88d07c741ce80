"""Pages about conflict: for those who take part only, with a neutral title, kept by nobody."""

from __future__ import annotations

from typing import Any

from flask import Response

from portal.groups.views.framing import exit_url, neutral_title, private
from portal.web.render import render


def quiet_page(template: str, *, status: int = 200, **context: Any) -> Response:
    """A page that says nothing to others: neither by its title nor in search engines or the browser."""
    response = render(
        template,
        status=status,
        neutral_title=neutral_title(),
        leave_url=exit_url(),
        alternates=False,
        **context,
    )
    return private(response)
