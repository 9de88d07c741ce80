"""What a town decides about groups, in the browser."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.limits import declare_limit
from portal.core.site_settings import declare

# Per account: guessing three words out of 2,048 takes 8.6 billion tries.
declare_limit("groups.code", "5/hour")
declare_limit("groups.begin", "3/day")
declare_limit("groups.join", "20/day")
declare_limit("groups.post", "40/hour")
declare_limit("groups.file", "30/hour")
declare_limit("groups.report", "10/hour")
declare_limit("groups.export", "6/hour")
declare_limit("groups.mediation", "5/day")
declare_limit("groups.code_used", "10/hour")
declare_limit("groups.idea", "5/day")
declare_limit("groups.letter", "10/day")

declare(
    "groups.silence_days",
    kind="int",
    default=90,
    minimum=30,
    maximum=730,
    label=_l("Days without a sign of life"),
    help=_l("After so many days a group is asked whether it goes on. Without an answer it rests."),
    group="groups",
)
declare(
    "groups.archive_days",
    kind="int",
    default=180,
    minimum=30,
    maximum=730,
    label=_l("Days of rest before the archive"),
    help=_l("A group that has rested so long is archived. Its members are told before."),
    group="groups",
)
declare(
    "groups.claim_days",
    kind="int",
    default=7,
    minimum=2,
    maximum=30,
    label=_l("Days to object to a claimed role"),
    help=_l("Somebody who takes an empty role holds it after so many days, if nobody objects."),
    group="groups",
)
declare(
    "groups.exit_url",
    kind="str",
    default="https://www.wikipedia.org/",
    label=_l("Where “Leave this page quickly” leads"),
    help=_l("An address that gives nothing away. It stands on every page of a discreet group."),
    group="groups",
)
declare(
    "groups.board_months",
    kind="int",
    default=24,
    minimum=6,
    maximum=60,
    label=_l("Months after which posts in groups are erased"),
    help=_l("Counted from the last post in a conversation."),
    group="groups",
)
declare(
    "groups.papers_months",
    kind="int",
    default=60,
    minimum=12,
    maximum=120,
    label=_l("Months after which minutes, tasks and files of groups are erased"),
    help=_l("Members can export everything before."),
    group="groups",
)
