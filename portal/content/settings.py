"""The site's own pages, and the facts about the town that stand in them."""

from __future__ import annotations

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.core.site_settings import declare

# slug of a page -> what it is called where people choose it (the page itself has a title per language).
PAGES: dict[str, LazyString] = {
    "imprint": _l("Imprint"),
    "privacy": _l("Privacy"),
    "accessibility": _l("Accessibility"),
    "conduct": _l("Rules of conduct"),
    "help": _l("Help"),
    "plain-language": _l("About plain language"),
}

# What can have a video in sign language: these pages, and the home page, whose words have to be short because
# everybody loads them.
HOME = "home"
FILMED: dict[str, LazyString] = {HOME: _pl("navigation", "Home"), **PAGES}
LONGEST_WORDS_ON_HOME = 1_500

VIDEO_SIZE = "content.video_megabytes"
MOST_VIDEO_MEGABYTES = 60
declare(
    VIDEO_SIZE,
    kind="int",
    default=30,
    minimum=5,
    maximum=MOST_VIDEO_MEGABYTES,
    label=_l("Largest video in sign language, in MB"),
    help=_l("Two minutes take about 15 MB."),
    group="site",
)

# What stands in braces in the texts -> the site setting it comes from.
FACTS: dict[str, str] = {
    "site": "site.name",
    "operator": "content.operator",
    "address": "content.address",
    "responsible": "content.responsible",
    "email": "site.contact_email",
    "phone": "content.phone",
    "privacy_contact": "content.privacy_contact",
    "privacy_authority": "content.privacy_authority",
    "accessibility_body": "content.accessibility_body",
    "accessibility_date": "content.accessibility_date",
    "accessibility_contact": "content.accessibility_contact",
    "accessibility_status": "content.accessibility_status",
    "accessibility_barriers": "content.accessibility_barriers",
}
# What the portal itself knows: where its mails come from and its links lead to.
OWN_FACTS = ("mail_sender", "portal_address")
# What may stay empty without a gap in the text.
OPTIONAL_FACTS = frozenset({"accessibility_contact", "accessibility_barriers"})
# How far the portal conforms (Decision (EU) 2018/1523): value of the setting -> sentence of the statement.
CONFORMANCE: dict[str, LazyString] = {
    "full": _l("The portal meets EN 301 549 and WCAG 2.2, level AA."),
    "partial": _l("The portal largely meets EN 301 549 and WCAG 2.2, level AA."),
    "none": _l("The portal does not yet meet EN 301 549 and WCAG 2.2, level AA."),
}

_LABELS: dict[str, tuple[LazyString, LazyString | str]] = {
    "content.operator": (_l("Who runs this site"), _l("For example: Town of Musterstadt")),
    "content.address": (_l("Postal address"), ""),
    "content.responsible": (_l("Who answers for the contents"), _l("A person with first and last name.")),
    "content.phone": (_l("Telephone number for questions"), ""),
    "content.privacy_contact": (_l("Data protection officer"), _l("Name or office, and how to reach them.")),
    "content.privacy_authority": (_l("Authority that watches over data protection"), ""),
}
for _key, (_label, _help) in _LABELS.items():
    declare(_key, kind="text", default="", label=_label, help=_help, group="legal")

declare(
    "content.accessibility_status",
    kind="choice",
    default="partial",
    label=_l("How accessible is the portal?"),
    choices=(
        ("full", _pl("accessible", "fully")),
        ("partial", _pl("accessible", "partly")),
        ("none", _pl("accessible", "not yet")),
    ),
    group="accessibility",
)
declare(
    "content.accessibility_barriers",
    kind="text",
    default="",
    label=_l("Known barriers"),
    help=_l("One in each line, in easy words. They follow those that the statement names by itself."),
    group="accessibility",
)
declare(
    "content.accessibility_date",
    kind="date",
    default="",
    label=_l("Day of the last check for barriers"),
    group="accessibility",
)
declare(
    "content.accessibility_contact",
    kind="str",
    default="",
    label=_l("Whom to tell about barriers"),
    help=_l("E-mail address or telephone. Empty: the e-mail address for questions."),
    group="accessibility",
)
declare(
    "content.accessibility_body",
    kind="text",
    default="",
    label=_l("Body that helps in disputes about accessibility"),
    help=_l("The arbitration or enforcement body of your state."),
    group="accessibility",
)
