"""What administrators can set for discussions."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.site_settings import declare

GROUP = "discussions"

declare(
    "discussions.silent_edit_minutes",
    kind="int",
    default=10,
    minimum=0,
    maximum=60,
    label=_l("Minutes in which a comment can be corrected without a trace"),
    help=_l("Later changes are shown as versions."),
    group=GROUP,
)
declare(
    "discussions.new_account_per_hour",
    kind="int",
    default=5,
    minimum=1,
    maximum=100,
    label=_l("Comments per hour from a new account"),
    group=GROUP,
)
declare(
    "discussions.new_account_per_day",
    kind="int",
    default=20,
    minimum=1,
    maximum=500,
    label=_l("Comments per day from a new account"),
    group=GROUP,
)
declare(
    "discussions.per_hour",
    kind="int",
    default=40,
    minimum=1,
    maximum=1000,
    label=_l("Comments per hour from any account"),
    group=GROUP,
)
declare(
    "discussions.slow_minutes",
    kind="int",
    default=15,
    minimum=1,
    maximum=24 * 60,
    label=_l("Minutes between two comments of one person in a slow conversation"),
    group=GROUP,
)
declare(
    "discussions.links_new_account",
    kind="int",
    default=1,
    minimum=0,
    maximum=20,
    label=_l("Links in one comment from a new account"),
    group=GROUP,
)
declare(
    "discussions.links",
    kind="int",
    default=5,
    minimum=0,
    maximum=50,
    label=_l("Links in one comment"),
    group=GROUP,
)
