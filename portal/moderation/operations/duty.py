"""Who looks at urgent reports now: the duty list of the office, or every moderator of the district."""

from __future__ import annotations

from portal.accounts.queries import account_names
from portal.core.site_settings import site
from portal.core.text import clean_line, fold, skeleton
from portal.moderation.models import Case
from portal.moderation.operations.casework import moderators_of
from portal.places.queries import district


def called_first(case: Case) -> set[int]:
    """The moderators on duty for the case's district who are no party to it; nobody on duty: all of them.

    A name that is no moderator's, or not of this district, counts as nobody: a slip in the list must not make
    a report wait.
    """
    everybody = moderators_of(case)
    wanted = _names_on_duty(case.district_id)
    names = account_names(everybody) if wanted else {}
    return {one for one, card in names.items() if skeleton(card.name) in wanted} or everybody


def _names_on_duty(district_id: int | None) -> set[str]:
    """What the names of this district's lines look like."""
    place = district(district_id)
    here = {"*", fold(place.name)} if place is not None else {"*"}
    found = set()
    for line in site("moderation.on_duty").splitlines():
        where, _colon, names = line.partition(":")
        if fold(clean_line(where)) in here:
            found |= {skeleton(clean_line(name)) for name in names.split(",")}
    return found - {""}
