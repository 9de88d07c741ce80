"""What a town decides about proposals, in the browser."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.limits import declare_limit
from portal.core.site_settings import declare

# Per account; the first holds for accounts younger than a week.
declare_limit("proposals.publish_new", "5/hour")
declare_limit("proposals.publish", "20/day")

declare(
    "proposals.support_threshold",
    kind="int",
    default=50,
    minimum=1,
    maximum=100_000,
    label=_l("Supporters needed for an answer"),
    help=_l("With this number of supporters the town must answer, and a public clock begins."),
    group="proposals",
)
declare(
    "proposals.answer_days",
    kind="int",
    default=60,
    minimum=1,
    maximum=365,
    label=_l("Days for the answer"),
    help=_l("Within so many days the town answers a proposal that has enough supporters."),
    group="proposals",
)
declare(
    "proposals.ask_supporters_from",
    kind="int",
    default=5,
    minimum=1,
    maximum=10_000,
    label=_l("Ask supporters again from this number on"),
    help=_l(
        "When a proposal with so many supporters changes in substance, they are asked whether they agree."
    ),
    group="proposals",
)
declare(
    "proposals.collecting_days",
    kind="int",
    default=0,
    minimum=0,
    maximum=3650,
    label=_l("Days to collect support"),
    help=_l("0 means without an end."),
    group="proposals",
)
declare(
    "proposals.draft_months",
    kind="int",
    default=24,
    minimum=3,
    maximum=120,
    label=_l("Months a draft is kept"),
    help=_l("A draft nobody goes on with is deleted then. Its author is told a month before."),
    group="proposals",
)
declare(
    "proposals.check_first",
    kind="bool",
    default=False,
    label=_l("Check new proposals first"),
    help=_l("New proposals are public at once, but wait for a moderator before the answer clock can start."),
    group="proposals",
)
declare(
    "proposals.remind_days",
    kind="int",
    default=14,
    minimum=1,
    maximum=90,
    label=_l("Remind staff so many days before an answer is due"),
    group="proposals",
)
declare(
    "proposals.escalate_days",
    kind="int",
    default=7,
    minimum=1,
    maximum=90,
    label=_l("Pass an overdue answer on after so many days"),
    help=_l("Then the substitute of the contact person and all moderators of the district are told."),
    group="proposals",
)
declare(
    "proposals.check_days",
    kind="int",
    default=7,
    minimum=1,
    maximum=90,
    label=_l("Days for the first look"),
    help=_l("Within so many days a moderator looks at a new proposal. The page says so."),
    group="proposals",
)
# Per account: what reaches other people.
declare_limit("proposals.pledge", "30/hour")
declare_limit("proposals.offer_contact", "10/day")
declare_limit("proposals.offer_text", "20/hour")
declare_limit("proposals.wish_text", "60/hour")

declare(
    "proposals.news_days",
    kind="int",
    default=90,
    minimum=14,
    maximum=730,
    label=_l("Days without news"),
    help=_l(
        "After so many days an accepted proposal shows “no news since …”, until somebody says how it goes."
    ),
    group="proposals",
)
