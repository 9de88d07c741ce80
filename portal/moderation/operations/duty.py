"""Who looks at urgent reports now: the duty list of the office, or every moderator of the district."""

from __future__ import annotations

from portal.accounts.queries import account_names, staff_with_role
from portal.core.actors import StaffRole
from portal.core.site_settings import site
from portal.core.subjects import SubjectRef
from portal.core.text import clean_line, skeleton
from portal.moderation.models import Case
from portal.moderation.operations.casework import moderators_of
from portal.moderation.permissions import parties
from portal.moderation.settings import for_district
from portal.notifications.operations import notify
from portal.places.queries import district


def called_first(case: Case) -> set[int]:
    """The moderators on duty for the case's district who are no party to it; nobody on duty: all of them.

    A name that is no moderator's, or not of this district, counts as nobody: a slip in the list must not make
    a report wait.
    """
    everybody = moderators_of(case)
    return _on_duty(case, everybody) or everybody


def call_professionals(case: Case, *, dedupe_key: str) -> None:
    """Tell the social workers on duty that somebody may be in danger or need help, and where.

    They see the thing itself as everybody does, and neither the report nor who made it: moderation decides.
    """
    people = _on_duty(case, set(staff_with_role(StaffRole.PROFESSIONAL, case.district_id)))
    people -= parties(case.id, case.author_id)
    place = SubjectRef(case.subject_kind, case.subject_id)
    notify(people, "moderation.help_needed", subject=place, dedupe_key=dedupe_key)


def _on_duty(case: Case, among: set[int]) -> set[int]:
    wanted = _names_on_duty(case.district_id)
    names = account_names(among) if wanted else {}
    return {one for one, card in names.items() if skeleton(card.name) in wanted}


def _names_on_duty(district_id: int | None) -> set[str]:
    """What the names of this district's lines look like. A line without a place is no line of the list."""
    place = district(district_id)
    lines = "\n".join(line for line in site("moderation.on_duty").splitlines() if ":" in line)
    found = for_district(lines, place.name if place else None)
    return {skeleton(clean_line(name)) for names in found for name in names.split(",")} - {""}
