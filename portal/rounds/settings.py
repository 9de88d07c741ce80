"""What a town decides about votes, in the browser."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.site_settings import declare

# ---- drafting, opening, the log
declare(
    "rounds.observers",
    kind="text",
    default="",
    label=_l("Observers of votes"),
    help=_l(
        "Mail addresses, one a line. They get a short fingerprint of the log when a vote opens, every day,"
        " and when it ends. Whoever keeps these mails can prove that nothing was rewritten."
    ),
    group="rounds",
)

# ---- results
declare(
    "rounds.objection_days",
    kind="int",
    default=14,
    minimum=1,
    maximum=90,
    label=_l("Days for objections"),
    help=_l("So many days after a result is public people can say that they think something is wrong."),
    group="rounds",
)
