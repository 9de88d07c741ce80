"""The site's own pages, and the facts about the town that stand in them."""

from __future__ import annotations

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
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
}

_LABELS: dict[str, tuple[LazyString, LazyString | str]] = {
    "content.operator": (_l("Who runs this site"), _l("For example: Town of Musterstadt")),
    "content.address": (_l("Postal address"), ""),
    "content.responsible": (_l("Who answers for the contents"), _l("A person with first and last name.")),
    "content.phone": (_l("Telephone number for questions"), ""),
    "content.privacy_contact": (_l("Data protection officer"), _l("Name or office, and how to reach them.")),
    "content.privacy_authority": (_l("Authority that watches over data protection"), ""),
    "content.accessibility_body": (
        _l("Body that helps in disputes about accessibility"),
        _l("The arbitration or enforcement body of your state."),
    ),
    "content.accessibility_date": (_l("Day of the last check for barriers"), ""),
}
for _key, (_label, _help) in _LABELS.items():
    declare(_key, kind="text", default="", label=_label, help=_help, group="legal")
