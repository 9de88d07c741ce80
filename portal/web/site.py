"""What a town calls itself and how it looks: settings administrators change in the browser."""

from __future__ import annotations

from typing import Any

from portal.core.i18n import lazy_gettext as _l
from portal.core.site_settings import declare, site
from portal.core.theme import TOWN_COLOURS, style_of

declare("site.name", kind="str", default="Nachbarnetz", label=_l("Name of the portal"), group="look")
declare(
    "site.tagline",
    kind="str",
    default="Lindental an der Aue",
    label=_l("Town or neighbourhood"),
    help=_l("Stands below the name on every page."),
    group="look",
)
declare("site.logo_url", kind="picture", default="", label=_l("Logo"), group="look")
declare(
    "site.colour_brand",
    kind="colour",
    default="#0a5450",
    label=_l("Main colour"),
    help=_l("For buttons and links; we check that it can be read."),
    group="look",
)
declare("site.colour_bar", kind="colour", default="#073f3d", label=_l("Colour of the top bar"), group="look")
declare("site.colour_sun", kind="colour", default="#ffc83d", label=_l("Accent colour"), group="look")
declare("site.colour_ink", kind="colour", default="#17292b", label=_l("Colour of the text"), group="look")
declare(
    "site.contact_email",
    kind="str",
    default="",
    label=_l("E-mail address for questions"),
    help=_l("Shown on the help page and in mails."),
    group="look",
)


class SiteView:
    """Site settings for templates: `site.name` reads "site.name"."""

    def __getattr__(self, name: str) -> Any:
        return site(f"site.{name}")


def theme_css() -> str:
    """The town's own colours, to follow the core style sheet."""
    return style_of({token: site(key) for token, key in TOWN_COLOURS.items()})
