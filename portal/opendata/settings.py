"""Under which licence a town gives its data away."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.site_settings import declare, site

# SPDX identifiers and where the licences can be read.
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "DL-DE-BY-2.0": "https://www.govdata.de/dl-de/by-2-0",
    "DL-DE-ZERO-2.0": "https://www.govdata.de/dl-de/zero-2-0",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}

declare(
    "opendata.licence",
    kind="str",
    default="CC-BY-4.0",
    label=_l("Licence of the open data"),
    help=_l("The SPDX identifier of a licence, for example CC-BY-4.0, CC0-1.0 or DL-DE-BY-2.0."),
    group="opendata",
)
declare(
    "opendata.attribution",
    kind="str",
    default="",
    label=_l("Name to be given as the source"),
    help=_l("Empty means the name of the portal and the town."),
    group="opendata",
)


def licence() -> tuple[str, str]:
    """(identifier, address) of the licence; an identifier we do not know leads to the SPDX list."""
    identifier = str(site("opendata.licence")).strip()
    return identifier, LICENCES.get(identifier, f"https://spdx.org/licenses/{identifier}.html")


def attribution() -> str:
    """Whom to name as the source."""
    named = str(site("opendata.attribution")).strip()
    return named or ", ".join(str(site(key)) for key in ("site.name", "site.tagline") if site(key))
